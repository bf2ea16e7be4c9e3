-- +goose Up
-- Who gets in, what was asked before, what is told to whom, and what was done.

CREATE TABLE credentials (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL CONSTRAINT credentials_kind CHECK (kind IN ('session', 'token')),
  person_id TEXT COLLATE "C" NOT NULL REFERENCES people (id),
  name TEXT COLLATE "C" NOT NULL,
  hash TEXT COLLATE "C" NOT NULL,
  scopes TEXT COLLATE "C" NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  last_used TIMESTAMPTZ
);
CREATE UNIQUE INDEX credentials_hash ON credentials (hash);
CREATE INDEX credentials_person ON credentials (person_id);

CREATE TABLE sign_ins (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL REFERENCES people (id),
  next TEXT COLLATE "C" NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ
);
CREATE INDEX sign_ins_person ON sign_ins (person_id);

CREATE TABLE idempotency (
  principal TEXT COLLATE "C" NOT NULL,
  route TEXT COLLATE "C" NOT NULL,
  idempotency_key TEXT COLLATE "C" NOT NULL,
  fingerprint TEXT COLLATE "C" NOT NULL,
  status INTEGER NOT NULL,
  content_type TEXT COLLATE "C" NOT NULL,
  location TEXT COLLATE "C" NOT NULL,
  etag TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (principal, route, idempotency_key)
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE outbox (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  cause TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  subject_id TEXT COLLATE "C" NOT NULL,
  person_id TEXT COLLATE "C" NOT NULL,
  address TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  link TEXT COLLATE "C" NOT NULL,
  link_to TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL CONSTRAINT outbox_state CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'superseded')),
  attempts INTEGER NOT NULL,
  next_at TIMESTAMPTZ NOT NULL,
  lease_until TIMESTAMPTZ,
  sent_at TIMESTAMPTZ,
  error TEXT COLLATE "C" NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX outbox_once ON outbox (cause, address, kind);
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE INDEX outbox_newest ON outbox (created_at DESC, id DESC);
CREATE INDEX outbox_subject ON outbox (subject_id, kind, state);

CREATE TABLE audit (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL,
  actor_id TEXT COLLATE "C" NOT NULL,
  actor_name TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  noun TEXT COLLATE "C" NOT NULL,
  subject_id TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_newest ON audit (at DESC, id DESC);
CREATE INDEX audit_subject ON audit (subject_id, at DESC);

CREATE TABLE swept (
  job TEXT COLLATE "C" NOT NULL,
  subject_id TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (job, subject_id)
);

CREATE TABLE meta (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

-- +goose Down
DROP TABLE meta;
DROP TABLE swept;
DROP TABLE audit;
DROP TABLE outbox;
DROP TABLE idempotency;
DROP TABLE sign_ins;
DROP TABLE credentials;
