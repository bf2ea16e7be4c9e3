package store

import (
	"time"

	"gorm.io/gorm/clause"

	"lectern/domain"
)

type quotaRow struct {
	GroupID  string      `gorm:"primaryKey"`
	Year     domain.Year `gorm:"primaryKey"`
	VenueID  string      `gorm:"primaryKey"`
	Required int
}

func (quotaRow) TableName() string { return "quotas" }

// PutQuota writes what a group owes a venue in a year, new or changed.
func (tx *Tx) PutQuota(q domain.Quota) error {
	row := quotaRow(q)
	return tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

type dutyRow struct {
	GroupID   string
	VenueID   string
	VenueName string
	Required  int
	Counted   int
	Drafts    int
	Extra     int
}

// standingSQL recounts duties from the proposals; nothing is kept in a counter.
// The inner SELECT is one line for each proposal and group it counts for.
const standingSQL = `
SELECT q.group_id, q.venue_id, v.name AS venue_name, q.required,
  COALESCE(SUM(CASE WHEN c.counts AND c.state NOT IN ('draft', 'withdrawn') THEN 1 ELSE 0 END), 0) AS counted,
  COALESCE(SUM(CASE WHEN c.counts AND c.state = 'draft' THEN 1 ELSE 0 END), 0) AS drafts,
  COALESCE(SUM(CASE WHEN NOT c.counts AND c.state NOT IN ('draft', 'withdrawn') THEN 1 ELSE 0 END), 0) AS extra
FROM quotas q
JOIN venues v ON v.id = q.venue_id
LEFT JOIN (
  SELECT p.group_id, p.venue_id, p.state, f.counts
  FROM proposals p JOIN formats f ON f.venue_id = p.venue_id AND f.id = p.format_id
  WHERE p.year = @year AND p.group_id IN @groups
  UNION ALL
  SELECT s.group_id, p.venue_id, p.state, f.counts
  FROM proposal_cosponsors s JOIN proposals p ON p.id = s.proposal_id
  JOIN formats f ON f.venue_id = p.venue_id AND f.id = p.format_id
  WHERE @each AND p.year = @year AND s.group_id IN @groups AND s.group_id <> p.group_id
) c ON c.group_id = q.group_id AND c.venue_id = q.venue_id
WHERE q.year = @year AND q.group_id IN @groups
GROUP BY q.group_id, q.venue_id, v.name, v.sort_order, q.required
ORDER BY q.group_id, v.sort_order`

// Standings are what each of the groups owes in the year and where it stands,
// by group id, in two statements however many groups there are. With eachSponsor
// a co-sponsored proposal counts for every sponsor (X25).
func (tx *Tx) Standings(groupIDs []string, y domain.Year, eachSponsor bool, now time.Time) (map[string]domain.Standing, error) {
	all := map[string]domain.Standing{}
	for _, id := range groupIDs {
		all[id] = domain.Standing{GroupID: id, Year: y}
	}
	if len(groupIDs) == 0 {
		return all, nil
	}
	var rows []dutyRow
	err := tx.db.Raw(standingSQL, map[string]any{"year": y, "groups": groupIDs, "each": eachSponsor}).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	counting, err := tx.countingCalls(y)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		s := all[r.GroupID]
		d := domain.Duty{VenueID: r.VenueID, VenueName: r.VenueName, Required: r.Required, Counted: r.Counted, Drafts: r.Drafts, Extra: r.Extra}
		s.Duties = append(s.Duties, d.Window(counting[r.VenueID], now))
		all[r.GroupID] = s
	}
	return all, nil
}

// Standing is what one group owes in the year and where it stands.
func (tx *Tx) Standing(groupID string, y domain.Year, eachSponsor bool, now time.Time) (domain.Standing, error) {
	all, err := tx.Standings([]string{groupID}, y, eachSponsor, now)
	return all[groupID], err
}

// countingCalls are the year's calls in formats that count, by venue.
func (tx *Tx) countingCalls(y domain.Year) (map[string][]domain.Call, error) {
	var rows []callRow
	err := tx.db.Where("year = ? AND EXISTS (SELECT 1 FROM formats f WHERE f.venue_id = calls.venue_id AND f.id = calls.format_id AND f.counts)", y).
		Order("closes_at, slug").Find(&rows).Error
	by := map[string][]domain.Call{}
	for _, r := range rows {
		by[r.VenueID] = append(by[r.VenueID], domain.Call(r))
	}
	return by, err
}
