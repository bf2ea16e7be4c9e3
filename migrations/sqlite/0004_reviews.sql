-- +goose Up
-- A call's phases, the reviews written in them, and who must not write one. Scores
-- are whole hundredths of a point: 8125 is 81.25.

ALTER TABLE venues ADD COLUMN hide_names BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE venues ADD COLUMN rubric TEXT NOT NULL DEFAULT '[]';
UPDATE venues SET hide_names = TRUE WHERE decider = 'forum_committee';

-- A word is named while it may come from a speaker's name: then those whom names
-- are hidden from do not find by it. Words written before count as named.
ALTER TABLE proposal_words ADD COLUMN named BOOLEAN NOT NULL DEFAULT TRUE;

CREATE TABLE phases (
  call_id TEXT NOT NULL REFERENCES calls (id),
  kind TEXT NOT NULL CONSTRAINT phases_kind CHECK (kind IN ('review', 'discussion', 'recommend', 'decide', 'publish', 'confirm')),
  starts_at TIMESTAMP NOT NULL,
  ends_at TIMESTAMP NOT NULL,
  PRIMARY KEY (call_id, kind),
  CONSTRAINT phases_order CHECK (starts_at < ends_at)
);

CREATE TABLE guest_reviewers (
  call_id TEXT NOT NULL REFERENCES calls (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  added_by TEXT NOT NULL,
  added_at TIMESTAMP NOT NULL,
  PRIMARY KEY (call_id, person_id)
);
CREATE INDEX guest_reviewers_person ON guest_reviewers (person_id);

CREATE TABLE conflicts (
  proposal_id TEXT NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  person_id TEXT NOT NULL REFERENCES people (id),
  declared_at TIMESTAMP NOT NULL,
  PRIMARY KEY (proposal_id, person_id)
);
CREATE INDEX conflicts_person ON conflicts (person_id);

CREATE TABLE reviews (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  proposal_id TEXT NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  person_id TEXT NOT NULL REFERENCES people (id),
  revision INTEGER NOT NULL,
  scores TEXT NOT NULL,
  score INTEGER CONSTRAINT reviews_score CHECK (score BETWEEN 0 AND 10000),
  verdict TEXT NOT NULL CONSTRAINT reviews_verdict CHECK (verdict IN ('', 'strongly_recommend', 'recommend', 'recommend_with_changes', 'do_not_recommend')),
  comment TEXT NOT NULL,
  note TEXT NOT NULL,
  abstained BOOLEAN NOT NULL,
  action TEXT NOT NULL CONSTRAINT reviews_action CHECK (action IN ('', 'accept', 'decline', 'better_as_webinar', 'better_as_poster')),
  state TEXT NOT NULL CONSTRAINT reviews_state CHECK (state IN ('open', 'complete', 'recused')),
  created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL,
  CONSTRAINT reviews_scored CHECK ((score IS NOT NULL) = (state = 'complete' AND NOT abstained)),
  CONSTRAINT reviews_commented CHECK (state <> 'complete' OR abstained OR verdict NOT IN ('recommend_with_changes', 'do_not_recommend') OR comment <> '')
);
CREATE UNIQUE INDEX reviews_one ON reviews (proposal_id, person_id);
CREATE INDEX reviews_person ON reviews (person_id);

-- What a complete review said before it was changed.
CREATE TABLE review_history (
  id TEXT NOT NULL PRIMARY KEY,
  review_id TEXT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  scores TEXT NOT NULL,
  score INTEGER,
  verdict TEXT NOT NULL,
  comment TEXT NOT NULL,
  abstained BOOLEAN NOT NULL,
  at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX review_history_version ON review_history (review_id, version);

-- +goose Down
DROP TABLE review_history;
DROP TABLE reviews;
DROP TABLE conflicts;
DROP TABLE guest_reviewers;
DROP TABLE phases;
ALTER TABLE proposal_words DROP COLUMN named;
ALTER TABLE venues DROP COLUMN rubric;
ALTER TABLE venues DROP COLUMN hide_names;
