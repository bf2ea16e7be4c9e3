package api

import (
	"bytes"
	"net/http"
	"net/url"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestPhases sets a call's phases through the API and the page, and is refused
// with every mistake.
func TestPhases(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		at := "/calls/forum-2027-breakouts/phases"
		var got list[PhaseOut]
		into(w.as("Chidi Okonkwo", get, at, nil).want(http.StatusOK), &got)
		if len(got.Data) != 6 || got.Data[0].Kind != domain.PhaseReview || got.Data[0].First != "2027-04-01" || got.Data[0].Last != "2027-04-14" {
			t.Fatalf("the section's file gives %+v", got.Data)
		}
		phases := func(days ...string) map[string]any {
			var all []map[string]string
			for i := 0; i+2 < len(days); i += 3 {
				all = append(all, map[string]string{"kind": days[i], "first": days[i+1], "last": days[i+2]})
			}
			return map[string]any{"phases": all}
		}
		w.as("Chidi Okonkwo", put, at, phases()).refused(http.StatusForbidden, "not_your_move")
		p := w.as("Fay Nguyen", put, at, phases("review", "2027-03-31", "2027-04-10", "recommend", "2027-04-20", "2027-04-19", "discussion", "2027-04-11", "2027-04-12")).
			refused(http.StatusUnprocessableEntity, "window_reversed")
		if len(p.Errors) != 3 {
			t.Errorf("three mistakes, told: %+v", p.Errors)
		}
		w.as("Fay Nguyen", put, "/calls/forum-2028-breakouts/phases", phases("review", "2028-04-01", "2028-04-10")).refused(http.StatusConflict, "dates_not_announced")
		into(w.as("Fay Nguyen", put, at, phases("review", "2027-04-02", "2027-04-10", "recommend", "2027-04-12", "2027-04-20")).want(http.StatusOK), &got)
		if len(got.Data) != 2 || got.Data[1].Last != "2027-04-20" {
			t.Errorf("set to %+v", got.Data)
		}
		if r, err := (workflows.Sections{Base: w.Base}).Import(t.Context(), w.Actor("Kim Adeyemi"), domain.DefaultSection, true); !domain.HasCode(err, "phases_are_set") {
			t.Errorf("the section's file writes over what staff set: %+v, %v", r, err)
		}

		fay := w.session("Fay Nguyen")
		page := "/staff/calls/forum-2027-breakouts"
		bad := w.onPage(fay, page+"/phases", url.Values{"review_first": {"2027-04-05"}}).want(http.StatusUnprocessableEntity)
		if !bytes.Contains(bad.body, []byte("Give the last day of review.")) || !bytes.Contains(bad.body, []byte(`value="2027-04-05"`)) {
			t.Error("the page does not say what is wrong, or loses what was typed")
		}
		w.onPage(fay, page+"/phases", url.Values{"review_first": {"2027-04-05"}, "review_last": {"2027-04-09"}}).want(http.StatusSeeOther)
		into(w.as("Fay Nguyen", get, at, nil).want(http.StatusOK), &got)
		if len(got.Data) != 1 || got.Data[0].First != "2027-04-05" {
			t.Errorf("the page set %+v", got.Data)
		}
	})
}

// TestGuestReviewer lets somebody from outside the Leadership Team review one
// call, and nothing else.
func TestGuestReviewer(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		p := w.sent("Interim leadership")
		guests, at := "/calls/forum-2027-breakouts/guest-reviewers", "/proposals/"+p.ID
		hollis := w.Person("Hollis Grant")
		w.as("Hollis Grant", get, at, nil).refused(http.StatusNotFound, "not_found")
		w.as("Fay Nguyen", post, guests, map[string]string{"email": hollis.Email}).refused(http.StatusForbidden, "not_your_move")
		w.as("Kim Adeyemi", post, guests, map[string]string{"email": "nobody@example.org"}).refused(http.StatusUnprocessableEntity, "required")
		w.as("Kim Adeyemi", post, "/calls/webinars-2026-27/guest-reviewers", map[string]string{"email": hollis.Email}).refused(http.StatusConflict, "not_reviewed_here")
		w.as("Kim Adeyemi", post, guests, map[string]string{"email": hollis.Email}).want(http.StatusOK)
		var seen ProposalOut
		into(w.as("Hollis Grant", get, at, nil).want(http.StatusOK), &seen)
		if seen.Sight != "nameless" || len(seen.Speakers) != 0 || seen.Crew == nil || seen.Crew.Speakers != 1 {
			t.Errorf("a guest sees %+v", seen)
		}
		w.as("Hollis Grant", put, at+"/review", reviewOf(3, 3, 3, 3, 3, 3)).want(http.StatusOK)
		if page := w.onPage(w.session("Hollis Grant"), "/calls/forum-2027-breakouts/review", nil).want(http.StatusOK); !bytes.Contains(page.body, []byte("1 of 1")) {
			t.Error("a guest has no desk")
		}
		w.onPage(w.session("Hollis Grant"), "/calls/forum-2027-posters/review", nil).want(http.StatusNotFound)
		w.send(request{method: del, path: apiRoot + guests + "/" + hollis.ID, as: "Kim Adeyemi", header: map[string]string{"If-Match": "*"}}).want(http.StatusNoContent)
		w.as("Hollis Grant", get, at, nil).refused(http.StatusNotFound, "not_found")
		var all ReviewsOut
		into(w.as("Kim Adeyemi", get, at+"/reviews", nil).want(http.StatusOK), &all)
		if all.Stats.Count != 1 {
			t.Errorf("what a guest wrote is gone: %+v", all)
		}
	})
}
