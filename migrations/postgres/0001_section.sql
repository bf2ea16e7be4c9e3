-- +goose Up
-- The section: its groups, people, terms and duties, and the venues with their forms and calls.
-- Ids are UUIDv7 text; days are text, 2026-09-15; program years are text, 2026-27.

CREATE TABLE sections (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  slug TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  short_name TEXT COLLATE "C" NOT NULL,
  zone TEXT COLLATE "C" NOT NULL,
  contact TEXT COLLATE "C" NOT NULL,
  settings TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX sections_slug ON sections (slug);

CREATE TABLE groups (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  section_id TEXT COLLATE "C" NOT NULL REFERENCES sections (id),
  slug TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CONSTRAINT groups_kind CHECK (kind IN ('committee', 'interest_group', 'working_group', 'leadership')),
  status TEXT COLLATE "C" NOT NULL CONSTRAINT groups_status CHECK (status IN ('active', 'merging', 'inactive')),
  successor_id TEXT COLLATE "C" NOT NULL,
  charge TEXT COLLATE "C" NOT NULL,
  folder_url TEXT COLLATE "C" NOT NULL,
  programming BOOLEAN NOT NULL,
  members_submit BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX groups_slug ON groups (slug);
CREATE INDEX groups_section ON groups (section_id);

CREATE TABLE people (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT COLLATE "C" NOT NULL CONSTRAINT people_name CHECK (name <> ''),
  email TEXT COLLATE "C" NOT NULL,
  institution TEXT COLLATE "C" NOT NULL,
  zone TEXT COLLATE "C" NOT NULL,
  theme TEXT COLLATE "C" NOT NULL CONSTRAINT people_theme CHECK (theme IN ('', 'light', 'dark'))
);
CREATE UNIQUE INDEX people_email ON people (email) WHERE email <> '';
CREATE INDEX people_by_name ON people (name, id);

CREATE TABLE grants (
  person_id TEXT COLLATE "C" NOT NULL REFERENCES people (id),
  role TEXT COLLATE "C" NOT NULL CONSTRAINT grants_role CHECK (role IN ('staff', 'finance', 'forum_committee', 'forum_committee_chair', 'admin')),
  PRIMARY KEY (person_id, role)
);

CREATE TABLE terms (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  group_id TEXT COLLATE "C" NOT NULL REFERENCES groups (id),
  person_id TEXT COLLATE "C" NOT NULL REFERENCES people (id),
  role TEXT COLLATE "C" NOT NULL CONSTRAINT terms_role CHECK (role IN ('member', 'chair', 'co_chair', 'vice_chair', 'appointments_manager')),
  starts_on TEXT COLLATE "C" NOT NULL,
  ends_on TEXT COLLATE "C" NOT NULL,
  CONSTRAINT terms_order CHECK (starts_on <= ends_on)
);
CREATE UNIQUE INDEX terms_once ON terms (group_id, person_id, role, starts_on);
CREATE INDEX terms_person ON terms (person_id);

CREATE TABLE venues (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  letter TEXT COLLATE "C" NOT NULL,
  decider TEXT COLLATE "C" NOT NULL CONSTRAINT venues_decider CHECK (decider IN ('outside', 'forum_committee', 'staff')),
  carry_to TEXT COLLATE "C" NOT NULL,
  carry_any BOOLEAN NOT NULL,
  gated BOOLEAN NOT NULL,
  stipends BOOLEAN NOT NULL,
  site TEXT COLLATE "C" NOT NULL,
  sort_order INTEGER NOT NULL
);

CREATE TABLE formats (
  venue_id TEXT COLLATE "C" NOT NULL REFERENCES venues (id),
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  hint TEXT COLLATE "C" NOT NULL,
  counts BOOLEAN NOT NULL,
  PRIMARY KEY (venue_id, id)
);

CREATE TABLE forms (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  venue_id TEXT COLLATE "C" NOT NULL,
  format_id TEXT COLLATE "C" NOT NULL,
  number INTEGER NOT NULL,
  spec TEXT COLLATE "C" NOT NULL,
  FOREIGN KEY (venue_id, format_id) REFERENCES formats (venue_id, id)
);
CREATE UNIQUE INDEX forms_number ON forms (venue_id, format_id, number);

CREATE TABLE calls (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  section_id TEXT COLLATE "C" NOT NULL REFERENCES sections (id),
  slug TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  venue_id TEXT COLLATE "C" NOT NULL,
  format_id TEXT COLLATE "C" NOT NULL,
  year TEXT COLLATE "C" NOT NULL,
  zone TEXT COLLATE "C" NOT NULL,
  opens_at TIMESTAMPTZ,
  closes_at TIMESTAMPTZ,
  grace INTEGER NOT NULL,
  edit_until TIMESTAMPTZ,
  form_id TEXT COLLATE "C" NOT NULL REFERENCES forms (id),
  event_on TEXT COLLATE "C" NOT NULL,
  FOREIGN KEY (venue_id, format_id) REFERENCES formats (venue_id, id),
  CONSTRAINT calls_dates_together CHECK ((opens_at IS NULL) = (closes_at IS NULL)),
  CONSTRAINT calls_window CHECK (opens_at IS NULL OR opens_at < closes_at),
  CONSTRAINT calls_grace CHECK (grace >= 0)
);
CREATE UNIQUE INDEX calls_slug ON calls (slug);
CREATE INDEX calls_year ON calls (year, venue_id);

CREATE TABLE quotas (
  group_id TEXT COLLATE "C" NOT NULL REFERENCES groups (id),
  year TEXT COLLATE "C" NOT NULL,
  venue_id TEXT COLLATE "C" NOT NULL REFERENCES venues (id),
  required INTEGER NOT NULL CONSTRAINT quotas_required CHECK (required >= 0),
  PRIMARY KEY (group_id, year, venue_id)
);

CREATE TABLE checklist (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  group_id TEXT COLLATE "C" NOT NULL REFERENCES groups (id),
  year TEXT COLLATE "C" NOT NULL,
  month INTEGER NOT NULL CONSTRAINT checklist_month CHECK (month BETWEEN 1 AND 12),
  position INTEGER NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  venue_id TEXT COLLATE "C" NOT NULL,
  done_at TIMESTAMPTZ,
  done_by TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX checklist_place ON checklist (group_id, year, month, position);

-- +goose Down
DROP TABLE checklist;
DROP TABLE quotas;
DROP TABLE calls;
DROP TABLE forms;
DROP TABLE formats;
DROP TABLE venues;
DROP TABLE terms;
DROP TABLE grants;
DROP TABLE people;
DROP TABLE groups;
DROP TABLE sections;
