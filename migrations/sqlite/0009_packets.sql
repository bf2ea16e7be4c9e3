-- +goose Up
-- What the Leadership Team recommends: a verdict on each proposal, the order of
-- those of a format, and the packets of both that were released. A packet and
-- what belongs to it is never changed: a change is a packet with the next number.

CREATE TABLE recommendations (
  proposal_id TEXT NOT NULL PRIMARY KEY REFERENCES proposals (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  verdict TEXT NOT NULL CONSTRAINT recommendations_verdict CHECK (verdict IN ('strongly_recommend', 'recommend', 'recommend_with_changes', 'do_not_recommend', 'better_as_webinar')),
  votes_for INTEGER NOT NULL,
  votes_against INTEGER NOT NULL,
  votes_abstained INTEGER NOT NULL,
  recused INTEGER NOT NULL,
  note_next TEXT NOT NULL,
  note_submitter TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  CONSTRAINT recommendations_votes CHECK (votes_for >= 0 AND votes_against >= 0 AND votes_abstained >= 0 AND recused >= 0)
);

CREATE TABLE rankings (
  section_id TEXT NOT NULL REFERENCES sections (id),
  venue_id TEXT NOT NULL REFERENCES venues (id),
  year TEXT NOT NULL,
  format_id TEXT NOT NULL,
  version INTEGER NOT NULL CONSTRAINT rankings_version CHECK (version > 0),
  ordering TEXT NOT NULL,
  cut INTEGER CONSTRAINT rankings_cut CHECK (cut >= 0),
  moved_id TEXT NOT NULL,
  moved_by_id TEXT NOT NULL,
  moved_by_name TEXT NOT NULL,
  moved_at TIMESTAMP,
  PRIMARY KEY (section_id, venue_id, year, format_id)
);

CREATE TABLE packets (
  id TEXT NOT NULL PRIMARY KEY,
  section_id TEXT NOT NULL REFERENCES sections (id),
  venue_id TEXT NOT NULL REFERENCES venues (id),
  year TEXT NOT NULL,
  number INTEGER NOT NULL CONSTRAINT packets_counted CHECK (number > 0),
  note TEXT NOT NULL,
  content TEXT NOT NULL,
  released_by TEXT NOT NULL,
  released_name TEXT NOT NULL,
  released_at TIMESTAMP NOT NULL,
  CONSTRAINT packets_note CHECK (number = 1 OR note <> '')
);
CREATE UNIQUE INDEX packets_number ON packets (section_id, venue_id, year, number);
CREATE INDEX packets_newest ON packets (released_at DESC, id DESC);

CREATE TABLE packet_proposals (
  packet_id TEXT NOT NULL REFERENCES packets (id),
  proposal_id TEXT NOT NULL REFERENCES proposals (id),
  PRIMARY KEY (packet_id, proposal_id)
);
CREATE INDEX packet_proposals_proposal ON packet_proposals (proposal_id);

-- Only a demonstration that starts over empties these tables; it says so in meta.
-- +goose StatementBegin
CREATE TRIGGER packets_kept BEFORE UPDATE ON packets
BEGIN
  SELECT RAISE(ABORT, 'packets_immutable');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER packets_gone BEFORE DELETE ON packets
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE name = 'starting_over')
BEGIN
  SELECT RAISE(ABORT, 'packets_immutable');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER packet_proposals_kept BEFORE UPDATE ON packet_proposals
BEGIN
  SELECT RAISE(ABORT, 'packets_immutable');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER packet_proposals_gone BEFORE DELETE ON packet_proposals
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE name = 'starting_over')
BEGIN
  SELECT RAISE(ABORT, 'packets_immutable');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE packet_proposals;
DROP TABLE packets;
DROP TABLE rankings;
DROP TABLE recommendations;
