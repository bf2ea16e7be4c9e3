package api

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

const packetsOf = "/years/2026-27/venues/forum/packets"

// forum is a world with six breakouts, P1 to P6, reviewed by Chidi and Vera but
// for P6, which has one review; Dana, the chair, speaks in P4. The clock stands in
// the recommendation phase.
func forum(w *world) []ProposalOut {
	w.t.Helper()
	var all []ProposalOut
	for _, title := range []string{"P1", "P2", "P3", "P4", "P5", "P6"} {
		w.At("2027-03-10T12:00:00-06:00")
		p := w.drafted("Ana Reyes", "new-leaders-and-managers", "forum-2027-breakouts", title)
		if title == "P4" {
			w.as("Ana Reyes", post, "/proposals/"+p.ID+"/speakers", map[string]any{"name": "Dana Whitfield", "email": sectiontest.Email("Dana Whitfield"), "titles": []string{"Director"}, "affiliations": []string{"Northgate"}, "bio": "Leads."}).want(http.StatusCreated)
		}
		var sent ProposalOut
		into(w.as("Ben Castellano", post, "/proposals/"+p.ID+"/submit", map[string]any{}).want(http.StatusOK), &sent)
		all = append(all, sent)
	}
	w.At("2027-04-08T12:00:00-05:00")
	for i, p := range all {
		w.as("Chidi Okonkwo", put, "/proposals/"+p.ID+"/review", reviewOf(5, 4, 5, 3, 4, 4)).want(http.StatusOK)
		if i < 5 {
			w.as("Vera Lindholm", put, "/proposals/"+p.ID+"/review", reviewOf(5, 5-i, 3, 3, 3, 3)).want(http.StatusOK)
		}
	}
	w.At("2027-04-20T12:00:00-05:00")
	return all
}

func verdict(v domain.Verdict) map[string]any {
	return map[string]any{"verdict": v, "votes_for": 4, "votes_against": 0, "votes_abstained": 0, "recused": 1, "note_next": "For the committee.", "note_submitter": "For the group."}
}

// TestE2Packet is the second half of E2: one review is too few, two are enough;
// the vice chair acts where the chair speaks; a packet is numbered and stays as it
// is; others see nothing.
func TestE2Packet(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		all := forum(w)
		at := func(i int) string { return "/proposals/" + all[i-1].Number + "/recommendation" }

		w.At("2027-04-18T12:00:00-05:00")
		w.as("Dana Whitfield", put, at(1), verdict(domain.VerdictYes)).refused(http.StatusConflict, "not_recommending")
		w.as("Chidi Okonkwo", get, at(1), nil).refused(http.StatusForbidden, "not_recommending")
		w.as("Chidi Okonkwo", get, "/calls/forum-2027-breakouts/ranking", nil).refused(http.StatusForbidden, "not_recommending")
		w.as("Dana Whitfield", get, packetsOf+"/preview", nil).refused(http.StatusForbidden, "not_recommending")
		w.as("Eli Marsh", get, "/proposals/"+all[0].Number+"/decision", nil).refused(http.StatusNotFound, "not_found")
		w.At("2027-04-20T12:00:00-05:00")

		bad := map[string]any{"votes_for": -1}
		var codes []string
		for _, e := range w.as("Chidi Okonkwo", put, at(6), bad).refused(http.StatusForbidden, "not_your_move").Errors {
			codes = append(codes, e.Pointer+" "+e.Code)
		}
		if got := strings.Join(codes, ", "); !strings.Contains(got, "/verdict required") || !strings.Contains(got, "/votes_for out_of_range") || !strings.Contains(got, "too_few_reviews") {
			t.Errorf("not every reason at once: %s", got)
		}

		w.as("Dana Whitfield", put, at(6), verdict(domain.VerdictYes)).refused(http.StatusConflict, "too_few_reviews")
		var rec RecommendationOut
		into(w.as("Dana Whitfield", put, at(1), verdict(domain.VerdictStrong)).want(http.StatusOK), &rec)
		if rec.Version != 1 || rec.Rank != 2 || rec.Of != 5 {
			t.Errorf("two reviews: %+v, want version 1 and place 2, behind P6, of the 5 that the chair sees", rec)
		}
		w.send(request{method: put, path: apiRoot + at(1), as: "Dana Whitfield", body: `{"verdict":"recommend"}`, header: map[string]string{"If-Match": `"7"`}}).refused(http.StatusPreconditionFailed, "stale_version")

		w.as("Dana Whitfield", put, at(4), verdict(domain.VerdictYes)).refused(http.StatusForbidden, "conflict_of_interest")
		w.as("Dana Whitfield", get, at(4), nil).refused(http.StatusForbidden, "conflict_of_interest")
		w.as("Vera Lindholm", put, at(1), verdict(domain.VerdictYes)).refused(http.StatusForbidden, "not_your_move")
		w.as("Vera Lindholm", put, at(4), verdict(domain.VerdictYes)).want(http.StatusOK)

		token := func(name string) PacketPreviewOut {
			var p PacketPreviewOut
			into(w.as(name, get, packetsOf+"/preview", nil).want(http.StatusOK), &p)
			return p
		}
		first := token("Dana Whitfield")
		if len(first.Reasons) != 4 || first.Reasons[0].Code != "no_verdict" {
			t.Errorf("P2, P3, P5 and P6 have no verdict, but %+v", first.Reasons)
		}
		w.as("Dana Whitfield", post, packetsOf, map[string]any{"token": first.Token}).refused(http.StatusConflict, "no_verdict")
		for _, i := range []int{2, 3, 5} {
			w.as("Dana Whitfield", put, at(i), verdict(domain.VerdictYes)).want(http.StatusOK)
		}
		few := verdict(domain.VerdictWebinar)
		few["reason"] = "The second reader fell ill."
		w.as("Dana Whitfield", put, at(6), few).want(http.StatusOK)
		w.as("Dana Whitfield", post, packetsOf, map[string]any{"token": first.Token}).refused(http.StatusPreconditionFailed, "preview_outdated")
		now := token("Dana Whitfield")
		if len(now.Reasons) != 0 || now.Number != 1 || len(now.Packet.Sections) != 1 || len(now.Packet.Sections[0].Items) != 5 || len(now.Packet.Closed) != 1 || now.Packet.Closed[0] != "P4" {
			t.Fatalf("the chair previews %+v", now)
		}
		w.as("Vera Lindholm", post, packetsOf, map[string]any{"token": now.Token}).refused(http.StatusForbidden, "not_your_move")
		for _, name := range []string{"Hollis Grant", "Eli Marsh", "Otto Lang", "Ana Reyes", "Fay Nguyen"} {
			w.as(name, get, packetsOf+"/preview", nil).refused(http.StatusNotFound, "not_found")
			w.as(name, post, packetsOf, map[string]any{"token": now.Token}).refused(http.StatusNotFound, "not_found")
			w.as(name, get, "/calls/forum-2027-breakouts/ranking", nil).refused(http.StatusNotFound, "not_found")
		}
		var one PacketOut
		into(w.as("Dana Whitfield", post, packetsOf, map[string]any{"token": now.Token}).want(http.StatusCreated), &one)
		w.as("Dana Whitfield", post, packetsOf, map[string]any{"token": token("Dana Whitfield").Token}).refused(http.StatusConflict, "nothing_changed")

		w.as("Dana Whitfield", put, at(2), verdict(domain.VerdictNo)).want(http.StatusOK)
		if p := w.as("Dana Whitfield", post, packetsOf, map[string]any{"token": token("Dana Whitfield").Token}).refused(http.StatusUnprocessableEntity, "required"); p.Errors[0].Pointer != "/note" {
			t.Errorf("the note is asked for at %q", p.Errors[0].Pointer)
		}
		var two, again PacketOut
		into(w.as("Dana Whitfield", post, packetsOf, map[string]any{"token": token("Dana Whitfield").Token, "note": "P2 is no longer recommended."}).want(http.StatusCreated), &two)
		into(w.as("Eli Marsh", get, "/packets/"+one.ID, nil).want(http.StatusOK), &again)
		if two.Number != 2 || again.Number != 1 || verdictIn(again, "P2") != domain.VerdictYes {
			t.Errorf("packet 2 is %d, and packet 1 says now %s of P2", two.Number, verdictIn(again, "P2"))
		}
		readers(w, all, one, two)
	})
}

func verdictIn(p PacketOut, title string) domain.Verdict {
	for _, i := range p.Sections[0].Items {
		if i.Title == title {
			return i.Verdict
		}
	}
	return ""
}

// readers checks who reads packets, and what of them.
func readers(w *world, all []ProposalOut, one, two PacketOut) {
	w.t.Helper()
	var seen PacketOut
	into(w.as("Eli Marsh", get, "/packets/"+two.ID, nil).want(http.StatusOK), &seen)
	items := seen.Sections[0].Items
	if len(items) != 6 || items[0].Group == "" || len(items[0].Speakers) == 0 || len(items[0].Text) == 0 || items[0].Note != "For the committee." || verdictIn(seen, "P4") == "" {
		w.t.Errorf("the committee reads %+v", seen)
	}
	body := w.as("Eli Marsh", get, "/packets/"+two.ID, nil).body
	for _, secret := range []string{"Chidi Okonkwo", "Vera Lindholm", "For the group."} {
		if bytes.Contains(body, []byte(secret)) {
			w.t.Errorf("the committee reads %q", secret)
		}
	}
	into(w.as("Dana Whitfield", get, "/packets/"+two.ID, nil).want(http.StatusOK), &seen)
	if len(seen.Sections[0].Items) != 5 || len(seen.Closed) != 1 || bytes.Contains(w.as("Dana Whitfield", get, "/packets/"+two.ID, nil).body, []byte(all[3].ID)) {
		w.t.Errorf("the chair, who speaks in P4, reads %+v", seen)
	}
	for _, name := range []string{"Hollis Grant", "Otto Lang", "Ana Reyes", "Ben Castellano", "Gus Petrakis"} {
		w.as(name, get, "/packets/"+one.ID, nil).refused(http.StatusNotFound, "not_found")
		w.as(name, get, "/packets", nil).refused(http.StatusNotFound, "not_found")
	}
	var list struct {
		Data       []PacketBriefOut `json:"data"`
		NextCursor *string          `json:"next_cursor"`
	}
	into(w.as("Eli Marsh", get, "/packets?limit=1", nil).want(http.StatusOK), &list)
	if len(list.Data) != 1 || list.Data[0].Number != 2 || list.Data[0].Proposals != 6 || list.NextCursor == nil {
		w.t.Fatalf("the list of packets is %+v", list)
	}
	into(w.as("Eli Marsh", get, "/packets?limit=1&cursor="+*list.NextCursor, nil).want(http.StatusOK), &list)
	if len(list.Data) != 1 || list.Data[0].Number != 1 || list.NextCursor != nil {
		w.t.Errorf("its second page is %+v", list)
	}
	mails := sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.Mail, error) {
		return tx.Mails(store.MailFilter{Kind: domain.PacketReleased, Limit: 10})
	})
	waiting := 0
	for _, m := range mails {
		if m.State == domain.MailWaiting {
			waiting++
		}
	}
	if len(mails) != 4 || waiting != 2 {
		w.t.Errorf("%d mails, %d waiting; want one for each of two people and packets, those of packet 1 superseded", len(mails), waiting)
	}
}

// TestPacketShares: reviewers' names and single scores are in a packet only when
// the chair says so, and a decision then needs no reason of its own.
func TestPacketShares(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	all := forum(w)
	for i, p := range all {
		who, in := "Dana Whitfield", verdict(domain.VerdictYes)
		in["reason"] = "Enough."
		if i == 3 {
			who = "Vera Lindholm"
		}
		w.as(who, put, "/proposals/"+p.ID+"/recommendation", in).want(http.StatusOK)
	}
	ben := func() ProposalOut {
		var seen ProposalOut
		into(w.as("Ben Castellano", get, "/proposals/"+all[0].ID, nil).want(http.StatusOK), &seen)
		return seen
	}
	if ben().Decision != nil {
		t.Error("the group reads a decision before there is one")
	}
	var p PacketPreviewOut
	into(w.as("Dana Whitfield", get, packetsOf+"/preview?scores=true", nil).want(http.StatusOK), &p)
	w.as("Dana Whitfield", post, packetsOf, map[string]any{"token": p.Token}).refused(http.StatusPreconditionFailed, "preview_outdated")
	var out PacketOut
	into(w.as("Dana Whitfield", post, packetsOf, map[string]any{"token": p.Token, "scores": true}).want(http.StatusCreated), &out)
	if got := out.Sections[0].Items[1].Scores; len(got) != 2 || got[0].Name == "" || got[0].Score == nil {
		t.Errorf("shared scores: %+v", got)
	}
	w.At("2027-05-10T12:00:00-05:00")
	v, err := w.server.Proposals.Get(t.Context(), w.Actor("Kim Adeyemi"), all[0].ID)
	if err != nil || v.Facts.Packet != 1 {
		t.Errorf("the facts of a proposal in packet 1 say packet %d, %v", v.Facts.Packet, err)
	}
	_, err = w.server.Proposals.Act(t.Context(), w.Actor("Fay Nguyen"), all[0].ID, domain.Decide, workflows.Move{Input: domain.Input{Outcome: domain.OutcomeAccepted}})
	if err != nil {
		t.Errorf("deciding on what is in a packet: %v", err)
	}
	if d := ben().Decision; d == nil || d.Note != "For the group." {
		t.Errorf("the group reads %+v", d)
	}
	w.visit("Ben Castellano", "/proposals/"+all[0].ID, nil).want(http.StatusOK).has("From the Leadership Team", "For the group.").hasNot("For the committee.")
}

// TestDecidersReadThePacket: until decisions are published, those who decide see
// what the newest packet says beside each proposal, in its order, in few statements.
func TestDecidersReadThePacket(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := plant(newWorld(t, s, withOutbox))
		r.At("2027-04-08T12:00:00-05:00")
		r.reviewed()
		r.At("2027-04-20T12:00:00-05:00")
		r.released()
		r.At("2027-05-10T12:00:00-05:00")
		eli := r.crawler("Eli Marsh", nil)
		page := eli.asks("/calls/" + forumCall + "/decisions")
		text := string(page.body)
		last := 0
		for place := 1; place <= 4; place++ {
			at := strings.Index(text, "Packet 1: place "+strconv.Itoa(place)+" of 4.")
			if at < last {
				t.Errorf("place %d stands at %d, after %d", place, at, last)
			}
			last = at
		}
		for _, words := range []string{"<b>Recommend</b>, mean 58.75 of 2 reviews.", "nextnote1"} {
			if !strings.Contains(text, words) {
				t.Errorf("the page does not say %q", words)
			}
		}
		if page.statements > 7 {
			t.Errorf("%d statements", page.statements)
		}
		r.staged(1)
		r.At("2027-06-15T12:00:00-05:00")
		if page := eli.asks("/calls/" + forumCall + "/decisions"); strings.Contains(string(page.body), "Packet 1: place") || page.statements > 7 {
			t.Errorf("while publishing: %d statements, or still the packet", page.statements)
		}
	})
}
