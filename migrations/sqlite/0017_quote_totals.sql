-- +goose Up
-- An offer's price is so much a seat, or one total for all of its seats. A total that
-- is so many cents a seat is kept as such; only one that is not has no price of a
-- seat (0). A rule of a table is changed by making the table anew, on both databases.

CREATE TABLE quotes_before AS SELECT * FROM quotes;
CREATE TABLE quote_revisions_before AS SELECT * FROM quote_revisions;
DROP TABLE quote_revisions;
DROP TABLE quotes;

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
  found_by TEXT NOT NULL DEFAULT '',
  terms_days INTEGER NOT NULL DEFAULT 0 CONSTRAINT quotes_terms CHECK (terms_days >= 0 AND terms_days <= 120),
  CONSTRAINT quotes_total CHECK (total_cents = seats * unit_cents OR seats > 0 AND unit_cents = 0 AND total_cents % NULLIF(seats, 0) <> 0),
  CONSTRAINT quotes_offer CHECK ((revision > 0) = (expires_at IS NOT NULL AND offered_at IS NOT NULL AND seats > 0 AND total_cents > 0)),
  CONSTRAINT quotes_offered CHECK (revision > 0 OR state IN ('requested', 'withdrawn')),
  CONSTRAINT quotes_order CHECK (order_id <> '' OR state <> 'converted'),
  CONSTRAINT quotes_ended CHECK ((ended_at IS NULL) = (state IN ('requested', 'offered')))
);
INSERT INTO quotes (id, version, number, offering_id, state, asked_seats, buyer_name, buyer_email, institution, pay_by, note, replaces_id, revision, seats, unit_cents, total_cents, message, expires_at, hold_until, order_id, link_serial, reason, created_at, updated_at, offered_at, ended_at, found_by, terms_days)
  SELECT id, version, number, offering_id, state, asked_seats, buyer_name, buyer_email, institution, pay_by, note, replaces_id, revision, seats, unit_cents, total_cents, message, expires_at, hold_until, order_id, link_serial, reason, created_at, updated_at, offered_at, ended_at, found_by, terms_days FROM quotes_before;
CREATE UNIQUE INDEX quotes_number ON quotes (number);
CREATE INDEX quotes_newest ON quotes (created_at DESC, id DESC);
CREATE INDEX quotes_state_newest ON quotes (state, created_at DESC, id DESC);
CREATE INDEX quotes_offering ON quotes (offering_id, state);
CREATE INDEX quotes_due ON quotes (expires_at) WHERE state = 'offered';
CREATE INDEX quotes_unfound ON quotes (id) WHERE found_by = '';

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
  terms_days INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (quote_id, revision)
);
INSERT INTO quote_revisions (quote_id, revision, seats, unit_cents, total_cents, message, expires_at, hold_until, content, by_id, by_name, at, terms_days)
  SELECT quote_id, revision, seats, unit_cents, total_cents, message, expires_at, hold_until, content, by_id, by_name, at, terms_days FROM quote_revisions_before;

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

DROP TABLE quote_revisions_before;
DROP TABLE quotes_before;

-- +goose Down
-- The wider rule stays: an offer by total could not be kept under the narrower one.
