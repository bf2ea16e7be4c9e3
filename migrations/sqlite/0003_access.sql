-- +goose Up
-- Who gets in, what was asked before, what is told to whom, and what was done.

CREATE TABLE credentials (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CONSTRAINT credentials_kind CHECK (kind IN ('session', 'token')),
  person_id TEXT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL,
  expires_at TIMESTAMP NOT NULL,
  last_used TIMESTAMP
);
CREATE UNIQUE INDEX credentials_hash ON credentials (hash);
CREATE INDEX credentials_person ON credentials (person_id);

CREATE TABLE sign_ins (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES people (id),
  next TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL,
  expires_at TIMESTAMP NOT NULL,
  used_at TIMESTAMP
);
CREATE INDEX sign_ins_person ON sign_ins (person_id);

CREATE TABLE idempotency (
  principal TEXT NOT NULL,
  route TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  location TEXT NOT NULL,
  etag TEXT NOT NULL,
  body TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  PRIMARY KEY (principal, route, idempotency_key)
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE outbox (
  id TEXT NOT NULL PRIMARY KEY,
  cause TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  address TEXT NOT NULL,
  name TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  link TEXT NOT NULL,
  link_to TEXT NOT NULL,
  state TEXT NOT NULL CONSTRAINT outbox_state CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'superseded')),
  attempts INTEGER NOT NULL,
  next_at TIMESTAMP NOT NULL,
  lease_until TIMESTAMP,
  sent_at TIMESTAMP,
  error TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX outbox_once ON outbox (cause, address, kind);
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE INDEX outbox_newest ON outbox (created_at DESC, id DESC);
CREATE INDEX outbox_subject ON outbox (subject_id, kind, state);

CREATE TABLE audit (
  id TEXT NOT NULL PRIMARY KEY,
  at TIMESTAMP NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  action TEXT NOT NULL,
  noun TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX audit_newest ON audit (at DESC, id DESC);
CREATE INDEX audit_subject ON audit (subject_id, at DESC);

CREATE TABLE swept (
  job TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  PRIMARY KEY (job, subject_id)
);

CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

-- +goose Down
DROP TABLE meta;
DROP TABLE swept;
DROP TABLE audit;
DROP TABLE outbox;
DROP TABLE idempotency;
DROP TABLE sign_ins;
DROP TABLE credentials;
