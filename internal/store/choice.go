package store

import "fmt"

// Choice is a group or a venue that a list can be narrowed to.
type Choice struct {
	ID        string
	Slug      string // of a group
	SectionID string // of a group
	Name      string
}

const choicesSQL = `
SELECT 0 AS kind, g.id, g.slug, g.section_id, g.name,
  CASE g.kind WHEN 'leadership' THEN 0 WHEN 'committee' THEN 1 WHEN 'interest_group' THEN 2 ELSE 3 END AS place
FROM groups g
UNION ALL
SELECT 1, v.id, '', '', v.name, v.sort_order FROM venues v
ORDER BY 1, 6, 5, 2`

// Choices are all groups, the Leadership Team first, then by kind and name, and
// all venues in their order: one statement, on every page of the list.
func (tx *Tx) Choices() (groups, venues []Choice, err error) {
	err = tx.ask(func(found row) error {
		var kind, place int
		var c Choice
		if err := found.Scan(&kind, &c.ID, &c.Slug, &c.SectionID, &c.Name, &place); err != nil {
			return fmt.Errorf("read what a list can be narrowed by: %w", err)
		}
		if kind == 0 {
			groups = append(groups, c)
		} else {
			venues = append(venues, c)
		}
		return nil
	}, choicesSQL)
	return groups, venues, err
}
