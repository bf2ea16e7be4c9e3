-- +goose Up
-- Quotes: a price in writing for many seats. What is offered is kept by revision and
-- never changed. quote_lifecycle is filled from the program's own table after
-- migrating; a trigger refuses any other change of state. quote_held are those of an
-- offering's taken seats that offers hold which nobody has accepted yet.

ALTER TABLE offerings ADD COLUMN quote_held INTEGER NOT NULL DEFAULT 0 CONSTRAINT offerings_quote_held CHECK (quote_held >= 0 AND quote_held <= taken);

CREATE UNIQUE INDEX orders_quote ON orders (quote_id) WHERE quote_id <> '' AND state IN ('held', 'processing', 'awaiting_po', 'confirmed');

CREATE TABLE quote_lifecycle (
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (from_state, to_state)
);

CREATE TABLE quotes (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  number TEXT NOT NULL,
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  state TEXT NOT NULL CONSTRAINT quotes_state CHECK (state IN ('requested', 'offered', 'converted', 'declined', 'expired', 'withdrawn')),
  asked_seats INTEGER NOT NULL CONSTRAINT quotes_asked CHECK (asked_seats > 0),
  buyer_name TEXT NOT NULL,
  buyer_email TEXT NOT NULL,
  institution TEXT NOT NULL,
  pay_by TEXT NOT NULL CONSTRAINT quotes_pay_by CHECK (pay_by IN ('purchase_order', 'card', 'unsure')),
  note TEXT NOT NULL,
  replaces_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  seats INTEGER NOT NULL,
  unit_cents BIGINT NOT NULL,
  total_cents BIGINT NOT NULL,
  message TEXT NOT NULL,
  expires_at TIMESTAMP,
  hold_until TIMESTAMP,
  order_id TEXT NOT NULL,
  link_serial INTEGER NOT NULL,
  reason TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL,
  offered_at TIMESTAMP,
  ended_at TIMESTAMP,
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
CREATE TRIGGER quotes_begin BEFORE INSERT ON quotes
WHEN NEW.state <> 'requested'
BEGIN
  SELECT RAISE(ABORT, 'quotes_lifecycle');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER quotes_lifecycle BEFORE UPDATE OF state ON quotes
WHEN NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM quote_lifecycle WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'quotes_lifecycle');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER quotes_price BEFORE UPDATE OF seats, unit_cents, total_cents, expires_at ON quotes
WHEN (NEW.seats <> OLD.seats OR NEW.unit_cents <> OLD.unit_cents OR NEW.total_cents <> OLD.total_cents OR NEW.expires_at <> OLD.expires_at)
  AND NEW.revision <= OLD.revision
BEGIN
  SELECT RAISE(ABORT, 'quotes_price');
END;
-- +goose StatementEnd

CREATE TABLE quote_revisions (
  quote_id TEXT NOT NULL REFERENCES quotes (id),
  revision INTEGER NOT NULL CONSTRAINT quote_revisions_first CHECK (revision > 0),
  seats INTEGER NOT NULL,
  unit_cents BIGINT NOT NULL,
  total_cents BIGINT NOT NULL,
  message TEXT NOT NULL,
  expires_at TIMESTAMP NOT NULL,
  hold_until TIMESTAMP,
  content TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  PRIMARY KEY (quote_id, revision)
);
-- +goose StatementBegin
CREATE TRIGGER quote_revisions_kept BEFORE UPDATE ON quote_revisions
BEGIN
  SELECT RAISE(ABORT, 'quote_revisions_kept');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER quote_revisions_stay BEFORE DELETE ON quote_revisions
BEGIN
  SELECT RAISE(ABORT, 'quote_revisions_kept');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE quote_revisions;
DROP TABLE quotes;
DROP TABLE quote_lifecycle;
DROP INDEX orders_quote;
ALTER TABLE offerings DROP COLUMN quote_held;
