package api

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestNoHint is X17 for a stranger: what is claimed and not proven is answered to the
// letter as if nothing had been claimed, and so is guessing who is a member.
func TestNoHint(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		o := w.onSale(50, 0)
		w.listed("member@example.org", "M-7")
		var first map[string]any
		for i, c := range []map[string]any{
			{"email": "nobody@example.org"},
			{"email": "nobody@example.org", "member_number": "M-7"},
			{"email": "member@example.org"},
			{"email": "member@example.org", "member_number": "M-8"},
		} {
			got := held(w.buy(o, 2, c).want(201))
			if got["unit_cents"] != float64(7900) {
				t.Errorf("%v costs %v", c, got["unit_cents"])
			}
			if i == 0 {
				first = got
			} else if fmt.Sprint(got) != fmt.Sprint(first) {
				t.Errorf("%v is answered %v, and nobody %v", c, got, first)
			}
		}
		if got := held(w.buy(o, 2, map[string]any{"email": "member@example.org", "member_number": "m-7 "}).want(201)); got["unit_cents"] != float64(4900) {
			t.Errorf("the member pays %v", got["unit_cents"])
		}
	})
}

// held is the answer to a hold without what is the order's own.
func held(r reply) map[string]any {
	var all map[string]any
	if err := json.Unmarshal(r.body, &all); err != nil {
		panic(err)
	}
	for _, own := range []string{"id", "number", "secret", "buyer", "created_at", "expires_at"} {
		delete(all, own)
	}
	return all
}

// TestClaimsPerHour: member numbers are tried ten times an hour from one place.
func TestClaimsPerHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 0)
	for i := range 10 {
		w.buy(o, 1, map[string]any{"member_number": fmt.Sprint("M-", i)}).want(201)
	}
	w.buy(o, 1, map[string]any{"member_number": "M-10"}).refused(429, "too_many_requests")
	w.buy(o, 1, nil).want(201)
}

// TestSaleFiles is X19: no cell of a file for spreadsheets is run there.
func TestSaleFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 0)
	const run = "=cmd|' /C calc'!A0"
	w.buy(o, 1, map[string]any{"name": run, "institution": "@SUM(1)"}).want(201)
	w.asks("", o, 12, map[string]any{"name": "+1+1", "institution": run, "note": "-2"})
	p := w.webinar()
	written(w, func(tx *store.Tx) (struct{}, error) {
		speakers, err := tx.Speakers(p.ID)
		if err == nil {
			speakers[0].Name, speakers[0].Affiliations = run, []string{"@SUM(1)"}
			speakers[0].Version++
			err = tx.ChangeSpeaker(speakers[0])
		}
		return struct{}{}, err
	})
	w.designated(p, 0)
	for _, path := range []string{"/staff/orders.csv", "/staff/quotes.csv", "/staff/stipends.csv?year=2026-27"} {
		file := w.visit("Gus Petrakis", path, nil).want(200).body
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		inert := 0
		for _, cell := range slices.Concat(rows...) {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("%s: a spreadsheet runs %q", path, cell)
			}
			if strings.HasPrefix(cell, "'=cmd") {
				inert++
			}
		}
		if inert == 0 {
			t.Errorf("%s does not have the cell that was to be looked at: %v", path, rows)
		}
	}
}

// TestTwoPairsOfEyes is X21: who designated a stipend does not approve it, and
// neither does who gets it.
func TestTwoPairsOfEyes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		people := workflows.People{Base: w.Base}
		for _, r := range []domain.Role{domain.Staff, domain.Finance} {
			if _, err := people.Grant(t.Context(), w.Actor("Kim Adeyemi"), w.Person("Otto Lang").ID, r); err != nil {
				t.Fatal(err)
			}
		}
		p := w.webinar()
		gus := w.Person("Gus Petrakis")
		written(w, func(tx *store.Tx) (struct{}, error) {
			speakers, err := tx.Speakers(p.ID)
			if err == nil {
				speakers[1].Email = strings.ToUpper(gus.Email)
				speakers[1].Version++
				err = tx.ChangeSpeaker(speakers[1])
			}
			return struct{}{}, err
		})
		var own StipendOut
		into(w.as("Otto Lang", post, "/proposals/"+p.ID+"/stipends", map[string]any{"speaker_id": p.Speakers[0].ID}).want(201), &own)
		paid := w.designated(p, 1)
		for _, st := range []StipendOut{own, paid} {
			w.as("Ben Castellano", post, "/stipends/"+st.ID+"/accept", map[string]any{}).want(200)
			w.as("Fay Nguyen", post, "/stipends/"+st.ID+"/agreement", map[string]any{"on": "2027-03-01"}).want(200)
			w.as("Gus Petrakis", post, "/stipends/"+st.ID+"/tax-form", map[string]any{"on": "2027-03-02", "form": "w9"}).want(200)
		}
		w.acted("Fay Nguyen", p.ID, "mark-delivered", map[string]any{"presented": []string{p.Speakers[0].ID, p.Speakers[1].ID}})
		w.keyed("Otto Lang", "/stipends/"+own.ID+"/approve", "one", map[string]any{}).refused(403, "own_designation")
		w.keyed("Gus Petrakis", "/stipends/"+paid.ID+"/approve", "two", map[string]any{}).refused(403, "own_stipend")
		w.keyed("Gus Petrakis", "/stipends/"+own.ID+"/approve", "three", map[string]any{}).want(200)
		w.keyed("Otto Lang", "/stipends/"+paid.ID+"/approve", "four", map[string]any{}).want(200)
	})
}

// TestForgotten is X26: a registrant who asks to be forgotten is nowhere any more,
// and money, invoice and number of seats stand as they did.
func TestForgotten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, withOutbox)
		o := w.onSale(50, 1_000_000)
		var order, after OrderOut
		into(w.buy(o, 2, nil).want(201), &order)
		secret := order.Secret
		into(w.by(secret, post, "/orders/"+order.ID+"/submit-po", billTo).want(200), &order)
		var pasted PastedOut
		into(w.by(secret, patch, "/orders/"+order.ID+"/seats", map[string]any{"list": "Wilhelmina Quux, quux@example.org"}).want(200), &pasted)
		invoice := w.visit("", "/orders/"+secret+"/invoice", nil).want(200).body
		seat := pasted.Order.People[0].ID
		w.by(secret, post, "/seats/"+seat+"/erase", nil).refused(401, "sign_in_required")
		w.staff("/seats/"+seat+"/erase", nil).want(200)
		into(w.by(secret, get, "/orders/"+order.ID, nil).want(200), &after)
		if after.Money != order.Money || after.TotalCents != order.TotalCents || after.Seats != 2 || len(after.Documents) != len(order.Documents) || len(after.People) != 2 {
			t.Errorf("before %+v, after %+v", order, after)
		}
		if again := w.visit("", "/orders/"+secret+"/invoice", nil).want(200).body; !bytes.Equal(again, invoice) {
			t.Error("the invoice has changed")
		}
		for _, path := range []string{"/staff/orders/" + order.Number, "/staff/orders.csv", "/staff/outbox", "/staff/offerings/" + o.Slug} {
			if body := bytes.ToLower(w.visit("Fay Nguyen", path, nil).want(200).body); bytes.Contains(body, []byte("quux")) || bytes.Contains(body, []byte("wilhelmina")) {
				t.Errorf("%s still has the name", path)
			}
		}
		for _, f := range written(w, func(tx *store.Tx) ([]store.Finding, error) { return tx.Check(w.Now()) }) {
			if len(f.Broken) > 0 {
				t.Errorf("%s: %v", f.Name, f.Broken)
			}
		}
	})
}
