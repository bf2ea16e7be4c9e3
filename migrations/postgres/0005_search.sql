-- +goose Up
-- A search that goes down the list asks for the words of one proposal after another.

DROP INDEX proposal_words_proposal;
CREATE INDEX proposal_words_proposal ON proposal_words (proposal_id, word);

-- +goose Down
DROP INDEX proposal_words_proposal;
CREATE INDEX proposal_words_proposal ON proposal_words (proposal_id);
