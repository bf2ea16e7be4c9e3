-- +goose Up
-- Proposals. The tables lifecycle and stipend_lifecycle are filled from the
-- program's own tables after migrating; history points at the first, and
-- triggers refuse any change of state that is not in them.

CREATE TABLE lifecycle (
  action TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (action, from_state, to_state)
);

CREATE TABLE stipend_lifecycle (
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (from_state, to_state)
);

CREATE TABLE sequences (
  kind TEXT NOT NULL PRIMARY KEY,
  next INTEGER NOT NULL
);

CREATE TABLE proposals (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  number TEXT NOT NULL,
  call_id TEXT NOT NULL REFERENCES calls (id),
  group_id TEXT NOT NULL REFERENCES groups (id),
  venue_id TEXT NOT NULL REFERENCES venues (id),
  format_id TEXT NOT NULL,
  year TEXT NOT NULL,
  state TEXT NOT NULL CONSTRAINT proposals_state CHECK (state IN ('draft', 'submitted', 'accepted', 'declined', 'alternate', 'carried_forward', 'withdrawn', 'cancelled')),
  title TEXT NOT NULL,
  answers TEXT NOT NULL,
  idea_id TEXT NOT NULL,
  parent_id TEXT NOT NULL,
  hops INTEGER NOT NULL CONSTRAINT proposals_hops CHECK (hops BETWEEN 0 AND 2),
  carried_from TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TIMESTAMP NOT NULL,
  submitted_at TIMESTAMP,
  late_until TIMESTAMP,
  reopened_until TIMESTAMP,
  gate_override TEXT NOT NULL,
  delivered_at TIMESTAMP,
  import_key TEXT NOT NULL,
  CONSTRAINT proposals_submitted CHECK (submitted_at IS NOT NULL OR state IN ('draft', 'withdrawn')),
  CONSTRAINT proposals_numbered CHECK ((submitted_at IS NULL) = (number = '')),
  CONSTRAINT proposals_carried CHECK ((state = 'carried_forward') = (carried_from <> ''))
);
CREATE UNIQUE INDEX proposals_number ON proposals (number) WHERE number <> '';
CREATE UNIQUE INDEX proposals_one_child ON proposals (parent_id) WHERE parent_id <> '' AND state <> 'withdrawn';
CREATE UNIQUE INDEX proposals_import ON proposals (call_id, import_key) WHERE import_key <> '';
CREATE INDEX proposals_newest ON proposals (updated_at DESC, id DESC);
CREATE INDEX proposals_group ON proposals (group_id, updated_at DESC, id DESC);
CREATE INDEX proposals_group_year ON proposals (group_id, year, venue_id, state);
CREATE INDEX proposals_year_state ON proposals (year, state, updated_at DESC, id DESC);
CREATE INDEX proposals_state ON proposals (state, updated_at DESC, id DESC);
CREATE INDEX proposals_call ON proposals (call_id, state);
CREATE INDEX proposals_idea ON proposals (idea_id);

-- +goose StatementBegin
CREATE TRIGGER proposals_begin BEFORE INSERT ON proposals
WHEN NEW.state <> 'draft'
BEGIN
  SELECT RAISE(ABORT, 'proposals_lifecycle');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER proposals_lifecycle BEFORE UPDATE OF state ON proposals
WHEN NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM lifecycle WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'proposals_lifecycle');
END;
-- +goose StatementEnd

CREATE TABLE proposal_cosponsors (
  proposal_id TEXT NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL REFERENCES groups (id),
  PRIMARY KEY (proposal_id, group_id)
);
CREATE INDEX proposal_cosponsors_group ON proposal_cosponsors (group_id);

CREATE TABLE proposal_words (
  word TEXT NOT NULL,
  proposal_id TEXT NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  PRIMARY KEY (word, proposal_id)
);
CREATE INDEX proposal_words_proposal ON proposal_words (proposal_id);

CREATE TABLE speakers (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  proposal_id TEXT NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  role TEXT NOT NULL CONSTRAINT speakers_role CHECK (role IN ('speaker', 'moderator')),
  name TEXT NOT NULL,
  to_be_named BOOLEAN NOT NULL,
  email TEXT NOT NULL,
  titles TEXT NOT NULL,
  affiliations TEXT NOT NULL,
  bio TEXT NOT NULL,
  staff_member BOOLEAN NOT NULL,
  answer TEXT NOT NULL CONSTRAINT speakers_answer CHECK (answer IN ('', 'invited', 'confirmed', 'declined')),
  invited_at TIMESTAMP,
  answered_at TIMESTAMP,
  link_serial INTEGER NOT NULL,
  replaced_by TEXT NOT NULL,
  stipend TEXT NOT NULL CONSTRAINT speakers_stipend CHECK (stipend IN ('', 'accept', 'waive', 'employer'))
);
CREATE INDEX speakers_proposal ON speakers (proposal_id, position);

CREATE TABLE replacements (
  id TEXT NOT NULL PRIMARY KEY,
  proposal_id TEXT NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  speaker_id TEXT NOT NULL REFERENCES speakers (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  titles TEXT NOT NULL,
  affiliations TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_name TEXT NOT NULL,
  asked_at TIMESTAMP NOT NULL,
  agreed_at TIMESTAMP
);
CREATE UNIQUE INDEX replacements_open ON replacements (speaker_id) WHERE agreed_at IS NULL;

CREATE TABLE revisions (
  proposal_id TEXT NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  answers TEXT NOT NULL,
  speakers TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  cause TEXT NOT NULL,
  PRIMARY KEY (proposal_id, number)
);

CREATE TABLE history (
  id TEXT NOT NULL PRIMARY KEY,
  proposal_id TEXT NOT NULL,
  title TEXT NOT NULL,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  action TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  FOREIGN KEY (action, from_state, to_state) REFERENCES lifecycle (action, from_state, to_state)
);
CREATE INDEX history_proposal ON history (proposal_id, at DESC, id DESC);
CREATE INDEX history_actor ON history (actor_id, proposal_id);

CREATE TABLE external_submissions (
  proposal_id TEXT NOT NULL PRIMARY KEY REFERENCES proposals (id) ON DELETE CASCADE,
  site TEXT NOT NULL,
  reference TEXT NOT NULL,
  sent_on TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at TIMESTAMP NOT NULL
);

CREATE TABLE decisions (
  id TEXT NOT NULL PRIMARY KEY,
  proposal_id TEXT NOT NULL REFERENCES proposals (id),
  revision INTEGER NOT NULL,
  outcome TEXT NOT NULL CONSTRAINT decisions_outcome CHECK (outcome IN ('accepted', 'declined', 'alternate')),
  source TEXT NOT NULL CONSTRAINT decisions_source CHECK (source IN ('inside', 'outside', 'correction')),
  decided_on TEXT NOT NULL,
  evidence TEXT NOT NULL,
  feedback TEXT NOT NULL,
  no_feedback BOOLEAN NOT NULL,
  reason TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  published_at TIMESTAMP,
  superseded_at TIMESTAMP
);
CREATE UNIQUE INDEX decisions_one_staged ON decisions (proposal_id) WHERE published_at IS NULL;
CREATE UNIQUE INDEX decisions_one_in_force ON decisions (proposal_id) WHERE published_at IS NOT NULL AND superseded_at IS NULL;

CREATE TABLE stipends (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  proposal_id TEXT NOT NULL REFERENCES proposals (id),
  speaker_id TEXT NOT NULL REFERENCES speakers (id),
  payee TEXT NOT NULL,
  slot INTEGER NOT NULL CONSTRAINT stipends_slot CHECK (slot BETWEEN 1 AND 3),
  amount_cents INTEGER NOT NULL CONSTRAINT stipends_amount CHECK (amount_cents > 0),
  state TEXT NOT NULL CONSTRAINT stipends_state CHECK (state IN ('designated', 'accepted', 'waived', 'approved', 'paid', 'void')),
  designated_by TEXT NOT NULL,
  designated_at TIMESTAMP NOT NULL,
  answered_at TIMESTAMP,
  agreement_on TEXT NOT NULL,
  agreement_by TEXT NOT NULL,
  tax_form_on TEXT NOT NULL,
  tax_form_by TEXT NOT NULL,
  presented BOOLEAN,
  approved_by TEXT NOT NULL,
  approved_at TIMESTAMP,
  void_reason TEXT NOT NULL,
  updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX stipends_live_slot ON stipends (proposal_id, slot) WHERE state NOT IN ('waived', 'void');
CREATE UNIQUE INDEX stipends_live_payee ON stipends (proposal_id, payee) WHERE state NOT IN ('waived', 'void');

-- +goose StatementBegin
CREATE TRIGGER stipends_lifecycle BEFORE UPDATE OF state ON stipends
WHEN NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM stipend_lifecycle WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'stipends_lifecycle');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER stipends_selected BEFORE INSERT ON stipends
WHEN NOT EXISTS (
  SELECT 1 FROM proposals p JOIN venues v ON v.id = p.venue_id
  WHERE p.id = NEW.proposal_id AND p.state = 'accepted' AND v.stipends)
BEGIN
  SELECT RAISE(ABORT, 'stipends_selected');
END;
-- +goose StatementEnd

CREATE TABLE comments (
  id TEXT NOT NULL PRIMARY KEY,
  proposal_id TEXT NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  author_id TEXT NOT NULL,
  author_name TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX comments_proposal ON comments (proposal_id, at, id);

-- +goose Down
DROP TABLE comments;
DROP TABLE stipends;
DROP TABLE decisions;
DROP TABLE external_submissions;
DROP TABLE history;
DROP TABLE revisions;
DROP TABLE replacements;
DROP TABLE speakers;
DROP TABLE proposal_words;
DROP TABLE proposal_cosponsors;
DROP TABLE proposals;
DROP TABLE sequences;
DROP TABLE stipend_lifecycle;
DROP TABLE lifecycle;
