package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// onPage sends a form, or asks for a page when there is none.
func (w *world) onPage(cookie, path string, form url.Values) reply {
	w.t.Helper()
	r := request{method: get, path: path, cookie: cookie}
	if form != nil {
		r.method, r.form, r.body = post, true, form.Encode()
		r.header = map[string]string{"Origin": "https://lectern.example.org"}
	}
	return w.send(r)
}

func deskForm(version string, verdict domain.Verdict, comment string, scores ...int) url.Values {
	form := url.Values{"version": {version}, "verdict": {string(verdict)}, "comment": {comment}}
	for i, s := range scores {
		form.Set("s_"+domain.DefaultRubric()[i].ID, fmt.Sprint(s))
	}
	return form
}

// TestDeskPages walks a reviewer over the desk without scripts: save, go on, be
// asked for a comment with everything typed still there, save by itself, recuse.
func TestDeskPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	first, second := w.sent("Interim leadership"), w.sent("Metrics your board will read")
	chidi := w.session("Chidi Okonkwo")
	desk := "/calls/forum-2027-breakouts/review"

	page := w.onPage(chidi, desk, nil).want(http.StatusOK)
	for _, want := range []string{"0 of 2", "Interim leadership", "Names are hidden for scoring: 1 speaker from 1 institution, none from the submitting group.", "Cannot tell what happens", "0 of 6 scored"} {
		if !bytes.Contains(page.body, []byte(want)) {
			t.Errorf("the desk does not say %q", want)
		}
	}
	for _, secret := range []string{"Ignacio Prieto", "Tri-County", "Ana Reyes", "New Leaders"} {
		if bytes.Contains(page.body, []byte(secret)) {
			t.Errorf("the desk tells %q", secret)
		}
	}
	w.onPage(chidi, "/", nil).want(http.StatusOK).wantText("You have reviewed 0 of 2 proposals", "Begin to review", `href="`+desk+`"`)
	at := desk + "/" + first.Number
	refused := w.onPage(chidi, at, deskForm("0", domain.VerdictNo, "  ", 5, 4, 5, 3, 4, 4)).want(http.StatusUnprocessableEntity)
	for _, want := range []string{`<title>Error: `, "a comment goes with", `value="5" checked`, `value="do_not_recommend" checked`} {
		if !bytes.Contains(refused.body, []byte(want)) {
			t.Errorf("after a refusal the page does not have %q", want)
		}
	}
	saved := w.onPage(chidi, at, deskForm("0", domain.VerdictYes, "Strong scenarios.", 5, 4, 5, 3, 4, 4)).want(http.StatusSeeOther)
	next := w.onPage(chidi, saved.Header.Get("Location"), nil).want(http.StatusSeeOther)
	if got := next.Header.Get("Location"); got != desk+"/"+second.Number {
		t.Errorf("after saving one goes to %s", got)
	}
	page = w.onPage(chidi, at, nil).want(http.StatusOK)
	for _, want := range []string{"1 of 2", "You gave 81.25", "81.25 of 100", "Strong scenarios."} {
		if !bytes.Contains(page.body, []byte(want)) {
			t.Errorf("after saving the desk does not say %q", want)
		}
	}
	w.onPage(chidi, "/", nil).want(http.StatusOK).wantText("You have reviewed 1 of 2 proposals", "Go on reviewing")
	w.onPage(w.session("Dana Whitfield"), "/", nil).want(http.StatusOK).wantText("Begin to review")
	var auto struct {
		Version int
		Saved   string
	}
	if err := json.Unmarshal(w.onPage(chidi, desk+"/"+second.Number+"/autosave", deskForm("0", domain.VerdictNo, "", 2)).want(http.StatusOK).body, &auto); err != nil || auto.Version != 1 {
		t.Errorf("saved by itself: %+v, %v", auto, err)
	}
	w.onPage(chidi, desk+"/"+second.Number+"/autosave", deskForm("7", domain.VerdictNo, "", 2)).want(http.StatusPreconditionFailed)
	if page := w.onPage(chidi, desk, nil); !bytes.Contains(page.body, []byte("In progress, 1 of 6 criteria")) {
		t.Error("what was begun is not first")
	}

	w.onPage(chidi, "/proposals/"+second.Number+"/recuse", nil).want(http.StatusOK)
	w.onPage(chidi, "/proposals/"+second.Number+"/recuse", url.Values{}).want(http.StatusSeeOther)
	w.onPage(chidi, desk+"/"+second.Number, nil).want(http.StatusForbidden)
	page = w.onPage(chidi, desk, nil).want(http.StatusOK)
	if !bytes.Contains(page.body, []byte("Closed to you (1)")) || !bytes.Contains(page.body, []byte("1 of 1")) {
		t.Error("what was recused from is not closed")
	}
	closed := w.onPage(chidi, "/proposals/"+second.Number, nil).want(http.StatusOK)
	if bytes.Contains(closed.body, []byte("What people will gain")) || !bytes.Contains(closed.body, []byte("closed to you")) {
		t.Errorf("in conflict the page shows more than the title: %s", closed.body)
	}
	for _, name := range []string{"Ana Reyes", "Hollis Grant", "Fay Nguyen", "Eli Marsh", "Kim Adeyemi"} {
		w.onPage(w.session(name), desk, nil).want(http.StatusNotFound)
		w.onPage(w.session(name), "/review", nil).want(http.StatusNotFound)
	}
	w.onPage(chidi, "/calls/webinars-2026-27/review", nil).want(http.StatusNotFound)
}

// TestNoNameOnAnyPage looks at each page a reviewer can open of a proposal whose
// names are hidden.
func TestNoNameOnAnyPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	p := w.sent("Interim leadership")
	chidi := w.session("Chidi Okonkwo")
	base := "/proposals/" + p.Number
	for _, path := range []string{
		base, base + "/document", base + "/versions", base + "/compare?from=1&to=1", base + "/recuse", "/calls/forum-2027-breakouts/review", "/review",
		"/proposals?call=forum-2027-breakouts", "/proposals?q=interim", "/proposals?q=prieto", "/proposals?group=new-leaders-and-managers", "/years/2026-27/board",
	} {
		body := w.onPage(chidi, path, nil).body
		for _, secret := range []string{"Ignacio", "Tri-County", "Ana Reyes", "Ben Castellano", p.Group.ID} {
			if bytes.Contains(body, []byte(secret)) {
				t.Errorf("%s tells a reviewer %q", path, secret)
			}
		}
		if strings.HasPrefix(path, base) && bytes.Contains(body, []byte("New Leaders")) {
			t.Errorf("%s names the group", path)
		}
	}
	for _, path := range []string{"/groups/new-leaders-and-managers", "/proposals?group=new-leaders-and-managers"} {
		if body := w.onPage(chidi, path, nil).body; bytes.Contains(body, []byte("Interim leadership")) {
			t.Errorf("%s shows whose it is", path)
		}
	}
}

// TestDeskStatements counts the statements of the desk and of saving with few
// proposals and with 588 of three reviews each: they are the same, and few.
func TestDeskStatements(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		p := w.sent("Interim leadership")
		said := 0
		measure := func() (desk, save int64) {
			t.Helper()
			said++
			ctx, n := store.WithQueryCount(t.Context())
			if _, err := w.server.Proposals.Desk(ctx, w.Actor("Chidi Okonkwo"), "forum-2027-breakouts", ""); err != nil {
				t.Fatal(err)
			}
			ctx, m := store.WithQueryCount(t.Context())
			in := reviewTyped(deskForm("0", domain.VerdictYes, fmt.Sprint(said), 5, 4, 5, 3, 4, 4), domain.DefaultRubric())
			if _, err := w.server.Proposals.SaveReview(ctx, w.Actor("Chidi Okonkwo"), p.ID, 0, in); err != nil {
				t.Fatal(err)
			}
			return n.Load(), m.Load()
		}
		measure() // forms are read once
		desk, save := measure()
		w.many(p, 587, 3)
		deskMany, saveMany := measure()
		if desk != deskMany || save != saveMany || desk > 6 || save > 12 {
			t.Errorf("the desk takes %d statements, then %d; saving %d, then %d", desk, deskMany, save, saveMany)
		}
		ctx, n := store.WithQueryCount(t.Context())
		if next, err := w.server.Proposals.NextOnDesk(ctx, w.Actor("Chidi Okonkwo"), "forum-2027-breakouts", p.Number); err != nil || next == "" || n.Load() > 3 {
			t.Errorf("what comes next is %q, in %d statements: %v", next, n.Load(), err)
		}
	})
}

// many copies a submitted proposal n times, each with reviews by as many people.
func (w *world) many(p ProposalOut, n, reviews int) {
	w.t.Helper()
	_, err := store.Write(w.t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		for i := range reviews {
			if err := tx.AddPerson(domain.Person{ID: fmt.Sprintf("reader-%d", i), Version: 1, Name: fmt.Sprintf("Reader %d", i)}); err != nil {
				return struct{}{}, err
			}
		}
		for i := range n {
			if err := w.copied(tx, p, i, reviews); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) copied(tx *store.Tx, p ProposalOut, i, reviews int) error {
	one, err := tx.ByID(p.ID)
	if err != nil {
		return err
	}
	c := *one
	c.ID, c.State, c.SubmittedAt, c.Number, c.Version = w.NewID(), domain.Draft, nil, "", 1
	c.IdeaID, c.Title = c.ID, fmt.Sprintf("Copy %d", i)
	if err := tx.AddProposal(c); err != nil {
		return err
	}
	c.State, c.SubmittedAt, c.Number, c.Version = domain.Submitted, one.SubmittedAt, fmt.Sprintf("27-F-%03d", i+100), 2
	if err := tx.SaveProposal(c, domain.Draft); err != nil {
		return err
	}
	if err := tx.AddSpeaker(domain.Speaker{ID: w.NewID(), Version: 1, ProposalID: c.ID, Position: 1, Role: domain.Speaks, Name: fmt.Sprintf("Speaker %d", i), Affiliations: []string{"Somewhere"}}); err != nil {
		return err
	}
	for k := range reviews {
		in := reviewTyped(deskForm("0", domain.VerdictYes, "", 1+(i+k)%5, 4, 5, 3, 4, 4), domain.DefaultRubric())
		r := domain.Review{ID: w.NewID(), Version: 1, ProposalID: c.ID, PersonID: fmt.Sprintf("reader-%d", k), CreatedAt: *one.SubmittedAt, UpdatedAt: *one.SubmittedAt}
		if err := tx.AddReview(r.With(in, domain.DefaultRubric(), 1)); err != nil {
			return err
		}
	}
	return nil
}
