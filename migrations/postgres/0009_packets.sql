-- +goose Up
-- What the Leadership Team recommends: a verdict on each proposal, the order of
-- those of a format, and the packets of both that were released. A packet and
-- what belongs to it is never changed: a change is a packet with the next number.

CREATE TABLE recommendations (
  proposal_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES proposals (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  verdict TEXT COLLATE "C" NOT NULL CONSTRAINT recommendations_verdict CHECK (verdict IN ('strongly_recommend', 'recommend', 'recommend_with_changes', 'do_not_recommend', 'better_as_webinar')),
  votes_for INTEGER NOT NULL,
  votes_against INTEGER NOT NULL,
  votes_abstained INTEGER NOT NULL,
  recused INTEGER NOT NULL,
  note_next TEXT COLLATE "C" NOT NULL,
  note_submitter TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  by_id TEXT COLLATE "C" NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  CONSTRAINT recommendations_votes CHECK (votes_for >= 0 AND votes_against >= 0 AND votes_abstained >= 0 AND recused >= 0)
);

CREATE TABLE rankings (
  section_id TEXT COLLATE "C" NOT NULL REFERENCES sections (id),
  venue_id TEXT COLLATE "C" NOT NULL REFERENCES venues (id),
  year TEXT COLLATE "C" NOT NULL,
  format_id TEXT COLLATE "C" NOT NULL,
  version INTEGER NOT NULL CONSTRAINT rankings_version CHECK (version > 0),
  ordering TEXT COLLATE "C" NOT NULL,
  cut INTEGER CONSTRAINT rankings_cut CHECK (cut >= 0),
  moved_id TEXT COLLATE "C" NOT NULL,
  moved_by_id TEXT COLLATE "C" NOT NULL,
  moved_by_name TEXT COLLATE "C" NOT NULL,
  moved_at TIMESTAMPTZ,
  PRIMARY KEY (section_id, venue_id, year, format_id)
);

CREATE TABLE packets (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  section_id TEXT COLLATE "C" NOT NULL REFERENCES sections (id),
  venue_id TEXT COLLATE "C" NOT NULL REFERENCES venues (id),
  year TEXT COLLATE "C" NOT NULL,
  number INTEGER NOT NULL CONSTRAINT packets_counted CHECK (number > 0),
  note TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  released_by TEXT COLLATE "C" NOT NULL,
  released_name TEXT COLLATE "C" NOT NULL,
  released_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT packets_note CHECK (number = 1 OR note <> '')
);
CREATE UNIQUE INDEX packets_number ON packets (section_id, venue_id, year, number);
CREATE INDEX packets_newest ON packets (released_at DESC, id DESC);

CREATE TABLE packet_proposals (
  packet_id TEXT COLLATE "C" NOT NULL REFERENCES packets (id),
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id),
  PRIMARY KEY (packet_id, proposal_id)
);
CREATE INDEX packet_proposals_proposal ON packet_proposals (proposal_id);

-- Only a demonstration that starts over empties these tables; it says so in meta.
-- +goose StatementBegin
CREATE FUNCTION packets_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NOT EXISTS (SELECT 1 FROM meta WHERE name = 'starting_over') THEN
    RAISE EXCEPTION 'packets_immutable' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'packets_immutable';
  END IF;
  RETURN OLD;
END $$;
-- +goose StatementEnd
CREATE TRIGGER packets_kept BEFORE UPDATE ON packets FOR EACH ROW EXECUTE FUNCTION packets_kept();
CREATE TRIGGER packets_gone BEFORE DELETE ON packets FOR EACH ROW EXECUTE FUNCTION packets_kept();
CREATE TRIGGER packet_proposals_kept BEFORE UPDATE ON packet_proposals FOR EACH ROW EXECUTE FUNCTION packets_kept();
CREATE TRIGGER packet_proposals_gone BEFORE DELETE ON packet_proposals FOR EACH ROW EXECUTE FUNCTION packets_kept();

-- +goose Down
DROP TABLE packet_proposals;
DROP TABLE packets;
DROP TABLE rankings;
DROP TABLE recommendations;
DROP FUNCTION packets_kept();
