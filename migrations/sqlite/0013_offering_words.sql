-- +goose Up
-- What the public catalogue is searched by: beginnings of words of the title, the
-- topics and the presenters that a webinar's own page shows.

CREATE TABLE offering_words (
  word TEXT NOT NULL,
  offering_id TEXT NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
  PRIMARY KEY (word, offering_id)
);
CREATE INDEX offering_words_offering ON offering_words (offering_id, word);

INSERT INTO offering_words (word, offering_id) SELECT w.word, o.id FROM proposal_words w JOIN offerings o ON o.proposal_id = w.proposal_id;

-- +goose Down
DROP TABLE offering_words;
