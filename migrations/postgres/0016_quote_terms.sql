-- +goose Up
-- How many days after acceptance an offer's invoice is due. 0: what was usual when
-- it was made.

ALTER TABLE quotes ADD COLUMN terms_days INTEGER NOT NULL DEFAULT 0 CONSTRAINT quotes_terms CHECK (terms_days >= 0 AND terms_days <= 120);
ALTER TABLE quote_revisions ADD COLUMN terms_days INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE quote_revisions DROP COLUMN terms_days;
ALTER TABLE quotes DROP COLUMN terms_days;
