-- +goose Up
-- The section: its groups, people, terms and duties, and the venues with their forms and calls.
-- Ids are UUIDv7 text; days are text, 2026-09-15; program years are text, 2026-27.

CREATE TABLE sections (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  short_name TEXT NOT NULL,
  zone TEXT NOT NULL,
  contact TEXT NOT NULL,
  settings TEXT NOT NULL
);
CREATE UNIQUE INDEX sections_slug ON sections (slug);

CREATE TABLE groups (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  section_id TEXT NOT NULL REFERENCES sections (id),
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CONSTRAINT groups_kind CHECK (kind IN ('committee', 'interest_group', 'working_group', 'leadership')),
  status TEXT NOT NULL CONSTRAINT groups_status CHECK (status IN ('active', 'merging', 'inactive')),
  successor_id TEXT NOT NULL,
  charge TEXT NOT NULL,
  folder_url TEXT NOT NULL,
  programming BOOLEAN NOT NULL,
  members_submit BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX groups_slug ON groups (slug);
CREATE INDEX groups_section ON groups (section_id);

CREATE TABLE people (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL CONSTRAINT people_name CHECK (name <> ''),
  email TEXT NOT NULL,
  institution TEXT NOT NULL,
  zone TEXT NOT NULL,
  theme TEXT NOT NULL CONSTRAINT people_theme CHECK (theme IN ('', 'light', 'dark'))
);
CREATE UNIQUE INDEX people_email ON people (email) WHERE email <> '';
CREATE INDEX people_by_name ON people (name, id);

CREATE TABLE grants (
  person_id TEXT NOT NULL REFERENCES people (id),
  role TEXT NOT NULL CONSTRAINT grants_role CHECK (role IN ('staff', 'finance', 'forum_committee', 'forum_committee_chair', 'admin')),
  PRIMARY KEY (person_id, role)
);

CREATE TABLE terms (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  group_id TEXT NOT NULL REFERENCES groups (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  role TEXT NOT NULL CONSTRAINT terms_role CHECK (role IN ('member', 'chair', 'co_chair', 'vice_chair', 'appointments_manager')),
  starts_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  CONSTRAINT terms_order CHECK (starts_on <= ends_on)
);
CREATE UNIQUE INDEX terms_once ON terms (group_id, person_id, role, starts_on);
CREATE INDEX terms_person ON terms (person_id);

CREATE TABLE venues (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  letter TEXT NOT NULL,
  decider TEXT NOT NULL CONSTRAINT venues_decider CHECK (decider IN ('outside', 'forum_committee', 'staff')),
  carry_to TEXT NOT NULL,
  carry_any BOOLEAN NOT NULL,
  gated BOOLEAN NOT NULL,
  stipends BOOLEAN NOT NULL,
  site TEXT NOT NULL,
  sort_order INTEGER NOT NULL
);

CREATE TABLE formats (
  venue_id TEXT NOT NULL REFERENCES venues (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  hint TEXT NOT NULL,
  counts BOOLEAN NOT NULL,
  PRIMARY KEY (venue_id, id)
);

CREATE TABLE forms (
  id TEXT NOT NULL PRIMARY KEY,
  venue_id TEXT NOT NULL,
  format_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  spec TEXT NOT NULL,
  FOREIGN KEY (venue_id, format_id) REFERENCES formats (venue_id, id)
);
CREATE UNIQUE INDEX forms_number ON forms (venue_id, format_id, number);

CREATE TABLE calls (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  section_id TEXT NOT NULL REFERENCES sections (id),
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  venue_id TEXT NOT NULL,
  format_id TEXT NOT NULL,
  year TEXT NOT NULL,
  zone TEXT NOT NULL,
  opens_at TIMESTAMP,
  closes_at TIMESTAMP,
  grace INTEGER NOT NULL,
  edit_until TIMESTAMP,
  form_id TEXT NOT NULL REFERENCES forms (id),
  event_on TEXT NOT NULL,
  FOREIGN KEY (venue_id, format_id) REFERENCES formats (venue_id, id),
  CONSTRAINT calls_dates_together CHECK ((opens_at IS NULL) = (closes_at IS NULL)),
  CONSTRAINT calls_window CHECK (opens_at IS NULL OR opens_at < closes_at),
  CONSTRAINT calls_grace CHECK (grace >= 0)
);
CREATE UNIQUE INDEX calls_slug ON calls (slug);
CREATE INDEX calls_year ON calls (year, venue_id);

CREATE TABLE quotas (
  group_id TEXT NOT NULL REFERENCES groups (id),
  year TEXT NOT NULL,
  venue_id TEXT NOT NULL REFERENCES venues (id),
  required INTEGER NOT NULL CONSTRAINT quotas_required CHECK (required >= 0),
  PRIMARY KEY (group_id, year, venue_id)
);

CREATE TABLE checklist (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  group_id TEXT NOT NULL REFERENCES groups (id),
  year TEXT NOT NULL,
  month INTEGER NOT NULL CONSTRAINT checklist_month CHECK (month BETWEEN 1 AND 12),
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  venue_id TEXT NOT NULL,
  done_at TIMESTAMP,
  done_by TEXT NOT NULL
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
