package store

// saleInvariants are the rules of selling (I1 to I5) that one statement can disprove.
var saleInvariants = []invariant{
	{
		"I1: a webinar’s taken seats are those of its live orders",
		"SELECT COUNT(*) FROM offerings",
		`SELECT f.slug || ': ' || f.taken || ' taken' FROM offerings f WHERE f.taken < 0 OR f.taken > f.capacity OR f.taken <> COALESCE(
			(SELECT SUM(o.seats - o.shares) FROM orders o WHERE o.offering_id = f.id AND o.state IN ('held', 'processing', 'awaiting_po', 'confirmed')), 0)`,
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
	{
		"Q1: seats held for quotes are what the webinar says",
		"SELECT COALESCE(SUM(quote_held), 0) FROM offerings",
		`SELECT f.slug || ': ' || f.quote_held || ' held for quotes' FROM offerings f WHERE f.quote_held <> COALESCE(
			(SELECT SUM(o.seats) FROM orders o WHERE o.offering_id = f.id AND o.state = 'held' AND o.hold_kind = 'quote'), 0)`,
	},
	{
		"Q2: what holds seats for a quote is the offer in force",
		"SELECT COUNT(*) FROM orders WHERE state = 'held' AND hold_kind = 'quote'",
		`SELECT o.number FROM orders o WHERE o.state = 'held' AND o.hold_kind = 'quote' AND NOT EXISTS (SELECT 1 FROM quotes q WHERE q.id = o.quote_id
			AND q.state = 'offered' AND q.order_id = o.id AND q.seats = o.seats AND q.total_cents = o.total_cents)`,
	},
	{
		"Q3: a quote’s price is that of its revision",
		"SELECT COUNT(*) FROM quotes WHERE revision > 0",
		`SELECT q.number FROM quotes q WHERE q.revision <> (SELECT COUNT(*) FROM quote_revisions r WHERE r.quote_id = q.id) OR q.revision > 0
			AND NOT EXISTS (SELECT 1 FROM quote_revisions r WHERE r.quote_id = q.id AND r.revision = q.revision
			AND r.seats = q.seats AND r.unit_cents = q.unit_cents AND r.total_cents = q.total_cents AND r.terms_days = q.terms_days)`,
	},
	{
		"Q4: an accepted quote is one order, at its price",
		"SELECT COUNT(*) FROM quotes WHERE state = 'converted'",
		`SELECT q.number FROM quotes q WHERE q.state = 'converted' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = q.order_id AND o.quote_id = q.id
			AND o.seats = q.seats AND o.total_cents = q.total_cents)
			UNION SELECT o.number FROM orders o WHERE o.quote_id <> '' AND o.hold_kind = 'checkout'
			AND NOT EXISTS (SELECT 1 FROM quotes q WHERE q.id = o.quote_id AND q.state = 'converted' AND q.order_id = o.id)`,
	},
	{
		"Q5: seats that an order shares are those of the confirmed one it is to replace",
		"SELECT COUNT(*) FROM orders WHERE shares > 0",
		`SELECT o.number FROM orders o JOIN offerings f ON f.id = o.offering_id WHERE o.shares > 0 AND f.status <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM orders x
			JOIN quotes q ON q.replaces_id = x.id WHERE q.id = o.quote_id AND x.id = o.shares_with AND x.offering_id = o.offering_id AND x.state = 'confirmed' AND x.seats >= o.shares)`,
	},
	{
		"Q6: an order costs so much a seat, or by quote one price for all its seats",
		"SELECT COUNT(*) FROM orders",
		`SELECT o.number FROM orders o WHERE o.total_cents <> o.seats * o.unit_cents AND (o.quote_id = '' OR o.unit_cents <> 0 OR o.total_cents % o.seats = 0)`,
	},
	{
		"numbers of quotes have no gap",
		"SELECT COUNT(*) FROM quotes",
		"SELECT s.kind FROM sequences s WHERE s.kind = 'quote' AND s.next - 1 <> (SELECT COUNT(*) FROM quotes)",
	},
}
