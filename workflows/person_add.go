package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// AddTo writes down a person and appoints them, both or neither. A committee's
// co-chair becomes a member for the same days (R23). The refusal names all that is
// wrong with the person and with the term at once.
func (w People) AddTo(ctx context.Context, who domain.Actor, in PersonInput, a Appointment) (domain.Person, Appointed, error) {
	p := in.onto(domain.Person{ID: w.NewID(), Version: 1})
	a.PersonID = p.ID
	given, err := store.Write(ctx, w.Store, func(tx *store.Tx) (Appointed, error) {
		f, err := appointing(tx, who, a.Group)
		if err != nil {
			return Appointed{}, err
		}
		t := a.term(w.NewID(), f.Group.ID)
		given := []domain.Term{t}
		if t.NeedsMembership(f.Group) {
			member := t
			member.ID, member.Role = w.NewID(), domain.TermMember
			given = []domain.Term{member, t}
			f.Terms = append(f.Terms, member)
		}
		if err := domain.Refuse(append(p.Check(), t.Check(f)...)...); err != nil {
			return Appointed{}, err
		}
		if err := w.writeDown(tx, who, p); err != nil {
			return Appointed{}, err
		}
		for _, t := range given {
			if err := tx.AddTerm(t); err != nil {
				return Appointed{}, err
			}
			if err := w.audit(tx, who, "give", "term", t.ID, p.Name+", "+string(t.Role)+" of "+f.Group.Name); err != nil {
				return Appointed{}, err
			}
		}
		return Appointed{t, f.Group, t.Warnings(f)}, nil
	})
	return p, given, err
}

// Term finds a term, for those who appoint in its group. NotFound for others.
func (w People) Term(ctx context.Context, who domain.Actor, id string) (domain.Term, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (domain.Term, error) {
		t, err := tx.Term(id)
		if err != nil {
			return t, err
		}
		g, err := tx.Group(t.GroupID)
		if err == nil && !who.MayAppointTo(g) {
			err = domain.NotThere("term")
		}
		return t, err
	})
}
