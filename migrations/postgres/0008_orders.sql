-- +goose Up
-- Orders for seats of a webinar on sale, their seats, documents and money, and
-- the list of members. order_lifecycle and seat_lifecycle are filled from the
-- program's own tables after migrating; triggers refuse any other change of state.

CREATE TABLE order_lifecycle (
  from_state TEXT COLLATE "C" NOT NULL,
  to_state TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (from_state, to_state)
);

CREATE TABLE seat_lifecycle (
  from_state TEXT COLLATE "C" NOT NULL,
  to_state TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (from_state, to_state)
);

CREATE TABLE orders (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  offering_id TEXT COLLATE "C" NOT NULL REFERENCES offerings (id),
  state TEXT COLLATE "C" NOT NULL CONSTRAINT orders_state CHECK (state IN ('held', 'processing', 'awaiting_po', 'confirmed', 'expired', 'cancelled')),
  seats INTEGER NOT NULL CONSTRAINT orders_seats CHECK (seats > 0),
  rate_class TEXT COLLATE "C" NOT NULL,
  rate_label TEXT COLLATE "C" NOT NULL,
  unit_cents BIGINT NOT NULL CONSTRAINT orders_unit CHECK (unit_cents >= 0),
  total_cents BIGINT NOT NULL CONSTRAINT orders_total CHECK (total_cents >= 0),
  evidence TEXT COLLATE "C" NOT NULL,
  buyer_name TEXT COLLATE "C" NOT NULL,
  buyer_email TEXT COLLATE "C" NOT NULL,
  institution TEXT COLLATE "C" NOT NULL,
  billing TEXT COLLATE "C" NOT NULL,
  po_number TEXT COLLATE "C" NOT NULL,
  terms_days INTEGER NOT NULL,
  due_on TEXT COLLATE "C" NOT NULL,
  hold_kind TEXT COLLATE "C" NOT NULL CONSTRAINT orders_hold_kind CHECK (hold_kind IN ('checkout', 'quote')),
  expires_at TIMESTAMPTZ,
  extended BOOLEAN NOT NULL,
  quote_id TEXT COLLATE "C" NOT NULL,
  link_serial INTEGER NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  confirmed_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ,
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
CREATE FUNCTION orders_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'held' THEN
    RAISE EXCEPTION 'orders_lifecycle' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'orders_lifecycle';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER orders_begin BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION orders_begin();
-- +goose StatementBegin
CREATE FUNCTION orders_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM order_lifecycle WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'orders_lifecycle' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'orders_lifecycle';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER orders_lifecycle BEFORE UPDATE OF state ON orders FOR EACH ROW EXECUTE FUNCTION orders_lifecycle();
-- +goose StatementBegin
CREATE FUNCTION orders_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.seats <> OLD.seats OR NEW.rate_class <> OLD.rate_class OR NEW.unit_cents <> OLD.unit_cents OR NEW.total_cents <> OLD.total_cents)
  AND NEW.revision <= OLD.revision THEN
    RAISE EXCEPTION 'orders_price' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'orders_price';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER orders_price BEFORE UPDATE OF seats, rate_class, unit_cents, total_cents ON orders FOR EACH ROW EXECUTE FUNCTION orders_price();

CREATE TABLE order_revisions (
  order_id TEXT COLLATE "C" NOT NULL REFERENCES orders (id),
  revision INTEGER NOT NULL,
  seats INTEGER NOT NULL,
  rate_class TEXT COLLATE "C" NOT NULL,
  unit_cents BIGINT NOT NULL,
  total_cents BIGINT NOT NULL,
  cause TEXT COLLATE "C" NOT NULL,
  by_id TEXT COLLATE "C" NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (order_id, revision)
);
-- +goose StatementBegin
CREATE FUNCTION order_revisions_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'order_revisions_kept' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'order_revisions_kept';
END $$;
-- +goose StatementEnd
CREATE TRIGGER order_revisions_kept BEFORE UPDATE ON order_revisions FOR EACH ROW EXECUTE FUNCTION order_revisions_kept();
-- +goose StatementBegin
CREATE FUNCTION order_revisions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'order_revisions_kept' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'order_revisions_kept';
END $$;
-- +goose StatementEnd
CREATE TRIGGER order_revisions_stay BEFORE DELETE ON order_revisions FOR EACH ROW EXECUTE FUNCTION order_revisions_stay();

CREATE TABLE seats (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  order_id TEXT COLLATE "C" NOT NULL REFERENCES orders (id),
  offering_id TEXT COLLATE "C" NOT NULL REFERENCES offerings (id),
  seq INTEGER NOT NULL CONSTRAINT seats_seq_positive CHECK (seq > 0),
  state TEXT COLLATE "C" NOT NULL CONSTRAINT seats_state CHECK (state IN ('open', 'invited', 'assigned', 'attended', 'cancelled')),
  name TEXT COLLATE "C" NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  email_key TEXT COLLATE "C" NOT NULL,
  link_serial INTEGER NOT NULL,
  named_at TIMESTAMPTZ,
  joined_at TIMESTAMPTZ,
  erased_at TIMESTAMPTZ,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT seats_open CHECK (state <> 'open' OR email = ''),
  CONSTRAINT seats_key CHECK ((email = '') = (email_key = ''))
);
CREATE UNIQUE INDEX seats_once ON seats (order_id, seq);
CREATE UNIQUE INDEX seats_person ON seats (offering_id, email_key) WHERE email_key <> '' AND state <> 'cancelled';
CREATE INDEX seats_offering ON seats (offering_id, state);

-- +goose StatementBegin
CREATE FUNCTION seats_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'open' OR NOT EXISTS (SELECT 1 FROM orders WHERE id = NEW.order_id AND state = 'confirmed') THEN
    RAISE EXCEPTION 'seats_begin' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'seats_begin';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER seats_begin BEFORE INSERT ON seats FOR EACH ROW EXECUTE FUNCTION seats_begin();
-- +goose StatementBegin
CREATE FUNCTION seats_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM seat_lifecycle WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'seats_lifecycle' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'seats_lifecycle';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER seats_lifecycle BEFORE UPDATE OF state ON seats FOR EACH ROW EXECUTE FUNCTION seats_lifecycle();

CREATE TABLE documents (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL CONSTRAINT documents_kind CHECK (kind IN ('invoice', 'receipt', 'credit_memo', 'quote')),
  number TEXT COLLATE "C" NOT NULL,
  order_id TEXT COLLATE "C" NOT NULL REFERENCES orders (id),
  revision INTEGER NOT NULL,
  cents BIGINT NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  issued_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT documents_sign CHECK (kind <> 'invoice' OR cents > 0),
  CONSTRAINT documents_credit CHECK (kind <> 'credit_memo' OR cents < 0)
);
CREATE UNIQUE INDEX documents_number ON documents (kind, number);
CREATE UNIQUE INDEX documents_once ON documents (order_id, kind, revision);
-- +goose StatementBegin
CREATE FUNCTION documents_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'documents_kept' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'documents_kept';
END $$;
-- +goose StatementEnd
CREATE TRIGGER documents_kept BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION documents_kept();
-- +goose StatementBegin
CREATE FUNCTION documents_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'documents_kept' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'documents_kept';
END $$;
-- +goose StatementEnd
CREATE TRIGGER documents_stay BEFORE DELETE ON documents FOR EACH ROW EXECUTE FUNCTION documents_stay();

CREATE TABLE ledger_entries (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  order_id TEXT COLLATE "C" NOT NULL REFERENCES orders (id),
  document_id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CONSTRAINT ledger_kind CHECK (kind IN ('charge', 'credit', 'payment', 'refund')),
  cents BIGINT NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  by_id TEXT COLLATE "C" NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  CONSTRAINT ledger_sign CHECK (kind IN ('charge', 'refund') AND cents > 0 OR kind IN ('credit', 'payment') AND cents < 0)
);
CREATE INDEX ledger_order ON ledger_entries (order_id, at, id);
-- +goose StatementBegin
CREATE FUNCTION ledger_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger_kept' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_kept';
END $$;
-- +goose StatementEnd
CREATE TRIGGER ledger_kept BEFORE UPDATE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_kept();
-- +goose StatementBegin
CREATE FUNCTION ledger_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger_kept' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_kept';
END $$;
-- +goose StatementEnd
CREATE TRIGGER ledger_stay BEFORE DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_stay();

CREATE TABLE members (
  email_hmac TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  number_hmac TEXT COLLATE "C" NOT NULL,
  class TEXT COLLATE "C" NOT NULL,
  valid_to TEXT COLLATE "C" NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
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
DROP FUNCTION orders_begin();
DROP FUNCTION orders_lifecycle();
DROP FUNCTION orders_price();
DROP FUNCTION order_revisions_kept();
DROP FUNCTION order_revisions_stay();
DROP FUNCTION seats_begin();
DROP FUNCTION seats_lifecycle();
DROP FUNCTION documents_kept();
DROP FUNCTION documents_stay();
DROP FUNCTION ledger_kept();
DROP FUNCTION ledger_stay();
