package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/intake"
	"lectern/internal/store"
)

const exportPage = 200

// Export are all proposals the person may see, of one year or of all, in the
// form that an import reads back without loss.
func (w Proposals) Export(ctx context.Context, who domain.Actor, y domain.Year) ([]intake.Exported, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]intake.Exported, error) {
		var all []intake.Exported
		filter := store.ProposalFilter{Year: y, Limit: exportPage, Now: w.Now()}
		for {
			page, err := tx.Proposals(who, filter)
			if err != nil || len(page) == 0 {
				return all, err
			}
			out, err := exported(tx, page)
			if err != nil {
				return nil, err
			}
			all = append(all, out...)
			last := page[len(page)-1]
			filter.After = &store.ListCursor{UpdatedAt: last.UpdatedAt, ID: last.ID}
		}
	})
}

func exported(tx *store.Tx, page []store.ProposalLine) ([]intake.Exported, error) {
	ids := make([]string, len(page))
	for i, l := range page {
		ids[i] = l.ID
	}
	contents, err := tx.Contents(ids)
	if err != nil {
		return nil, err
	}
	speakers, err := tx.SpeakersOf(ids)
	if err != nil {
		return nil, err
	}
	of := map[string][]domain.Speaker{}
	for _, s := range speakers {
		of[s.ProposalID] = append(of[s.ProposalID], s)
	}
	out := make([]intake.Exported, len(page))
	for i, l := range page {
		p, speakers := contents[l.ID], domain.Active(of[l.ID])
		if l.Sight != domain.Whole {
			p, speakers = nameless(p), nil
		}
		if l.Sight == domain.TitleOnly {
			p = titleOnly(p)
		}
		out[i] = intake.Export(p, l.CallSlug, l.GroupSlug, speakers)
	}
	return out, nil
}

// ActingFor finds the person an import acts as: the member with the address, or
// a chair of the group, with the terms that hold today in the zone.
func (w Proposals) ActingFor(ctx context.Context, group, email, zone string) (domain.Actor, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (domain.Actor, error) {
		return actingFor(tx, group, email, domain.DateOf(w.Now(), domain.Zone(zone)))
	})
}

func actingFor(tx *store.Tx, group, email string, today domain.Date) (domain.Actor, error) {
	if email != "" {
		p, err := tx.PersonByEmail(email)
		if err != nil {
			return domain.Actor{}, err
		}
		return tx.ActorOf(p.ID, today)
	}
	g, err := tx.Group(group)
	if err != nil {
		return domain.Actor{}, wrongChoice(err, "/group", "Name the group with its slug.")
	}
	chairs, err := tx.Chairs(g.ID, today)
	if err != nil {
		return domain.Actor{}, err
	}
	if len(chairs) == 0 {
		return domain.Actor{}, domain.Refuse(domain.Because("R22", "no_chair", "%s has no chair today to act for it. Name a member with --as.", g.Name))
	}
	return tx.ActorOf(chairs[0].ID, today)
}
