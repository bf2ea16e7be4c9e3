package bench

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"lectern/domain"
	"lectern/internal/onhand"
	"lectern/internal/store"
	"lectern/workflows"
)

// buyers are all on one webinar at once.
const buyers = 64

// saleTurn is how long each side sells in a round; saleRounds are few, because
// pgbench takes its time to begin.
const (
	saleTurn   = 2 * time.Second
	saleRounds = 3
)

// BenchmarkSale measures the sale of one webinar's seats to 64 buyers at once,
// beside the database alone: pgbench, or SQLite with one transaction for each. The
// baseline makes a hold's bare statements only: the guarded update, the order's
// row and the line of the audit. Then the public page and the catalogue.
func BenchmarkSale(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { sell(b, sqliteFile) })
	b.Run("postgres", func(b *testing.B) {
		onhand.Postgres(b)
		sell(b, postgresDatabase)
	})
}

func sell(b *testing.B, kind database) {
	h := newHouse(b, kind, chunkOf)
	o := h.webinar(b)
	orders := workflows.Orders{Base: workflows.Base{Store: h.fixture.Store, Now: time.Now, NewID: uuid.NewString}, Links: workflows.Links{Keys: []string{key}}}
	baseline := h.bareSale(b, o)
	var holds, bare, whole []float64
	for range saleRounds {
		holds = append(holds, h.buy(b, orders, o, false))
		bare = append(bare, baseline())
		whole = append(whole, h.buy(b, orders, o, true))
	}
	ratio := make([]float64, saleRounds)
	for i := range ratio {
		ratio[i] = holds[i] / bare[i]
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(ratio), "hold-ratio")
	what := fmt.Sprintf(", %d buyers on one webinar, %s", buyers, kind.name)
	results.add(line{"G1", "holds" + what, "", fmt.Sprintf("%.0f/s", median(holds)), fmt.Sprintf("%.0f/s", median(bare)), fmt.Sprintf("%.2f", median(ratio)), ""})
	results.add(line{"G1", "hold and confirmation by purchase order" + what, "", fmt.Sprintf("%.0f/s", median(whole)), "", "", ""})
	h.publicPages(b, o)
}

// webinar puts one of the house's accepted webinars on sale, with seats for all.
func (h *house) webinar(b *testing.B) domain.Offering {
	b.Helper()
	var proposal, section string
	err := h.bareness.db.QueryRowContext(b.Context(), "SELECT p.id, g.section_id FROM proposals p JOIN groups g ON g.id = p.group_id WHERE p.state = 'accepted' AND p.venue_id = 'webinar' LIMIT 1").Scan(&proposal, &section)
	if err != nil {
		b.Fatal(err)
	}
	now, sale := time.Now().UTC().Truncate(time.Microsecond), domain.DefaultSale()
	starts := now.AddDate(0, 2, 0)
	o := domain.Offering{
		ID: uuid.NewString(), Version: 1, SectionID: section, ProposalID: proposal, Revision: 1, Slug: "bench", Status: domain.OfferingPlanned, Title: "What a budget says", Description: "About budgets.",
		Outcomes: []string{"Participants will read a budget."}, Topics: []string{}, Presenters: []domain.Presenter{}, StartsAt: &starts, Minutes: 60, Zone: "America/Chicago", Capacity: domain.Unlimited,
		Captions: "Live captions", POAllowed: true, QuoteFrom: 10, MaxSelfServe: 9, QuoteHoldPct: 50, HoldMinutes: 35, CreditLimitCents: 1_000_000, AccessContact: sale.AccessContact, CreatedAt: now, UpdatedAt: now,
	}
	_, err = store.Write(b.Context(), h.fixture.Store, func(tx *store.Tx) (struct{}, error) {
		if err := tx.AddOffering(o, domain.UsualTiers(o.ID, sale.Classes, 9)); err != nil {
			return struct{}{}, err
		}
		o.Status, o.PublishedAt, o.Version = domain.OfferingPublished, &now, 2
		return struct{}{}, tx.ChangeOffering(o, domain.OfferingPlanned)
	})
	if err != nil {
		b.Fatal(err)
	}
	return o
}

// buy lets all buyers buy one seat after the other, and gives the rate.
func (h *house) buy(b *testing.B, w workflows.Orders, o domain.Offering, confirm bool) float64 {
	b.Helper()
	return together(b, func() error {
		v, err := w.Hold(b.Context(), domain.Actor{}, o.ID, workflows.HoldWish{Wish: domain.Wish{Seats: "1", Name: "Ines Duarte", Email: "ines.duarte@example.org", Institution: "Cedar County Library"}})
		if err != nil || !confirm {
			return err
		}
		billed := domain.OrderInput{Billing: domain.Billing{Name: "Cedar County Library", Address: []string{"1 Main Street", "Cedar, OH 44000"}}, PONumber: "CCL-20418"}
		_, err = w.Act(b.Context(), domain.Actor{OrderID: v.ID, OrderSerial: v.LinkSerial}, v.ID, domain.SubmitPO, workflows.OrderChange{OrderInput: billed})
		return err
	})
}

// together runs something again and again in every buyer's name.
func together(b *testing.B, once func() error) float64 {
	b.Helper()
	var all sync.WaitGroup
	var done atomic.Int64
	began := time.Now()
	for range buyers {
		all.Go(func() {
			for time.Since(began) < saleTurn {
				if err := once(); err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(began).Seconds()
}

// holdSQL are the bare statements of a hold; %s is a text of its own each time, and
// now an instant.
func holdSQL(o domain.Offering, unique, now string) []string {
	return []string{
		"UPDATE offerings SET taken = taken + 1 WHERE id = '" + o.ID + "' AND status = 'published' AND taken + 1 <= capacity",
		`INSERT INTO orders (id, version, revision, number, offering_id, state, seats, rate_class, rate_label, unit_cents, total_cents, evidence, buyer_name, buyer_email, institution, billing, po_number,
			terms_days, due_on, hold_kind, expires_at, extended, quote_id, link_serial, reason, created_at, updated_at)
			VALUES (` + unique + `, 1, 1, ` + unique + `, '` + o.ID + `', 'held', 1, 'nonmember', 'Nonmember', 7900, 7900, '{}', 'Ines Duarte', 'ines.duarte@example.org', 'Cedar County Library', '{}', '',
			0, '', 'checkout', ` + now + `, FALSE, '', 1, '', ` + now + `, ` + now + `)`,
		"INSERT INTO audit (id, at, actor_id, actor_name, action, noun, subject_id, detail) VALUES (" + unique + ", " + now + ", '', '', 'hold', 'order', 'bench', '1 seat')",
	}
}

// bareSale gives the rate of the database alone.
func (h *house) bareSale(b *testing.B, o domain.Offering) func() float64 {
	b.Helper()
	if store.IsPostgres(h.address) {
		return func() float64 { return pgbench(b, h.address, holdSQL(o, "'b-' || :client_id || '-' || :n", "now()")) }
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: h.address}).EscapedPath()+"?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=synchronous(2)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	return func() float64 {
		return together(b, func() error {
			return inOne(b.Context(), db, holdSQL(o, "'"+uuid.NewString()+"'", strconv.FormatInt(time.Now().UnixMicro(), 10)))
		})
	}
}

func inOne(ctx context.Context, db *sql.DB, statements []string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	return tx.Commit()
}

var tps = regexp.MustCompile(`tps = ([0-9.]+) \(without initial connection time\)`)

// pgbench sends the statements as one transaction, again and again.
func pgbench(b *testing.B, address string, statements []string) float64 {
	b.Helper()
	script := filepath.Join(b.TempDir(), "hold.sql")
	text := "\\set n random(1, 9000000000000000)\nBEGIN;\n" + strings.Join(statements, ";\n") + ";\nCOMMIT;\n"
	if err := os.WriteFile(script, []byte(strings.ReplaceAll(text, "\n\t\t\t", " ")), 0o600); err != nil {
		b.Fatal(err)
	}
	run := exec.Command(filepath.Join(onhand.Postgres(b), "pgbench"), "-n", "-M", "prepared", "-c", strconv.Itoa(buyers), "-j", "2", "-T", strconv.Itoa(int(saleTurn.Seconds())), "-f", script, address)
	said, err := run.CombinedOutput()
	found := tps.FindSubmatch(said)
	if err != nil || found == nil {
		b.Fatalf("pgbench: %v\n%s", err, said)
	}
	rate, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return rate
}

// publicPages measures G11 and G13 for the catalogue and a webinar's page, as
// somebody who is not signed in asks for them.
func (h *house) publicPages(b *testing.B, o domain.Offering) {
	for _, p := range []struct{ what, page, json string }{
		{"webinar", "/offerings/" + o.Slug, "/api/v1/offerings/" + o.Slug}, {"catalogue", "/offerings", "/api/v1/offerings"},
	} {
		ask := func(path string) load {
			return load{addr: h.ours, conns: 16, requests: [][]byte{fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, h.ours)}}
		}
		pages, lists := sides(b, ask(p.page), ask(p.json))
		r := ratio(pages, lists, cpu)
		results.add(line{
			"G11", "CPU of the public page of the " + p.what + ", to the same as JSON, " + h.kind.name, "≤ 1.5", fmt.Sprintf("%.0f µs", median(each(pages, cpu))), fmt.Sprintf("%.0f µs", median(each(lists, cpu))),
			fmt.Sprintf("%.2f", r), met(r <= 1.5),
		})
		got := h.fetch(b, p.page)
		results.add(line{"G13", "public page of the " + p.what + ", " + h.kind.name, "≤ 50 kB, 15 kB compressed", fmt.Sprintf("%.1f kB, %.1f kB", float64(got.raw)/1000, float64(got.wire)/1000), "", "", met(got.raw <= 50_000 && got.wire <= 15_000)})
	}
}
