package api

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// webinar is an accepted webinar of four speakers.
func (w *world) webinar() ProposalOut {
	w.t.Helper()
	w.At("2027-01-20T12:00:00-06:00")
	p := w.drafted("Ben Castellano", newLeaders, "webinars-2026-27", "Budgets, in plain words")
	for _, name := range []string{"Linda Park", "Susanne Vale", "Odalys Ferrer"} {
		into(w.as("Ben Castellano", post, "/proposals/"+p.ID+"/speakers", map[string]any{
			"name": name, "email": strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.org", "titles": []string{"Librarian"},
			"affiliations": []string{"Example University"}, "bio": "Writes about budgets.",
		}).want(201), &p)
	}
	w.acted("Ben Castellano", p.ID, "submit", nil)
	w.At("2027-03-03T12:00:00-06:00")
	return w.acted("Fay Nguyen", p.ID, "decide", map[string]any{"outcome": "accepted"})
}

// keyed sends JSON with an idempotency key.
func (w *world) keyed(name, path, key string, body any) reply {
	w.t.Helper()
	return w.send(request{method: post, path: apiRoot + path, as: name, body: string(mustJSON(body)), header: map[string]string{"Idempotency-Key": key}})
}

func (w *world) designated(p ProposalOut, i int) StipendOut {
	w.t.Helper()
	var s StipendOut
	into(w.as("Ben Castellano", post, "/proposals/"+p.ID+"/stipends", map[string]any{"speaker_id": p.Speakers[i].ID}).want(201), &s)
	return s
}

// TestE3 is the money of a webinar: four speakers, three stipends, one waived,
// delivered, paid once.
func TestE3(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		p := w.webinar()
		all := []StipendOut{w.designated(p, 0), w.designated(p, 1), w.designated(p, 2)}
		if all[0].AmountCents+all[1].AmountCents+all[2].AmountCents != 45000 {
			t.Errorf("%+v", all)
		}
		w.as("Ben Castellano", post, "/proposals/"+p.ID+"/stipends", map[string]any{"speaker_id": p.Speakers[3].ID}).refused(409, "stipend_cap_reached")
		w.as("Ben Castellano", post, "/stipends/"+all[1].ID+"/waive", map[string]any{}).want(200)
		all[1] = w.designated(p, 3)
		for _, st := range all {
			w.as("Ben Castellano", post, "/stipends/"+st.ID+"/accept", map[string]any{}).want(200)
			w.as("Fay Nguyen", post, "/stipends/"+st.ID+"/agreement", map[string]any{"on": "2027-03-01"}).want(200)
			w.as("Gus Petrakis", post, "/stipends/"+st.ID+"/tax-form", map[string]any{"on": "2027-03-02", "form": "w9"}).want(200)
			w.keyed("Gus Petrakis", "/stipends/"+st.ID+"/approve", "early-"+st.ID, map[string]any{}).refused(409, "not_delivered")
		}
		w.acted("Fay Nguyen", p.ID, "mark-delivered", map[string]any{"presented": []string{p.Speakers[0].ID, p.Speakers[2].ID, p.Speakers[3].ID}})
		if rows := w.ledgerFile(); len(rows) != 3+1 {
			t.Errorf("the CSV has %d rows: %v", len(rows)-1, rows)
		}
		var batch ApprovedOut
		into(w.keyed("Gus Petrakis", "/stipends/approve", "batch", map[string]any{"ids": []string{all[0].ID, all[1].ID, all[2].ID}}).want(200), &batch)
		if batch.Approved != 3 {
			t.Fatalf("%+v", batch)
		}
		payOnce(w, all[0])
		var r TaxReportOut
		into(w.as("Gus Petrakis", get, "/stipends/tax-report?year=2027", nil).want(200), &r)
		if len(r.Payees) != 1 || r.Payees[0].Cents != 15000 || r.ThresholdCents != nil || r.Scope != "Lectern payments only" {
			t.Errorf("%+v", r)
		}
	})
}

// payOnce pays with the same key twice, then with another, then has it come back
// and paid again.
func payOnce(w *world, st StipendOut) {
	w.t.Helper()
	paid := map[string]any{"method": "check", "reference": "1042", "paid_on": "2027-03-03"}
	pay := "/stipends/" + st.ID + "/pay"
	w.as("Gus Petrakis", post, pay, paid).refused(400, "idempotency_key_required")
	first := w.keyed("Gus Petrakis", pay, "one", paid).want(200)
	again := w.keyed("Gus Petrakis", pay, "one", paid).want(200)
	if !bytes.Equal(first.body, again.body) || again.Header.Get("Idempotent-Replayed") != "true" {
		w.t.Errorf("the same key: %s", again.body)
	}
	if said := w.keyed("Gus Petrakis", pay, "two", paid).refused(409, "not_from_here"); !strings.Contains(said.Detail, "Possible now: return") {
		w.t.Errorf("another key: %+v", said)
	}
	w.keyed("Gus Petrakis", "/stipends/"+st.ID+"/return", "back", map[string]any{"on": "2027-03-03", "reason": "Came back"}).want(200)
	paid["reference"] = "1077"
	w.keyed("Gus Petrakis", pay, "three", paid).want(200)
}

func (w *world) ledgerFile() [][]string {
	w.t.Helper()
	r := w.send(request{method: get, path: "/staff/stipends.csv?year=2026-27", as: "Gus Petrakis"}).want(200)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(r.body, []byte("\ufeff")))).ReadAll()
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

// TestE3Cancelled cancels instead of delivering: everything is void.
func TestE3Cancelled(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		p := w.webinar()
		for i := range 3 {
			w.designated(p, i)
		}
		w.acted("Fay Nguyen", p.ID, "cancel", map[string]any{"reason": "The presenter is ill."})
		var page list[LedgerLineOut]
		into(w.as("Gus Petrakis", get, "/stipends?year=2026-27&state=void", nil).want(200), &page)
		if len(page.Data) != 3 {
			t.Errorf("%d are void", len(page.Data))
		}
		if rows := w.ledgerFile(); len(rows) != 1 {
			t.Errorf("something is left to pay: %v", rows)
		}
	})
}

// TestStipendState shows the group of a webinar the state of its stipends and
// nothing of the papers, and others nothing at all (X21, lifecycle section 5).
func TestStipendState(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	p := w.webinar()
	st := w.designated(p, 0)
	w.as("Gus Petrakis", post, "/stipends/"+st.ID+"/tax-form", map[string]any{"on": "2027-03-02", "form": "w8ben"}).want(200)
	var seen StipendOut
	into(w.as("Ben Castellano", get, "/stipends/"+st.ID, nil).want(200), &seen)
	if seen.TaxFormOn != "" || seen.Hold != "" || seen.TaxForm != "" || seen.State != domain.StipendDesignated {
		t.Errorf("the group sees %+v", seen)
	}
	into(w.as("Gus Petrakis", get, "/stipends/"+st.ID, nil).want(200), &seen)
	if seen.TaxFormOn != "2027-03-02" || seen.Hold == "" {
		t.Errorf("finance sees %+v", seen)
	}
	for _, path := range []string{"/stipends", "/stipends/tax-report?year=2027"} {
		w.as("Ben Castellano", get, path, nil).refused(404, "not_found")
	}
	w.as("Otto Lang", get, "/stipends/"+st.ID, nil).refused(404, "not_found")
	w.as("Fay Nguyen", post, "/stipends/"+st.ID+"/agreement", map[string]any{"on": "2027-04-02"}).refused(422, "in_the_future")
	w.keyed("Fay Nguyen", "/stipends/"+st.ID+"/approve", "k", map[string]any{}).refused(403, "not_your_move")
}

// TestLedgerPages walks the pages of finance by forms: every step of one stipend,
// each page with its count of statements.
func TestLedgerPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	p := w.webinar()
	st := w.designated(p, 0)
	gus, fay := w.session("Gus Petrakis"), w.session("Fay Nguyen")
	form := func(cookie, path, body string) reply {
		w.t.Helper()
		return w.send(request{method: post, path: path, cookie: cookie, form: true, body: body + "&idempotency_key=" + itoa64(int64(len(path)+len(body))) + "x", header: map[string]string{"Sec-Fetch-Site": "same-origin"}})
	}
	at := "/staff/stipends/" + st.ID
	w.as("Ben Castellano", post, "/stipends/"+st.ID+"/accept", map[string]any{}).want(200)
	form(fay, at+"/agreement", "on=2027-03-01").want(303)
	form(gus, at+"/tax-form", "on=2027-03-01&form=w9").want(303)
	form(fay, "/proposals/"+p.ID+"/mark-delivered", "version=0").want(422)
	form(fay, "/proposals/"+p.ID+"/mark-delivered", "presented="+p.Speakers[0].ID).want(303)
	shows := func(path string, words ...string) {
		w.t.Helper()
		r := w.send(request{method: get, path: path, cookie: gus}).want(200)
		for _, word := range words {
			if !bytes.Contains(r.body, []byte(word)) {
				w.t.Errorf("%s does not say %q", path, word)
			}
		}
	}
	shows("/", "1 payable, 0 blocked")
	shows("/staff/stipends?year=2026-27", "1 payable, to be approved", "Approve $150 for Ignacio Prieto")
	form(gus, "/staff/stipends/approve", "year=2026-27&id="+st.ID).want(303)
	shows("/staff/stipends/payments", "Number of the payment to Ignacio Prieto")
	form(gus, "/staff/stipends/payments", "method=check&paid_on=2027-03-01&reference-"+st.ID+"=1042").want(422) // before delivery
	form(gus, "/staff/stipends/payments", "method=check&paid_on=2027-03-03&reference-"+st.ID+"=1042").want(303)
	shows("/staff/stipends", "1 paid", "Check 1042")
	shows(at, "The payment came back", "1042")
	form(gus, at+"/return", "on=2027-03-03&reason=Lost").want(303)
	shows(at, "Record the payment", "Lost")
	shows("/staff/stipends/tax?year=2027", "Lectern payments only")
	w.send(request{method: get, path: "/staff/stipends", cookie: w.session("Ben Castellano")}).want(404)
	for path, most := range map[string]int64{"/staff/stipends?year=2026-27": 5, at: 6, "/staff/stipends/payments": 4, "/staff/stipends/tax": 4} {
		if n := w.statements(path, gus); n > most {
			t.Errorf("%s takes %d statements, at most %d", path, n, most)
		}
	}
}

// statements is how many statements a page takes, with the sign-in.
func (w *world) statements(path, cookie string) int64 {
	w.t.Helper()
	ctx, n := store.WithQueryCount(w.t.Context())
	req := httptest.NewRequestWithContext(ctx, get, "https://lectern.example.org"+path, nil)
	req.AddCookie(&http.Cookie{Name: "__Host-lectern", Value: cookie})
	w.handler.ServeHTTP(httptest.NewRecorder(), req)
	return n.Load()
}
