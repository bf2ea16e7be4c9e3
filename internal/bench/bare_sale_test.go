package bench

import (
	"context"
	"database/sql/driver"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"lectern/internal/store"
)

// A sale is what selling a seat is made of: the statements of each transaction,
// with the values that are others each time.
type sale struct {
	transactions [][]store.Statement
	fresh        []string // ids and numbers of new rows, each also inside longer texts
}

// learnSale holds and confirms one order, and keeps what Lectern did.
func (h *house) learnSale(b testing.TB) sale {
	b.Helper()
	var s sale
	w := h.orders()
	ctx, held := store.WithChanges(b.Context())
	v, err := h.hold(ctx, w)
	if err != nil {
		b.Fatal(err)
	}
	ctx, confirmed := store.WithChanges(b.Context())
	if _, err := h.confirm(ctx, w, v); err != nil {
		b.Fatal(err)
	}
	for _, asks := range [][]store.Statement{*held, *confirmed} {
		asks = settled(b, asks)
		s.transactions = append(s.transactions, asks)
		for _, ask := range asks {
			s.fresh = append(s.fresh, newOf(ask)...)
		}
	}
	slices.SortFunc(s.fresh, func(a, b string) int { return len(b) - len(a) })
	s.fresh = slices.Compact(s.fresh)
	return s
}

// newOf are the id and number of a row that a statement adds.
func newOf(ask store.Statement) []string {
	m := inserts.FindStringSubmatch(ask.SQL)
	if m == nil {
		return nil
	}
	var all []string
	for i, column := range strings.Split(m[2], ",") {
		if c := strings.Trim(column, "\"` "); c == "id" || c == "number" {
			all = append(all, fmt.Sprint(ask.Args[i]))
		}
	}
	return all
}

// holdStatements are the bare statements of a hold.
func (h *house) holdStatements() sale {
	of, now := h.sold[0].ID, time.Now().UTC()
	mark := func(n int) string {
		if store.IsPostgres(h.address) {
			return "$" + strconv.Itoa(n)
		}
		return "?"
	}
	take := "UPDATE offerings SET taken = taken + 1 WHERE id = " + mark(1) + " AND status = 'published' AND taken + 1 <= capacity"
	order := `INSERT INTO orders (id, number, offering_id, expires_at, created_at, updated_at, version, revision, state, seats, rate_class, rate_label, unit_cents, total_cents, evidence,
buyer_name, buyer_email, institution, billing, po_number, terms_days, due_on, hold_kind, extended, quote_id, link_serial, reason)
VALUES (` + mark(1) + ", " + mark(2) + ", " + mark(3) + ", " + mark(4) + ", " + mark(5) + ", " + mark(6) + `, 1, 1, 'held', 1, 'nonmember', 'Nonmember', 7900, 7900, '{}',
'Ines Duarte', 'ines.duarte@example.org', 'Cedar County Library', '{}', '', 0, '', 'checkout', FALSE, '', 1, '')`
	audit := "INSERT INTO audit (id, at, actor_id, actor_name, action, noun, subject_id, detail) VALUES (" + mark(1) + ", " + mark(2) + ", '', '', 'hold', 'order', 'bench', '1 seat')"
	return sale{
		transactions: [][]store.Statement{{{SQL: take, Args: []any{of}}, {SQL: order, Args: []any{"a new order", "a new number", of, now, now, now}}, {SQL: audit, Args: []any{"a new line", now}}}},
		fresh:        []string{"a new number", "a new order", "a new line"},
	}
}

// bareSale gives the rate of the database alone: pgbench with as many connections
// as there are buyers, or SQLite's one writer.
func (h *house) bareSale(b *testing.B, s sale) func() float64 {
	b.Helper()
	if store.IsPostgres(h.address) {
		return func() float64 { return pgbench(b, h.address, s.script()) }
	}
	p, err := openBare(h.address, true)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = p.db.Close() })
	return func() float64 {
		return together(b, func() error { return s.run(b.Context(), p) })
	}
}

// run makes a sale of its own.
func (s sale) run(ctx context.Context, p *pool) error {
	var pairs []string
	for _, old := range s.fresh {
		pairs = append(pairs, old, uuid.NewString())
	}
	anew := strings.NewReplacer(pairs...)
	for _, asks := range s.transactions {
		err := p.transaction(ctx, asks, func(tx bareTx, ask store.Statement) error {
			ask.Args = slices.Clone(ask.Args)
			for i, arg := range ask.Args {
				if text, ok := arg.(string); ok {
					ask.Args[i] = anew.Replace(text)
				}
			}
			return tx.run(ctx, ask, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// script is the sale for pgbench, which knows numbers only: what is new each time
// is put together of the client's number and one drawn by chance.
func (s sale) script() string {
	var t strings.Builder
	t.WriteString("\\set n random(1, 9000000000000000)\n")
	for _, asks := range s.transactions {
		t.WriteString("BEGIN;\n")
		for _, ask := range asks {
			text := bound.ReplaceAllStringFunc(ask.SQL, func(place string) string {
				n, _ := strconv.Atoi(place[1:])
				return s.literal(ask.Args[n-1])
			})
			t.WriteString(strings.TrimSpace(text) + ";\n")
		}
		t.WriteString("COMMIT;\n")
	}
	return t.String()
}

var bound = regexp.MustCompile(`\$\d+`)

// literal writes a value into the script. A colon would begin a variable there.
func (s sale) literal(v any) string {
	v, err := driver.DefaultParameterConverter.ConvertValue(v)
	if err != nil {
		panic(err) // a value that no driver takes
	}
	var text string
	switch v := v.(type) {
	case nil:
		return "NULL"
	case time.Time:
		return "now()"
	case string:
		text = v
	case []byte:
		text = string(v)
	default:
		return fmt.Sprint(v)
	}
	text = "'" + strings.ReplaceAll(text, "'", "''") + "'"
	text = strings.ReplaceAll(text, ":", "' || chr(58) || '")
	for i, old := range s.fresh {
		text = strings.ReplaceAll(text, old, fmt.Sprintf("' || 'b%d-' || :client_id || '-' || :n || '", i))
	}
	if strings.Contains(text, "||") {
		return "(" + text + ")"
	}
	return text
}
