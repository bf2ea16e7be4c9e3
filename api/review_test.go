package api

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// joins gives somebody of the world a term in a group.
func (w *world) joins(name, group string, role domain.TermRole) {
	w.t.Helper()
	g := w.Group(group)
	_, err := store.Write(w.t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		return struct{}{}, tx.AddTerm(domain.Term{ID: w.NewID(), Version: 1, GroupID: g.ID, PersonID: w.Person(name).ID, Role: role, StartsOn: sectiontest.Starts, EndsOn: sectiontest.Ends})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// sent is a breakout of the new leaders, submitted in March; the clock then
// stands in the review phase.
func (w *world) sent(title string) ProposalOut {
	w.t.Helper()
	w.At("2027-03-10T12:00:00-06:00")
	p := w.drafted("Ana Reyes", "new-leaders-and-managers", "forum-2027-breakouts", title)
	var out ProposalOut
	into(w.as("Ben Castellano", post, "/proposals/"+p.ID+"/submit", map[string]any{}).want(http.StatusOK), &out)
	w.At("2027-04-08T12:00:00-05:00")
	return out
}

func reviewOf(scores ...int) map[string]any {
	by := map[string]int{}
	for i, s := range scores {
		by[domain.DefaultRubric()[i].ID] = s
	}
	return map[string]any{"scores": by, "verdict": "recommend"}
}

// TestE2Desk is the reviewers' part of E2: 81.25, an update that never adds, a
// conflict that is refused, and another section that sees nothing; and X9.
func TestE2Desk(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.joins("Vera Lindholm", "new-leaders-and-managers", domain.TermMember)
		p := w.sent("Interim leadership")
		at := "/proposals/" + p.Number

		var r ReviewOut
		into(w.as("Chidi Okonkwo", put, at+"/review", reviewOf(5, 4, 5, 3, 4, 4)).want(http.StatusOK), &r)
		if r.Score == nil || *r.Score != 8125 || r.State != domain.ReviewComplete {
			t.Fatalf("20+15+20+7.5+11.25+7.5 is 81.25, got %+v", r)
		}
		into(w.as("Chidi Okonkwo", put, at+"/review", reviewOf(5, 4, 5, 3, 4, 5)).want(http.StatusOK), &r)
		if *r.Score != 8375 || r.Version != 2 {
			t.Errorf("a second saving: %+v, want 83.75 as version 2", r)
		}
		var all ReviewsOut
		into(w.as("Kim Adeyemi", get, at+"/reviews", nil).want(http.StatusOK), &all)
		if len(all.Data) != 1 || all.Stats.Count != 1 || all.Stats.Mean != 83.75 {
			t.Errorf("a second saving added: %+v", all)
		}

		w.as("Vera Lindholm", put, at+"/review", reviewOf(5, 5, 5, 5, 5, 5)).refused(http.StatusForbidden, "conflict_of_interest")
		w.as("Vera Lindholm", get, at+"/reviews", nil).refused(http.StatusForbidden, "conflict_of_interest")
		w.as("Vera Lindholm", get, at+"/review", nil).refused(http.StatusForbidden, "conflict_of_interest")
		w.as("Ana Reyes", put, at+"/review", reviewOf(5, 5, 5, 5, 5, 5)).refused(http.StatusForbidden, "not_your_move")
		for _, name := range []string{"Hollis Grant", "Eli Marsh", "Otto Lang"} {
			w.as(name, get, at+"/reviews", nil).refused(http.StatusNotFound, "not_found")
			w.as(name, put, at+"/review", reviewOf(5, 5, 5, 5, 5, 5)).refused(http.StatusNotFound, "not_found")
		}
		w.as("Dana Whitfield", get, at+"/review", nil).refused(http.StatusNotFound, "not_found")
		no := reviewOf(1, 1, 1, 1, 1, 1)
		no["verdict"] = "do_not_recommend"
		if p := w.as("Dana Whitfield", put, at+"/review", no).refused(http.StatusUnprocessableEntity, "comment_required"); p.Errors[0].Pointer != "/comment" {
			t.Errorf("the comment is asked for at %q", p.Errors[0].Pointer)
		}
		w.as("Dana Whitfield", post, at+"/recuse", map[string]any{}).want(http.StatusOK)
		w.as("Dana Whitfield", put, at+"/review", reviewOf(5, 5, 5, 5, 5, 5)).refused(http.StatusForbidden, "conflict_of_interest")
	})
}

// TestSameInstitution: who works where a speaker does sees the title only (X9).
func TestSameInstitution(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	p := w.sent("Interim leadership")
	_, err := store.Write(t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		dana := w.Person("Dana Whitfield")
		dana.Institution, dana.Version = "TRI-COUNTY  library, district", dana.Version+1
		return struct{}{}, tx.ChangePerson(dana)
	})
	if err != nil {
		t.Fatal(err)
	}
	w.as("Dana Whitfield", put, "/proposals/"+p.ID+"/review", reviewOf(5, 5, 5, 5, 5, 5)).refused(http.StatusForbidden, "conflict_of_interest")
	var seen ProposalOut
	into(w.as("Dana Whitfield", get, "/proposals/"+p.ID, nil).want(http.StatusOK), &seen)
	if seen.Sight != "title_only" || seen.Title != p.Title || len(seen.Answers) != 0 || seen.Group.ID != "" {
		t.Errorf("in conflict one sees %+v", seen)
	}
}

// TestNamesHidden looks for every name of a proposal in all that the API answers
// a reviewer, before the recommendations begin and after.
func TestNamesHidden(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		p := w.sent("Interim leadership")
		secrets := []string{"Ana Reyes", "Ben Castellano", "New Leaders", "new-leaders"}
		var whole ProposalOut
		into(w.as("Ana Reyes", get, "/proposals/"+p.ID, nil), &whole)
		secrets = append(secrets, p.Group.ID)
		for _, sp := range whole.Speakers {
			secrets = append(secrets, sp.Name, sp.Email, sp.ID)
			secrets = append(secrets, sp.Affiliations...)
		}
		first := strings.Fields(whole.Speakers[0].Name)[0]
		ask := []string{
			"/proposals/" + p.ID, "/proposals/" + p.ID + "/history", "/proposals/" + p.ID + "/revisions", "/proposals/" + p.ID + "/lineage",
			"/proposals?call=forum-2027-breakouts", "/proposals?q=interim",
		}
		for _, path := range ask {
			body := w.as("Chidi Okonkwo", get, path, nil).want(http.StatusOK).body
			if !bytes.Contains(body, []byte(p.ID)) && !strings.HasSuffix(path, "/history") && !strings.HasSuffix(path, "/revisions") {
				t.Errorf("%s does not have the proposal: %s", path, body)
			}
			for _, secret := range secrets {
				if bytes.Contains(body, []byte(secret)) {
					t.Errorf("%s tells a reviewer %q:\n%s", path, secret, body)
				}
			}
		}
		for _, path := range []string{"/proposals?q=" + first, "/proposals?group=new-leaders-and-managers", "/proposals?group=" + p.Group.ID} {
			if body := w.as("Chidi Okonkwo", get, path, nil).want(http.StatusOK).body; bytes.Contains(body, []byte(p.ID)) {
				t.Errorf("%s finds it for a reviewer: %s", path, body)
			}
			if body := w.as("Ana Reyes", get, path, nil).want(http.StatusOK).body; !bytes.Contains(body, []byte(p.ID)) {
				t.Errorf("%s does not find it for its own group: %s", path, body)
			}
			if body := w.as("Fay Nguyen", get, path, nil).want(http.StatusOK).body; !bytes.Contains(body, []byte(p.ID)) {
				t.Errorf("%s does not find it for staff: %s", path, body)
			}
		}
		w.At("2027-04-19T00:00:00-05:00")
		for _, path := range append(ask[:1:1], "/proposals?q="+first) {
			if body := w.as("Chidi Okonkwo", get, path, nil).want(http.StatusOK).body; !bytes.Contains(body, []byte(p.ID)) || !bytes.Contains(body, []byte("New Leaders")) {
				t.Errorf("names stay hidden after the recommendations began: %s", body)
			}
		}
	})
}
