-- +goose Up
-- Webinars on sale. An offering is made from an accepted webinar proposal; its
-- capacity is held by the database, whoever sells. The table offering_lifecycle
-- is filled from the program's own table after migrating.

CREATE TABLE offering_lifecycle (
  from_status TEXT COLLATE "C" NOT NULL,
  to_status TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (from_status, to_status)
);

CREATE TABLE offerings (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  section_id TEXT COLLATE "C" NOT NULL REFERENCES sections (id),
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id),
  revision INTEGER NOT NULL,
  slug TEXT COLLATE "C" NOT NULL CONSTRAINT offerings_slug_said CHECK (slug <> ''),
  status TEXT COLLATE "C" NOT NULL CONSTRAINT offerings_status CHECK (status IN ('planned', 'published', 'closed', 'delivered', 'cancelled')),
  title TEXT COLLATE "C" NOT NULL,
  short_description TEXT COLLATE "C" NOT NULL,
  description TEXT COLLATE "C" NOT NULL,
  outcomes TEXT COLLATE "C" NOT NULL,
  audience TEXT COLLATE "C" NOT NULL,
  level TEXT COLLATE "C" NOT NULL,
  topics TEXT COLLATE "C" NOT NULL,
  presenters TEXT COLLATE "C" NOT NULL,
  starts_at TIMESTAMPTZ,
  rescheduled_at TIMESTAMPTZ,
  sequence INTEGER NOT NULL,
  minutes INTEGER NOT NULL CONSTRAINT offerings_minutes CHECK (minutes BETWEEN 1 AND 1440),
  zone TEXT COLLATE "C" NOT NULL,
  capacity INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  sales_open_at TIMESTAMPTZ,
  sales_close_at TIMESTAMPTZ,
  captions TEXT COLLATE "C" NOT NULL,
  recording TEXT COLLATE "C" NOT NULL,
  recording_url TEXT COLLATE "C" NOT NULL,
  platform TEXT COLLATE "C" NOT NULL,
  tech TEXT COLLATE "C" NOT NULL,
  join_url TEXT COLLATE "C" NOT NULL,
  price_contact TEXT COLLATE "C" NOT NULL,
  access_contact TEXT COLLATE "C" NOT NULL,
  po_allowed BOOLEAN NOT NULL,
  po_number_needed BOOLEAN NOT NULL,
  quote_from INTEGER NOT NULL,
  max_self_serve INTEGER NOT NULL,
  quote_hold_pct INTEGER NOT NULL CONSTRAINT offerings_quote_hold CHECK (quote_hold_pct BETWEEN 0 AND 100),
  hold_minutes INTEGER NOT NULL CONSTRAINT offerings_hold CHECK (hold_minutes BETWEEN 5 AND 1440),
  credit_limit_cents BIGINT NOT NULL CONSTRAINT offerings_credit CHECK (credit_limit_cents >= 0),
  min_minutes INTEGER NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  published_at TIMESTAMPTZ,
  delivered_at TIMESTAMPTZ,
  created_by TEXT COLLATE "C" NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT offerings_taken CHECK (taken >= 0 AND taken <= capacity),
  CONSTRAINT offerings_self_serve CHECK (max_self_serve >= 1 AND quote_from > max_self_serve),
  CONSTRAINT offerings_dated CHECK (starts_at IS NOT NULL OR status IN ('planned', 'cancelled')),
  CONSTRAINT offerings_sales CHECK (sales_open_at IS NULL OR sales_close_at IS NULL OR sales_open_at < sales_close_at)
);
CREATE UNIQUE INDEX offerings_proposal ON offerings (proposal_id);
CREATE UNIQUE INDEX offerings_slug ON offerings (slug);
CREATE INDEX offerings_public ON offerings (status, starts_at, id);
CREATE INDEX offerings_newest ON offerings (updated_at DESC, id DESC);

CREATE TABLE price_tiers (
  offering_id TEXT COLLATE "C" NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
  rate_class TEXT COLLATE "C" NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  min_seats INTEGER NOT NULL,
  max_seats INTEGER NOT NULL,
  unit_cents INTEGER NOT NULL CONSTRAINT price_tiers_cents CHECK (unit_cents >= 0),
  sort_order INTEGER NOT NULL,
  PRIMARY KEY (offering_id, rate_class, min_seats),
  CONSTRAINT price_tiers_seats CHECK (min_seats >= 1 AND max_seats >= min_seats)
);

CREATE TABLE access_requests (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  offering_id TEXT COLLATE "C" NOT NULL REFERENCES offerings (id),
  name TEXT COLLATE "C" NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  made_at TIMESTAMPTZ NOT NULL,
  done_at TIMESTAMPTZ,
  done_by TEXT COLLATE "C" NOT NULL,
  erase_after TIMESTAMPTZ,
  erased_at TIMESTAMPTZ
);
CREATE INDEX access_requests_offering ON access_requests (offering_id, made_at, id);

-- +goose StatementBegin
CREATE FUNCTION offerings_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'planned' THEN
    RAISE EXCEPTION 'offerings_lifecycle' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'offerings_lifecycle';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER offerings_begin BEFORE INSERT ON offerings FOR EACH ROW EXECUTE FUNCTION offerings_begin();
-- +goose StatementBegin
CREATE FUNCTION offerings_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status AND NOT EXISTS (
  SELECT 1 FROM offering_lifecycle WHERE from_status = OLD.status AND to_status = NEW.status) THEN
    RAISE EXCEPTION 'offerings_lifecycle' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'offerings_lifecycle';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER offerings_lifecycle BEFORE UPDATE OF status ON offerings FOR EACH ROW EXECUTE FUNCTION offerings_lifecycle();
-- +goose StatementBegin
CREATE FUNCTION offerings_selected() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM proposals p JOIN venues v ON v.id = p.venue_id
  WHERE p.id = NEW.proposal_id AND p.state = 'accepted' AND v.stipends) THEN
    RAISE EXCEPTION 'offerings_selected' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'offerings_selected';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER offerings_selected BEFORE INSERT ON offerings FOR EACH ROW EXECUTE FUNCTION offerings_selected();
-- +goose StatementBegin
CREATE FUNCTION price_tiers_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
  SELECT 1 FROM price_tiers t WHERE t.offering_id = NEW.offering_id AND t.rate_class = NEW.rate_class
  AND t.min_seats <= NEW.max_seats AND t.max_seats >= NEW.min_seats) THEN
    RAISE EXCEPTION 'price_tiers_overlap' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'price_tiers_overlap';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER price_tiers_overlap BEFORE INSERT ON price_tiers FOR EACH ROW EXECUTE FUNCTION price_tiers_overlap();

-- +goose Down
DROP TABLE access_requests;
DROP TABLE price_tiers;
DROP TABLE offerings;
DROP TABLE offering_lifecycle;
DROP FUNCTION price_tiers_overlap;
DROP FUNCTION offerings_selected;
DROP FUNCTION offerings_lifecycle;
DROP FUNCTION offerings_begin;
