-- +goose Up
-- Proposals. The tables lifecycle and stipend_lifecycle are filled from the
-- program's own tables after migrating; history points at the first, and
-- triggers refuse any change of state that is not in them.

CREATE TABLE lifecycle (
  action TEXT COLLATE "C" NOT NULL,
  from_state TEXT COLLATE "C" NOT NULL,
  to_state TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (action, from_state, to_state)
);

CREATE TABLE stipend_lifecycle (
  from_state TEXT COLLATE "C" NOT NULL,
  to_state TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (from_state, to_state)
);

CREATE TABLE sequences (
  kind TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  next INTEGER NOT NULL
);

CREATE TABLE proposals (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  call_id TEXT COLLATE "C" NOT NULL REFERENCES calls (id),
  group_id TEXT COLLATE "C" NOT NULL REFERENCES groups (id),
  venue_id TEXT COLLATE "C" NOT NULL REFERENCES venues (id),
  format_id TEXT COLLATE "C" NOT NULL,
  year TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL CONSTRAINT proposals_state CHECK (state IN ('draft', 'submitted', 'accepted', 'declined', 'alternate', 'carried_forward', 'withdrawn', 'cancelled')),
  title TEXT COLLATE "C" NOT NULL,
  answers TEXT COLLATE "C" NOT NULL,
  idea_id TEXT COLLATE "C" NOT NULL,
  parent_id TEXT COLLATE "C" NOT NULL,
  hops INTEGER NOT NULL CONSTRAINT proposals_hops CHECK (hops BETWEEN 0 AND 2),
  carried_from TEXT COLLATE "C" NOT NULL,
  created_by TEXT COLLATE "C" NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_by TEXT COLLATE "C" NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  submitted_at TIMESTAMPTZ,
  late_until TIMESTAMPTZ,
  reopened_until TIMESTAMPTZ,
  gate_override TEXT COLLATE "C" NOT NULL,
  delivered_at TIMESTAMPTZ,
  import_key TEXT COLLATE "C" NOT NULL,
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
CREATE FUNCTION proposals_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'draft' THEN
    RAISE EXCEPTION 'proposals_lifecycle' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'proposals_lifecycle';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER proposals_begin BEFORE INSERT ON proposals FOR EACH ROW EXECUTE FUNCTION proposals_begin();
-- +goose StatementBegin
CREATE FUNCTION proposals_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM lifecycle WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'proposals_lifecycle' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'proposals_lifecycle';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER proposals_lifecycle BEFORE UPDATE OF state ON proposals FOR EACH ROW EXECUTE FUNCTION proposals_lifecycle();

CREATE TABLE proposal_cosponsors (
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  group_id TEXT COLLATE "C" NOT NULL REFERENCES groups (id),
  PRIMARY KEY (proposal_id, group_id)
);
CREATE INDEX proposal_cosponsors_group ON proposal_cosponsors (group_id);

CREATE TABLE proposal_words (
  word TEXT COLLATE "C" NOT NULL,
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  PRIMARY KEY (word, proposal_id)
);
CREATE INDEX proposal_words_proposal ON proposal_words (proposal_id);

CREATE TABLE speakers (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  role TEXT COLLATE "C" NOT NULL CONSTRAINT speakers_role CHECK (role IN ('speaker', 'moderator')),
  name TEXT COLLATE "C" NOT NULL,
  to_be_named BOOLEAN NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  titles TEXT COLLATE "C" NOT NULL,
  affiliations TEXT COLLATE "C" NOT NULL,
  bio TEXT COLLATE "C" NOT NULL,
  staff_member BOOLEAN NOT NULL,
  answer TEXT COLLATE "C" NOT NULL CONSTRAINT speakers_answer CHECK (answer IN ('', 'invited', 'confirmed', 'declined')),
  invited_at TIMESTAMPTZ,
  answered_at TIMESTAMPTZ,
  link_serial INTEGER NOT NULL,
  replaced_by TEXT COLLATE "C" NOT NULL,
  stipend TEXT COLLATE "C" NOT NULL CONSTRAINT speakers_stipend CHECK (stipend IN ('', 'accept', 'waive', 'employer'))
);
CREATE INDEX speakers_proposal ON speakers (proposal_id, position);

CREATE TABLE replacements (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  speaker_id TEXT COLLATE "C" NOT NULL REFERENCES speakers (id) ON DELETE CASCADE,
  name TEXT COLLATE "C" NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  titles TEXT COLLATE "C" NOT NULL,
  affiliations TEXT COLLATE "C" NOT NULL,
  asked_by TEXT COLLATE "C" NOT NULL,
  asked_name TEXT COLLATE "C" NOT NULL,
  asked_at TIMESTAMPTZ NOT NULL,
  agreed_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX replacements_open ON replacements (speaker_id) WHERE agreed_at IS NULL;

CREATE TABLE revisions (
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  answers TEXT COLLATE "C" NOT NULL,
  speakers TEXT COLLATE "C" NOT NULL,
  by_id TEXT COLLATE "C" NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  cause TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (proposal_id, number)
);

CREATE TABLE history (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  proposal_id TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  from_state TEXT COLLATE "C" NOT NULL,
  to_state TEXT COLLATE "C" NOT NULL,
  actor_id TEXT COLLATE "C" NOT NULL,
  actor_name TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL,
  FOREIGN KEY (action, from_state, to_state) REFERENCES lifecycle (action, from_state, to_state)
);
CREATE INDEX history_proposal ON history (proposal_id, at DESC, id DESC);
CREATE INDEX history_actor ON history (actor_id, proposal_id);

CREATE TABLE external_submissions (
  proposal_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES proposals (id) ON DELETE CASCADE,
  site TEXT COLLATE "C" NOT NULL,
  reference TEXT COLLATE "C" NOT NULL,
  sent_on TEXT COLLATE "C" NOT NULL,
  by_id TEXT COLLATE "C" NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL
);

CREATE TABLE decisions (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id),
  revision INTEGER NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL CONSTRAINT decisions_outcome CHECK (outcome IN ('accepted', 'declined', 'alternate')),
  source TEXT COLLATE "C" NOT NULL CONSTRAINT decisions_source CHECK (source IN ('inside', 'outside', 'correction')),
  decided_on TEXT COLLATE "C" NOT NULL,
  evidence TEXT COLLATE "C" NOT NULL,
  feedback TEXT COLLATE "C" NOT NULL,
  no_feedback BOOLEAN NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  by_id TEXT COLLATE "C" NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  published_at TIMESTAMPTZ,
  superseded_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX decisions_one_staged ON decisions (proposal_id) WHERE published_at IS NULL;
CREATE UNIQUE INDEX decisions_one_in_force ON decisions (proposal_id) WHERE published_at IS NOT NULL AND superseded_at IS NULL;

CREATE TABLE stipends (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id),
  speaker_id TEXT COLLATE "C" NOT NULL REFERENCES speakers (id),
  payee TEXT COLLATE "C" NOT NULL,
  slot INTEGER NOT NULL CONSTRAINT stipends_slot CHECK (slot BETWEEN 1 AND 3),
  amount_cents INTEGER NOT NULL CONSTRAINT stipends_amount CHECK (amount_cents > 0),
  state TEXT COLLATE "C" NOT NULL CONSTRAINT stipends_state CHECK (state IN ('designated', 'accepted', 'waived', 'approved', 'paid', 'void')),
  designated_by TEXT COLLATE "C" NOT NULL,
  designated_at TIMESTAMPTZ NOT NULL,
  answered_at TIMESTAMPTZ,
  agreement_on TEXT COLLATE "C" NOT NULL,
  agreement_by TEXT COLLATE "C" NOT NULL,
  tax_form_on TEXT COLLATE "C" NOT NULL,
  tax_form_by TEXT COLLATE "C" NOT NULL,
  presented BOOLEAN,
  approved_by TEXT COLLATE "C" NOT NULL,
  approved_at TIMESTAMPTZ,
  void_reason TEXT COLLATE "C" NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX stipends_live_slot ON stipends (proposal_id, slot) WHERE state NOT IN ('waived', 'void');
CREATE UNIQUE INDEX stipends_live_payee ON stipends (proposal_id, payee) WHERE state NOT IN ('waived', 'void');

-- +goose StatementBegin
CREATE FUNCTION stipends_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM stipend_lifecycle WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'stipends_lifecycle' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stipends_lifecycle';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER stipends_lifecycle BEFORE UPDATE OF state ON stipends FOR EACH ROW EXECUTE FUNCTION stipends_lifecycle();
-- +goose StatementBegin
CREATE FUNCTION stipends_selected() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM proposals p JOIN venues v ON v.id = p.venue_id
  WHERE p.id = NEW.proposal_id AND p.state = 'accepted' AND v.stipends) THEN
    RAISE EXCEPTION 'stipends_selected' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stipends_selected';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER stipends_selected BEFORE INSERT ON stipends FOR EACH ROW EXECUTE FUNCTION stipends_selected();

CREATE TABLE comments (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  author_id TEXT COLLATE "C" NOT NULL,
  author_name TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  text TEXT COLLATE "C" NOT NULL
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
DROP FUNCTION stipends_selected;
DROP FUNCTION stipends_lifecycle;
DROP FUNCTION proposals_lifecycle;
DROP FUNCTION proposals_begin;
