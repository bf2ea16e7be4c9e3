-- +goose Up
-- What an order costs, kept by the database too. orders_sum: so much a seat, or, by
-- quote only, one total that no price of a seat gives. orders_quoted: the order of a
-- quote has the seats and the price of the newest offer, as long as it has seats of the
-- webinar, and whenever seats or price change; it cannot leave its quote. A quote that
-- has ended is offered no more (quote_revisions_open), so that for an accepted quote
-- the newest offer is the accepted one.

-- +goose StatementBegin
CREATE TRIGGER orders_sum_begin BEFORE INSERT ON orders
WHEN NEW.total_cents <> NEW.seats * NEW.unit_cents AND (NEW.quote_id = '' OR NEW.unit_cents <> 0 OR NEW.total_cents % NEW.seats = 0)
BEGIN
  SELECT RAISE(ABORT, 'orders_sum');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER orders_sum BEFORE UPDATE OF seats, unit_cents, total_cents, quote_id ON orders
WHEN NEW.total_cents <> NEW.seats * NEW.unit_cents AND (NEW.quote_id = '' OR NEW.unit_cents <> 0 OR NEW.total_cents % NEW.seats = 0)
BEGIN
  SELECT RAISE(ABORT, 'orders_sum');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER orders_quoted_begin BEFORE INSERT ON orders
WHEN NEW.quote_id <> '' AND NOT EXISTS (
  SELECT 1 FROM quote_revisions r WHERE r.quote_id = NEW.quote_id AND r.seats = NEW.seats AND r.unit_cents = NEW.unit_cents AND r.total_cents = NEW.total_cents
    AND r.revision = (SELECT MAX(n.revision) FROM quote_revisions n WHERE n.quote_id = NEW.quote_id))
BEGIN
  SELECT RAISE(ABORT, 'orders_quoted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER orders_quoted BEFORE UPDATE OF seats, unit_cents, total_cents, quote_id, state ON orders
WHEN OLD.quote_id <> '' AND NEW.quote_id = ''
  OR NEW.quote_id <> '' AND (NEW.state IN ('held', 'processing', 'awaiting_po', 'confirmed')
    OR NEW.seats <> OLD.seats OR NEW.unit_cents <> OLD.unit_cents OR NEW.total_cents <> OLD.total_cents OR NEW.quote_id <> OLD.quote_id) AND NOT EXISTS (
  SELECT 1 FROM quote_revisions r WHERE r.quote_id = NEW.quote_id AND r.seats = NEW.seats AND r.unit_cents = NEW.unit_cents AND r.total_cents = NEW.total_cents
    AND r.revision = (SELECT MAX(n.revision) FROM quote_revisions n WHERE n.quote_id = NEW.quote_id))
BEGIN
  SELECT RAISE(ABORT, 'orders_quoted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER quote_revisions_open BEFORE INSERT ON quote_revisions
WHEN NOT EXISTS (SELECT 1 FROM quotes q WHERE q.id = NEW.quote_id AND q.state IN ('requested', 'offered'))
BEGIN
  SELECT RAISE(ABORT, 'quote_revisions_open');
END;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TRIGGER orders_sum_begin;
-- +goose StatementEnd
-- +goose StatementBegin
DROP TRIGGER orders_sum;
-- +goose StatementEnd
-- +goose StatementBegin
DROP TRIGGER orders_quoted_begin;
-- +goose StatementEnd
-- +goose StatementBegin
DROP TRIGGER orders_quoted;
-- +goose StatementEnd
-- +goose StatementBegin
DROP TRIGGER quote_revisions_open;
-- +goose StatementEnd
