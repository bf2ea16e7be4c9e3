-- +goose Up
-- What an order costs, kept by the database too. orders_sum: so much a seat, or, by
-- quote only, one total that no price of a seat gives. orders_quoted: the order of a
-- quote has the seats and the price of the newest offer, as long as it has seats of the
-- webinar, and whenever seats or price change; it cannot leave its quote. A quote that
-- has ended is offered no more (quote_revisions_open), so that for an accepted quote
-- the newest offer is the accepted one.

-- +goose StatementBegin
CREATE FUNCTION orders_sum_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.total_cents <> NEW.seats * NEW.unit_cents AND (NEW.quote_id = '' OR NEW.unit_cents <> 0 OR NEW.total_cents % NEW.seats = 0) THEN
    RAISE EXCEPTION 'orders_sum' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'orders_sum';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER orders_sum_begin BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION orders_sum_begin();
-- +goose StatementBegin
CREATE FUNCTION orders_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.total_cents <> NEW.seats * NEW.unit_cents AND (NEW.quote_id = '' OR NEW.unit_cents <> 0 OR NEW.total_cents % NEW.seats = 0) THEN
    RAISE EXCEPTION 'orders_sum' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'orders_sum';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER orders_sum BEFORE UPDATE OF seats, unit_cents, total_cents, quote_id ON orders FOR EACH ROW EXECUTE FUNCTION orders_sum();
-- +goose StatementBegin
CREATE FUNCTION orders_quoted_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.quote_id <> '' AND NOT EXISTS (
  SELECT 1 FROM quote_revisions r WHERE r.quote_id = NEW.quote_id AND r.seats = NEW.seats AND r.unit_cents = NEW.unit_cents AND r.total_cents = NEW.total_cents
    AND r.revision = (SELECT MAX(n.revision) FROM quote_revisions n WHERE n.quote_id = NEW.quote_id)) THEN
    RAISE EXCEPTION 'orders_quoted' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'orders_quoted';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER orders_quoted_begin BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION orders_quoted_begin();
-- +goose StatementBegin
CREATE FUNCTION orders_quoted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.quote_id <> '' AND NEW.quote_id = ''
  OR NEW.quote_id <> '' AND (NEW.state IN ('held', 'processing', 'awaiting_po', 'confirmed')
    OR NEW.seats <> OLD.seats OR NEW.unit_cents <> OLD.unit_cents OR NEW.total_cents <> OLD.total_cents OR NEW.quote_id <> OLD.quote_id) AND NOT EXISTS (
  SELECT 1 FROM quote_revisions r WHERE r.quote_id = NEW.quote_id AND r.seats = NEW.seats AND r.unit_cents = NEW.unit_cents AND r.total_cents = NEW.total_cents
    AND r.revision = (SELECT MAX(n.revision) FROM quote_revisions n WHERE n.quote_id = NEW.quote_id)) THEN
    RAISE EXCEPTION 'orders_quoted' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'orders_quoted';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER orders_quoted BEFORE UPDATE OF seats, unit_cents, total_cents, quote_id, state ON orders FOR EACH ROW EXECUTE FUNCTION orders_quoted();
-- +goose StatementBegin
CREATE FUNCTION quote_revisions_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM quotes q WHERE q.id = NEW.quote_id AND q.state IN ('requested', 'offered')) THEN
    RAISE EXCEPTION 'quote_revisions_open' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'quote_revisions_open';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER quote_revisions_open BEFORE INSERT ON quote_revisions FOR EACH ROW EXECUTE FUNCTION quote_revisions_open();

-- +goose Down
DROP FUNCTION orders_sum_begin() CASCADE;
DROP FUNCTION orders_sum() CASCADE;
DROP FUNCTION orders_quoted_begin() CASCADE;
DROP FUNCTION orders_quoted() CASCADE;
DROP FUNCTION quote_revisions_open() CASCADE;
