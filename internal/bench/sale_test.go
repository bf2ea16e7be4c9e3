package bench

import (
	"context"
	"fmt"
	"net/http"
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

// saleTurn is how long each side sells in a round; pgbench counts in whole seconds.
const (
	saleTurn   = time.Second
	saleRounds = 5
)

// BenchmarkSale measures the sale of one webinar's seats to 64 buyers at once,
// beside the database alone: pgbench, or SQLite with one transaction for each. For
// a hold the baseline makes its bare statements only: the guarded update, the
// order's row and the line of the audit; for a hold that is confirmed all that
// Lectern makes, in the same two transactions. Then the public pages.
func BenchmarkSale(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { sell(b, sqliteFile) })
	b.Run("postgres", func(b *testing.B) {
		onhand.Postgres(b)
		sell(b, postgresDatabase)
	})
}

func sell(b *testing.B, kind database) {
	h := sync.OnceValue(func() *house {
		h := newHouse(b, kind, chunkOf)
		h.webinars(b)
		return h
	})
	what := fmt.Sprintf(", %d buyers on one webinar, %s", buyers, kind.name)
	holds := line{goal: "G1", what: "holds" + what}
	cell(b, "hold", holds, func(b *testing.B) {
		h := h()
		h.selling(b, holds, func() float64 { return h.buy(b, false) }, h.bareSale(b, h.holdStatements()))
	})
	whole := line{goal: "G1", what: "hold and confirmation by purchase order" + what}
	cell(b, "confirm", whole, func(b *testing.B) {
		h := h()
		h.selling(b, whole, func() float64 { return h.buy(b, true) }, h.bareSale(b, h.learnSale(b)))
	})
	part(b, "pages", func(b *testing.B) {
		h().tidy(b)
		publicPages(b, h())
	})
}

// selling compares the rates of selling, round by round.
func (h *house) selling(b *testing.B, l line, ours, baseline func() float64) {
	var o, n, ratio []float64
	for i := range saleRounds {
		if i%2 == 0 {
			o, n = append(o, ours()), append(n, baseline())
		} else {
			n, o = append(n, baseline()), append(o, ours())
		}
		if b.Failed() {
			b.FailNow()
		}
		ratio = append(ratio, o[i]/n[i])
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(ratio), "rate-ratio")
	l.ours, l.baseline, l.ratio = fmt.Sprintf("%.0f/s", median(o)), fmt.Sprintf("%.0f/s", median(n)), fmt.Sprintf("%.2f", median(ratio))
	results.add(l)
}

// onSale is how many webinars are on sale: more than a page of the catalogue shows.
const onSale = 30

// webinars puts some of the house's accepted webinars on sale, with seats for all,
// at their usual prices; all buy the first.
func (h *house) webinars(b testing.TB) {
	b.Helper()
	rows, err := h.bareness.db.QueryContext(b.Context(), "SELECT p.id, p.title, g.section_id FROM proposals p JOIN groups g ON g.id = p.group_id WHERE p.state = 'accepted' AND p.venue_id = 'webinar' ORDER BY p.id LIMIT "+strconv.Itoa(onSale))
	if err != nil {
		b.Fatal(err)
	}
	now, sale := time.Now().UTC().Truncate(time.Microsecond), domain.DefaultSale()
	var id, title, section string
	err = eachOf(rows, map[string]any{"id": &id, "title": &title, "section_id": &section}, func() error {
		n := len(h.sold)
		starts := now.AddDate(0, 2, n)
		h.sold = append(h.sold, domain.Offering{
			ID: uuid.NewString(), Version: 1, SectionID: section, ProposalID: id, Revision: 1, Slug: "webinar-" + strconv.Itoa(n), Status: domain.OfferingPlanned, Title: title,
			ShortDescription: "What a budget says, to who reads one for the first time.", Description: strings.Repeat("Budgets are read line by line, and some lines are read first. ", 12),
			Outcomes: []string{"Participants will read a budget.", "Participants will ask three questions about it."}, Audience: "New managers", Level: "intermediate",
			Topics: []string{"Budgets", "New managers"}, Presenters: []domain.Presenter{{Name: "Ines Duarte", Titles: []string{"Director"}, Affiliations: []string{"Cedar County Library"}}},
			StartsAt: &starts, Minutes: 60, Zone: "America/Chicago", Capacity: domain.Unlimited, Captions: "Live captions", POAllowed: true, QuoteFrom: 10, MaxSelfServe: 9,
			QuoteHoldPct: 50, HoldMinutes: 35, CreditLimitCents: 1_000_000, AccessContact: sale.AccessContact, CreatedAt: now, UpdatedAt: now,
		})
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	_, err = store.Write(b.Context(), h.fixture.Store, func(tx *store.Tx) (struct{}, error) {
		for _, o := range h.sold {
			if err := tx.AddOffering(o, domain.UsualTiers(o.ID, sale.Classes, 9)); err != nil {
				return struct{}{}, err
			}
			o.Status, o.PublishedAt, o.Version = domain.OfferingPublished, &now, 2
			if err := tx.ChangeOffering(o, domain.OfferingPlanned); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func (h *house) orders() workflows.Orders {
	return workflows.Orders{Base: workflows.Base{Store: h.fixture.Store, Now: time.Now, NewID: uuid.NewString}, Links: workflows.Links{Keys: []string{key}}}
}

// buy lets all buyers buy one seat after the other, and gives the rate.
func (h *house) buy(b *testing.B, confirm bool) float64 {
	b.Helper()
	w := h.orders()
	return together(b, func() error {
		v, err := h.hold(b.Context(), w)
		if err != nil || !confirm {
			return err
		}
		_, err = h.confirm(b.Context(), w, v)
		return err
	})
}

func (h *house) hold(ctx context.Context, w workflows.Orders) (workflows.OrderView, error) {
	wish := domain.Wish{Seats: "1", Name: "Ines Duarte", Email: "ines.duarte@example.org", Institution: "Cedar County Library"}
	return w.Hold(ctx, domain.Actor{}, h.sold[0].ID, workflows.HoldWish{Wish: wish})
}

func (h *house) confirm(ctx context.Context, w workflows.Orders, v workflows.OrderView) (workflows.OrderView, error) {
	billed := domain.OrderInput{Billing: domain.Billing{Name: "Cedar County Library", Address: []string{"1 Main Street", "Cedar, OH 44000"}}, PONumber: "CCL-20418"}
	return w.Act(ctx, domain.Actor{OrderID: v.ID, OrderSerial: v.LinkSerial}, v.ID, domain.SubmitPO, workflows.OrderChange{OrderInput: billed})
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

var tps = regexp.MustCompile(`tps = ([0-9.]+) \(without initial connection time\)`)

// pgbench runs a script again and again for all buyers at once, and gives the rate.
func pgbench(b *testing.B, address, text string) float64 {
	b.Helper()
	script := filepath.Join(b.TempDir(), "sale.sql")
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
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

// publicPages measures G6, G8, G11 and G13 for the catalogue and a webinar's page,
// as somebody who is not signed in asks for them.
func publicPages(b *testing.B, h *house) {
	h.alikeOnSale(b)
	for _, p := range h.public() {
		h.races(b, "public: "+p.what, p.json)
		h.dearer(b, p.what, "CPU of the public page of the "+p.what+", to the same as JSON, "+h.kind.name, p.page, p.json)
		h.asks(b, "public: "+p.what, p.json, 3)
		h.asks(b, "page: public, "+p.what, p.page, 6)
		got := h.fetch(b, p.page.path)
		results.add(line{"G13", "public page of the " + p.what + ", " + h.kind.name, "≤ 50 kB, 15 kB compressed", fmt.Sprintf("%.1f kB, %.1f kB", float64(got.raw)/1000, float64(got.wire)/1000), "", "", met(got.raw <= 50_000 && got.wire <= 15_000)})
	}
}

type publicPage struct {
	what       string
	page, json request
}

func (h *house) public() []publicPage {
	look := func(path string) request { return request{method: http.MethodGet, path: path} }
	one := "/offerings/" + h.sold[0].Slug
	return []publicPage{{"webinar", look(one), look("/api/v1" + one)}, {"catalogue", look("/offerings"), look("/api/v1/offerings")}}
}

// alikeOnSale checks that both servers answer the same about what is on sale.
func (h *house) alikeOnSale(b testing.TB) {
	b.Helper()
	if len(h.sold) == 0 {
		h.webinars(b)
	}
	for _, p := range h.public() {
		h.alike(b, p.json)
	}
}
