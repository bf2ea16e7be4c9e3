package web

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"lectern/domain"
)

// DashboardPage is the first screen of a group: what it owes, what comes next,
// its proposals, its checklist and its deadlines.
type DashboardPage struct {
	Page
	Group        domain.Group
	Year         domain.Year
	Years        []domain.Year // to choose from, in order
	Now          time.Time
	Zone         string // the section's
	Members      int    // today
	Chairs       int
	Standing     domain.Standing
	Gate         []domain.Reason // why other divisions are closed; nil when they are open
	GateOwed     []string        // Core Forum (1)
	Calls        []domain.Call   // of the year
	Proposals    []GroupProposal // newest change first
	More         bool            // there are more proposals than are listed
	ShowText     bool            // proposals and activity are listed: false for whom only the standing is
	Activity     []HistoryItem
	Checklist    []domain.ChecklistItem // of the month
	Month        time.Month
	MayTick      bool
	MayStart     bool // a proposal
	MaySeePeople bool
	Reasons      []domain.Reason // of a refused tick
}

// GroupProposal is a line of a group's list.
type GroupProposal struct {
	Ref         string // in its address: the number, or the id of a draft
	Title       string
	Year        domain.Year
	VenueID     string
	VenueName   string
	CallName    string
	State       domain.State
	Site        string // of the outside jury, where it has to be put; empty: decided here
	Reference   string // in that site
	Lead        string // the first speaker
	OpensAt     *time.Time
	ClosesAt    *time.Time
	Zone        string
	SubmittedAt *time.Time
}

// Href is the address of the proposal's page.
func (g GroupProposal) Href() string { return "/proposals/" + g.Ref }

// Note says what is to do with the proposal, or where it stands, in a few words.
func (g GroupProposal) Note(now time.Time) string {
	switch {
	case g.State == domain.Draft && g.OpensAt == nil:
		return "Dates not announced yet"
	case g.State == domain.Draft && now.Before(*g.OpensAt):
		return "Submissions open " + domain.LongDay(*g.OpensAt, g.Zone)
	case g.State == domain.Draft && g.ClosesAt != nil && now.Before(*g.ClosesAt):
		return "Draft, to be submitted by " + shortDay(lastMinute(*g.ClosesAt), g.Zone)
	case g.State == domain.Draft:
		return "The window is closed"
	case g.unsent():
		return "Ready, not yet put into " + g.Site
	case g.Reference != "":
		return "Sent, reference " + g.Reference
	}
	return ""
}

// Warn tells whether the note asks for something.
func (g GroupProposal) Warn() bool { return g.unsent() }

func (g GroupProposal) unsent() bool {
	return g.State == domain.Submitted && g.Site != "" && g.Reference == ""
}

func (g GroupProposal) carriable() bool {
	return g.State == domain.Declined || g.State == domain.Alternate
}

// shortDay is a day of this year's lists: Sep 21.
func shortDay(t time.Time, zone string) string { return t.In(domain.Zone(zone)).Format("Jan 2") }

// nextStep is what the group should do: a notice, and when it closes.
type nextStep struct {
	Tone  string
	Title string
	Text  string
	Until *time.Time // the end of the window; nil: none
	Zone  string
	Link  *Link
}

// next are the one or two things to do first. Most pressing: an open window
// with something owed; then a submission the other site does not have; then
// declined proposals that could go on; then the next window to open.
func (p DashboardPage) next() []nextStep {
	steps := slices.Concat(p.owedNow(), p.toSend(), p.toCarry(), p.owedLater())
	if len(steps) == 0 && len(p.Standing.Duties) > 0 && p.owes() == 0 {
		steps = []nextStep{{Tone: "good", Title: "Everything owed this year is submitted", Text: "Further proposals are welcome."}}
	}
	return steps[:min(2, len(steps))]
}

func (p DashboardPage) owes() int {
	n := 0
	for _, d := range p.Standing.Duties {
		n += d.Missing()
	}
	return n
}

func (p DashboardPage) open(d domain.Duty) bool {
	return d.OpensAt != nil && d.ClosesAt != nil && !p.Now.Before(*d.OpensAt) && p.Now.Before(*d.ClosesAt)
}

// owedNow are the duties whose window is open, the one that closes first first.
func (p DashboardPage) owedNow() []nextStep {
	due := slices.DeleteFunc(slices.Clone(p.Standing.Duties), func(d domain.Duty) bool { return d.Missing() == 0 || !p.open(d) })
	slices.SortStableFunc(due, func(a, b domain.Duty) int { return a.ClosesAt.Compare(*b.ClosesAt) })
	var steps []nextStep
	for _, d := range due {
		s := nextStep{Title: "submit " + owedWords(d), Until: d.ClosesAt, Zone: d.Zone, Link: p.startLink(d.VenueID)}
		if dutyTone(d, p.Now) == "warn" {
			s.Tone = "warn"
		}
		if g, found := p.draft(d.VenueID); found {
			s.Text = "“" + g.Title + "” is a draft."
			s.Link = &Link{"Continue this proposal", g.Href() + "/edit"}
		}
		steps = append(steps, s)
	}
	return steps
}

// owedWords is what is missing: 1 more ALA Annual proposal; 2 webinar proposals.
func owedWords(d domain.Duty) string {
	more := ""
	if d.Counted > 0 {
		more = "more "
	}
	noun := "proposals"
	if d.Missing() == 1 {
		noun = "proposal"
	}
	return fmt.Sprintf("%d %s%s %s", d.Missing(), more, adjective(d.VenueName), noun)
}

// adjective is a venue's name before a noun: webinar for Webinars.
func adjective(venue string) string {
	if one, plural := strings.CutSuffix(venue, "s"); plural && !strings.Contains(venue, " ") {
		return strings.ToLower(one)
	}
	return venue
}

func (p DashboardPage) draft(venueID string) (GroupProposal, bool) {
	i := slices.IndexFunc(p.Proposals, func(g GroupProposal) bool { return g.State == domain.Draft && g.VenueID == venueID && g.Year == p.Year })
	if i < 0 || !p.MayStart {
		return GroupProposal{}, false
	}
	return p.Proposals[i], true
}

func (p DashboardPage) startLink(venueID string) *Link {
	if !p.MayStart {
		return nil
	}
	to := "/proposals/new?group=" + p.Group.Slug
	for _, c := range p.Calls {
		if c.VenueID == venueID && c.OpenAt(p.Now) {
			return &Link{"Start this proposal", to + "&call=" + c.Slug}
		}
	}
	return &Link{"Start this proposal", to}
}

// toSend is a submission that the other site does not have yet (it counts here already).
func (p DashboardPage) toSend() []nextStep {
	for _, g := range p.Proposals {
		if g.unsent() {
			return []nextStep{{
				Title: "put “" + g.Title + "” into " + g.Site, Text: "It counts here already. The jury sees it only after you copy it there, by the same hour.",
				Link: &Link{"Copy it over", g.Href() + "#copy"},
			}}
		}
	}
	return nil
}

// toCarry is a declined proposal that could go on (R14).
func (p DashboardPage) toCarry() []nextStep {
	for _, g := range p.Proposals {
		if g.carriable() && p.MayStart {
			return []nextStep{{
				Title: "decide whether “" + g.Title + "” goes on", Text: "It was " + strings.ToLower(g.State.Label()) + " for " + g.VenueName + " and keeps counting there. Carried forward, it becomes a new draft with the text you have.",
				Link: &Link{"See where it can go", g.Href()},
			}}
		}
	}
	return nil
}

// owedLater is the next window that opens with something owed.
func (p DashboardPage) owedLater() []nextStep {
	var next *domain.Duty
	for i, d := range p.Standing.Duties {
		if d.Missing() == 0 || d.OpensAt == nil || !p.Now.Before(*d.OpensAt) {
			continue
		}
		if next == nil || d.OpensAt.Before(*next.OpensAt) {
			next = &p.Standing.Duties[i]
		}
	}
	if next == nil {
		return nil
	}
	step := nextStep{Title: "prepare " + owedWords(*next), Text: "Submissions open on " + domain.LongDay(*next.OpensAt, next.Zone) + ". Drafts can be written now."}
	if g, found := p.draft(next.VenueID); found {
		step.Link = &Link{"Continue “" + shorten(g.Title, 40) + "”", g.Href() + "/edit"}
	}
	return []nextStep{step}
}

// shorten cuts a text to n letters, after a whole word where there is one.
func shorten(s string, n int) string {
	letters := []rune(s)
	if len(letters) <= n {
		return s
	}
	cut := string(letters[:n-1])
	if end := strings.LastIndexFunc(cut, unicode.IsSpace); end > 0 && !unicode.IsSpace(letters[n-1]) {
		cut = cut[:end]
	}
	return strings.TrimRightFunc(cut, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) + "…"
}

// deadlines are the ends of the year's windows that are still to come, soonest first, at most five.
func (p DashboardPage) deadlines() []DateItem {
	var items []DateItem
	for _, c := range p.Calls {
		if c.Announced() && p.Now.Before(*c.ClosesAt) {
			items = append(items, DateItem{Title: c.Name, At: *c.ClosesAt, Zone: c.Zone, Closes: true, Note: opensNote(c, p.Now)})
		}
	}
	slices.SortStableFunc(items, func(a, b DateItem) int { return a.At.Compare(b.At) })
	return items[:min(5, len(items))]
}

func opensNote(c domain.Call, now time.Time) string {
	if now.Before(*c.OpensAt) {
		return "Opens " + shortDay(*c.OpensAt, c.Zone)
	}
	return "Open now"
}

// checklist are the month's items with their notes.
func (p DashboardPage) checklist() []ChecklistItem {
	items := make([]ChecklistItem, len(p.Checklist))
	for i, c := range p.Checklist {
		items[i] = ChecklistItem{ID: c.ID, Label: c.Text, Note: p.tickNote(c), Done: c.Done(p.Standing), Itself: !p.MayTick || c.DoneAt == nil && p.itself(c)}
	}
	return items
}

// itself tells whether an item is ticked by its duty, not by a person.
func (p DashboardPage) itself(c domain.ChecklistItem) bool {
	_, owed := p.Standing.Duty(c.VenueID)
	return owed
}

func (p DashboardPage) tickNote(c domain.ChecklistItem) string {
	d, owed := p.Standing.Duty(c.VenueID)
	switch {
	case c.DoneAt != nil && c.DoneBy != "":
		return "Done by " + c.DoneBy + ", " + shortDay(*c.DoneAt, p.Zone)
	case owed && d.Missing() == 0:
		return fmt.Sprintf("Done: %d of %d are submitted", d.Counted, d.Required)
	case owed:
		return fmt.Sprintf("Ticks itself when %d are submitted", d.Required)
	}
	return ""
}

func (p DashboardPage) ticked() int {
	n := 0
	for _, c := range p.Checklist {
		if c.Done(p.Standing) {
			n++
		}
	}
	return n
}

// tickable tells whether anybody could tick something, so that a save button makes sense.
func (p DashboardPage) tickable() bool {
	return slices.ContainsFunc(p.checklist(), func(c ChecklistItem) bool { return !c.Itself })
}

// KindWords is what people call a kind of group.
func KindWords(k domain.GroupKind) string {
	return map[domain.GroupKind]string{
		domain.Committee: "Committee", domain.InterestGroup: "Interest group",
		domain.WorkingGroup: "Working group", domain.Leadership: "Leadership Team",
	}[k]
}

// kindPlural heads a list of groups of a kind.
func kindPlural(k domain.GroupKind) string {
	return map[domain.GroupKind]string{
		domain.Committee: "Committees", domain.InterestGroup: "Interest groups",
		domain.WorkingGroup: "Working groups", domain.Leadership: "Leadership",
	}[k]
}

func (p DashboardPage) sizeWords() string {
	return domain.Plural(p.Members, "member") + ", " + domain.Plural(p.Chairs, "chair")
}

// yearLink is an address with the year.
func yearLink(path string, y domain.Year) string { return path + "?year=" + string(y) }

// inSentence is who did something, as it stands after "by": the buyer, Fay Nguyen.
func inSentence(by string) string {
	if strings.HasPrefix(by, "The ") {
		return lowerFirst(by)
	}
	return by
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
