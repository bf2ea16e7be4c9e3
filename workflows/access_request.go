package workflows

import (
	"context"
	"fmt"

	"lectern/domain"
	"lectern/internal/store"
)

// AskAccess keeps what somebody needs to take part in a webinar, for its
// coordinator alone. The mail to the access contact says only that there is a
// request. NotFound while the webinar is not public, Conflict when it is over or
// cancelled, Invalid with every wrong field.
func (w Offerings) AskAccess(ctx context.Context, ref string, r domain.AccessRequest) (domain.Offering, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (domain.Offering, error) {
		o, err := tx.Offering(domain.Actor{}, ref)
		if err != nil {
			return o, err
		}
		if err := domain.Refuse(append(o.MayAskAccess(w.Now()), r.Check()...)...); err != nil {
			return o, err
		}
		r.ID, r.OfferingID, r.MadeAt, r.EraseAfter = w.NewID(), o.ID, w.Now(), o.EraseRequests()
		r.Email = domain.FoldEmail(r.Email)
		if err := tx.AddAccessRequest(r); err != nil {
			return o, err
		}
		return o, w.tellAccess(tx, o, r)
	})
}

func (w Offerings) tellAccess(tx *store.Tx, o domain.Offering, r domain.AccessRequest) error {
	return w.tell(tx, letter{
		kind: domain.AccessAsked, cause: r.ID, about: o.ID, subject: "An access request: " + o.Title,
		body: []string{fmt.Sprintf("Somebody asked for an access arrangement for “%s”.", o.Title), "What they need stands on the webinar’s page, for staff only, and in no mail."},
		link: domain.LinkPage, linkTo: "/staff/offerings/" + o.Slug + "#asked",
	}, domain.Person{Name: "Access coordinator", Email: o.AccessContact})
}

// AccessRequests are the requests of a webinar. NotFound for who does not run webinars.
func (w Offerings) AccessRequests(ctx context.Context, who domain.Actor, ref string) ([]domain.AccessRequest, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]domain.AccessRequest, error) {
		if !who.Has(domain.Staff) {
			return nil, domain.NotThere("page")
		}
		o, err := tx.SeeOffering(who, ref)
		if err != nil {
			return nil, err
		}
		return tx.AccessRequests(o.ID)
	})
}

// AccessArranged notes that a request was arranged. NotFound for who does not run
// webinars.
func (w Offerings) AccessArranged(ctx context.Context, who domain.Actor, id string) error {
	_, err := store.Write(ctx, w.Store, func(tx *store.Tx) (struct{}, error) {
		if !who.Has(domain.Staff) {
			return struct{}{}, domain.NotThere("page")
		}
		r, err := tx.DoneAccessRequest(id, who.Name, w.Now())
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.audit(tx, who, "arranged", "access request", r.ID, "")
	})
	return err
}

// EraseAccessRequests erases the requests of webinars that were held 30 days ago,
// and tells how many.
func (w Offerings) EraseAccessRequests(ctx context.Context) (int, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (int, error) { return tx.EraseAccessRequests(w.Now()) })
}
