package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// committee fills Human Resources Development: eight members, two of them co-chairs.
func (w *world) committee() {
	w.t.Helper()
	g := w.Group("human-resources-development")
	_, err := store.Write(w.t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		for i := range 8 {
			p := domain.Person{ID: w.NewID(), Version: 1, Name: fmt.Sprintf("Member %d", i), Email: fmt.Sprintf("member%d@example.org", i)}
			roles := []domain.TermRole{domain.TermMember}
			if i < 2 {
				roles = append(roles, domain.TermCoChair)
			}
			if err := tx.AddPerson(p); err != nil {
				return struct{}{}, err
			}
			for _, r := range roles {
				t := domain.Term{ID: w.NewID(), Version: 1, GroupID: g.ID, PersonID: p.ID, Role: r, StartsOn: sectiontest.Starts, EndsOn: sectiontest.Ends}
				if err := tx.AddTerm(t); err != nil {
					return struct{}{}, err
				}
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// answersFor are answers that pass the form of a call of the default section.
func answersFor(call string) map[string][]string {
	a := map[string][]string{
		"short_description": {"What people will gain."}, "full_description": {"What happens."}, "audience": {"New managers"}, "level": {"intro"},
		"outcomes": {"Participants will read a budget.", "Participants will explain a request.", "Participants will draft a calendar."},
		"tags":     {"budget"}, "interaction_plan": {"Tables of eight."}, "elsewhere": {"no"}, "access_plan": {"Large print."},
		"recording_consent": {"yes"}, "code_of_conduct": {"yes"}, "not_a_pitch": {"yes"},
	}
	switch {
	case strings.HasPrefix(call, "webinars"):
		a["length"], a["preferred_dates"] = []string{"60"}, []string{"2027-05-20", "2027-05-27"}
	case strings.HasPrefix(call, "other"):
		a["room"], a["division"] = []string{"Tables."}, []string{"PLA"}
		delete(a, "recording_consent")
	default:
		a["room"] = []string{"Round tables."}
	}
	return a
}

// as sends JSON as a person of the world.
func (w *world) as(name, method, path string, body any) reply {
	w.t.Helper()
	raw := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			w.t.Fatal(err)
		}
		raw = string(b)
	}
	return w.send(request{method: method, path: apiRoot + path, as: name, body: raw})
}

// drafted starts a complete draft with a speaker.
func (w *world) drafted(name, group, call, title string) ProposalOut {
	w.t.Helper()
	var p ProposalOut
	into(w.as(name, post, "/proposals", map[string]any{"group": group, "call": call, "title": title, "answers": answersFor(call)}).want(201), &p)
	into(w.as(name, post, "/proposals/"+p.ID+"/speakers", map[string]any{
		"name": "Ignacio Prieto", "email": "ignacio.prieto@example.org",
		"titles": []string{"Budget Officer"}, "affiliations": []string{"Tri-County Library District"}, "bio": "Reads budgets aloud.",
	}).want(201), &p)
	return p
}

func (w *world) acted(name, ref, action string, body map[string]any) ProposalOut {
	w.t.Helper()
	if body == nil {
		body = map[string]any{}
	}
	var p ProposalOut
	r := w.as(name, post, "/proposals/"+ref+"/"+action, body)
	if r.StatusCode != 200 && r.StatusCode != 201 {
		w.t.Fatalf("%s: %d %s", action, r.StatusCode, r.body)
	}
	into(r, &p)
	return p
}

func (w *world) counted(name, group string) map[string]string {
	w.t.Helper()
	var s struct {
		Quotas []struct {
			Venue    string `json:"venue"`
			Required int    `json:"required"`
			Counted  int    `json:"counted"`
		} `json:"quotas"`
	}
	r := w.as(name, get, "/groups/"+group+"/standing?year=2026-27", nil).want(200)
	if err := json.Unmarshal(r.body, &s); err != nil {
		w.t.Fatal(err)
	}
	out := map[string]string{}
	for _, q := range s.Quotas {
		out[q.Venue] = fmt.Sprintf("%d/%d", q.Counted, q.Required)
	}
	return out
}

// member makes a name of the committee known to the fixture's tokens.
func (w *world) member(i int) string {
	name := fmt.Sprintf("Member %d", i)
	if _, ok := w.tokens.Load(name); !ok {
		p := sectiontest.Read(w.Fixture, func(tx *store.Tx) (domain.Person, error) {
			return tx.PersonByEmail(fmt.Sprintf("member%d@example.org", i))
		})
		w.tokens.Store(name, w.tokenFor(p.ID))
	}
	return name
}

func (w *world) tokenFor(personID string) string {
	w.t.Helper()
	who := sectiontest.Read(w.Fixture, func(tx *store.Tx) (domain.Actor, error) { return tx.ActorOf(personID, w.Today()) })
	made, err := w.server.Access.MakeToken(w.t.Context(), who, tokenWish())
	if err != nil {
		w.t.Fatal(err)
	}
	return made.Secret
}

// TestE1 is a full committee year, but for its reports.
func TestE1(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.committee()
		const group = "human-resources-development"
		chair, member := w.member(0), w.member(5)

		w.At("2026-09-15T10:00:00-04:00")
		one := w.drafted(member, group, "annual-2027-sessions", "Onboarding in a hybrid library")
		two := w.drafted(member, group, "annual-2027-sessions", "A year of stay interviews")
		w.as(member, post, "/proposals/"+one.ID+"/submit", map[string]any{}).refused(403, "not_your_move")
		one = w.acted(chair, one.ID, "submit", nil)
		two = w.acted(chair, two.ID, "submit", nil)
		if one.Number != "27-A-001" || two.Number != "27-A-002" || two.State != domain.Submitted {
			t.Fatalf("submitted as %s, %s in %s", one.Number, two.Number, two.State)
		}
		w.acted(chair, one.Number, "record-external-submission", map[string]any{"site": "ALA", "reference": "ALA27-0932", "sent_on": "2026-09-15"})

		w.At("2026-12-10T10:00:00-06:00")
		w.acted(chair, one.ID, "record-outside-outcome", map[string]any{"outcome": "accepted", "decided_on": "2026-12-10", "evidence": "Mail of Dec 10"})
		w.acted(chair, two.ID, "record-outside-outcome", map[string]any{"outcome": "declined", "decided_on": "2026-12-10", "evidence": "Mail of Dec 10"})

		w.At("2026-12-12T10:00:00-06:00")
		child := w.acted(chair, two.ID, "carry-forward", map[string]any{"call": "webinars-2026-27"})
		w.as(chair, post, "/proposals/"+two.ID+"/carry-forward", map[string]any{"call": "webinars-2026-27"}).refused(409, "not_from_here")

		w.At("2027-01-20T10:00:00-06:00")
		r := w.as(chair, post, "/proposals/"+child.ID+"/submit", map[string]any{})
		if p := r.refused(422, "required"); len(p.Errors) < 2 {
			t.Errorf("a carried draft lacks length and dates, and the refusal names %d fields", len(p.Errors))
		}
		edit := map[string]any{"answers": map[string][]string{"length": {"60"}, "preferred_dates": {"2027-05-20", "2027-05-27"}}}
		body, _ := json.Marshal(edit)
		w.send(request{method: patch, path: apiRoot + "/proposals/" + child.ID, as: chair, body: string(body), header: map[string]string{"If-Match": fmt.Sprintf(`"%d"`, child.Version)}}).want(200)
		child = w.acted(chair, child.ID, "submit", nil)

		w.At("2027-01-25T10:00:00-06:00")
		second := w.drafted(member, group, "webinars-2026-27", "Reading a budget aloud")
		w.acted(chair, second.ID, "submit", nil)

		w.At("2027-03-19T10:00:00-05:00")
		other := w.drafted(member, group, "other-divisions-2026-27", "For another division")
		p := w.as(chair, post, "/proposals/"+other.ID+"/submit", map[string]any{}).refused(409, "quota_gate")
		if !strings.Contains(p.Detail, "Core Forum (1)") || strings.Contains(p.Detail, "Webinars") {
			t.Errorf("the gate says %q", p.Detail)
		}

		w.At("2027-03-20T10:00:00-05:00")
		breakout := w.drafted(member, group, "forum-2027-breakouts", "Coaching across the reference desk")
		w.acted(chair, breakout.ID, "submit", nil)
		want := map[string]string{"annual": "2/2", "forum": "1/1", "webinar": "2/2"}
		for venue, n := range want {
			if got := w.counted(chair, group)[venue]; got != n {
				t.Errorf("%s: %s, want %s", venue, got, n)
			}
		}

		w.At("2027-03-21T10:00:00-05:00")
		w.acted(chair, other.ID, "submit", nil)

		var parent, kid ProposalOut
		into(w.as(chair, get, "/proposals/"+two.Number, nil).want(200), &parent)
		into(w.as(chair, get, "/proposals/"+child.Number, nil).want(200), &kid)
		if parent.State != domain.CarriedForward || parent.Child == nil || parent.Child.ID != kid.ID || kid.Parent == nil || kid.Parent.ID != parent.ID {
			t.Errorf("parent %s with child %+v; child with parent %+v", parent.State, parent.Child, kid.Parent)
		}
		w.stipendStory(chair, kid)
	})
}

// stipendStory ends the year: accepted, three stipends, and the fourth's 409.
func (w *world) stipendStory(chair string, p ProposalOut) {
	w.t.Helper()
	w.acted("Fay Nguyen", p.ID, "decide", map[string]any{"outcome": "accepted", "feedback": "Strong outcomes."})
	w.as(chair, post, "/proposals/"+p.ID+"/decide", map[string]any{"outcome": "declined"}).refused(403, "not_your_move")
	w.as(chair, post, "/proposals/"+p.ID+"/stipends", map[string]any{"speaker_id": p.Speakers[0].ID}).want(201)
	w.as(chair, post, "/proposals/"+p.ID+"/stipends", map[string]any{"speaker_id": p.Speakers[0].ID}).refused(409, "already_designated")
}

func tokenWish() workflows.TokenWish {
	return workflows.TokenWish{Name: "test", Scopes: []domain.Scope{domain.ScopeWrite}}
}
