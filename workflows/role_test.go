package workflows_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestRoleHolders gives roles to somebody known and to somebody new, and shows
// them to nobody but an administrator.
func TestRoleHolders(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.People{Base: f.Base}
		kim := f.Actor("Kim Adeyemi")
		held := func() map[domain.Role][]string {
			t.Helper()
			all, err := w.RoleHolders(t.Context(), kim)
			if err != nil {
				t.Fatal(err)
			}
			names := map[domain.Role][]string{}
			for _, h := range all {
				names[h.Role] = append(names[h.Role], h.Person.Name)
			}
			return names
		}
		before := held()
		ana := f.Person("Ana Reyes")
		known, err := w.GrantTo(t.Context(), kim, workflows.PersonInput{Name: "Somebody Else", Email: " " + ana.Email}, domain.Finance)
		if err != nil || known.ID != ana.ID || known.Name != "Ana Reyes" {
			t.Errorf("the address of Ana Reyes gave %+v, %v", known.Person, err)
		}
		fresh, err := w.GrantTo(t.Context(), kim, workflows.PersonInput{Name: "Abel Novak", Email: "Abel.Novak@Example.org"}, domain.ForumChair)
		if err != nil || fresh.Email != "abel.novak@example.org" || len(fresh.Roles) != 1 {
			t.Errorf("somebody new: %+v, %v", fresh, err)
		}
		after := held()
		before[domain.Finance] = []string{"Ana Reyes", "Gus Petrakis"}
		before[domain.ForumChair] = []string{"Abel Novak", "Fern Abbott"}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("held otherwise (-want +got):\n%s", diff)
		}
		for name, c := range map[string]struct {
			in   workflows.PersonInput
			role domain.Role
			at   []string
		}{
			"nothing typed":  {workflows.PersonInput{}, "", []string{"/name", "/email", "/role"}},
			"a new one":      {workflows.PersonInput{Email: "new.one@example.org"}, domain.Staff, []string{"/name"}},
			"a strange role": {workflows.PersonInput{Email: ana.Email}, "owner", []string{"/role"}},
		} {
			_, err := w.GrantTo(t.Context(), kim, c.in, c.role)
			var refusal *domain.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("%s: %v", name, err)
			}
			at := make([]string, len(refusal.Reasons))
			for i, r := range refusal.Reasons {
				at[i] = r.Pointer
			}
			if !slices.Equal(at, c.at) {
				t.Errorf("%s: refused at %v, want %v", name, at, c.at)
			}
		}
		fay := f.Actor("Fay Nguyen")
		if _, err := w.RoleHolders(t.Context(), fay); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("staff saw who has which role: %v", err)
		}
		if _, err := w.GrantTo(t.Context(), fay, workflows.PersonInput{Email: ana.Email}, domain.Admin); !domain.IsKind(err, domain.Forbidden) {
			t.Errorf("staff made an administrator: %v", err)
		}
	})
}
