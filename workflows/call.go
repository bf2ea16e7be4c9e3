package workflows

import (
	"context"
	"fmt"
	"slices"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// Calls are the workflows on calls.
type Calls struct{ Base }

// CallView is a call with its venue, format and form, and what the person may do with it.
type CallView struct {
	domain.Call
	Venue  domain.Venue
	Format domain.Format
	Form   domain.Form
	MaySet bool // set and extend the window, the grace, and until when one may edit
}

// setsWindows tells who may: association staff and administrators.
func setsWindows(a domain.Actor) bool { return a.Clock || a.Has(domain.Staff, domain.Admin) }

// List are the calls of a program year, in the order they close; those without
// dates last. An empty year is the present one. In four statements. NotFound for
// who is not signed in.
func (w Calls) List(ctx context.Context, who domain.Actor, y domain.Year) ([]CallView, error) {
	y, err := yearOr(y, who)
	if err != nil {
		return nil, err
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]CallView, error) {
		calls, err := tx.Calls(y)
		if err != nil {
			return nil, err
		}
		calls = slices.DeleteFunc(calls, func(c domain.Call) bool { return !inside(who, c.SectionID) })
		return viewCalls(tx, who, calls)
	})
}

func viewCalls(tx *store.Tx, who domain.Actor, calls []domain.Call) ([]CallView, error) {
	venues, err := tx.Venues()
	if err != nil {
		return nil, err
	}
	formats, err := tx.Formats()
	if err != nil {
		return nil, err
	}
	forms, err := tx.Forms()
	views := make([]CallView, len(calls))
	for i, c := range calls {
		views[i] = CallView{
			Call: c, MaySet: setsWindows(who),
			Venue:  found(venues, func(v domain.Venue) bool { return v.ID == c.VenueID }),
			Format: found(formats, func(f domain.Format) bool { return f.VenueID == c.VenueID && f.ID == c.FormatID }),
			Form:   found(forms, func(f domain.Form) bool { return f.ID == c.FormID }),
		}
	}
	return views, err
}

// found is the first that matches, or the zero value.
func found[T any](all []T, match func(T) bool) T {
	if i := slices.IndexFunc(all, match); i >= 0 {
		return all[i]
	}
	var none T
	return none
}

// Get finds a call by id or slug. NotFound for who is not in its section.
func (w Calls) Get(ctx context.Context, who domain.Actor, ref string) (CallView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (CallView, error) {
		c, err := seeCall(tx, who, ref)
		if err != nil {
			return CallView{}, err
		}
		return viewCall(tx, who, c)
	})
}

func seeCall(tx *store.Tx, who domain.Actor, ref string) (domain.Call, error) {
	c, err := tx.Call(ref)
	if err == nil && !inside(who, c.SectionID) {
		return domain.Call{}, domain.NotThere("call")
	}
	return c, err
}

func viewCall(tx *store.Tx, who domain.Actor, c domain.Call) (CallView, error) {
	views, err := viewCalls(tx, who, []domain.Call{c})
	if err != nil {
		return CallView{}, err
	}
	return views[0], nil
}

// change loads a call, lets one thing about it be changed, and keeps it with a
// line of what was done. Forbidden for others than staff and administrators,
// Stale when the version is said and is an old one.
func (w Calls) change(ctx context.Context, who domain.Actor, ref string, version int, change func(tx *store.Tx, c *domain.Call) (action, detail string, err error)) (CallView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (CallView, error) {
		c, err := seeCall(tx, who, ref)
		if err != nil {
			return CallView{}, err
		}
		if !setsWindows(who) {
			return CallView{}, domain.NotAllowed("not_your_move", "Only association staff or an administrator can change a call.")
		}
		if version != 0 && version != c.Version {
			return CallView{}, domain.StaleVersion("call")
		}
		action, detail, err := change(tx, &c)
		if err != nil {
			return CallView{}, err
		}
		if err := tx.ChangeCall(c); err != nil {
			return CallView{}, err
		}
		if err := w.audit(tx, who, action, "call", c.ID, detail); err != nil {
			return CallView{}, err
		}
		return viewCall(tx, who, c)
	})
}

// Window is when a call is open, as days in its zone.
type Window struct {
	Version int // of the call the person saw; 0: not said
	First   domain.Date
	Last    domain.Date
	Zone    string // empty: the call's own
}

// SetWindow announces a call's dates: open from the midnight the first day
// begins to the midnight after the last, in the call's zone. Conflict when they
// are announced already.
func (w Calls) SetWindow(ctx context.Context, who domain.Actor, ref string, in Window) (CallView, error) {
	return w.change(ctx, who, ref, in.Version, func(_ *store.Tx, c *domain.Call) (string, string, error) {
		why := c.MayOpen(in.First, in.Last)
		if in.Zone != "" {
			c.Zone = in.Zone
		}
		if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "Local" {
			why = append(why, domain.Wrong("/zone", "unknown_zone", "Choose a time zone such as America/Chicago."))
		}
		if err := domain.Refuse(why...); err != nil {
			return "", "", err
		}
		opens, closes := domain.WindowOf(in.First, in.Last, c.Zone)
		c.OpensAt, c.ClosesAt = &opens, &closes
		c.Version++
		return "set-window", fmt.Sprintf("From %s until %s", in.First, in.Last), nil
	})
}

// Extend lets a call stay open until the end of a later day in its zone. The
// chairs of groups with a draft for it are told once each, and reminders of the
// old deadline that were not sent die. Conflict would_shorten for an earlier day.
func (w Calls) Extend(ctx context.Context, who domain.Actor, ref string, last domain.Date, version int) (CallView, error) {
	return w.change(ctx, who, ref, version, func(tx *store.Tx, c *domain.Call) (string, string, error) {
		if err := domain.Refuse(c.MayExtend(last)...); err != nil {
			return "", "", err
		}
		before := c.LastDay()
		*c = c.Extended(last)
		return "extend", fmt.Sprintf("Until %s instead of %s", last, before), w.tellExtended(tx, who, *c)
	})
}

// tellExtended writes to the chairs of every group with a draft; who chairs two
// of them is told once.
func (w Calls) tellExtended(tx *store.Tx, who domain.Actor, c domain.Call) error {
	pointless := []domain.NoticeKind{domain.WindowReminder, domain.WindowExtended}
	if err := tx.Supersede(c.ID, pointless, ""); err != nil {
		return err
	}
	chairs, err := tx.ChairsWithDrafts(c.ID, who.Today)
	if err != nil {
		return err
	}
	l := letter{
		kind: domain.WindowExtended, cause: c.ID + " " + c.ClosesAt.Format(time.RFC3339), about: c.ID, subject: c.Name + " is open longer",
		body: []string{
			fmt.Sprintf("%s was extended. It now closes on %s.", c.Name, domain.Deadline(*c.ClosesAt, c.Zone)),
			"Your group has a draft for it. You can submit it until then.",
		},
		link: domain.LinkPage, linkTo: "/proposals?state=draft&call=" + c.Slug,
	}
	return w.tell(tx, l, chairs...)
}

// CallSettings are what else can be changed about a call; what is nil stays.
type CallSettings struct {
	Version   int          // of the call the person saw; 0: not said
	EditUntil *domain.Date // submitted proposals may be edited until the end of the day; "": not
	Grace     *int         // minutes after closing, never displayed
}

// Change sets until when submitted proposals may be edited, and the grace.
func (w Calls) Change(ctx context.Context, who domain.Actor, ref string, in CallSettings) (CallView, error) {
	return w.change(ctx, who, ref, in.Version, func(_ *store.Tx, c *domain.Call) (string, string, error) {
		var why []domain.Reason
		detail := ""
		if in.EditUntil != nil {
			why = append(why, editUntil(c, *in.EditUntil)...)
			detail = fmt.Sprintf("Editing until %q. ", *in.EditUntil)
		}
		if in.Grace != nil {
			why = append(why, c.MayGrace(*in.Grace)...)
			c.Grace = *in.Grace
			detail += fmt.Sprintf("Grace %d minutes.", c.Grace)
		}
		c.Version++
		return "change", detail, domain.Refuse(why...)
	})
}

func editUntil(c *domain.Call, d domain.Date) []domain.Reason {
	if d == "" {
		c.EditUntil = nil
		return nil
	}
	if !d.Valid() {
		return []domain.Reason{domain.Wrong("/edit_until", "not_a_date", "Give a day such as 2026-10-15.")}
	}
	until := domain.EndOf(d, c.Zone)
	c.EditUntil = &until
	return nil
}
