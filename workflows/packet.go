package workflows

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lectern/domain"
	"lectern/internal/store"
)

// Packets are the workflows on packets of recommendations.
type Packets struct{ Base }

// PacketView is a packet as one person may read it.
type PacketView struct {
	domain.Packet
	Closed []string // titles of those the person has a conflict with
}

// PacketLine is a packet in a list.
type PacketLine = store.PacketLine

// PacketPreview is what would be released now.
type PacketPreview struct {
	PacketView                 // with the number it would have
	Token      string          // to release just this
	Refused    []domain.Reason // why it cannot be released; nil: it can
	Last       *domain.Packet  // the one before; nil: none
	Venue      domain.Venue
	Calls      []store.DeskCall // of the venue and year
}

// PacketWish is what a packet is released with.
type PacketWish struct {
	Note   string // what changed since the one before
	Scores bool   // with reviewers' names and single scores
	Token  string
}

// List are the packets the person may read, the newest first. NotFound for who
// reads none.
func (w Packets) List(ctx context.Context, who domain.Actor, after *store.ListCursor, limit int) ([]PacketLine, error) {
	if !readsPackets(who) {
		return nil, domain.NotThere("page")
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]PacketLine, error) { return tx.Packets(who, after, limit) })
}

// readsPackets tells whether there can be packets for the person: for the
// Leadership Team, those who decide, staff and administrators.
func readsPackets(who domain.Actor) bool {
	return who.Has(domain.Admin, domain.Staff, domain.ForumMember, domain.ForumChair) || len(who.Sections()) > 0
}

// Get finds a packet. Of proposals that the person has a conflict with there is
// the title only. NotFound when it is not theirs to read.
func (w Packets) Get(ctx context.Context, who domain.Actor, id string) (PacketView, error) {
	if !readsPackets(who) {
		return PacketView{}, domain.NotThere("packet")
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) (PacketView, error) {
		p, err := tx.Packet(who, id)
		if err != nil {
			return PacketView{}, err
		}
		closed, err := tx.ClosedIn(who, id)
		return withheld(p, closed), err
	})
}

// Read is Get with the newest packet of the venue and year, when there is a newer
// one than this; nil otherwise.
func (w Packets) Read(ctx context.Context, who domain.Actor, id string) (PacketView, *domain.Packet, error) {
	v, err := w.Get(ctx, who, id)
	if err != nil {
		return v, nil, err
	}
	newest, err := store.Read(ctx, w.Store, func(tx *store.Tx) (*domain.Packet, error) { return tx.NewestPacket(v.SectionID, v.VenueID, v.Year) })
	if newest != nil && newest.ID == v.ID {
		newest = nil
	}
	return v, newest, err
}

func withheld(p domain.Packet, closed map[string]bool) PacketView {
	v := PacketView{Packet: p}
	v.Content, v.Closed = p.Content.Withheld(func(id string) bool { return closed[id] })
	return v
}

// Preview is what would be released for a venue and year, and what stands in the
// way. NotFound for others than the Leadership Team and administrators, Forbidden
// before the recommendations begin, while names and scores are not theirs to see.
func (w Packets) Preview(ctx context.Context, who domain.Actor, y domain.Year, venue string, scores bool) (PacketPreview, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (PacketPreview, error) {
		f, r, err := w.facts(tx, who, y, venue, scores)
		if err == nil {
			err = domain.Refuse(w.unseen(who, r)...)
		}
		if err != nil {
			return PacketPreview{}, err
		}
		p := PacketPreview{Token: f.PreviewToken(), Refused: f.WhyNot(), Last: f.Last, Venue: f.Venue, Calls: r.Calls}
		p.PacketView = withheld(domain.Packet{VenueID: f.Venue.ID, Year: y, Number: f.Number(), Content: f.Content}, closedTo(who, r))
		return p, nil
	})
}

// Release releases the packet that was previewed. Forbidden for others than the
// Leadership chair, Conflict while a proposal has no verdict or outside of the
// phase, Stale when the preview is outdated or somebody else was first, Invalid
// without a note from the second packet on. Then nothing is released.
func (w Packets) Release(ctx context.Context, who domain.Actor, y domain.Year, venue string, wish PacketWish) (PacketView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (PacketView, error) {
		f, r, err := w.facts(tx, who, y, venue, wish.Scores)
		if err != nil {
			return PacketView{}, err
		}
		f.Note, f.Token = strings.TrimSpace(wish.Note), wish.Token
		if err := domain.Refuse(f.Check()...); err != nil {
			return PacketView{}, err
		}
		p := domain.Packet{
			ID: w.NewID(), SectionID: f.Section.ID, VenueID: f.Venue.ID, Year: y, Number: f.Number(), Note: f.Note, Content: f.Content,
			ReleasedBy: who.ID, ReleasedName: who.Name, ReleasedAt: w.Now(),
		}
		if err := tx.AddPacket(p); err != nil {
			return PacketView{}, err
		}
		if err := w.audit(tx, who, "release", "packet", p.ID, fmt.Sprintf("%s %s, packet %d", f.Venue.Name, y, p.Number)); err != nil {
			return PacketView{}, err
		}
		return withheld(p, closedTo(who, r)), w.tellDeciders(tx, p)
	})
}

// unseen says why the person may not look at the round's ranking yet: every call
// that has proposals in it has to have come to its recommendations.
func (w Packets) unseen(who domain.Actor, r store.Round) []domain.Reason {
	for _, c := range r.Calls {
		if !slices.ContainsFunc(r.Lines, func(l store.RoundLine) bool { return l.CallID == c.ID }) {
			continue
		}
		if why := Proposals(w).callFacts(who, r, c.Call).SeesRanking(); len(why) > 0 {
			return why
		}
	}
	return nil
}

func closedTo(who domain.Actor, r store.Round) map[string]bool {
	closed := map[string]bool{}
	for _, l := range r.Lines {
		closed[l.ID] = l.Conflicts.ClosedTo(who, r.SectionID)
	}
	return closed
}

func (w Packets) facts(tx *store.Tx, who domain.Actor, y domain.Year, venue string, scores bool) (domain.PacketFacts, store.Round, error) {
	section, err := sectionFor(tx, who)
	if err != nil {
		return domain.PacketFacts{}, store.Round{}, err
	}
	r, err := tx.Round(who, section.ID, venue, y)
	if err == nil && !r.Venue.Reviewed() {
		err = domain.NotThere("packet")
	}
	if err != nil {
		return domain.PacketFacts{}, r, err
	}
	f := domain.PacketFacts{Actor: who, Section: section, Venue: r.Venue, Year: y}
	if f.Last, err = tx.NewestPacket(section.ID, venue, y); err != nil {
		return f, r, err
	}
	f.Proposals = w.unready(who, section, r)
	f.Content, err = w.content(tx, section, r, scores)
	return f, r, err
}

// sectionFor is the section whose packets the person prepares.
func sectionFor(tx *store.Tx, who domain.Actor) (domain.Section, error) {
	if led := who.Sections(); len(led) > 0 {
		return tx.Section(led[0])
	}
	all, err := tx.Sections()
	if err == nil && (len(all) == 0 || !who.Has(domain.Admin)) {
		err = domain.NotThere("packet")
	}
	if err != nil {
		return domain.Section{}, err
	}
	return all[0], nil
}

// unready is what stands in the way of a packet, proposal by proposal; what holds
// for all of them is said once.
func (w Packets) unready(who domain.Actor, section domain.Section, r store.Round) []domain.Reason {
	flows, facts := Proposals(w), map[string]domain.Facts{}
	for _, c := range r.Calls {
		f := flows.callFacts(who, r, c.Call)
		f.Section, f.ChairInConflict = section, len(r.Chairs) == 0 // then the vice chair acts
		facts[c.ID] = f
	}
	var why []domain.Reason
	for _, l := range r.Lines {
		f := facts[l.CallID]
		f.Recommendation = l.Recommendation
		for _, reason := range f.MayPacket(l.GroupID, l.Number, l.Title) {
			if !slices.Contains(why, reason) {
				why = append(why, reason)
			}
		}
	}
	return why
}

// content is what a packet of the round holds, with a section for each format.
func (w Packets) content(tx *store.Tx, section domain.Section, r store.Round, scores bool) (domain.PacketContent, error) {
	c := domain.PacketContent{Section: section.Name, Venue: r.Venue.Name, Scores: scores, Sections: []domain.PacketSection{}}
	var ids []string
	for _, l := range r.Lines {
		ids = append(ids, l.ID)
	}
	whole, err := tx.Contents(ids)
	if err != nil {
		return c, err
	}
	speakers, err := tx.SpeakersOf(ids)
	if err != nil {
		return c, err
	}
	lines := map[string][]string{}
	for _, s := range domain.Active(speakers) {
		lines[s.ProposalID] = append(lines[s.ProposalID], s.Line())
	}
	for _, call := range r.Calls {
		if slices.ContainsFunc(c.Sections, func(s domain.PacketSection) bool { return s.FormatID == call.FormatID }) {
			continue
		}
		b := Proposals(w).ranked(domain.Actor{Roles: []domain.Role{domain.Admin}}, r, call.FormatID)
		if len(b.Rows) == 0 {
			continue
		}
		form, err := tx.Form(call.FormID)
		if err != nil {
			return c, err
		}
		s := domain.PacketSection{FormatID: call.FormatID, Format: call.Format.Name, Cut: b.Cut}
		for _, row := range b.Rows {
			item := packetItem(row, whole[row.ID], form.Spec, scores, r.Scores)
			item.Speakers = append([]string{}, lines[row.ID]...)
			s.Items = append(s.Items, item)
		}
		c.Sections = append(c.Sections, s)
	}
	return c, nil
}

func packetItem(row RankingRow, p domain.Proposal, form domain.FormSpec, shared bool, all []domain.ReviewScore) domain.PacketItem {
	i := domain.PacketItem{
		ProposalID: row.ID, Rank: row.Rank, Number: row.Number, Title: row.Title, Revision: row.Revision, Group: row.GroupName, Text: []domain.PacketText{},
		Reviews: row.Stats.Count, Recused: row.Stats.Recused, Mean: row.Stats.Mean, Min: row.Stats.Min, Max: row.Stats.Max, Flagged: row.Stats.Flagged(), Tied: row.Tied,
	}
	if rec := row.Recommendation; rec != nil {
		i.Verdict, i.Note, i.FewReviews = rec.Verdict, rec.NoteNext, rec.Reason
		i.VotesFor, i.VotesAgainst, i.VotesAbstained, i.VotesRecused = rec.VotesFor, rec.VotesAgainst, rec.VotesAbstained, rec.Recused
	}
	for _, field := range form.Fields {
		if values := p.Answers[field.Key]; field.Key != domain.TitleKey && field.Kind != domain.Agree && len(values) > 0 {
			i.Text = append(i.Text, domain.PacketText{Label: field.Label, Values: field.Words(values)})
		}
	}
	for _, s := range all {
		if s.ProposalID != row.ID || s.Recused || s.State != domain.ReviewComplete {
			continue
		}
		if s.Action == domain.ProposeWebinar {
			i.Webinar++
		}
		if shared {
			i.Scores = append(i.Scores, domain.PacketScore{Name: s.Name, Score: s.Score, Verdict: s.Verdict, Abstained: s.Abstained})
		}
	}
	return i
}

// tellDeciders writes to those who decide at the venue.
func (w Packets) tellDeciders(tx *store.Tx, p domain.Packet) error {
	deciders, err := tx.PeopleWith(domain.ForumMember, domain.ForumChair)
	if err != nil {
		return err
	}
	body := []string{fmt.Sprintf("%s of %s released packet %d for %s %s: %s, in the order recommended, with a verdict and the votes on each.",
		p.ReleasedName, p.Content.Section, p.Number, p.Content.Venue, p.Year, domain.Plural(p.Content.Size(), "proposal"))}
	if p.Note != "" {
		body = append(body, "What changed: "+p.Note)
	}
	body = append(body, "It is advice: you decide.")
	return w.tell(tx, letter{
		kind: domain.PacketReleased, cause: p.ID, about: p.SectionID + " " + p.VenueID + " " + string(p.Year), subject: fmt.Sprintf("Packet %d: %s %s", p.Number, p.Content.Venue, p.Year),
		body: body, link: domain.LinkPage, linkTo: "/packets/" + p.ID,
	}, deciders...)
}

// Table is the packet as a table, its heads first.
func (v PacketView) Table() [][]string {
	rows := [][]string{{
		"format", "rank", "recommended", "number", "title", "group", "speakers", "verdict", "for", "against", "abstained", "recused",
		"mean", "lowest", "highest", "reviews", "reviewers disagree", "also suits a webinar", "note",
	}}
	for _, s := range v.Content.Sections {
		for _, i := range s.Items {
			above := ""
			if s.Cut != nil {
				above = yesNo(s.Recommended(i))
			}
			rows = append(rows, []string{
				s.Format, strconv.Itoa(i.Rank), above, i.Number, i.Title, i.Group, strings.Join(i.Speakers, "; "), i.Verdict.Label(),
				strconv.Itoa(i.VotesFor), strconv.Itoa(i.VotesAgainst), strconv.Itoa(i.VotesAbstained), strconv.Itoa(i.VotesRecused),
				points(i, int(i.Mean*100+0.5)), points(i, i.Min), points(i, i.Max), strconv.Itoa(i.Reviews), yesNo(i.Flagged), yesNo(i.AlsoWebinar()), i.Note,
			})
		}
	}
	return rows
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// points are hundredths as a table has them; empty without a review.
func points(i domain.PacketItem, hundredths int) string {
	if i.Reviews == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(hundredths)/100, 'f', 2, 64)
}
