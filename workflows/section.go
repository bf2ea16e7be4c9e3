package workflows

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// Sections are the workflows that set a section up.
type Sections struct{ Base }

// Report tells what an import did, or in a dry run would do.
type Report struct {
	Created   int
	Updated   int
	Unchanged int
	Lines     []string // "Created group member-experience", in the order of the file; unchanged things are not named
}

func (r *Report) note(was outcomeOf, noun, name string) {
	switch was {
	case created:
		r.Created++
	case updated:
		r.Updated++
	default:
		r.Unchanged++
		return
	}
	r.Lines = append(r.Lines, fmt.Sprintf("%s %s %s", was, noun, name))
}

// outcomeOf is what an import did with one thing.
type outcomeOf string

const (
	created   outcomeOf = "Created"
	updated   outcomeOf = "Updated"
	unchanged outcomeOf = "Unchanged"
)

// compared tells what it takes to bring one thing to what the file says.
func compared[T any](there bool, was, is T) outcomeOf {
	switch {
	case !there:
		return created
	case reflect.DeepEqual(was, is):
		return unchanged
	}
	return updated
}

// Default loads the section Lectern comes with; what is there already stays.
func (w Sections) Default(ctx context.Context) (Report, error) {
	return w.Import(ctx, domain.TheClock(w.Now()), domain.DefaultSection, false)
}

// Import loads a section file, a SectionSpec in YAML: all of it, or nothing.
// Things are found again by slug or id, so that importing twice changes nothing
// the second time. A form whose text changed becomes a new version: calls that
// are there stay pinned to theirs. The window of a call that is announced, the
// successor of a group that was merged, and a checklist that is there are never
// changed. With dryRun the report says what would happen. Forbidden for others
// than administrators; Invalid with every mistake and its line.
func (w Sections) Import(ctx context.Context, who domain.Actor, text []byte, dryRun bool) (Report, error) {
	if !who.Clock && !who.Has(domain.Admin) {
		return Report{}, domain.NotAllowed("not_your_move", "Only an administrator can load a section file.")
	}
	file, err := readSectionFile(text)
	if err != nil {
		return Report{}, err
	}
	if dryRun {
		ctx = store.WithDryRun(ctx)
	}
	return store.Write(ctx, w.Store, func(tx *store.Tx) (Report, error) {
		l := loading{Base: w.Base, tx: tx, file: file, who: who, report: &Report{}}
		if err := l.all(); err != nil {
			return Report{}, err
		}
		return *l.report, nil
	})
}

// loading is one import under way.
type loading struct {
	Base
	tx      *store.Tx
	file    sectionFile
	who     domain.Actor
	report  *Report
	why     []domain.Reason
	section domain.Section
	groups  map[string]domain.Group // by slug
	pinned  map[string]string       // form version by the file's name of the form
}

func (l *loading) all() error {
	for _, load := range []func() error{l.loadSection, l.loadGroups, l.loadVenues, l.loadForms, l.loadCalls, l.loadQuotas, l.loadChecklists} {
		if err := load(); err != nil {
			return err
		}
	}
	if len(l.why) > 0 {
		return domain.Refuse(l.file.located(l.why)...)
	}
	return l.remember()
}

// remember leaves a line of what was done, when anything was.
func (l *loading) remember() error {
	if l.report.Created+l.report.Updated == 0 {
		return nil
	}
	detail := fmt.Sprintf("%d created, %d updated, %d unchanged", l.report.Created, l.report.Updated, l.report.Unchanged)
	return l.audit(l.tx, l.who, "import", "section", l.section.ID, detail)
}

func (l *loading) loadSection() error {
	s := l.file.spec
	was, err := l.tx.SectionBySlug(s.Slug)
	there := err == nil
	if err != nil && !domain.IsKind(err, domain.NotFound) {
		return err
	}
	is := domain.Section{ID: was.ID, Version: was.Version, Slug: s.Slug, Name: s.Name, ShortName: s.ShortName, Zone: s.Zone, Contact: s.Contact, Settings: s.Chosen()}
	did := compared(there, was, is)
	l.report.note(did, "section", s.Slug)
	if did == created {
		is.ID = l.NewID()
	}
	l.section = is
	if did == unchanged {
		return nil
	}
	l.section.Version++
	return l.tx.PutSection(l.section)
}

func (l *loading) loadGroups() error {
	known, err := l.tx.Groups()
	if err != nil {
		return err
	}
	l.groups = map[string]domain.Group{}
	for _, g := range known {
		l.groups[g.Slug] = g
	}
	for i, spec := range l.file.spec.Groups {
		if err := l.loadGroup(i, spec); err != nil {
			return err
		}
	}
	return l.loadSuccessors()
}

func (l *loading) loadGroup(i int, spec domain.GroupSpec) error {
	was, there := l.groups[spec.Slug]
	if there && was.SectionID != l.section.ID {
		l.refuse(fmt.Sprintf("/groups/%d/slug", i), "slug_taken", "Another section has a group “%s”.", spec.Slug)
		return nil
	}
	is := domain.Group{
		ID: was.ID, Version: was.Version, SectionID: l.section.ID, Slug: spec.Slug, Name: spec.Name, Kind: spec.Kind,
		Status: spec.Status, SuccessorID: was.SuccessorID, Charge: spec.Charge, FolderURL: spec.Folder, Programming: spec.Programming, MembersSubmit: spec.MembersSubmit,
	}
	switch {
	case was.SuccessorID != "":
		is.Status = was.Status // a merger is not undone by loading the file of before
	case is.Status == "":
		is.Status = domain.GroupActive
	}
	return l.keepGroup(there, was, is)
}

func (l *loading) keepGroup(there bool, was, is domain.Group) error {
	did := compared(there, was, is)
	l.report.note(did, "group", is.Slug)
	if did == unchanged {
		return nil
	}
	is.Version++
	put := l.tx.ChangeGroup
	if did == created {
		is.ID, put = l.NewID(), l.tx.AddGroup
	}
	l.groups[is.Slug] = is
	return put(is)
}

// loadSuccessors names the successors once all groups are there.
func (l *loading) loadSuccessors() error {
	for _, spec := range l.file.spec.Groups {
		g, to := l.groups[spec.Slug], l.groups[spec.Successor]
		if spec.Successor == "" || g.SuccessorID != "" {
			continue
		}
		g.SuccessorID = to.ID
		g.Version++
		if err := l.tx.ChangeGroup(g); err != nil {
			return err
		}
		l.groups[spec.Slug] = g
	}
	return nil
}

func (l *loading) loadVenues() error {
	venues, err := l.tx.Venues()
	if err != nil {
		return err
	}
	formats, err := l.tx.Formats()
	if err != nil {
		return err
	}
	for i, spec := range l.file.spec.Venues {
		if err := l.loadVenue(i, spec, venues); err != nil {
			return err
		}
		if err := l.loadFormats(spec, formats); err != nil {
			return err
		}
	}
	return nil
}

func (l *loading) loadVenue(i int, spec domain.VenueSpec, known []domain.Venue) error {
	is := domain.Venue{
		ID: spec.ID, Name: spec.Name, Letter: spec.Letter, Decider: spec.Decider, CarryTo: spec.CarryTo, CarryAny: spec.CarryAny,
		Gated: spec.Gated, Stipends: spec.Stipends, Site: spec.Site, SortOrder: i + 1,
		HideNames: spec.HideNames, Rubric: spec.Rubric,
	}
	did := created
	if at := slices.IndexFunc(known, func(v domain.Venue) bool { return v.ID == spec.ID }); at >= 0 {
		did = updated
		if sameVenue(known[at], is) {
			did = unchanged
		}
	}
	l.report.note(did, "venue", is.ID)
	if did == unchanged {
		return nil
	}
	return l.tx.PutVenue(is)
}

func sameVenue(a, b domain.Venue) bool {
	return slices.Equal(a.CarryTo, b.CarryTo) && a.Name == b.Name && a.Letter == b.Letter && a.Decider == b.Decider && a.CarryAny == b.CarryAny &&
		a.Gated == b.Gated && a.Stipends == b.Stipends && a.Site == b.Site && a.SortOrder == b.SortOrder && a.HideNames == b.HideNames && slices.Equal(a.Rubric, b.Rubric)
}

func (l *loading) loadFormats(spec domain.VenueSpec, known []domain.Format) error {
	for _, f := range spec.Formats {
		is := domain.Format{VenueID: spec.ID, ID: f.ID, Name: f.Name, Hint: f.Hint, Counts: f.Counts}
		at := slices.IndexFunc(known, func(k domain.Format) bool { return k.VenueID == is.VenueID && k.ID == is.ID })
		var was domain.Format
		if at >= 0 {
			was = known[at]
		}
		did := compared(at >= 0, was, is)
		l.report.note(did, "format", is.VenueID+"/"+is.ID)
		if did == unchanged {
			continue
		}
		if err := l.tx.PutFormat(is); err != nil {
			return err
		}
	}
	return nil
}

func (l *loading) refuse(pointer, code, detail string, args ...any) {
	l.why = append(l.why, domain.Reason{Kind: domain.Conflict, Code: code, Pointer: pointer, Detail: fmt.Sprintf(detail, args...)})
}
