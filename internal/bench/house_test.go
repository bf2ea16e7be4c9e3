package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"lectern/api"
	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/workflows"
)

// key signs the links of all servers here.
const key = "a key of the benchmarks, 32 letters or more"

// A house is a seeded database with both servers over it.
type house struct {
	kind     database
	size     int
	address  string // of the database
	fixture  *sectiontest.Fixture
	ours     string // address of Lectern
	bare     string // address of the bare server
	handler  http.Handler
	server   *api.Server
	bareness *bareServer
	access   workflows.Access
	tokens   map[string]string // by name of a person
	sessions map[string]string
	sold     []domain.Offering // the first is what all buy
	items    []string          // ids of proposals, not drafts, from all over
}

// newHouse seeds a database with n proposals and starts both servers over it.
// They end with the benchmark.
func newHouse(b testing.TB, kind database, n int) *house {
	b.Helper()
	h := &house{kind: kind, size: n, address: kind.make(b), tokens: map[string]string{}, sessions: map[string]string{}}
	began := time.Now()
	h.seed(b, n)
	b.Logf("%s: %d proposals written in %v", kind.name, n, time.Since(began).Round(time.Second))
	st := h.open(b)
	b.Cleanup(func() { _ = st.Close() })
	h.fixture.Store = st
	h.choose()
	h.start(b, st)
	for _, name := range []string{admin, "Fay Nguyen", reader, "Ana Reyes"} {
		h.letIn(b, name)
	}
	return h
}

func (h *house) open(b testing.TB) *store.Store {
	b.Helper()
	st, err := store.Open(b.Context(), h.address, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return st
}

// seed makes the section and its people by the program, and the proposals past it.
func (h *house) seed(b testing.TB, n int) {
	b.Helper()
	st := h.open(b)
	h.fixture = sectiontest.New(b, st)
	s := newScribe(h.groups(), h.calls(b))
	for _, name := range []string{"Ana Reyes", "Ben Castellano", "Hollis Grant", "Mira Solberg"} {
		s.people = append(s.people, h.fixture.Person(name))
	}
	s.rounds, s.reviewers = h.rounds(b), h.reviewers()
	if err := errors.Join(st.Close(), h.kind.fill(b.Context(), h.address, s, n)); err != nil {
		b.Fatal(err)
	}
}

// choose finds the proposals that are asked for one by one.
func (h *house) choose() {
	lines := sectiontest.Read(h.fixture, func(tx *store.Tx) ([]store.ProposalLine, error) {
		return tx.Proposals(domain.TheClock(h.fixture.Now()), store.ProposalFilter{Limit: h.size})
	})
	for i := range 64 {
		at := i * h.size / 64
		for lines[at].State == domain.Draft {
			at++
		}
		h.items = append(h.items, lines[at].ID)
	}
}

func (h *house) groups() []string {
	all := sectiontest.Read(h.fixture, func(tx *store.Tx) ([]domain.Group, error) { return tx.Groups(h.fixture.Section.ID) })
	var ids []string
	for _, g := range all {
		if g.Kind != domain.Leadership {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// calls are the calls of the current year, and for each year before it a copy.
func (h *house) calls(b testing.TB) [years][]domain.Call {
	b.Helper()
	var out [years][]domain.Call
	_, err := store.Write(b.Context(), h.fixture.Store, func(tx *store.Tx) (struct{}, error) {
		all, err := tx.Calls()
		if err != nil {
			return struct{}{}, err
		}
		for _, c := range all {
			if c.Year != sectiontest.Year {
				continue
			}
			out[years-1] = append(out[years-1], c)
			for back := 1; back < years; back++ {
				old := earlier(c, back, h.fixture.NewID())
				out[years-1-back] = append(out[years-1-back], old)
				if err := tx.AddCall(old); err != nil {
					return struct{}{}, err
				}
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return out
}

func earlier(c domain.Call, back int, id string) domain.Call {
	first := 2026 - back
	c.ID, c.Slug, c.Year = id, fmt.Sprintf("%s-%d", c.Slug, first), domain.Year(fmt.Sprintf("%d-%02d", first, (first+1)%100))
	opens, closes := c.OpensAt.AddDate(-back, 0, 0), c.ClosesAt.AddDate(-back, 0, 0)
	c.OpensAt, c.ClosesAt = &opens, &closes
	return c
}

// start runs Lectern as `lectern serve` does, its log going to a device that
// keeps nothing, and the bare server beside it.
func (h *house) start(b testing.TB, st *store.Store) {
	b.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = null.Close() })
	l := listen(b)
	base, links := h.fixture.Base, workflows.Links{BaseURL: "http://" + l.Addr().String(), Keys: []string{key}}
	h.access = workflows.Access{
		Base: base, RealNow: time.Now, NewSecret: rand.Text, Links: links, Zone: domain.Zone(h.fixture.Section.Zone),
		LinkLife: 15 * time.Minute, SessionLife: 14 * 24 * time.Hour,
	}
	server := &api.Server{
		Settings: api.Settings{BaseURL: links.BaseURL, WritesPerMinute: 1 << 30}, Access: h.access, Proposals: workflows.Proposals{Base: base}, Outbox: workflows.Outbox{Base: base},
		Log: slog.New(slog.NewTextHandler(null, nil)), Section: sectionOf(st),
	}
	h.server, h.handler = server, server.Handler()
	h.ours = serve(b, l, h.handler)
	h.bareness = newBare(b, h)
	h.bare = serve(b, listen(b), h.bareness.handler())
	b.Cleanup(server.Wait)
}

// sectionOf reads the section's name for the foot of pages, as the program does.
func sectionOf(st *store.Store) func(context.Context) (name, contact string) {
	return func(ctx context.Context) (string, string) {
		all, err := store.Read(ctx, st, func(tx *store.Tx) ([]domain.Section, error) { return tx.Sections() })
		if err != nil || len(all) == 0 {
			return "", ""
		}
		return all[0].Name, all[0].Contact
	}
}

func listen(b testing.TB) net.Listener {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	return l
}

func serve(b testing.TB, l net.Listener, handler http.Handler) string {
	b.Helper()
	s := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	b.Cleanup(func() { _ = s.Close() })
	go func() { _ = s.Serve(l) }()
	return l.Addr().String()
}

// letIn gives a person of the fixture a token and a session.
func (h *house) letIn(b testing.TB, name string) {
	b.Helper()
	made, err := h.access.MakeToken(b.Context(), h.fixture.Actor(name), workflows.TokenWish{Name: "bench", Scopes: []domain.Scope{domain.ScopeRead, domain.ScopeWrite}})
	if err != nil {
		b.Fatal(err)
	}
	session, err := h.access.SessionFor(b.Context(), h.fixture.Person(name).ID, "bench")
	if err != nil {
		b.Fatal(err)
	}
	h.tokens[name], h.sessions[name] = made.Secret, session.Secret
}
