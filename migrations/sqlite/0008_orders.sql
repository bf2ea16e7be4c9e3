-- +goose Up
-- Orders for seats of a webinar on sale, their seats, documents and money, and
-- the list of members. order_lifecycle and seat_lifecycle are filled from the
-- program's own tables after migrating; triggers refuse any other change of state.

CREATE TABLE order_lifecycle (
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (from_state, to_state)
);

CREATE TABLE seat_lifecycle (
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (from_state, to_state)
);

CREATE TABLE orders (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  number TEXT NOT NULL,
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  state TEXT NOT NULL CONSTRAINT orders_state CHECK (state IN ('held', 'processing', 'awaiting_po', 'confirmed', 'expired', 'cancelled')),
  seats INTEGER NOT NULL CONSTRAINT orders_seats CHECK (seats > 0),
  rate_class TEXT NOT NULL,
  rate_label TEXT NOT NULL,
  unit_cents BIGINT NOT NULL CONSTRAINT orders_unit CHECK (unit_cents >= 0),
  total_cents BIGINT NOT NULL CONSTRAINT orders_total CHECK (total_cents >= 0),
  evidence TEXT NOT NULL,
  buyer_name TEXT NOT NULL,
  buyer_email TEXT NOT NULL,
  institution TEXT NOT NULL,
  billing TEXT NOT NULL,
  po_number TEXT NOT NULL,
  terms_days INTEGER NOT NULL,
  due_on TEXT NOT NULL,
  hold_kind TEXT NOT NULL CONSTRAINT orders_hold_kind CHECK (hold_kind IN ('checkout', 'quote')),
  expires_at TIMESTAMP,
  extended BOOLEAN NOT NULL,
  quote_id TEXT NOT NULL,
  link_serial INTEGER NOT NULL,
  reason TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL,
  confirmed_at TIMESTAMP,
  ended_at TIMESTAMP,
  CONSTRAINT orders_clock CHECK ((expires_at IS NOT NULL) = (state IN ('held', 'processing', 'awaiting_po'))),
  CONSTRAINT orders_ended CHECK ((ended_at IS NOT NULL) = (state IN ('expired', 'cancelled'))),
  CONSTRAINT orders_confirmed CHECK (confirmed_at IS NOT NULL OR state <> 'confirmed')
);
CREATE UNIQUE INDEX orders_number ON orders (number);
CREATE INDEX orders_newest ON orders (created_at DESC, id DESC);
CREATE INDEX orders_state_newest ON orders (state, created_at DESC, id DESC);
CREATE INDEX orders_offering ON orders (offering_id, state, created_at DESC, id DESC);
CREATE INDEX orders_due ON orders (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX orders_buyer ON orders (buyer_email, created_at DESC);

-- +goose StatementBegin
CREATE TRIGGER orders_begin BEFORE INSERT ON orders
WHEN NEW.state <> 'held'
BEGIN
  SELECT RAISE(ABORT, 'orders_lifecycle');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER orders_lifecycle BEFORE UPDATE OF state ON orders
WHEN NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM order_lifecycle WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'orders_lifecycle');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER orders_price BEFORE UPDATE OF seats, rate_class, unit_cents, total_cents ON orders
WHEN (NEW.seats <> OLD.seats OR NEW.rate_class <> OLD.rate_class OR NEW.unit_cents <> OLD.unit_cents OR NEW.total_cents <> OLD.total_cents)
  AND NEW.revision <= OLD.revision
BEGIN
  SELECT RAISE(ABORT, 'orders_price');
END;
-- +goose StatementEnd

CREATE TABLE order_revisions (
  order_id TEXT NOT NULL REFERENCES orders (id),
  revision INTEGER NOT NULL,
  seats INTEGER NOT NULL,
  rate_class TEXT NOT NULL,
  unit_cents BIGINT NOT NULL,
  total_cents BIGINT NOT NULL,
  cause TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  PRIMARY KEY (order_id, revision)
);
-- +goose StatementBegin
CREATE TRIGGER order_revisions_kept BEFORE UPDATE ON order_revisions
BEGIN
  SELECT RAISE(ABORT, 'order_revisions_kept');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER order_revisions_stay BEFORE DELETE ON order_revisions
BEGIN
  SELECT RAISE(ABORT, 'order_revisions_kept');
END;
-- +goose StatementEnd

CREATE TABLE seats (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  order_id TEXT NOT NULL REFERENCES orders (id),
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  seq INTEGER NOT NULL CONSTRAINT seats_seq_positive CHECK (seq > 0),
  state TEXT NOT NULL CONSTRAINT seats_state CHECK (state IN ('open', 'invited', 'assigned', 'attended', 'cancelled')),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  link_serial INTEGER NOT NULL,
  named_at TIMESTAMP,
  joined_at TIMESTAMP,
  erased_at TIMESTAMP,
  updated_at TIMESTAMP NOT NULL,
  CONSTRAINT seats_open CHECK (state <> 'open' OR email = ''),
  CONSTRAINT seats_key CHECK ((email = '') = (email_key = ''))
);
CREATE UNIQUE INDEX seats_once ON seats (order_id, seq);
CREATE UNIQUE INDEX seats_person ON seats (offering_id, email_key) WHERE email_key <> '' AND state <> 'cancelled';
CREATE INDEX seats_offering ON seats (offering_id, state);

-- +goose StatementBegin
CREATE TRIGGER seats_begin BEFORE INSERT ON seats
WHEN NEW.state <> 'open' OR NOT EXISTS (SELECT 1 FROM orders WHERE id = NEW.order_id AND state = 'confirmed')
BEGIN
  SELECT RAISE(ABORT, 'seats_begin');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER seats_lifecycle BEFORE UPDATE OF state ON seats
WHEN NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM seat_lifecycle WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'seats_lifecycle');
END;
-- +goose StatementEnd

CREATE TABLE documents (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CONSTRAINT documents_kind CHECK (kind IN ('invoice', 'receipt', 'credit_memo', 'quote')),
  number TEXT NOT NULL,
  order_id TEXT NOT NULL REFERENCES orders (id),
  revision INTEGER NOT NULL,
  cents BIGINT NOT NULL,
  content TEXT NOT NULL,
  issued_at TIMESTAMP NOT NULL,
  CONSTRAINT documents_sign CHECK (kind <> 'invoice' OR cents > 0),
  CONSTRAINT documents_credit CHECK (kind <> 'credit_memo' OR cents < 0)
);
CREATE UNIQUE INDEX documents_number ON documents (kind, number);
CREATE UNIQUE INDEX documents_once ON documents (order_id, kind, revision);
-- +goose StatementBegin
CREATE TRIGGER documents_kept BEFORE UPDATE ON documents
BEGIN
  SELECT RAISE(ABORT, 'documents_kept');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER documents_stay BEFORE DELETE ON documents
BEGIN
  SELECT RAISE(ABORT, 'documents_kept');
END;
-- +goose StatementEnd

CREATE TABLE ledger_entries (
  id TEXT NOT NULL PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES orders (id),
  document_id TEXT NOT NULL,
  kind TEXT NOT NULL CONSTRAINT ledger_kind CHECK (kind IN ('charge', 'credit', 'payment', 'refund')),
  cents BIGINT NOT NULL,
  note TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  CONSTRAINT ledger_sign CHECK (kind IN ('charge', 'refund') AND cents > 0 OR kind IN ('credit', 'payment') AND cents < 0)
);
CREATE INDEX ledger_order ON ledger_entries (order_id, at, id);
-- +goose StatementBegin
CREATE TRIGGER ledger_kept BEFORE UPDATE ON ledger_entries
BEGIN
  SELECT RAISE(ABORT, 'ledger_kept');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_stay BEFORE DELETE ON ledger_entries
BEGIN
  SELECT RAISE(ABORT, 'ledger_kept');
END;
-- +goose StatementEnd

CREATE TABLE members (
  email_hmac TEXT NOT NULL PRIMARY KEY,
  number_hmac TEXT NOT NULL,
  class TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  updated_at TIMESTAMP NOT NULL
);

-- +goose Down
DROP TABLE members;
DROP TABLE ledger_entries;
DROP TABLE documents;
DROP TABLE seats;
DROP TABLE order_revisions;
DROP TABLE orders;
DROP TABLE seat_lifecycle;
DROP TABLE order_lifecycle;
