-- +goose Up
-- While an accepted quote's order waits to take the place of a confirmed one, it
-- shares that one's seats: they are counted there, and once. Only one order does.

ALTER TABLE orders ADD COLUMN shares INTEGER NOT NULL DEFAULT 0
  CONSTRAINT orders_shares CHECK (shares >= 0 AND shares <= seats AND (shares = 0 OR state IN ('held', 'awaiting_po')));
ALTER TABLE orders ADD COLUMN shares_with TEXT COLLATE "C" NOT NULL DEFAULT '' CONSTRAINT orders_shares_with CHECK ((shares = 0) = (shares_with = ''));
CREATE UNIQUE INDEX orders_shared ON orders (shares_with) WHERE shares_with <> '';

-- +goose Down
DROP INDEX orders_shared;
ALTER TABLE orders DROP COLUMN shares_with;
ALTER TABLE orders DROP COLUMN shares;
