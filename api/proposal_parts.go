package api

import (
	"slices"
	"strconv"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// speakers are the cards of those on the program. Addresses are shown to the
// group, staff and administrators; what a stipend is about, to staff and finance.
func (v proposalView) speakers() []web.SpeakerCard {
	a := v.Facts.Actor
	near := a.MemberOf(v.GroupID) || a.Has(domain.Staff, domain.Admin)
	var all []web.SpeakerCard
	for _, sp := range domain.Active(v.Facts.Speakers) {
		card := web.SpeakerCard{ID: sp.ID, Name: sp.Name, Line: belowName(sp), Moderates: sp.Role == domain.Moderates, Answer: sp.Answer}
		if near {
			card.Email = sp.Email
		}
		if v.Facts.Venue.Stipends && v.State == domain.Accepted && a.SignedIn() {
			v.addStipend(&card, sp)
		}
		all = append(all, card)
	}
	return all
}

// belowName is a speaker's line without the name.
func belowName(sp domain.Speaker) string {
	sp.Name, sp.ToBeNamed = "", false
	return sp.Line()
}

func (v proposalView) maySeeStipends() bool {
	return v.Facts.Actor.SeesStipends(v.GroupID)
}

// addStipend adds the newest stipend of the speaker with what can be done about it.
func (v proposalView) addStipend(card *web.SpeakerCard, sp domain.Speaker) {
	if !v.maySeeStipends() {
		return
	}
	base := "/proposals/" + v.Ref()
	i := slices.IndexFunc(v.Facts.Stipends, func(st domain.Stipend) bool { return st.SpeakerID == sp.ID && st.State.Live() })
	if i < 0 {
		i = newest(v.Facts.Stipends, sp.ID)
	}
	if i >= 0 {
		st := v.Facts.Stipends[i]
		card.Stipend = st.State
		card.Note = v.stipendNote(st)
		v.stipendMoves(card, st, base+"/stipends/"+st.ID+"/")
		if st.State.Live() {
			return
		}
	}
	v.offer(card, sp, base)
}

func newest(all []domain.Stipend, speakerID string) int {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].SpeakerID == speakerID {
			return i
		}
	}
	return -1
}

func (v proposalView) stipendNote(st domain.Stipend) string {
	note := "Designated " + domain.LongDay(st.DesignatedAt, v.zone())
	if st.State == domain.StipendVoid {
		note = st.VoidReason
	}
	if v.Facts.Actor.Has(domain.Staff, domain.Finance, domain.Admin) {
		note = "Place " + strconv.Itoa(st.Slot) + ", " + domain.Dollars(st.AmountCents) + ". " + note
	}
	return note
}

func (v proposalView) stipendMoves(card *web.SpeakerCard, st domain.Stipend, to string) {
	if len(st.Why(domain.AcceptMoney, v.Proposal, v.Facts)) == 0 {
		card.Buttons = append(card.Buttons, web.SmallMove{Label: "Accepts, on their behalf", To: to + string(domain.AcceptMoney)})
	}
	if len(st.Why(domain.WaiveMoney, v.Proposal, v.Facts)) == 0 {
		card.Buttons = append(card.Buttons, web.SmallMove{Label: "Waives it", To: to + string(domain.WaiveMoney)})
	}
	if len(st.Why(domain.VoidMoney, v.Proposal, v.Facts)) == 0 {
		card.Void = &web.Control{Name: "reason", ID: "void-" + st.ID, Label: "Why", Hint: "The place becomes free again."}
		card.VoidTo = to + string(domain.VoidMoney)
		if v.again.typed.Get("stipend") == st.ID { // refused: open again, with what was typed
			card.Void.Value, card.Void.Errors = v.again.typed.Get("reason"), saysAll(v.again.why)
		}
	}
}

// offer is the button that designates, or why there is none for those who would have it.
func (v proposalView) offer(card *web.SpeakerCard, sp domain.Speaker, base string) {
	why := domain.MayDesignate(v.Proposal, sp.ID, v.Facts)
	if len(why) == 0 {
		slot, _ := domain.FreeSlot(v.Facts.Stipends, v.Facts.Section.Settings.StipendCap)
		card.Buttons = append(card.Buttons, web.SmallMove{Label: "Designate for place " + strconv.Itoa(slot), To: base + "/designate", Name: "speaker_id", Value: sp.ID})
		return
	}
	if !slices.ContainsFunc(why, func(r domain.Reason) bool { return r.Kind == domain.Forbidden }) {
		card.Refused = why
	}
}

func (v proposalView) stipends() *web.StipendCard {
	if !v.Facts.Venue.Stipends || v.State != domain.Accepted || !v.maySeeStipends() && !v.Facts.Actor.Leads(v.Facts.Section.ID) {
		return nil
	}
	set := v.Facts.Section.Settings
	return &web.StipendCard{All: set.StipendCap, Used: v.Facts.Places, Amount: domain.Dollars(set.StipendCents)}
}

// waiting are the replacements that those who decide have not agreed to yet.
func (v proposalView) waiting() []string {
	var all []string
	for _, r := range v.Replacements {
		old := "a speaker"
		for _, sp := range v.Facts.Speakers {
			if sp.ID == r.SpeakerID {
				old = sp.Name
			}
		}
		all = append(all, r.Name+" for "+old+", proposed by "+r.AskedName+". It waits for those who decide: they agree by replacing "+old+" without another name.")
	}
	return all
}

// carry is the form that carries forward, with the call chosen before a refusal.
func (v proposalView) carry() *web.CarryPanel {
	if !v.May(domain.CarryForward) {
		return nil
	}
	c := &web.CarryPanel{
		To: web.MoveAddress(v.Ref(), domain.CarryForward), Version: v.Version, Errors: says(v.again.why, "/call"),
		Why: "Text and speakers go into a new draft; nothing is typed twice.",
	}
	if d := v.Facts.Decision; d != nil && d.DecidedOn.Valid() {
		c.Why = "It was " + string(d.Outcome) + " on " + domain.LongDay(d.DecidedOn.Midnight(domain.Zone("UTC")), "UTC") + ". " + c.Why
	}
	goes := "title, text, " + domain.Plural(len(domain.Active(v.Facts.Speakers)), "speaker") + " (asked again)"
	for _, t := range v.Carry {
		c.Targets = append(c.Targets, choice(t, v.ProposalView, goes, v.Standing))
	}
	choose(c.Targets, v.again.typed.Get("call"))
	return c
}

// choose ticks the call asked for, or the first that takes the text.
func choose(all []web.CarryChoice, asked string) {
	for i := range all {
		if len(all[i].Refused) == 0 && (asked == "" || asked == all[i].Call) {
			all[i].Chosen = true
			return
		}
	}
}

func choice(t workflows.CarryTarget, v workflows.ProposalView, goes string, standing domain.Standing) web.CarryChoice {
	c := web.CarryChoice{Call: t.Call.Slug, Name: t.Call.Name, Hint: windowWords(t.Call, v.Facts), Goes: goes, Stays: t.LeftOut, Asked: t.Asked, Over: t.Over, Refused: t.Refused}
	if duty, owed := standing.Duty(t.Call.VenueID); owed && t.Call.Year == v.Year {
		c.Hint += " You have " + strconv.Itoa(duty.Counted) + " of " + strconv.Itoa(duty.Required) + "."
	}
	return c
}

// windowWords tells when a call can be submitted to.
func windowWords(c domain.Call, f domain.Facts) string {
	switch {
	case !c.Announced():
		return "The dates are not announced yet."
	case c.OpenAt(f.Now):
		return "Open now, closes " + domain.Deadline(*c.ClosesAt, c.Zone) + "."
	case c.ClosedAt(f.Now):
		return "Closed " + domain.Deadline(*c.ClosesAt, c.Zone) + "."
	}
	return "Opens " + domain.LongDay(*c.OpensAt, c.Zone) + ", closes " + domain.Deadline(*c.ClosesAt, c.Zone) + "."
}

// copyPanel is the text for the outside jury's site, from the first submission on.
func (v proposalView) copyPanel() *web.CopyPanel {
	f := v.Facts
	if f.Venue.Decider != domain.DecidedOutside || v.State != domain.Submitted {
		return nil
	}
	c := &web.CopyPanel{
		Site: f.Venue.Site, Venue: f.Venue.Name, Revision: v.Revision, To: web.MoveAddress(v.Ref(), domain.RecordExternal), Version: v.Version,
		Items: web.CopyItems(f.Form.Spec, v.Title, v.Answers, f.Speakers), Form: f.External == nil && v.May(domain.RecordExternal),
	}
	typed := v.again.typed
	c.Fields = []web.Control{
		{Name: "reference", Label: "The reference it gave", Hint: "The number in the confirmation mail", Value: typed.Get("reference"), Autocomplete: "off", Errors: says(v.again.why, "/reference")},
		{Name: "sent_on", Label: "Sent on", Type: "date", Value: or2(typed.Get("sent_on"), string(f.Actor.Today)), Errors: says(v.again.why, "/sent_on")},
	}
	return c
}
