package workflows

import (
	"context"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// RankingBoard is the ranked list of one format, as one person sees it.
type RankingBoard struct {
	Call     domain.Call // whose board it is
	Venue    domain.Venue
	Format   domain.Format
	Facts    domain.Facts // of the call: phases, and who asks
	Ranking  domain.Ranking
	Rows     []RankingRow
	Closed   []RankingClosed
	Cut      *int // how many of Rows are recommended; nil: no line is drawn
	Above    int  // with the mean of the last one above the line, when the line runs through a tie
	Below    int
	Balance  domain.Balance
	Verdicts int             // how many of Rows have one
	NoLine   []domain.Reason // why the person cannot draw the line; nil: they can
	Packet   int             // number of the newest packet; 0: none was released
	Others   []domain.Call   // of other formats of the venue and year
	order    []string        // of all proposals, also those not seen
	all      []domain.Ranked
}

// RankingRow is a proposal on the board.
type RankingRow struct {
	*store.RoundLine
	Rank   int
	Stats  domain.ReviewStats
	Scores []domain.ReviewScore // complete ones with a score
	Tied   int                  // how many have its mean, when more than one
	Above  bool                 // the line
	Fixed  []domain.Reason      // why the person cannot move it; nil: they can
}

// RankingClosed is a proposal that the person has a conflict with: they see its
// title, and who places it.
type RankingClosed struct {
	Title  string
	Placer string // who places it and finishes its recommendation; empty: nobody is free
}

// Board is the ranking board of a call. NotFound for others than the section's
// Leadership Team and administrators, Forbidden before the recommendations begin.
func (w Proposals) Board(ctx context.Context, who domain.Actor, call string) (RankingBoard, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (RankingBoard, error) { return w.board(tx, who, call) })
}

func (w Proposals) board(tx *store.Tx, who domain.Actor, call string) (RankingBoard, error) {
	r, c, err := tx.RoundOf(who, call)
	if err == nil && !(c.Venue.Reviewed() && (who.Leads(r.SectionID) || who.Has(domain.Admin))) {
		err = domain.NotThere("ranking")
	}
	if domain.IsKind(err, domain.NotFound) {
		return RankingBoard{}, domain.NotThere("ranking")
	}
	if err != nil {
		return RankingBoard{}, err
	}
	b := w.ranked(who, r, c.FormatID)
	b.Call, b.Format, b.Facts = c.Call, c.Format, w.callFacts(who, r, c.Call)
	b.NoLine = b.Facts.MayDraw()
	for _, o := range r.Calls {
		if o.FormatID != c.FormatID {
			b.Others = append(b.Others, o.Call)
		}
	}
	return b, domain.Refuse(b.Facts.SeesRanking()...)
}

// callFacts are the facts of a round that hold for all proposals of a call.
func (w Proposals) callFacts(who domain.Actor, r store.Round, c domain.Call) domain.Facts {
	f := domain.Facts{
		Actor: who, Now: w.Now(), Section: domain.Section{ID: r.SectionID}, Group: domain.Group{SectionID: r.SectionID}, Call: c, Venue: r.Venue,
	}
	for _, p := range r.Phases {
		if p.CallID == c.ID {
			f.Phases = append(f.Phases, p)
		}
	}
	return f
}

// ranked puts the proposals of a format in their order, for one person, with the
// balance of what they see.
func (w Proposals) ranked(who domain.Actor, r store.Round, format string) RankingBoard {
	b := w.listed(who, r, format)
	all := make([]domain.Balanced, len(b.Rows))
	for i := range b.Rows {
		row := &b.Rows[i]
		all[i] = domain.Balanced{Group: row.GroupName, Speakers: row.Conflicts.Speakers, Crew: row.Crew, Recommended: row.Above}
	}
	b.Balance = domain.BalanceOf(all)
	b.Balance.Formats = w.formatShares(who, r, b, format)
	return b
}

// listed is the list of ranked, without the balance.
func (w Proposals) listed(who domain.Actor, r store.Round, format string) RankingBoard {
	b := RankingBoard{Venue: r.Venue, Packet: r.Last, Ranking: rankingOf(r, format)}
	stats, scores := domain.StatsByProposal(r.Scores), scoresBy(r.Scores)
	lines := make(map[string]*store.RoundLine, len(r.Lines))
	b.all = make([]domain.Ranked, 0, len(r.Lines))
	for i := range r.Lines {
		if l := &r.Lines[i]; l.FormatID == format {
			lines[l.ID] = l
			b.all = append(b.all, domain.Ranked{ID: l.ID, Number: l.Number, Stats: stats[l.ID]})
		}
	}
	b.all = b.Ranking.Placed(b.all)
	b.Rows, b.order = make([]RankingRow, 0, len(b.all)), make([]string, 0, len(b.all))
	seen, heads := make([]domain.Ranked, 0, len(b.all)), w.headsOf(who, r)
	for i, x := range b.all {
		l := lines[x.ID]
		b.order = append(b.order, x.ID)
		fixed, conflict := heads.fixed(l)
		if conflict && !who.Has(domain.Admin) {
			b.Closed = append(b.Closed, RankingClosed{l.Title, placer(r, *l)})
			continue
		}
		seen = append(seen, x)
		if l.Recommendation != nil {
			b.Verdicts++
		}
		b.Rows = append(b.Rows, RankingRow{
			RoundLine: l, Rank: len(seen), Stats: x.Stats, Scores: scores[x.ID], Above: b.Ranking.Cut != nil && i < *b.Ranking.Cut, Fixed: fixed,
		})
	}
	b.line(seen)
	return b
}

// line draws the line among what the person sees, and marks ties.
func (b *RankingBoard) line(seen []domain.Ranked) {
	ties := domain.Ties(seen)
	above := 0
	for i := range b.Rows {
		row := &b.Rows[i]
		row.Tied = ties[row.ID]
		if row.Above {
			above++
		}
	}
	if b.Ranking.Cut != nil {
		b.Cut = &above
		b.Above, b.Below = domain.TieAtCut(seen, above)
	}
}

func rankingOf(r store.Round, format string) domain.Ranking {
	if k, has := r.Rankings[format]; has {
		return k
	}
	return domain.Ranking{RankingKey: domain.RankingKey{SectionID: r.SectionID, VenueID: r.Venue.ID, Year: r.Year, FormatID: format}, Version: 1}
}

func scoresBy(all []domain.ReviewScore) map[string][]domain.ReviewScore {
	by := make(map[string][]domain.ReviewScore, len(all)/2)
	for of := range domain.ScoresByProposal(all) {
		if slices.ContainsFunc(of, func(s domain.ReviewScore) bool { return !s.Counts() }) {
			of = keptOf(of, func(s domain.ReviewScore) bool { return s.Counts() })
		}
		if len(of) > 0 {
			by[of[0].ProposalID] = of
		}
	}
	return by
}

// heads tell who may place a proposal of a round. That depends on its call, its group
// and on whether there are conflicts, not which: most proposals are alike in it, so it
// is worked out once for each kind.
type heads struct {
	of     domain.Reader
	chairs []domain.Reader
	facts  map[string]domain.Facts // of each call
	known  map[headKey][]domain.Reason
}

type headKey struct {
	call, group              string
	conflict, chairsConflict bool
}

func (w Proposals) headsOf(who domain.Actor, r store.Round) heads {
	h := heads{of: who.Reader(), chairs: r.Chairs, facts: map[string]domain.Facts{}, known: map[headKey][]domain.Reason{}}
	for _, c := range r.Calls {
		h.facts[c.ID] = w.callFacts(who, r, c.Call)
	}
	return h
}

// fixed is why the person does not place a proposal, nil when they do, and whether
// they have a conflict with it.
func (h heads) fixed(l *store.RoundLine) ([]domain.Reason, bool) {
	k, conflicts := headKey{call: l.CallID, group: l.GroupID}, domain.ConflictsOf(h.of, l.Conflicts)
	free := func(c domain.Reader) bool { return len(domain.ConflictsOf(c, l.Conflicts)) == 0 }
	k.conflict, k.chairsConflict = len(conflicts) > 0, len(h.chairs) > 0 && !slices.ContainsFunc(h.chairs, free)
	if why, known := h.known[k]; known {
		return why, k.conflict
	}
	f := h.facts[l.CallID]
	f.Conflict, f.ChairInConflict = conflicts, k.chairsConflict
	h.known[k] = f.MayPlace(l.GroupID)
	return h.known[k], k.conflict
}

// placer is who recommends a proposal: a chair without a conflict, else a vice chair.
func placer(r store.Round, l store.RoundLine) string {
	for i, heads := range [][]domain.Reader{r.Chairs, r.Vices} {
		for _, h := range heads {
			if len(domain.ConflictsOf(h, l.Conflicts)) == 0 {
				return h.Name + []string{", chair", ", vice chair"}[i]
			}
		}
	}
	return ""
}

// formatShares are the formats of a round with how many of each the person sees,
// and how many of those are recommended. The board is that of one format.
func (w Proposals) formatShares(who domain.Actor, r store.Round, board RankingBoard, of string) []domain.Share {
	var all []domain.Share
	for _, c := range r.Calls {
		b := board
		if c.FormatID != of {
			b = w.listed(who, r, c.FormatID)
		}
		known := slices.ContainsFunc(all, func(s domain.Share) bool { return s.Label == c.Format.Name })
		if len(b.Rows) == 0 || known {
			continue
		}
		share := domain.Share{Label: c.Format.Name, All: len(b.Rows)}
		if b.Cut != nil {
			share.Recommended = *b.Cut
		}
		all = append(all, share)
	}
	return all
}

// MoveRanked moves one proposal of a call's ranking. Version is that of the list
// the person saw; Stale with who moved what when it is an old one. Forbidden for
// who does not place the proposal, Conflict outside of the phase, Invalid when
// the place is none.
func (w Proposals) MoveRanked(ctx context.Context, who domain.Actor, call string, version int, m domain.RankMove) (RankingBoard, error) {
	return w.changeRanking(ctx, who, call, version, func(tx *store.Tx, b RankingBoard, k domain.Ranking) error {
		i := slices.IndexFunc(b.Rows, func(r RankingRow) bool { return r.ID == m.ProposalID || r.Number == m.ProposalID })
		if i < 0 {
			return domain.NotThere("proposal")
		}
		if err := domain.Refuse(b.Rows[i].Fixed...); err != nil {
			return err
		}
		m.ProposalID = b.Rows[i].ID
		return w.moveIn(tx, who, b, k, m)
	})
}

// DrawLine draws the line of a call's ranking below the first cut proposals that
// the person sees; nil takes it away. Stale, Forbidden and Conflict as for
// MoveRanked, Invalid when there are not so many.
func (w Proposals) DrawLine(ctx context.Context, who domain.Actor, call string, version int, cut *int) (RankingBoard, error) {
	return w.changeRanking(ctx, who, call, version, func(tx *store.Tx, b RankingBoard, k domain.Ranking) error {
		if err := domain.Refuse(b.NoLine...); err != nil {
			return err
		}
		if cut != nil && (*cut < 0 || *cut > len(b.Rows)) {
			return domain.Refuse(domain.Wrong("/cut", "out_of_range", "Give a number from 0 to %d.", len(b.Rows)))
		}
		k.MovedID, k.Cut = "", b.lineAt(cut)
		return w.saveRanking(tx, who, k)
	})
}

// DrawLineAtMean draws the line so that all with at least a mean, in hundredths of
// a point, are above it; the list goes back to the order of scores.
func (w Proposals) DrawLineAtMean(ctx context.Context, who domain.Actor, call string, version, least int) (RankingBoard, error) {
	return w.changeRanking(ctx, who, call, version, func(tx *store.Tx, b RankingBoard, k domain.Ranking) error {
		if err := domain.Refuse(b.NoLine...); err != nil {
			return err
		}
		if least < 0 || least > domain.FullScore {
			return domain.Refuse(domain.Wrong("/least", "out_of_range", "Give a mean from 0 to 100."))
		}
		cut := domain.CutAtMean(b.all, least)
		k.MovedID, k.Cut, k.Order = "", &cut, nil
		return w.saveRanking(tx, who, k)
	})
}

// lineAt is where the line is among all proposals when it is below the first n
// that the person sees.
func (b RankingBoard) lineAt(n *int) *int {
	if n == nil || *n == 0 {
		return n
	}
	at := slices.Index(b.order, b.Rows[*n-1].ID) + 1
	return &at
}

func (w Proposals) changeRanking(ctx context.Context, who domain.Actor, call string, version int, change func(*store.Tx, RankingBoard, domain.Ranking) error) (RankingBoard, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (RankingBoard, error) {
		b, err := w.board(tx, who, call)
		if err != nil {
			return b, err
		}
		k, err := tx.HoldRanking(b.Ranking.RankingKey)
		if err != nil {
			return b, err
		}
		if k.Version != b.Ranking.Version { // it was begun in the moment between
			if b, err = w.board(tx, who, call); err != nil {
				return b, err
			}
		}
		if version != 0 && version != k.Version {
			return b, domain.Refuse(b.Clash(version))
		}
		if err := change(tx, b, k); err != nil {
			return b, err
		}
		return w.board(tx, who, call)
	})
}

// Clash says who changed the list since the version the person saw, and what, as
// far as they may know it.
func (b RankingBoard) Clash(saw int) domain.Reason {
	return b.Ranking.Clash(saw, b.titleOf(b.Ranking.MovedID), b.Call.Zone)
}

func (b RankingBoard) titleOf(id string) string {
	for _, row := range b.Rows {
		if row.ID == id {
			return row.Title
		}
	}
	return ""
}

// moveIn makes a move in a ranking that is held; one that changes nothing is none.
func (w Proposals) moveIn(tx *store.Tx, who domain.Actor, b RankingBoard, k domain.Ranking, m domain.RankMove) error {
	sees := map[string]bool{}
	for _, row := range b.Rows {
		sees[row.ID] = true
	}
	order, err := domain.Moved(b.order, m, func(id string) bool { return sees[id] })
	if err != nil || slices.Equal(order, b.order) {
		return err
	}
	k.Order, k.MovedID = order, m.ProposalID
	return w.saveRanking(tx, who, k)
}

func (w Proposals) saveRanking(tx *store.Tx, who domain.Actor, k domain.Ranking) error {
	now := w.Now()
	k.Version, k.MovedByID, k.MovedByName, k.MovedAt = k.Version+1, who.ID, who.Name, &now
	if err := tx.SaveRanking(k); err != nil {
		return err
	}
	action := "move"
	if k.MovedID == "" {
		action = "draw-line"
	}
	return w.audit(tx, who, action, "ranking", k.VenueID+" "+string(k.Year)+" "+k.FormatID, "")
}
