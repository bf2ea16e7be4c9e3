-- +goose Up
-- A staged decision may change until it is published: its version says which one
-- somebody saw. What is done to many proposals, each in a transaction of its
-- own, is written down first, so that it goes on after any interruption.

ALTER TABLE decisions ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

CREATE TABLE batches (
  id TEXT NOT NULL PRIMARY KEY,
  action TEXT NOT NULL CONSTRAINT batches_action CHECK (action IN ('publish-decision', 'cancel-event')),
  subject_id TEXT NOT NULL,
  token TEXT NOT NULL,
  items TEXT NOT NULL,
  refused TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  begun_at TIMESTAMP NOT NULL,
  ended_at TIMESTAMP
);
CREATE UNIQUE INDEX batches_token ON batches (action, subject_id, token);
CREATE INDEX batches_open ON batches (begun_at, id) WHERE ended_at IS NULL;

-- +goose Down
DROP TABLE batches;
ALTER TABLE decisions DROP COLUMN version;
