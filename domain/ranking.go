package domain

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// RankingKey names a ranking: the proposals of one format at a venue in a year.
type RankingKey struct {
	SectionID string
	VenueID   string
	Year      Year
	FormatID  string
}

// Ranking is the order in which the Leadership Team recommends proposals. There
// is one for each format, so that no two have the same place.
type Ranking struct {
	RankingKey
	Version     int      // from 1 on; raised by every change
	Order       []string // ids of proposals, the best first; empty: nobody moved one yet
	Cut         *int     // how many are recommended; nil: no line is drawn
	MovedID     string   // the proposal that was moved last; empty: the line was
	MovedByID   string
	MovedByName string
	MovedAt     *time.Time
}

// Ranked is a proposal that has a place.
type Ranked struct {
	ID     string
	Number string
	Stats  ReviewStats
}

// ByScore orders by the exact mean, the highest first; those with the same mean,
// or without any, by number.
func ByScore(all []Ranked) []Ranked {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Ranked) int {
		if by := b.Stats.CompareMeans(a.Stats); by != 0 {
			return by
		}
		return cmp.Or(strings.Compare(a.Number, b.Number), strings.Compare(a.ID, b.ID))
	})
	return all
}

// Placed are the proposals in the ranking's order. Before the first move that is
// the order of scores; one that came later stands behind the others.
func (r Ranking) Placed(all []Ranked) []Ranked {
	placed := ByScore(all)
	if len(r.Order) == 0 {
		return placed
	}
	at := make(map[string]int, len(r.Order))
	for i, id := range r.Order {
		at[id] = i
	}
	place := func(x Ranked) int {
		if i, has := at[x.ID]; has {
			return i
		}
		return len(r.Order)
	}
	slices.SortStableFunc(placed, func(a, b Ranked) int { return place(a) - place(b) })
	return placed
}

// Ties are, by id, how many of the proposals have the same mean, where that is
// more than one. Means are compared exactly; no review is no tie.
func Ties(all []Ranked) map[string]int {
	ties := map[string]int{}
	sorted := ByScore(all)
	for i := 0; i < len(sorted); {
		end := i + 1
		for end < len(sorted) && sorted[i].Stats.CompareMeans(sorted[end].Stats) == 0 {
			end++
		}
		if sorted[i].Stats.Count > 0 && end-i > 1 {
			for _, x := range sorted[i:end] {
				ties[x.ID] = end - i
			}
		}
		i = end
	}
	return ties
}

// TieAtCut tells whether the line runs through a tie: how many proposals with the
// mean of the last one above it stand above and below. Both are 0 when it does not.
func TieAtCut(placed []Ranked, cut int) (above, below int) {
	if cut < 1 || cut >= len(placed) {
		return 0, 0
	}
	last := placed[cut-1].Stats
	for i, x := range placed {
		switch {
		case x.Stats.Count == 0 || x.Stats.CompareMeans(last) != 0:
		case i < cut:
			above++
		default:
			below++
		}
	}
	if below == 0 {
		return 0, 0
	}
	return above, below
}

// CutAtMean is where the line is drawn that recommends all with at least a mean,
// in hundredths of a point: how many there are.
func CutAtMean(all []Ranked, least int) int {
	n := 0
	for _, x := range all {
		if x.Stats.Count > 0 && x.Stats.Sum >= least*x.Stats.Count {
			n++
		}
	}
	return n
}

// RankMove is what is done with one proposal, or with the line.
type RankMove struct {
	ProposalID string
	Up, Down   bool
	To         int // a place from 1 on among those the person sees
}

// Moved is the order of ids after a move by somebody who sees only some of them:
// they count places among those, and what they do not see keeps its order. The
// proposal must be one they see. Invalid when the place is none.
func Moved(order []string, m RankMove, sees func(id string) bool) ([]string, error) {
	var seen []string
	for _, id := range order {
		if sees(id) {
			seen = append(seen, id)
		}
	}
	from := slices.Index(seen, m.ProposalID)
	if from < 0 {
		return nil, NotThere("proposal")
	}
	to := m.To - 1
	switch {
	case m.Up:
		to = max(0, from-1)
	case m.Down:
		to = min(len(seen)-1, from+1)
	}
	if to < 0 || to >= len(seen) {
		return nil, Refuse(Wrong("/to", "out_of_range", "Give a place from 1 to %d.", len(seen)))
	}
	rest := slices.DeleteFunc(slices.Clone(order), func(id string) bool { return id == m.ProposalID })
	if to == from {
		return slices.Clone(order), nil
	}
	others := slices.Delete(seen, from, from+1)
	if to < len(others) {
		return slices.Insert(rest, slices.Index(rest, others[to]), m.ProposalID), nil
	}
	return slices.Insert(rest, slices.Index(rest, others[to-1])+1, m.ProposalID), nil
}

// Clash says that the list changed since the person saw it, and who changed it.
// The title is that of the proposal moved last, as far as they may know it.
func (r Ranking) Clash(saw int, title, zone string) Reason {
	what := "moved the line"
	switch {
	case title != "":
		what = "moved “" + title + "”"
	case r.MovedID != "":
		what = "moved a proposal"
	}
	said := "The list changed since you opened it."
	if r.MovedAt != nil {
		at := r.MovedAt.In(Zone(zone))
		said = r.MovedByName + " " + what + " at " + Clock12(at) + " on " + LongDay(*r.MovedAt, zone) + "."
		if n := r.Version - saw; n > 1 {
			said += " It was the last of " + Plural(n, "change") + " since you opened the list."
		}
	}
	return Reason{Kind: Stale, Code: "ranking_moved", Detail: said + " Look at the list as it is now, then move again."}
}

// SeesRanking says why the actor may not look at the ranking board: it begins
// with the recommendations.
func (f Facts) SeesRanking() []Reason {
	if f.Actor.Has(Admin) || f.Begun(PhaseRecommend) {
		return nil
	}
	why := f.NotInPhase(MayRecommend, "not_recommending")
	for i := range why {
		why[i].Kind = Forbidden
	}
	return why
}

// MayDraw says why the actor may not draw the line: the Leadership chair does,
// while recommendations are made.
func (f Facts) MayDraw() []Reason {
	var why []Reason
	if !f.Actor.LeadershipChair(f.Section.ID) {
		why = append(why, notYours([]Who{ByLeadershipHead}))
	}
	return append(why, f.NotInPhase(MayRecommend, "not_recommending")...)
}

// Share is how many of the proposals, and of those recommended, have something.
type Share struct {
	Label       string
	All         int
	Recommended int
}

// Balance is what the proposals and those recommended are made of.
type Balance struct {
	All          int
	Recommended  int
	Institutions Share // different ones
	Speakers     Share
	Outside      Share // speakers who are not in the submitting group
	Groups       []Share
	Formats      []Share
}

// Balanced is a proposal as the balance depends on it.
type Balanced struct {
	Group       string
	Format      string
	Speakers    []Speaker
	Crew        Crew
	Recommended bool
}

// BalanceOf counts groups and formats, the largest first, and speakers.
func BalanceOf(all []Balanced) Balance {
	var b Balance
	groups, formats := map[string]*Share{}, map[string]*Share{}
	every, chosen := map[string]bool{}, map[string]bool{}
	for _, p := range all {
		one := 0
		if p.Recommended {
			one = 1
		}
		b.All, b.Recommended = b.All+1, b.Recommended+one
		b.Speakers = b.Speakers.add(p.Crew.Speakers, one*p.Crew.Speakers)
		b.Outside = b.Outside.add(p.Crew.Outside, one*p.Crew.Outside)
		count(groups, p.Group, one)
		count(formats, p.Format, one)
		institutions(p, every, chosen)
	}
	for at := range every {
		b.Institutions = b.Institutions.add(1, 0)
		if chosen[at] {
			b.Institutions = b.Institutions.add(0, 1)
		}
	}
	b.Groups, b.Formats = sorted(groups), sorted(formats)
	return b
}

// institutions notes where the speakers of a proposal work: of all, and of those
// recommended.
func institutions(p Balanced, every, chosen map[string]bool) {
	var room [folding]byte
	for i := range p.Speakers {
		if !p.Speakers[i].speaks() {
			continue
		}
		for _, a := range p.Speakers[i].Affiliations {
			at := appendFolded(room[:0], a)
			if len(at) > 0 && !every[string(at)] {
				every[string(at)] = true
			}
			if p.Recommended && len(at) > 0 && !chosen[string(at)] {
				chosen[string(at)] = true
			}
		}
	}
}

func (s Share) add(all, recommended int) Share {
	s.All, s.Recommended = s.All+all, s.Recommended+recommended
	return s
}

func count(shares map[string]*Share, label string, recommended int) {
	if shares[label] == nil {
		shares[label] = &Share{Label: label}
	}
	*shares[label] = shares[label].add(1, recommended)
}

func sorted(shares map[string]*Share) []Share {
	var all []Share
	for _, s := range shares {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b Share) int {
		if a.All != b.All {
			return b.All - a.All
		}
		return strings.Compare(a.Label, b.Label)
	})
	return all
}
