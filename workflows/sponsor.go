package workflows

import (
	"fmt"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// setCoSponsors makes groups the co-sponsors of a proposal. With began, what others
// added or took away meanwhile stays as they have it.
func setCoSponsors(tx *store.Tx, p domain.Proposal, refs []string, began *[]string) error {
	there, err := tx.CoSponsors(p.ID)
	if err != nil {
		return err
	}
	var now, wanted []string
	for _, g := range there {
		now = append(now, g.ID)
	}
	for i, ref := range refs {
		g, err := tx.Group(ref)
		if err != nil {
			return wrongChoice(err, fmt.Sprintf("/co_sponsors/%d", i), "Choose a group of the section.")
		}
		if err := domain.Refuse(maySponsor(p, g, i, slices.Contains(now, g.ID))...); err != nil {
			return err
		}
		wanted = append(wanted, g.ID)
	}
	if began != nil {
		wanted = changed(now, *began, wanted)
	}
	slices.Sort(now)
	slices.Sort(wanted)
	if wanted = slices.Compact(wanted); slices.Equal(now, wanted) {
		return nil
	}
	return tx.SetCoSponsors(p.ID, wanted)
}

// maySponsor: the group that leads is no co-sponsor, and one that has ended becomes none.
func maySponsor(p domain.Proposal, g domain.Group, i int, already bool) []domain.Reason {
	pointer := fmt.Sprintf("/co_sponsors/%d", i)
	switch {
	case g.ID == p.GroupID:
		return []domain.Reason{domain.Wrong(pointer, "own_group", "%s leads this proposal. Choose other groups as co-sponsors.", g.Name)}
	case g.Status == domain.GroupInactive && !already:
		return []domain.Reason{domain.Wrong(pointer, "group_inactive", "%s is no longer active. Choose another group.", g.Name)}
	}
	return nil
}

// changed is a list with what was added to and taken from an earlier one.
func changed(now, began, wanted []string) []string {
	out := slices.DeleteFunc(slices.Clone(now), func(id string) bool { return slices.Contains(began, id) && !slices.Contains(wanted, id) })
	for _, id := range wanted {
		if !slices.Contains(began, id) {
			out = append(out, id)
		}
	}
	return out
}
