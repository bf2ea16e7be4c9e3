-- +goose Up
-- Quotes: a price in writing for many seats. What is offered is kept by revision and
-- never changed. quote_lifecycle is filled from the program's own table after
-- migrating; a trigger refuses any other change of state. quote_held are those of an
-- offering's taken seats that offers hold which nobody has accepted yet.

ALTER TABLE offerings ADD COLUMN quote_held INTEGER NOT NULL DEFAULT 0 CONSTRAINT offerings_quote_held CHECK (quote_held >= 0 AND quote_held <= taken);

CREATE UNIQUE INDEX orders_quote ON orders (quote_id) WHERE quote_id <> '' AND state IN ('held', 'processing', 'awaiting_po', 'confirmed');

CREATE TABLE quote_lifecycle (
  from_state TEXT COLLATE "C" NOT NULL,
  to_state TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (from_state, to_state)
);

CREATE TABLE quotes (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  offering_id TEXT COLLATE "C" NOT NULL REFERENCES offerings (id),
  state TEXT COLLATE "C" NOT NULL CONSTRAINT quotes_state CHECK (state IN ('requested', 'offered', 'converted', 'declined', 'expired', 'withdrawn')),
  asked_seats INTEGER NOT NULL CONSTRAINT quotes_asked CHECK (asked_seats > 0),
  buyer_name TEXT COLLATE "C" NOT NULL,
  buyer_email TEXT COLLATE "C" NOT NULL,
  institution TEXT COLLATE "C" NOT NULL,
  pay_by TEXT COLLATE "C" NOT NULL CONSTRAINT quotes_pay_by CHECK (pay_by IN ('purchase_order', 'card', 'unsure')),
  note TEXT COLLATE "C" NOT NULL,
  replaces_id TEXT COLLATE "C" NOT NULL,
  revision INTEGER NOT NULL,
  seats INTEGER NOT NULL,
  unit_cents BIGINT NOT NULL,
  total_cents BIGINT NOT NULL,
  message TEXT COLLATE "C" NOT NULL,
  expires_at TIMESTAMPTZ,
  hold_until TIMESTAMPTZ,
  order_id TEXT COLLATE "C" NOT NULL,
  link_serial INTEGER NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  offered_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ,
  CONSTRAINT quotes_total CHECK (total_cents = seats * unit_cents),
  CONSTRAINT quotes_offer CHECK ((revision > 0) = (expires_at IS NOT NULL AND offered_at IS NOT NULL AND seats > 0 AND unit_cents > 0)),
  CONSTRAINT quotes_offered CHECK (revision > 0 OR state IN ('requested', 'withdrawn')),
  CONSTRAINT quotes_order CHECK (order_id <> '' OR state <> 'converted'),
  CONSTRAINT quotes_ended CHECK ((ended_at IS NULL) = (state IN ('requested', 'offered')))
);
CREATE UNIQUE INDEX quotes_number ON quotes (number);
CREATE INDEX quotes_newest ON quotes (created_at DESC, id DESC);
CREATE INDEX quotes_state_newest ON quotes (state, created_at DESC, id DESC);
CREATE INDEX quotes_offering ON quotes (offering_id, state);
CREATE INDEX quotes_due ON quotes (expires_at) WHERE state = 'offered';

-- +goose StatementBegin
CREATE FUNCTION quotes_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'requested' THEN
    RAISE EXCEPTION 'quotes_lifecycle' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'quotes_lifecycle';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER quotes_begin BEFORE INSERT ON quotes FOR EACH ROW EXECUTE FUNCTION quotes_begin();
-- +goose StatementBegin
CREATE FUNCTION quotes_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM quote_lifecycle WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'quotes_lifecycle' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'quotes_lifecycle';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER quotes_lifecycle BEFORE UPDATE OF state ON quotes FOR EACH ROW EXECUTE FUNCTION quotes_lifecycle();
-- +goose StatementBegin
CREATE FUNCTION quotes_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.seats <> OLD.seats OR NEW.unit_cents <> OLD.unit_cents OR NEW.total_cents <> OLD.total_cents OR NEW.expires_at <> OLD.expires_at)
  AND NEW.revision <= OLD.revision THEN
    RAISE EXCEPTION 'quotes_price' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'quotes_price';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER quotes_price BEFORE UPDATE OF seats, unit_cents, total_cents, expires_at ON quotes FOR EACH ROW EXECUTE FUNCTION quotes_price();

CREATE TABLE quote_revisions (
  quote_id TEXT COLLATE "C" NOT NULL REFERENCES quotes (id),
  revision INTEGER NOT NULL CONSTRAINT quote_revisions_first CHECK (revision > 0),
  seats INTEGER NOT NULL,
  unit_cents BIGINT NOT NULL,
  total_cents BIGINT NOT NULL,
  message TEXT COLLATE "C" NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  hold_until TIMESTAMPTZ,
  content TEXT COLLATE "C" NOT NULL,
  by_id TEXT COLLATE "C" NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (quote_id, revision)
);
-- +goose StatementBegin
CREATE FUNCTION quote_revisions_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'quote_revisions_kept' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'quote_revisions_kept';
END $$;
-- +goose StatementEnd
CREATE TRIGGER quote_revisions_kept BEFORE UPDATE ON quote_revisions FOR EACH ROW EXECUTE FUNCTION quote_revisions_kept();
-- +goose StatementBegin
CREATE FUNCTION quote_revisions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'quote_revisions_kept' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'quote_revisions_kept';
END $$;
-- +goose StatementEnd
CREATE TRIGGER quote_revisions_stay BEFORE DELETE ON quote_revisions FOR EACH ROW EXECUTE FUNCTION quote_revisions_stay();

-- +goose Down
DROP TABLE quote_revisions;
DROP TABLE quotes;
DROP TABLE quote_lifecycle;
DROP INDEX orders_quote;
ALTER TABLE offerings DROP COLUMN quote_held;
DROP FUNCTION quote_revisions_stay();
DROP FUNCTION quote_revisions_kept();
DROP FUNCTION quotes_price();
DROP FUNCTION quotes_lifecycle();
DROP FUNCTION quotes_begin();
