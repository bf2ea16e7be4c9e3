package workflows

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// loadForms adds a version for each form that no version of its format equals.
func (l *loading) loadForms() error {
	known, err := l.tx.Forms()
	if err != nil {
		return err
	}
	l.pinned = map[string]string{}
	for _, spec := range l.file.spec.Forms {
		id, next := findForm(known, spec)
		did := unchanged
		if id == "" {
			did = created
			form := domain.Form{ID: l.NewID(), VenueID: spec.Venue, FormatID: spec.Format, Number: next, Spec: spec.FormSpec}
			if err := l.tx.AddForm(form); err != nil {
				return err
			}
			id, known = form.ID, append(known, form)
		}
		if did == created && next > 1 {
			did = updated
		}
		l.pinned[spec.Name] = id
		l.report.note(did, "form", spec.Name)
	}
	return nil
}

// findForm finds the newest version that says the same, and the number of the next.
func findForm(known []domain.Form, spec domain.FormEntry) (id string, next int) {
	next = 1
	for _, f := range known {
		if f.VenueID != spec.Venue || f.FormatID != spec.Format {
			continue
		}
		next = f.Number + 1
		if sameForm(f.Spec, spec.FormSpec) {
			id = f.ID
		}
	}
	return id, next
}

// sameForm compares forms as they are stored.
func sameForm(a, b domain.FormSpec) bool {
	left, _ := json.Marshal(a)  // plain fields: cannot fail
	right, _ := json.Marshal(b) // the same
	return string(left) == string(right)
}

func (l *loading) loadCalls() error {
	known, err := l.tx.Calls()
	if err != nil {
		return err
	}
	for i, spec := range l.file.spec.Calls {
		at := slices.IndexFunc(known, func(c domain.Call) bool { return c.Slug == spec.Slug })
		place := fmt.Sprintf("/calls/%d", i)
		var call domain.Call
		if at < 0 {
			call, err = l.addCall(spec)
		} else {
			call, err = known[at], l.changeCall(place, known[at], spec)
		}
		if err != nil {
			return err
		}
		if err := l.loadPhases(place, call, spec); err != nil {
			return err
		}
	}
	return nil
}

func (l *loading) addCall(spec domain.CallSpec) (domain.Call, error) {
	opens, closes := spec.Window()
	l.report.note(created, "call", spec.Slug)
	c := domain.Call{
		ID: l.NewID(), Version: 1, SectionID: l.section.ID, Slug: spec.Slug, Name: spec.Name, VenueID: spec.Venue, FormatID: spec.Format,
		Year: spec.Year, Zone: spec.Zone, OpensAt: opens, ClosesAt: closes, Grace: spec.Grace, FormID: l.pinned[spec.Form], EventOn: spec.EventOn,
	}
	return c, l.tx.AddCall(c)
}

// loadPhases gives a call its phases, once. Other dates than those that are set
// are refused: people rely on them, and staff may have moved them.
func (l *loading) loadPhases(at string, c domain.Call, spec domain.CallSpec) error {
	if len(spec.Phases) == 0 || c.SectionID != l.section.ID {
		return nil
	}
	known, err := l.tx.Phases(c.ID)
	if err != nil {
		return err
	}
	is := domain.PhasesOf(c, spec.Phases)
	switch {
	case len(known) == 0:
		l.report.note(created, "phases", c.Slug)
		return l.tx.SetPhases(c.ID, is)
	case !slices.EqualFunc(known, is, samePhase):
		l.refuse(at+"/phases", "phases_are_set", "The phases of %s are set already. Change them on the page of calls.", c.Name)
	default:
		l.report.note(unchanged, "phases", c.Slug)
	}
	return nil
}

func samePhase(a, b domain.Phase) bool {
	return a.Kind == b.Kind && a.StartsAt.Equal(b.StartsAt) && a.EndsAt.Equal(b.EndsAt)
}

// changeCall brings name, event and, once, the window to what the file says.
// What proposals rely on is refused: another venue, format or year, or another window.
func (l *loading) changeCall(at string, was domain.Call, spec domain.CallSpec) error {
	if was.SectionID != l.section.ID || was.VenueID != spec.Venue || was.FormatID != spec.Format || was.Year != spec.Year {
		l.refuse(at+"/slug", "call_differs", "There is a call “%s” for %s/%s in %s. Give this one another slug.", was.Slug, was.VenueID, was.FormatID, was.Year)
		return nil
	}
	opens, closes := spec.Window()
	is := was
	is.Name, is.EventOn = spec.Name, spec.EventOn
	switch {
	case !was.Announced():
		is.Zone, is.OpensAt, is.ClosesAt = spec.Zone, opens, closes
	case opens != nil && !(opens.Equal(*was.OpensAt) && closes.Equal(*was.ClosesAt)):
		l.refuse(at+"/last", "window_is_set", "The window of %s is set already, until %s. Extend it on the page of calls.", was.Name, domain.Deadline(*was.ClosesAt, was.Zone))
		return nil
	}
	same := is.Name == was.Name && is.EventOn == was.EventOn && is.Zone == was.Zone && sameTime(is.OpensAt, was.OpensAt) && sameTime(is.ClosesAt, was.ClosesAt)
	if same {
		l.report.note(unchanged, "call", is.Slug)
		return nil
	}
	l.report.note(updated, "call", is.Slug)
	is.Version++
	return l.tx.ChangeCall(is)
}

func sameTime(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

// years are the program years of the file's calls, in order.
func (l *loading) years() []domain.Year {
	var years []domain.Year
	for _, c := range l.file.spec.Calls {
		if !slices.Contains(years, c.Year) {
			years = append(years, c.Year)
		}
	}
	slices.Sort(years)
	return years
}

// loadQuotas gives every group that owes programs its quotas in every year of
// the file, and takes them from the groups that no longer do.
func (l *loading) loadQuotas() error {
	var ids []string
	for _, g := range l.groups {
		ids = append(ids, g.ID)
	}
	known, err := l.tx.Quotas(ids)
	if err != nil {
		return err
	}
	for _, spec := range l.file.spec.Groups {
		for _, y := range l.years() {
			if err := l.loadQuotasOf(l.groups[spec.Slug], y, known); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loading) loadQuotasOf(g domain.Group, y domain.Year, known []domain.Quota) error {
	for _, spec := range l.file.spec.Quotas {
		is := domain.Quota{GroupID: g.ID, Year: y, VenueID: spec.Venue, Required: spec.Required}
		at := slices.IndexFunc(known, func(q domain.Quota) bool { return q.GroupID == g.ID && q.Year == y && q.VenueID == spec.Venue })
		owes := g.Programming && g.Active()
		put := l.tx.PutQuota
		did := created
		switch {
		case at < 0 && !owes:
			continue
		case at >= 0 && !owes:
			did, put = updated, l.tx.DropQuota
		case at >= 0:
			did = compared(true, known[at], is)
		}
		l.report.note(did, "quota", fmt.Sprintf("%s %s %s", g.Slug, y, is.VenueID))
		if did == unchanged {
			continue
		}
		if err := put(is); err != nil {
			return err
		}
	}
	return nil
}

// loadChecklists gives each committee its checklist of each year of the file. A
// list that is there belongs to its committee: it stays as it is.
func (l *loading) loadChecklists() error {
	if len(l.file.spec.Checklist) == 0 {
		return nil
	}
	known, err := l.tx.Checklists()
	if err != nil {
		return err
	}
	for _, spec := range l.file.spec.Groups {
		g := l.groups[spec.Slug]
		if g.Kind != domain.Committee || !g.Active() {
			continue
		}
		for _, y := range l.years() {
			if err := l.loadChecklist(g, y, slices.Contains(known, store.GroupYear{GroupID: g.ID, Year: y})); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loading) loadChecklist(g domain.Group, y domain.Year, there bool) error {
	name := fmt.Sprintf("%s %s", g.Slug, y)
	if there {
		l.report.note(unchanged, "checklist", name)
		return nil
	}
	l.report.note(created, "checklist", name)
	var items []domain.ChecklistItem
	for _, month := range l.file.spec.Checklist {
		for i, text := range month.Items {
			items = append(items, domain.ChecklistItem{
				ID: l.NewID(), Version: 1, GroupID: g.ID, Year: y, Month: month.Month, Position: i + 1,
				Text: text, VenueID: domain.DutyNamed(text, l.dutyNames()),
			})
		}
	}
	return l.tx.AddChecklist(items)
}

// dutyNames are the names of the venues that have a quota, by id.
func (l *loading) dutyNames() map[string]string {
	names := map[string]string{}
	for _, q := range l.file.spec.Quotas {
		v, _ := l.file.spec.Venue(q.Venue)
		names[v.ID] = v.Name
	}
	return names
}
