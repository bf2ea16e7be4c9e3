-- +goose Up
-- What a proposed speaker says of themselves waits with the proposal.

ALTER TABLE replacements ADD COLUMN bio TEXT COLLATE "C" NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE replacements DROP COLUMN bio;
