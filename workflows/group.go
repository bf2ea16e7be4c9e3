package workflows

import (
	"context"
	"fmt"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// Groups are the workflows on groups.
type Groups struct{ Base }

// inside tells whether the person belongs to the section today: by a term in
// one of its groups, or by a role outside the rosters.
func inside(a domain.Actor, sectionID string) bool {
	return a.Clock || len(a.Roles) > 0 || slices.ContainsFunc(a.Terms, func(t domain.ActorTerm) bool { return t.SectionID == sectionID && t.On(a.Today) })
}

// insider tells whether the person may read the group's own facts: its members,
// the Leadership Team, staff and administrators.
func insider(a domain.Actor, g domain.Group) bool {
	return a.Clock || a.MemberOf(g.ID) || a.Leads(g.SectionID) || a.Has(domain.Staff, domain.Admin)
}

// Get finds a group by id or slug. The folder's address is told to insiders
// only. NotFound for who is not in its section.
func (w Groups) Get(ctx context.Context, who domain.Actor, ref string) (domain.Group, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (domain.Group, error) { return seeGroup(tx, who, ref) })
}

func seeGroup(tx *store.Tx, who domain.Actor, ref string) (domain.Group, error) {
	g, err := tx.Group(ref)
	if err != nil {
		return g, err
	}
	if !inside(who, g.SectionID) {
		return domain.Group{}, domain.NotThere("group")
	}
	return shown(who, g), nil
}

func shown(who domain.Actor, g domain.Group) domain.Group {
	if !insider(who, g) {
		g.FolderURL = ""
	}
	return g
}

// List are the groups of the sections the person belongs to, the Leadership
// Team first, then by kind and name.
func (w Groups) List(ctx context.Context, who domain.Actor) ([]domain.Group, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]domain.Group, error) {
		all, err := tx.Groups()
		kept := slices.DeleteFunc(all, func(g domain.Group) bool { return !inside(who, g.SectionID) })
		for i := range kept {
			kept[i] = shown(who, kept[i])
		}
		return kept, err
	})
}

// Gate tells whether the group may submit to other divisions (R10).
type Gate struct {
	Open    bool
	Missing []string // what is still owed: "Core Forum (1)"
}

// StandingView is what a group owes in a year, where it stands, and its gate.
type StandingView struct {
	Group domain.Group
	domain.Standing
	Gate Gate
}

func gateOf(s domain.Standing, set domain.Settings, b Base) Gate {
	missing := s.Missing(set.Gate, b.Now())
	return Gate{Open: len(missing) == 0, Missing: missing}
}

// Standing is what a group owes in a year and where it stands. An empty year is
// the present one. NotFound for others than insiders.
func (w Groups) Standing(ctx context.Context, who domain.Actor, ref string, y domain.Year) (StandingView, error) {
	y, err := yearOr(y, who)
	if err != nil {
		return StandingView{}, err
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) (StandingView, error) {
		g, err := tx.Group(ref)
		if err != nil {
			return StandingView{}, err
		}
		if !insider(who, g) {
			return StandingView{}, domain.NotThere("group")
		}
		s, err := tx.Section(g.SectionID)
		if err != nil {
			return StandingView{}, err
		}
		standing, err := tx.Standing(g.ID, y, s.Settings.CoSponsors == "each", w.Now())
		return StandingView{g, standing, gateOf(standing, s.Settings, w.Base)}, err
	})
}

// yearOr is the year asked for, or the present one when none is.
func yearOr(y domain.Year, who domain.Actor) (domain.Year, error) {
	switch {
	case y == "":
		return domain.YearOf(who.Today), nil
	case !y.Valid():
		return y, domain.Refuse(domain.Wrong("/year", "not_a_year", "A program year is written 2026-27."))
	}
	return y, nil
}

// RosterLine is one person's term with the facts a roster shows.
type RosterLine = store.RosterLine

// RosterView is who is in a group on a day.
type RosterView struct {
	Group      domain.Group
	On         domain.Date
	Lines      []store.RosterLine // chairs first, then by name; without addresses unless Emails
	Emails     bool               // whether the person may see addresses
	MayAppoint bool               // whether the person may give and end terms here
	Warnings   []domain.Warning   // R21, R22, R32; for those who may appoint or belong to the group
}

// Roster tells who is in the group on the day, for everybody in the section
// (R31). An empty day is today. Addresses are told to the group's members, the
// Leadership Team, staff and administrators. NotFound for others.
func (w Groups) Roster(ctx context.Context, who domain.Actor, ref string, on domain.Date) (RosterView, error) {
	if on == "" {
		on = who.Today
	}
	if !on.Valid() {
		return RosterView{}, domain.Refuse(domain.Wrong("/on", "not_a_date", "Give a day such as 2026-09-15."))
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) (RosterView, error) {
		g, err := seeGroup(tx, who, ref)
		if err != nil {
			return RosterView{}, err
		}
		v := RosterView{Group: g, On: on, Emails: insider(who, g), MayAppoint: who.MayAppointTo(g)}
		if v.Lines, err = tx.Roster(g.ID, on); err != nil {
			return v, err
		}
		s, err := tx.Section(g.SectionID)
		v.finish(s.Settings)
		return v, err
	})
}

func (v *RosterView) finish(set domain.Settings) {
	var terms []domain.Term
	for i, l := range v.Lines {
		terms = append(terms, l.Term)
		if !v.Emails {
			v.Lines[i].Email = ""
		}
	}
	if v.Emails {
		v.Warnings = domain.RosterWarnings(domain.TermFacts{Group: v.Group, Settings: set, Terms: terms}, v.On)
	}
}

// Rows is the roster as a table, its heads first.
func (v RosterView) Rows() [][]string {
	rows := [][]string{{"group", "name", "role", "starts_on", "ends_on", "institution", "email"}}
	for _, l := range v.Lines {
		rows = append(rows, []string{v.Group.Name, l.Name, string(l.Role), string(l.StartsOn), string(l.EndsOn), l.Institution, l.Email})
	}
	return rows
}

// Merge ends a group and lets another follow it (C2): its proposals move, each
// with a line of history, what it owes is dropped, and owed by the successor
// where that owes programs and has no quota of its own, so that nothing counts
// twice. Its members go on in the successor. Forbidden for others than administrators.
func (w Groups) Merge(ctx context.Context, who domain.Actor, ref, into, reason string) (domain.Group, error) {
	if !who.Has(domain.Admin) {
		return domain.Group{}, onlyAdmin()
	}
	return store.Write(ctx, w.Store, func(tx *store.Tx) (domain.Group, error) {
		from, err := tx.HoldGroup(ref)
		if err != nil {
			return from, err
		}
		to, err := tx.HoldGroup(into)
		if err != nil {
			return from, wrongChoice(err, "/successor", "Choose the group it is merged into.")
		}
		if err := domain.Refuse(from.MayMergeInto(to)...); err != nil {
			return from, err
		}
		m := merging{Base: w.Base, tx: tx, who: who, from: from, to: to, reason: reason}
		return m.all()
	})
}

// merging is one merger under way.
type merging struct {
	Base
	tx       *store.Tx
	who      domain.Actor
	from, to domain.Group
	reason   string
}

func (m merging) all() (domain.Group, error) {
	for _, step := range []func() error{m.moveProposals, m.moveQuotas, m.moveTerms} {
		if err := step(); err != nil {
			return m.from, err
		}
	}
	ended := m.from
	ended.Status, ended.SuccessorID = domain.GroupInactive, m.to.ID
	ended.Version++
	if err := m.tx.ChangeGroup(ended); err != nil {
		return ended, err
	}
	return ended, m.audit(m.tx, m.who, "merge", "group", ended.ID, fmt.Sprintf("Into %s. %s", m.to.Name, m.reason))
}

func (m merging) moveProposals() error {
	all, err := m.tx.HoldProposals(m.from.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := m.moveProposal(p); err != nil {
			return err
		}
	}
	return m.tx.MoveCoSponsor(m.from.ID, m.to.ID)
}

func (m merging) moveProposal(p domain.Proposal) error {
	state := p.State
	step, err := p.Follow(domain.MoveGroup, state, domain.Facts{Actor: m.who, Now: m.Now(), Input: domain.Input{Reason: m.reason}})
	if err != nil {
		return err
	}
	p.GroupID, p.UpdatedAt, p.UpdatedBy = m.to.ID, m.Now(), m.who.ID
	if err := m.tx.SaveProposal(p, state); err != nil {
		return err
	}
	step.ID, step.Detail = m.NewID(), fmt.Sprintf("From %s to %s", m.from.Name, m.to.Name)
	return m.tx.AddStep(step)
}

func (m merging) moveQuotas() error {
	all, err := m.tx.Quotas([]string{m.from.ID, m.to.ID})
	if err != nil {
		return err
	}
	for _, q := range all {
		if q.GroupID != m.from.ID {
			continue
		}
		if err := m.tx.DropQuota(q); err != nil {
			return err
		}
		has := slices.ContainsFunc(all, func(o domain.Quota) bool {
			return o.GroupID == m.to.ID && o.Year == q.Year && o.VenueID == q.VenueID
		})
		if has || !m.to.Programming {
			continue
		}
		q.GroupID = m.to.ID
		if err := m.tx.PutQuota(q); err != nil {
			return err
		}
	}
	return nil
}

// moveTerms ends the terms that run and gives their people the rest of them as
// members of the successor.
func (m merging) moveTerms() error {
	terms, err := m.tx.TermsIn(m.from.ID)
	if err != nil {
		return err
	}
	there, err := m.tx.TermsIn(m.to.ID)
	if err != nil {
		return err
	}
	ended, given := domain.PassOn(terms, there, m.who.Today)
	for _, t := range ended {
		if err := m.tx.ChangeTerm(t); err != nil {
			return err
		}
	}
	for _, t := range given {
		t.ID, t.Version, t.GroupID = m.NewID(), 1, m.to.ID
		if err := m.tx.AddTerm(t); err != nil {
			return err
		}
	}
	return nil
}
