package domain

// Shortage tells whether enough people can review a proposal (R12). Who is on the
// Leadership Team comes from its committees, so that conflicts are frequent there.
type Shortage struct {
	Free  int // reviews it can get, counted up to Least
	Least int // complete reviews that a recommendation needs
}

// Short tells whether an administrator should add a guest reviewer.
func (s Shortage) Short() bool { return s.Free < s.Least }

// ShortageOf counts who of the readers is free of conflict with a proposal. Reviews
// by people who no longer review count as well, since they stay; kept is how many
// there are.
func ShortageOf(readers []Reader, f ConflictFacts, kept, least int) Shortage {
	s := Shortage{Free: min(kept, least), Least: least}
	for _, r := range readers {
		if s.Free == least {
			break
		}
		if len(ConflictsOf(r, f)) == 0 {
			s.Free++
		}
	}
	return s
}

// CountsShortages says why the actor may not know how many proposals of a section are
// short of reviewers: its Leadership chair may, and those who know which.
func (a Actor) CountsShortages(sectionID string) []Reason {
	if a.NamesShortages() || a.LeadershipChair(sectionID) {
		return nil
	}
	return []Reason{{Kind: Forbidden, Code: "not_your_move", Detail: "Only the Leadership chair, association staff and administrators see where reviewers are missing."}}
}

// NamesShortages tells whether the actor may know which proposals those are. The
// Leadership Team may not: that most of it is in conflict with a proposal hints at
// whose it is.
func (a Actor) NamesShortages() bool { return a.Has(Admin, Staff) }
