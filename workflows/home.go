package workflows

import (
	"context"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// HomeKind says whose first page it is.
type HomeKind string

// The kinds of first page, in the order they are chosen for who is several things.
const (
	HomeLeadership HomeKind = "leadership"
	HomeGroup      HomeKind = "group"  // of one group
	HomeGroups     HomeKind = "groups" // of several
	HomeStaff      HomeKind = "staff"
	HomeFinance    HomeKind = "finance"
	HomeForum      HomeKind = "forum"
	HomeAdmin      HomeKind = "admin"
	HomeNobody     HomeKind = "nobody" // signed in, without a part in anything now
)

// Home is a person's first page: the one part that its Kind names, and what they
// review.
type Home struct {
	Kind      HomeKind
	Reviews   []store.ReviewsDue
	Group     *GroupBoard        // of HomeGroup
	Year      *YearBoard         // of HomeLeadership, HomeGroups and HomeAdmin
	Overrides []Override         // of HomeLeadership: drafts that wait at a closed gate
	Staff     *StaffDesk         // of HomeStaff
	Stipends  []store.StipendSum // of HomeFinance: of the present year, by stage
	Sales     *SaleBoard         // of HomeStaff and HomeFinance
	Undated   []store.CallLine   // of HomeAdmin: calls whose dates are not announced
	Unled     []domain.Group     // of HomeAdmin: groups without a chair
	Unheld    []domain.Role      // of HomeAdmin: roles that nobody has
}

// Override is a draft that can be submitted only if the Leadership chair opens the gate for it.
type Override struct {
	Group domain.Group
	Draft store.DraftTitle
	Call  store.CallLine
	Gate  Gate
}

// StaffDesk is what waits for association staff; each list is the longest waiting first.
type StaffDesk struct {
	Delivery []store.ProposalLine // accepted webinars that did not take place yet
	Decision []store.ProposalLine // webinars that are not decided
	Outcome  []store.ProposalLine // proposals decided outside, without an outcome here
	Mails    map[domain.MailState]int
}

// kindOfHome chooses by what the person is today.
func kindOfHome(a domain.Actor) HomeKind {
	own := len(a.Groups())
	switch {
	case len(a.Sections()) > 0:
		return HomeLeadership
	case own == 1:
		return HomeGroup
	case own > 1:
		return HomeGroups
	case a.Has(domain.Staff):
		return HomeStaff
	case a.Has(domain.Finance):
		return HomeFinance
	case a.Has(domain.ForumMember, domain.ForumChair):
		return HomeForum
	case a.Has(domain.Admin):
		return HomeAdmin
	}
	return HomeNobody
}

// Home is the first page of the person today.
func (w Boards) Home(ctx context.Context, who domain.Actor) (Home, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (Home, error) {
		h := Home{Kind: kindOfHome(who)}
		return h, w.fillHome(tx, who, &h)
	})
}

func (w Boards) fillHome(tx *store.Tx, who domain.Actor, h *Home) error {
	y := domain.YearOf(who.Today)
	var err error
	if h.Kind != HomeGroup && len(who.Sections())+len(who.GuestOf) > 0 {
		if h.Reviews, err = tx.ReviewsDue(who, w.Now()); err != nil {
			return err
		}
	}
	switch h.Kind {
	case HomeGroup:
		var b GroupBoard
		b, err = w.group(tx, who, who.Groups()[0], y)
		h.Group = &b
	case HomeLeadership, HomeGroups, HomeAdmin:
		var b YearBoard
		b, err = w.year(tx, who, y)
		h.Year = &b
		h.sum(who)
		if h.Kind == HomeAdmin && domain.IsKind(err, domain.NotFound) {
			err = nil // no section is loaded yet: an empty board
		}
	case HomeStaff:
		h.Staff, err = staffDesk(tx, who)
	case HomeFinance:
		h.Stipends, err = tx.StipendSums(y)
	}
	if err == nil && h.Kind == HomeAdmin {
		h.Unheld, err = unheld(tx)
	}
	if err == nil && (h.Kind == HomeStaff || h.Kind == HomeFinance) {
		h.Sales, err = saleBoard(tx, who)
	}
	return err
}

// unheld are the roles outside the rosters that nobody has.
func unheld(tx *store.Tx) ([]domain.Role, error) {
	held, err := tx.RoleHolders()
	return keptOf(domain.Roles(), func(r domain.Role) bool {
		return !slices.ContainsFunc(held, func(h RoleHolder) bool { return h.Role == r })
	}), err
}

// sum takes from the year board what waits for the person.
func (h *Home) sum(who domain.Actor) {
	if h.Kind == HomeLeadership {
		h.Overrides = h.Year.overrides(who)
	}
	if h.Kind != HomeAdmin {
		return
	}
	h.Undated = keptOf(h.Year.Calls, func(c store.CallLine) bool { return !c.Announced() })
	for _, r := range h.Year.Rows {
		if r.Chairs == 0 && r.Group.Active() {
			h.Unled = append(h.Unled, r.Group)
		}
	}
}

func (b YearBoard) overrides(who domain.Actor) []Override {
	var all []Override
	for _, r := range b.Rows {
		if r.Gate.Open || !who.Leads(r.Group.SectionID) {
			continue
		}
		for _, d := range r.Drafts {
			c := found(b.Calls, func(c store.CallLine) bool { return c.ID == d.CallID })
			if c.Gated {
				all = append(all, Override{r.Group, d, c, r.Gate})
			}
		}
	}
	return all
}

func staffDesk(tx *store.Tx, who domain.Actor) (*StaffDesk, error) {
	var d StaffDesk
	for what, list := range map[store.Waiting]*[]store.ProposalLine{
		store.WaitingDelivery: &d.Delivery, store.WaitingDecision: &d.Decision, store.WaitingOutcome: &d.Outcome,
	} {
		var err error
		if *list, err = tx.Waiting(who, what, domain.DecidedByStaff, boardLines); err != nil {
			return nil, err
		}
	}
	var err error
	d.Mails, err = tx.MailCounts()
	return &d, err
}
