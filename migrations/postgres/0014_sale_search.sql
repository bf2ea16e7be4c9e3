-- +goose Up
-- What lists of orders and quotes are searched by: the folded words of number, buyer,
-- institution and purchase order, each after a space. The program fills it in where
-- it is empty.

ALTER TABLE orders ADD COLUMN found_by TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE quotes ADD COLUMN found_by TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX orders_unfound ON orders (id) WHERE found_by = '';
CREATE INDEX quotes_unfound ON quotes (id) WHERE found_by = '';

-- +goose Down
DROP INDEX quotes_unfound;
DROP INDEX orders_unfound;
ALTER TABLE quotes DROP COLUMN found_by;
ALTER TABLE orders DROP COLUMN found_by;
