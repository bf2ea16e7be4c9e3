package store

// saleInvariants are the rules of selling (I1 to I5) that one statement can disprove.
var saleInvariants = []invariant{
	{
		"I1: a webinar’s taken seats are those of its live orders",
		"SELECT COUNT(*) FROM offerings",
		`SELECT f.slug || ': ' || f.taken || ' taken' FROM offerings f WHERE f.taken < 0 OR f.taken > f.capacity OR f.taken <> COALESCE(
			(SELECT SUM(o.seats) FROM orders o WHERE o.offering_id = f.id AND o.state IN ('held', 'processing', 'awaiting_po', 'confirmed')), 0)`,
	},
	{
		"I2: an order’s price is that of its revision",
		"SELECT COUNT(*) FROM orders",
		`SELECT o.number FROM orders o WHERE NOT EXISTS (SELECT 1 FROM order_revisions r WHERE r.order_id = o.id AND r.revision = o.revision
			AND r.seats = o.seats AND r.rate_class = o.rate_class AND r.unit_cents = o.unit_cents AND r.total_cents = o.total_cents)`,
	},
	{
		"I3: an order has its seats when it is confirmed, and only then",
		"SELECT COUNT(*) FROM orders",
		`SELECT o.number || ' is ' || o.state FROM orders o WHERE (SELECT COUNT(*) FROM seats s WHERE s.order_id = o.id AND s.state <> 'cancelled')
			<> CASE WHEN o.state = 'confirmed' THEN o.seats ELSE 0 END`,
	},
	{
		"I4: every cent paid is on one order",
		"SELECT COUNT(*) FROM ledger_entries WHERE kind IN ('payment', 'refund')",
		"SELECT l.id FROM ledger_entries l WHERE l.kind IN ('payment', 'refund') AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = l.order_id)",
	},
	{
		"I5: documents and the ledger’s charges add up to the same",
		"SELECT COUNT(*) FROM documents",
		`SELECT o.number FROM orders o WHERE COALESCE((SELECT SUM(d.cents) FROM documents d WHERE d.order_id = o.id AND d.kind IN ('invoice', 'credit_memo')), 0)
			<> COALESCE((SELECT SUM(l.cents) FROM ledger_entries l WHERE l.order_id = o.id AND l.kind IN ('charge', 'credit')), 0)`,
	},
	{
		"numbers of invoices and credit memos have no gap",
		"SELECT COUNT(*) FROM documents",
		`SELECT q.kind FROM sequences q WHERE q.kind IN ('invoice', 'credit_memo', 'receipt')
			AND q.next - 1 <> (SELECT COUNT(*) FROM documents d WHERE d.kind = q.kind)`,
	},
	{
		"an order that ended owes nothing",
		"SELECT COUNT(*) FROM orders WHERE state IN ('expired', 'cancelled')",
		`SELECT o.number FROM orders o WHERE o.state IN ('expired', 'cancelled')
			AND 0 < COALESCE((SELECT SUM(l.cents) FROM ledger_entries l WHERE l.order_id = o.id), 0)`,
	},
}
