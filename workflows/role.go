package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// RoleHolder is a person with one role outside the rosters.
type RoleHolder = store.RoleHolder

// RoleHolders are the people who hold a role outside the rosters, each role by
// itself, in the order of domain.Roles and by name. NotFound for all but
// administrators.
func (w People) RoleHolders(ctx context.Context, who domain.Actor) ([]RoleHolder, error) {
	if !who.Has(domain.Admin) {
		return nil, domain.NotThere("page")
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]RoleHolder, error) { return tx.RoleHolders() })
}

// GrantTo gives a role to the person with the address, who is written down first
// if nobody has it; Name is read only then. Forbidden for all but administrators,
// Invalid with all that needs correction.
func (w People) GrantTo(ctx context.Context, who domain.Actor, in PersonInput, r domain.Role) (PersonView, error) {
	if !who.Has(domain.Admin) {
		return PersonView{}, onlyAdmin()
	}
	return store.Write(ctx, w.Store, func(tx *store.Tx) (PersonView, error) {
		p, err := tx.PersonByEmail(in.Email)
		unknown := domain.IsKind(err, domain.NotFound)
		if err != nil && !unknown {
			return PersonView{}, err
		}
		if err := domain.Refuse(wrongHolder(in, r, unknown)...); err != nil {
			return PersonView{}, err
		}
		if unknown {
			p = in.onto(domain.Person{ID: w.NewID(), Version: 1})
			if err := w.writeDown(tx, who, p); err != nil {
				return PersonView{}, err
			}
		}
		return w.turnRole(tx, who, p.ID, r, "grant", (*store.Tx).Grant)
	})
}

// wrongHolder is all that is wrong with who is to have a role.
func wrongHolder(in PersonInput, r domain.Role, unknown bool) []domain.Reason {
	var all []domain.Reason
	if unknown {
		all = in.onto(domain.Person{}).Check()
		if in.onto(domain.Person{}).Email == "" {
			all = append(all, domain.Wrong("/email", "required", "Type the address they sign in with."))
		}
	}
	if !knownRole(r) {
		all = append(all, domain.Wrong("/role", "not_an_option", "Choose a role."))
	}
	return all
}
