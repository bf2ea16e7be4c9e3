package workflows

import (
	"context"
	"slices"
	"strconv"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// Boards are the overviews: of a group, of a year, and the first page of each person.
type Boards struct{ Base }

// How much of each list a board shows.
const (
	boardLines     = 25
	boardSteps     = 10
	boardDeadlines = 6
	pipelineLines  = 200
)

// GroupBoard is everything on a group's dashboard.
type GroupBoard struct {
	store.GroupFacts
	Year      domain.Year
	Standing  domain.Standing
	Gate      Gate
	Next      *domain.Duty        // what to do next; nil: nothing that can be done still
	NextDraft *store.ProposalLine // the newest draft for that duty, when there is one
	Unsent    []store.ProposalLine
	Proposals []store.ProposalLine // newest change first, of all years on the present year's board
	More      bool                 // there are more proposals than these
	Activity  []domain.Step
	Month     int // of the checklist, 1 to 12
	Checklist []ChecklistLine
	Deadlines []store.CallLine // windows that are not over, the one that closes first first
	MayStart  bool             // the person may start a proposal here
	MayTick   bool             // the person may tick and word the checklist
}

// Group is a group's dashboard in a program year; an empty year is the present
// one. In six statements, for a reviewer seven, however much there is. NotFound for
// others than insiders.
func (w Boards) Group(ctx context.Context, who domain.Actor, ref string, y domain.Year) (GroupBoard, error) {
	y, err := yearOr(y, who)
	if err != nil {
		return GroupBoard{}, err
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) (GroupBoard, error) { return w.group(tx, who, ref, y) })
}

func (w Boards) group(tx *store.Tx, who domain.Actor, ref string, y domain.Year) (GroupBoard, error) {
	b := GroupBoard{Year: y, Month: monthOf(who.Today)}
	var err error
	if b.GroupFacts, err = tx.GroupFacts(ref, who.Today); err != nil {
		return b, err
	}
	if !insider(who, b.Group) {
		return GroupBoard{}, domain.NotThere("group")
	}
	b.MayStart, b.MayTick = who.MemberOf(b.Group.ID) && b.Group.Active(), domain.ChecklistItem{GroupID: b.Group.ID}.MayChange(who)
	if err := w.fillDuties(tx, &b); err != nil {
		return b, err
	}
	in, err := tx.SightIn(who, b.Group.ID, w.Now())
	if err != nil {
		return b, err
	}
	if err := w.fillProposals(tx, who, in, &b); err != nil {
		return b, err
	}
	if b.Activity, err = tx.ActivityOf(who, in, ActivityFilter{Limit: boardSteps}); err != nil {
		return b, err
	}
	items, err := tx.Checklist(b.Group.ID, y, b.Month)
	b.Checklist = checklistLines(items, b.Standing)
	return b, err
}

func monthOf(d domain.Date) int { return int(d.Midnight(time.UTC).Month()) }

func (w Boards) fillDuties(tx *store.Tx, b *GroupBoard) error {
	calls, err := tx.CallLines(b.Year, b.Year.Next())
	if err != nil {
		return err
	}
	set := b.Section.Settings
	all, err := tx.Duties([]string{b.Group.ID}, b.Year, set.CoSponsors == "each", calls, w.Now())
	b.Standing = all[b.Group.ID]
	b.Gate = gateOf(b.Standing, set, w.Base)
	if next, has := b.Standing.Next(w.Now()); has {
		b.Next = &next
	}
	for _, c := range calls {
		if c.SectionID == b.Section.ID && c.Announced() && !c.ClosedAt(w.Now()) && len(b.Deadlines) < boardDeadlines {
			b.Deadlines = append(b.Deadlines, c)
		}
	}
	return err
}

func (w Boards) fillProposals(tx *store.Tx, who domain.Actor, in store.GroupSight, b *GroupBoard) error {
	f := store.ProposalFilter{In: &in, Limit: boardLines + 1, Now: w.Now()}
	if b.Year != domain.YearOf(who.Today) {
		f.Year = b.Year
	}
	lines, err := tx.Proposals(who, f)
	if b.More = len(lines) > boardLines; b.More {
		lines = lines[:boardLines]
	}
	b.Proposals = lines
	for i, l := range lines {
		if b.Next != nil && b.NextDraft == nil && l.State == domain.Draft && l.VenueID == b.Next.VenueID && l.Year == b.Year {
			b.NextDraft = &lines[i]
		}
		if l.State == domain.Submitted && l.Decider == domain.DecidedOutside && l.Reference == "" {
			b.Unsent = append(b.Unsent, l)
		}
	}
	return err
}

// BoardRow is one group on the year board.
type BoardRow struct {
	store.GroupFacts
	Standing domain.Standing
	Gate     Gate
	Counts   []store.StateCount // of its proposals of the year, by venue, format and state
	Drafts   []store.DraftTitle // for who may know their titles
}

// States are how many of the group's proposals are in each state.
func (r BoardRow) States() map[domain.State]int {
	n := map[domain.State]int{}
	for _, c := range r.Counts {
		n[c.State] += c.N
	}
	return n
}

// YearBoard is every group's standing in a year.
type YearBoard struct {
	Year     domain.Year
	Rows     []BoardRow           // the Leadership Team first, then by kind and name
	Calls    []store.CallLine     // of the year, in the order they close
	Pipeline []store.ProposalLine // the year's proposals the person may see, newest change first
}

// Year is the board of a program year, of the groups the person may know of: all
// of a section for its Leadership Team, staff and administrators, else one's own.
// In six statements, however many groups there are. NotFound when there is none.
func (w Boards) Year(ctx context.Context, who domain.Actor, y domain.Year) (YearBoard, error) {
	y, err := yearOr(y, who)
	if err != nil {
		return YearBoard{}, err
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) (YearBoard, error) { return w.year(tx, who, y) })
}

func (w Boards) year(tx *store.Tx, who domain.Actor, y domain.Year) (YearBoard, error) {
	b := YearBoard{Year: y}
	facts, err := tx.AllGroupFacts(who.Today)
	if err != nil {
		return b, err
	}
	facts = slices.DeleteFunc(facts, func(f store.GroupFacts) bool { return !insider(who, f.Group) })
	if len(facts) == 0 {
		return b, domain.NotThere("board")
	}
	if b.Calls, err = tx.CallLines(y); err != nil {
		return b, err
	}
	if b.Rows, err = w.rows(tx, facts, y, b.Calls); err != nil {
		return b, err
	}
	if err := fillCounts(tx, who, &b); err != nil {
		return b, err
	}
	b.Pipeline, err = tx.Proposals(who, store.ProposalFilter{Year: y, Limit: pipelineLines, Now: w.Now()})
	return b, err
}

// rows are the standings, counted for the lead or for each sponsor as the
// groups' sections chose: one statement while all chose the same.
func (w Boards) rows(tx *store.Tx, facts []store.GroupFacts, y domain.Year, calls []store.CallLine) ([]BoardRow, error) {
	ids := map[bool][]string{}
	for _, f := range facts {
		each := f.Section.Settings.CoSponsors == "each"
		ids[each] = append(ids[each], f.Group.ID)
	}
	standings := map[string]domain.Standing{}
	for _, each := range []bool{false, true} {
		some, err := tx.Duties(ids[each], y, each, calls, w.Now())
		if err != nil {
			return nil, err
		}
		for id, s := range some {
			standings[id] = s
		}
	}
	rows := make([]BoardRow, len(facts))
	for i, f := range facts {
		s := standings[f.Group.ID]
		rows[i] = BoardRow{GroupFacts: f, Standing: s, Gate: gateOf(s, f.Section.Settings, w.Base)}
	}
	return rows, nil
}

func fillCounts(tx *store.Tx, who domain.Actor, b *YearBoard) error {
	var ids, titled []string
	for _, r := range b.Rows {
		ids = append(ids, r.Group.ID)
		if who.Has(domain.Admin) || who.MemberOf(r.Group.ID) || who.Leads(r.Group.SectionID) {
			titled = append(titled, r.Group.ID)
		}
	}
	counts, drafts, err := tx.StateCounts(ids, titled, b.Year)
	if err != nil {
		return err
	}
	for i := range b.Rows {
		r := &b.Rows[i]
		r.Counts = keptOf(counts, func(c store.StateCount) bool { return c.GroupID == r.Group.ID })
		r.Drafts = keptOf(drafts, func(d store.DraftTitle) bool { return d.GroupID == r.Group.ID })
	}
	return nil
}

func keptOf[T any](all []T, keep func(T) bool) []T {
	var kept []T
	for _, one := range all {
		if keep(one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// Venues are the ids of the venues that somebody owes something, in their order.
func (b YearBoard) Venues() []string {
	var ids []string
	for _, r := range b.Rows {
		for _, d := range r.Standing.Duties {
			if !slices.Contains(ids, d.VenueID) {
				ids = append(ids, d.VenueID)
			}
		}
	}
	return ids
}

// Table is the board as a table, its heads first: for each venue what is owed and
// what counts, empty where nothing is owed, then how many proposals are in each state.
func (b YearBoard) Table() [][]string {
	head := []string{"group", "kind", "year"}
	for _, v := range b.Venues() {
		head = append(head, v+"_required", v+"_counted", v+"_missing")
	}
	for _, s := range domain.States() {
		head = append(head, string(s))
	}
	rows := [][]string{append(head, "gate_open")}
	for _, r := range b.Rows {
		rows = append(rows, b.cells(r))
	}
	return rows
}

func (b YearBoard) cells(r BoardRow) []string {
	row := []string{r.Group.Name, string(r.Group.Kind), string(b.Year)}
	for _, v := range b.Venues() {
		d, owed := r.Standing.Duty(v)
		if !owed {
			row = append(row, "", "", "")
			continue
		}
		row = append(row, strconv.Itoa(d.Required), strconv.Itoa(d.Counted), strconv.Itoa(d.Missing()))
	}
	states := r.States()
	for _, s := range domain.States() {
		row = append(row, strconv.Itoa(states[s]))
	}
	return append(row, strconv.FormatBool(r.Gate.Open))
}
