-- +goose Up
-- Webinars on sale. An offering is made from an accepted webinar proposal; its
-- capacity is held by the database, whoever sells. The table offering_lifecycle
-- is filled from the program's own table after migrating.

CREATE TABLE offering_lifecycle (
  from_status TEXT NOT NULL,
  to_status TEXT NOT NULL,
  PRIMARY KEY (from_status, to_status)
);

CREATE TABLE offerings (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  section_id TEXT NOT NULL REFERENCES sections (id),
  proposal_id TEXT NOT NULL REFERENCES proposals (id),
  revision INTEGER NOT NULL,
  slug TEXT NOT NULL CONSTRAINT offerings_slug_said CHECK (slug <> ''),
  status TEXT NOT NULL CONSTRAINT offerings_status CHECK (status IN ('planned', 'published', 'closed', 'delivered', 'cancelled')),
  title TEXT NOT NULL,
  short_description TEXT NOT NULL,
  description TEXT NOT NULL,
  outcomes TEXT NOT NULL,
  audience TEXT NOT NULL,
  level TEXT NOT NULL,
  topics TEXT NOT NULL,
  presenters TEXT NOT NULL,
  starts_at TIMESTAMP,
  rescheduled_at TIMESTAMP,
  sequence INTEGER NOT NULL,
  minutes INTEGER NOT NULL CONSTRAINT offerings_minutes CHECK (minutes BETWEEN 1 AND 1440),
  zone TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  sales_open_at TIMESTAMP,
  sales_close_at TIMESTAMP,
  captions TEXT NOT NULL,
  recording TEXT NOT NULL,
  recording_url TEXT NOT NULL,
  platform TEXT NOT NULL,
  tech TEXT NOT NULL,
  join_url TEXT NOT NULL,
  price_contact TEXT NOT NULL,
  access_contact TEXT NOT NULL,
  po_allowed BOOLEAN NOT NULL,
  po_number_needed BOOLEAN NOT NULL,
  quote_from INTEGER NOT NULL,
  max_self_serve INTEGER NOT NULL,
  quote_hold_pct INTEGER NOT NULL CONSTRAINT offerings_quote_hold CHECK (quote_hold_pct BETWEEN 0 AND 100),
  hold_minutes INTEGER NOT NULL CONSTRAINT offerings_hold CHECK (hold_minutes BETWEEN 5 AND 1440),
  credit_limit_cents BIGINT NOT NULL CONSTRAINT offerings_credit CHECK (credit_limit_cents >= 0),
  min_minutes INTEGER NOT NULL,
  reason TEXT NOT NULL,
  published_at TIMESTAMP,
  delivered_at TIMESTAMP,
  created_by TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL,
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
  offering_id TEXT NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
  rate_class TEXT NOT NULL,
  label TEXT NOT NULL,
  min_seats INTEGER NOT NULL,
  max_seats INTEGER NOT NULL,
  unit_cents INTEGER NOT NULL CONSTRAINT price_tiers_cents CHECK (unit_cents >= 0),
  sort_order INTEGER NOT NULL,
  PRIMARY KEY (offering_id, rate_class, min_seats),
  CONSTRAINT price_tiers_seats CHECK (min_seats >= 1 AND max_seats >= min_seats)
);

CREATE TABLE access_requests (
  id TEXT NOT NULL PRIMARY KEY,
  offering_id TEXT NOT NULL REFERENCES offerings (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  text TEXT NOT NULL,
  made_at TIMESTAMP NOT NULL,
  done_at TIMESTAMP,
  done_by TEXT NOT NULL,
  erase_after TIMESTAMP,
  erased_at TIMESTAMP
);
CREATE INDEX access_requests_offering ON access_requests (offering_id, made_at, id);

-- +goose StatementBegin
CREATE TRIGGER offerings_begin BEFORE INSERT ON offerings
WHEN NEW.status <> 'planned'
BEGIN
  SELECT RAISE(ABORT, 'offerings_lifecycle');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER offerings_lifecycle BEFORE UPDATE OF status ON offerings
WHEN NEW.status <> OLD.status AND NOT EXISTS (
  SELECT 1 FROM offering_lifecycle WHERE from_status = OLD.status AND to_status = NEW.status)
BEGIN
  SELECT RAISE(ABORT, 'offerings_lifecycle');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER offerings_selected BEFORE INSERT ON offerings
WHEN NOT EXISTS (
  SELECT 1 FROM proposals p JOIN venues v ON v.id = p.venue_id
  WHERE p.id = NEW.proposal_id AND p.state = 'accepted' AND v.stipends)
BEGIN
  SELECT RAISE(ABORT, 'offerings_selected');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER price_tiers_overlap BEFORE INSERT ON price_tiers
WHEN EXISTS (
  SELECT 1 FROM price_tiers t WHERE t.offering_id = NEW.offering_id AND t.rate_class = NEW.rate_class
  AND t.min_seats <= NEW.max_seats AND t.max_seats >= NEW.min_seats)
BEGIN
  SELECT RAISE(ABORT, 'price_tiers_overlap');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE access_requests;
DROP TABLE price_tiers;
DROP TABLE offerings;
DROP TABLE offering_lifecycle;
