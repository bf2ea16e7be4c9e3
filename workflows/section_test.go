package workflows_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// changed is the default section with one text replaced by another.
func changed(t *testing.T, pairs ...string) []byte {
	t.Helper()
	text := domain.DefaultSection
	for i := 0; i < len(pairs); i += 2 {
		if !bytes.Contains(text, []byte(pairs[i])) {
			t.Fatalf("the default section has no %q", pairs[i])
		}
		text = bytes.Replace(text, []byte(pairs[i]), []byte(pairs[i+1]), 1)
	}
	return text
}

func TestImportSection(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Sections{Base: f.Base}
		kim := f.Actor("Kim Adeyemi")
		load := func(text []byte, dryRun bool) workflows.Report {
			t.Helper()
			r, err := w.Import(t.Context(), kim, text, dryRun)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		again := load(domain.DefaultSection, false)
		if again.Created != 0 || again.Updated != 0 || again.Unchanged < 50 {
			t.Errorf("loaded again: %+v", again)
		}

		pinned := f.Call("webinars-2026-27").FormID
		text := changed(t, "name: Member Experience", "name: Member Joy",
			"key: audience\n    label: Target audience", "key: audience\n    label: Who is it for",
			"slug: webinars-2027-28, name: Webinars 2027–28, venue: webinar, format: webinar, year: 2027-28, zone: America/Chicago,",
			"slug: webinars-2027-28, name: Webinars 2027–28, venue: webinar, format: webinar, year: 2027-28, zone: America/Chicago, first: \"2027-12-01\", last: \"2028-01-31\",",
			"  # The year after: dates not announced.", "  - {slug: webinars-extra, name: More webinars, venue: webinar, format: webinar, year: 2026-27, zone: America/Chicago, form: webinar}")
		dry := load(text, true)
		if dry.Created != 1 || dry.Updated < 3 || f.Group("member-experience").Name != "Member Experience" {
			t.Errorf("a dry run answered %+v and left %q", dry, f.Group("member-experience").Name)
		}
		if diff := cmp.Diff(dry, load(text, false)); diff != "" {
			t.Errorf("the dry run said something else: %s", diff)
		}
		if g := f.Group("member-experience"); g.Name != "Member Joy" || g.Version != 2 {
			t.Errorf("the group is %+v", g)
		}
		if c := f.Call("webinars-2026-27"); c.FormID != pinned {
			t.Error("a call that was there got another form")
		}
		form := sectiontest.Read(f, func(tx *store.Tx) (domain.Form, error) { return tx.Form(f.Call("webinars-extra").FormID) })
		if form.Number != 2 {
			t.Errorf("the new call is pinned to version %d, want the newest, 2", form.Number)
		}
		if got := f.Call("webinars-2027-28").LastDay(); got != "2028-01-31" {
			t.Errorf("the window announced by the file ends on %q", got)
		}
		if r := load(text, false); r.Created != 0 || r.Updated != 0 {
			t.Errorf("the changed file, loaded again: %+v", r.Lines)
		}
		// The dates of a call are not announced in the file of before: they stay.
		if load(domain.DefaultSection, false); f.Call("webinars-2027-28").LastDay() != "2028-01-31" {
			t.Error("loading a file without dates took the dates away")
		}
	})
}

func TestImportSection_refused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Sections{Base: f.Base}
		for _, c := range []struct{ name, old, text, code, says string }{
			{"a key nobody knows", "short_name: L&M", "shortname: L&M", "not_readable", "Line 7: a section file has no key “shortname” here."},
			{"a key twice", "short_name: L&M", "short_name: L&M\nshort_name: M&L", "not_readable", "Line 8: mapping key \"short_name\" already defined at line 7."},
			{"two documents", "checklist:\n  - month: 7", "---\nother:\n  - month: 7", "more_than_one", "The file holds more than one document. Keep one."},
			{"a wrong zone", "zone: America/Chicago\ncontact", "zone: Chicago\ncontact", "unknown_zone", "Line 8: “Chicago” is not a time zone such as America/Chicago."},
			{"a shorter window", `last: "2026-09-21"`, `last: "2026-09-20"`, "window_is_set", ": The window of ALA Annual 2027, sessions is set already, until Mon, Sep 21, 2026, 11:59 p.m. Eastern. Extend it on the page of calls."},
			{"another year of a call", "format: session, year: 2026-27", "format: session, year: 2027-28", "call_differs", ": There is a call “annual-2027-sessions” for annual/session in 2026-27. Give this one another slug."},
		} {
			text := changed(t, c.old, c.text, "name: Member Experience", "name: Member Joy")
			_, err := w.Import(t.Context(), f.Actor("Kim Adeyemi"), text, false)
			var e *domain.Error
			if !errors.As(err, &e) || !domain.HasCode(err, c.code) || !strings.HasSuffix(e.Reasons[0].Detail, c.says) {
				t.Errorf("%s: got %v, want %s: %s", c.name, err, c.code, c.says)
			}
		}
		if f.Group("member-experience").Name != "Member Experience" {
			t.Error("a refused file changed something")
		}
		for _, name := range []string{"Dana Whitfield", "Fay Nguyen", "Ben Castellano"} {
			if _, err := w.Import(t.Context(), f.Actor(name), domain.DefaultSection, false); !domain.IsKind(err, domain.Forbidden) {
				t.Errorf("%s could load a section: %v", name, err)
			}
		}
	})
}
