package demo

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/workflows"
)

const newLeaders = "new-leaders-and-managers"

// visit is a demonstration with a real clock that the test holds still.
type visit struct {
	*Stage
	t    testing.TB
	real time.Time
}

func open(t testing.TB, db *store.Store, at string) *visit {
	t.Helper()
	v := &visit{t: t, real: time.Date(2030, time.May, 1, 8, 0, 0, 0, time.UTC)}
	var err error
	if v.Stage, err = Open(t.Context(), db, []string{"a key of the tests"}, func() time.Time { return v.real }, central(t, at)); err != nil {
		t.Fatal(err)
	}
	return v
}

// central reads 2026-09-18 09:00 in the section's zone; "" is no instant.
func central(t testing.TB, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// to travels and expects that the story skipped as many events as said.
func (v *visit) to(at string, skipped int) {
	v.t.Helper()
	if err := v.Travel(v.t.Context(), central(v.t, at)); err != nil {
		v.t.Fatal(err)
	}
	if len(v.skipped) != skipped {
		v.t.Errorf("on the way to %s the story skipped %d events, want %d:\n%s", at, len(v.skipped), skipped, strings.Join(v.skipped, "\n"))
	}
}

// base is that of the visitor's own acts.
func (v *visit) base() workflows.Base {
	return workflows.Base{Store: v.store, Now: v.Now, NewID: ids(v.real, fmt.Sprint("visitor ", v.Now()))}
}

func (v *visit) actor(name string) domain.Actor {
	v.t.Helper()
	a, err := store.Read(v.t.Context(), v.store, func(tx *store.Tx) (domain.Actor, error) {
		return tx.ActorOf(personID(name), domain.DateOf(v.Now(), zone))
	})
	if err != nil {
		v.t.Fatal(err)
	}
	return a
}

func (v *visit) proposal(key string) workflows.ProposalView {
	v.t.Helper()
	p, err := findProposal(v.t.Context(), v.base(), v.story, key)
	if err != nil {
		v.t.Fatalf("%s: %v", key, err)
	}
	return p
}

func (v *visit) act(name, key string, a domain.Action, m workflows.Move) {
	v.t.Helper()
	if _, err := (workflows.Proposals{Base: v.base()}).Act(v.t.Context(), v.actor(name), v.proposal(key).ID, a, m); err != nil {
		v.t.Fatal(err)
	}
}

// standing is what a group has of what it owes: "annual 1 of 2, forum 0 of 1, webinar 0 of 2".
func (v *visit) standing(group string) string {
	v.t.Helper()
	s, err := (workflows.Groups{Base: v.base()}).Standing(v.t.Context(), v.actor("Kim Adeyemi"), group, "2026-27")
	if err != nil {
		v.t.Fatal(err)
	}
	var parts []string
	for _, d := range s.Duties {
		parts = append(parts, fmt.Sprintf("%s %d of %d", d.VenueID, d.Counted, d.Required))
	}
	return strings.Join(parts, ", ")
}

func (v *visit) check() {
	v.t.Helper()
	found, err := store.Read(v.t.Context(), v.store, func(tx *store.Tx) ([]store.Finding, error) { return tx.Check(v.Now()) })
	if err != nil {
		v.t.Fatal(err)
	}
	for _, f := range found {
		if len(f.Broken) > 0 {
			v.t.Errorf("%s, %s: %v", v.Now().In(zone), f.Name, f.Broken)
		}
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
