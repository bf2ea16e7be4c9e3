package api

import (
	"fmt"
	"net/http"
	"strings"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
)

const forumCall = "forum-2027-breakouts"

// A plantedRound is a round of Core Forum, each part of it with words of its own
// that occur nowhere else, so that a page which has one tells where it is from.
type plantedRound struct {
	*world
	all    []ProposalOut // 1 to 4, submitted; 5, a draft
	packet string
	batch  string
	order  OrderOut
	quote  QuoteOut
	asked  string // the secret of the quote
	sale   domain.Offering
	paid   StipendOut
	seat   string // secret of a seat's link
	signIn string // secret of a sign-in link that nobody uses
	links  bool   // crawlers follow the links of pages
}

// plant fills the section with people of every kind and the round up to its
// submitted proposals. 1 has a speaker of Ivo's library, Rhea declared a conflict
// with 2, Dana speaks in 3; Sol of the Leadership Team is in the group, and Max of
// the committee and of the staff too.
func plant(w *world) *plantedRound {
	w.t.Helper()
	r := &plantedRound{world: w, signIn: w.linkFor("Otto Lang", "/"), links: true}
	w.otherSection()
	for name, in := range map[string]string{"Rhea Stamm": "leadership-team", "Ivo Brandt": "leadership-team", "Sol Marek": "leadership-team", "Lars Otten": "other-leadership", "Lea Holm": "other-group"} {
		role := domain.TermMember
		if strings.HasPrefix(in, "other") {
			role = domain.TermChair
		}
		w.Join(name, in, []domain.TermRole{role})
	}
	w.Join("Greta Ohm", "", nil)
	w.Join("Max Merger", newLeaders, []domain.TermRole{domain.TermMember}, domain.ForumMember, domain.Staff)
	w.joins("Sol Marek", newLeaders, domain.TermMember)
	w.former("Ulla Former")
	w.worksAt("Ivo Brandt", "Murkwell1 Library")
	r.sell()
	for i := range 5 {
		w.At(fmt.Sprintf("2027-03-1%dT12:00:00-05:00", i+5))
		r.all = append(r.all, w.planted(i+1))
	}
	w.as("Kim Adeyemi", post, "/calls/"+forumCall+"/guest-reviewers", map[string]string{"email": sectiontest.Email("Greta Ohm")}).want(http.StatusOK)
	w.as("Rhea Stamm", post, r.at(2)+"/recuse", map[string]any{}).want(http.StatusOK)
	return r
}

// at is the address of a proposal of the round, the first being 1.
func (r *plantedRound) at(i int) string { return "/proposals/" + r.all[i-1].ID }

// otherSection adds a section with a Leadership Team and a committee.
func (w *world) otherSection() {
	w.t.Helper()
	_, err := store.Write(w.t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		s := w.Section
		s.ID, s.Slug, s.Name, s.ShortName = w.NewID(), "other", "Other Section", "Other"
		if err := tx.PutSection(s); err != nil {
			return struct{}{}, err
		}
		team := domain.Group{ID: w.NewID(), Version: 1, SectionID: s.ID, Slug: "other-leadership", Name: "Other Leadership Team", Kind: domain.Leadership, Status: domain.GroupActive}
		group := domain.Group{ID: w.NewID(), Version: 1, SectionID: s.ID, Slug: "other-group", Name: "Other Committee", Kind: domain.Committee, Status: domain.GroupActive}
		if err := tx.AddGroup(team); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.AddGroup(group)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// former adds somebody whose term among the new leaders ended at the year's end.
func (w *world) former(name string) {
	w.t.Helper()
	w.Join(name, "", nil)
	g := w.Group(newLeaders)
	_, err := store.Write(w.t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		return struct{}{}, tx.AddTerm(domain.Term{ID: w.NewID(), Version: 1, GroupID: g.ID, PersonID: w.Person(name).ID, Role: domain.TermMember, StartsOn: sectiontest.Starts, EndsOn: "2026-12-31"})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) worksAt(name, institution string) {
	w.t.Helper()
	p := w.Person(name)
	_, err := store.Write(w.t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		p.Institution, p.Version = institution, p.Version+1
		return struct{}{}, tx.ChangePerson(p)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// planted is the proposal with a number among the five; the fifth stays a draft.
func (w *world) planted(i int) ProposalOut {
	w.t.Helper()
	answers := answersFor(forumCall)
	answers["full_description"] = []string{fmt.Sprintf("A grombelick%d is built.", i)}
	answers["elsewhere"], answers["elsewhere_where"] = []string{"yes"}, []string{fmt.Sprintf("At the vantrope%d.", i)}
	var p ProposalOut
	into(w.as("Ana Reyes", post, "/proposals", map[string]any{"group": newLeaders, "call": forumCall, "title": fmt.Sprintf("On ostrilune%d", i), "answers": answers}).want(201), &p)
	speaker := map[string]any{
		"name": fmt.Sprintf("Zyphrane%d Quill", i), "email": fmt.Sprintf("zyphrane%d@example.org", i), "titles": []string{"Head"},
		"affiliations": []string{fmt.Sprintf("Murkwell%d Library", i)}, "bio": fmt.Sprintf("Wrote plindery%d.", i),
	}
	into(w.as("Ana Reyes", post, "/proposals/"+p.ID+"/speakers", speaker).want(201), &p)
	if i == 3 {
		speaker["name"], speaker["email"] = "Dana Whitfield", sectiontest.Email("Dana Whitfield")
		into(w.as("Ana Reyes", post, "/proposals/"+p.ID+"/speakers", speaker).want(201), &p)
	}
	if i == 1 {
		r := request{method: patch, path: apiRoot + "/proposals/" + p.ID, as: "Ana Reyes", body: `{"co_sponsors":["member-experience"]}`, header: map[string]string{"If-Match": "*"}}
		into(w.send(r).want(200), &p)
	}
	if i == 5 {
		return p
	}
	into(w.as("Ben Castellano", post, "/proposals/"+p.ID+"/submit", map[string]any{}).want(200), &p)
	return p
}

// needs sets how many complete reviews a recommendation needs. With seven, everything
// is short of reviewers.
func (r *plantedRound) needs(reviews int) {
	r.t.Helper()
	_, err := store.Write(r.t.Context(), r.Store, func(tx *store.Tx) (struct{}, error) {
		s := r.Section
		s.Settings.ReviewMinimum = reviews
		return struct{}{}, tx.PutSection(s)
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// reviewed lets Chidi and Vera review all four, with scores that are theirs alone.
func (r *plantedRound) reviewed() {
	r.t.Helper()
	for i := 1; i <= 4; i++ {
		his, hers := reviewOf(5, 4, 5, 3, 4, 4), reviewOf(2, 3, 1, 4, 3, 2)
		his["comment"], his["note"] = fmt.Sprintf("A chidinote%d.", i), fmt.Sprintf("A chidiprivate%d.", i)
		hers["comment"] = fmt.Sprintf("A veranote%d.", i)
		r.as("Chidi Okonkwo", put, r.at(i)+"/review", his).want(http.StatusOK)
		r.as("Vera Lindholm", put, r.at(i)+"/review", hers).want(http.StatusOK)
	}
}

// released recommends all four and releases the packet.
func (r *plantedRound) released() {
	r.t.Helper()
	for i := 1; i <= 4; i++ {
		who, v := "Dana Whitfield", verdict(domain.VerdictYes)
		if i == 3 {
			who = "Vera Lindholm"
		}
		v["note_next"], v["note_submitter"] = fmt.Sprintf("A nextnote%d.", i), fmt.Sprintf("A subnote%d.", i)
		r.as(who, put, r.at(i)+"/recommendation", v).want(http.StatusOK)
	}
	var p PacketPreviewOut
	into(r.as("Dana Whitfield", get, packetsOf+"/preview", nil).want(http.StatusOK), &p)
	var out PacketOut
	into(r.as("Dana Whitfield", post, packetsOf, map[string]any{"token": p.Token}).want(http.StatusCreated), &out)
	r.packet = out.ID
}

// outcomes are staged for the proposals by number.
var outcomes = map[int]domain.Outcome{1: domain.OutcomeAccepted, 2: domain.OutcomeDeclined, 3: domain.OutcomeAlternate, 4: domain.OutcomeDeclined}

func (r *plantedRound) staged(i int) {
	r.t.Helper()
	r.as("Eli Marsh", put, r.at(i)+"/decision", map[string]any{
		"outcome": outcomes[i], "feedback": fmt.Sprintf("A feedword%d.", i), "reason": fmt.Sprintf("A stageword%d.", i),
	}).want(http.StatusOK)
}

// published publishes one staged decision as a batch.
func (r *plantedRound) published(i int) {
	r.t.Helper()
	r.staged(i)
	r.At("2027-06-15T12:00:00-05:00")
	only := map[string]any{"proposals": []string{r.all[i-1].ID}}
	var p PublishPreviewOut
	into(r.as("Fay Nguyen", post, "/calls/"+forumCall+"/decisions/preview", only).want(http.StatusOK), &p)
	only["token"] = p.Token
	var b BatchOut
	into(r.as("Fay Nguyen", post, "/calls/"+forumCall+"/decisions/publish", only).want(http.StatusOK), &b)
	if b.Done != 1 {
		r.t.Fatalf("published %+v", b)
	}
	r.batch = b.ID
}

// sell puts a webinar on sale with an order, a seat and a quote, and designates a
// stipend for its speaker, so that every address has something to show.
func (r *plantedRound) sell() {
	r.t.Helper()
	r.sale = r.onSale(50, 1_000_000)
	into(r.buy(r.sale, 2, nil).want(201), &r.order)
	secret := r.order.Secret
	into(r.by(secret, post, "/orders/"+r.order.ID+"/submit-po", billTo).want(200), &r.order)
	r.order.Secret = secret
	var pasted PastedOut
	into(r.by(secret, patch, "/orders/"+r.order.ID+"/seats", map[string]any{"list": "Jo, jo@example.org"}).want(200), &pasted)
	seats := sectiontest.Read(r.Fixture, func(tx *store.Tx) ([]domain.Seat, error) { return tx.Seats(r.order.ID) })
	r.seat = r.server.Access.Links.SeatToken(seats[0].ID, seats[0].LinkSerial)
	r.quote, r.asked = r.asks("", r.sale, 12, nil)
	into(r.staff("/quotes/"+r.quote.ID+"/offer", map[string]any{"unit_cents": 3900}).want(200), &r.quote)
	var p ProposalOut
	into(r.as("Ben Castellano", get, "/proposals/"+r.sale.ProposalID, nil).want(200), &p)
	r.paid = r.designated(p, 0)
}

// tokenID is the id of an API token of the person.
func (r *plantedRound) tokenID(name string) string {
	r.t.Helper()
	r.token(name)
	all, err := r.server.Access.Credentials(r.t.Context(), r.Actor(name), domain.TokenCredential)
	if err != nil || len(all) == 0 {
		r.t.Fatal("no token", err)
	}
	return all[0].ID
}
