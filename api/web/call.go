package web

import (
	"time"

	"lectern/domain"
)

// CallsPage is the list of all windows of a year.
type CallsPage struct {
	Page
	Section domain.Section
	Year    domain.Year
	Years   []domain.Year
	Now     time.Time
	Calls   []CallLine // in the order of their windows
	MaySet  bool       // dates
}

// CallLine is a call of the list.
type CallLine struct {
	Call   domain.Call
	Venue  string
	Format string
	Counts bool // toward the venue's quota
}

// callMark is the state of a window.
func callMark(c domain.Call, now time.Time) Mark {
	switch {
	case !c.Announced():
		return Mark{"warn", "calendar", "Not announced"}
	case now.Before(*c.OpensAt):
		return Mark{"", "lock", "Not open yet"}
	case c.OpenAt(now):
		return Mark{"good", "circle-dot", "Open"}
	}
	return Mark{"", "check", "Closed"}
}

// CallPage is one call: its window, and the forms that set it, extend it, and
// let submitted proposals be edited. They post to /staff/calls/{slug}/dates
// (first, last, zone), /staff/calls/{slug}/extend (last, sure) and
// /staff/calls/{slug}/edit-until (until), each with version.
type CallPage struct {
	Page
	Line     CallLine
	Section  domain.Section
	Now      time.Time
	MaySet   bool
	Decides  bool // the person decides or publishes there
	Cancels  bool // the person may call its event off
	Drafts   int  // proposals of the call that are drafts
	All      int  // proposals of the call
	Form     CallForm
	Preview  *ExtendPreview  // what extending would do; nil: not asked yet
	Reasons  []domain.Reason // of the form named by Form.What
	Phases   []PhaseLine     // the table of phases, those not held without days
	Reviewed bool            // the Leadership Team reviews proposals here
	Guests   []Guest
	MayGuest bool      // add and remove guests
	Short    *Shortage // nil: every proposal can get enough reviews, or not for the person to know
}

// countWords tells how many proposals of the call the person can see.
func (p CallPage) countWords() string {
	switch {
	case p.All == 0 && p.MaySet:
		return "No proposals yet"
	case p.All == 0:
		return "None of yours yet"
	case p.Drafts == 0:
		return domain.Plural(p.All, "proposal") + ", none in draft"
	}
	return domain.Plural(p.All, "proposal") + ", " + itoa(p.Drafts) + " of them in draft"
}

// PhaseLine is a phase of a call.
type PhaseLine struct {
	Kind        domain.PhaseKind
	Label, What string
	First, Last string // days; empty: not held
	On          bool   // now
}

// Guest is a guest reviewer.
type Guest struct{ ID, Name string }

// Shortage is where reviewers are missing.
type Shortage struct {
	Least int         // complete reviews that a recommendation needs
	Count int         // proposals that can get fewer
	Lines []ShortLine // the first of them; none for who may not know which
}

// ShortLine is a proposal that is short of reviewers.
type ShortLine struct {
	Number, Title string
	Free          int
}

func (s Shortage) title() string {
	return "Too few reviewers for " + domain.Plural(s.Count, "proposal")
}

// more is how many proposals are not named.
func (s Shortage) more() int { return s.Count - len(s.Lines) }

// free says how many of the reviewers needed a proposal has.
func (s Shortage) free(l ShortLine) string {
	return itoa(l.Free) + " of " + domain.Plural(s.Least, "reviewer") + " free"
}

// shortText says what a shortage means, and what to do.
func (p CallPage) shortText() string {
	said := "A recommendation needs " + domain.Plural(p.Short.Least, "complete review") + ", and too many of those who review have a conflict of interest. "
	part := " who has no part in these proposals:"
	if p.Short.Count == 1 {
		part = " who has no part in this proposal:"
	}
	switch {
	case p.MayGuest:
		return said + "Add a guest reviewer" + part
	case p.MaySet:
		return said + "Ask an administrator to add a guest reviewer" + part
	}
	return said + "Ask an administrator, who sees which, to add a guest reviewer."
}

// staffs tells whether adding a guest reviewer is the next step.
func (p CallPage) staffs() bool { return p.Short != nil && p.MayGuest && p.Preview == nil }

// phaseFacts are the phases that are held.
func (p CallPage) phaseFacts() []Fact {
	var all []Fact
	for _, l := range p.Phases {
		if l.First != "" {
			all = append(all, Fact{Term: l.Label, Text: domain.Date(l.First).Words() + " to " + domain.Date(l.Last).Words()})
		}
	}
	return all
}

// CallForm is what was typed into one of the forms of a call.
type CallForm struct {
	What   string // dates, extend, edit-until, phases or guests: the form sent back
	First  string
	Last   string
	Zone   string
	Until  string
	Email  string
	Phases map[string]string // by kind and end: review_first
}

// ExtendPreview is what an extension would change and whom it would tell.
type ExtendPreview struct {
	Last   domain.Date
	Closes time.Time
	Told   []Told
}

// Told is somebody who gets a mail.
type Told struct {
	Name string
	Why  string // chairs New Leaders and Managers
}

func (p CallPage) path() string { return "/staff/calls/" + p.Line.Call.Slug }

// reasonsOf are the reasons, when they are about this form.
func (p CallPage) reasonsOf(form string) []domain.Reason {
	if p.Form.What != form {
		return nil
	}
	return p.Reasons
}

func (p CallPage) errors(form, pointer string) []string {
	return details(p.reasonsOf(form), pointer)
}

// zoneOptions are the zones of windows.
func zoneOptions() []domain.Option {
	var options []domain.Option
	for _, z := range []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "UTC"} {
		options = append(options, domain.Option{Value: z, Label: domain.ZoneName(z)})
	}
	return options
}

func (p CallPage) zone() string {
	switch {
	case p.Form.What == "dates":
		return p.Form.Zone
	case p.Line.Call.Zone != "":
		return p.Line.Call.Zone
	}
	return p.Section.Zone
}
