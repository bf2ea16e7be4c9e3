package store

import (
	"time"

	"gorm.io/gorm/clause"

	"lectern/domain"
)

type rankingRow struct {
	SectionID   string      `gorm:"primaryKey"`
	VenueID     string      `gorm:"primaryKey"`
	Year        domain.Year `gorm:"primaryKey"`
	FormatID    string      `gorm:"primaryKey"`
	Version     int
	Order       []string `gorm:"column:ordering;serializer:document"`
	Cut         *int
	MovedID     string
	MovedByID   string
	MovedByName string
	MovedAt     *time.Time
}

func (rankingRow) TableName() string { return "rankings" }

func (r rankingRow) ranking() domain.Ranking {
	return domain.Ranking{
		RankingKey: domain.RankingKey{SectionID: r.SectionID, VenueID: r.VenueID, Year: r.Year, FormatID: r.FormatID},
		Version:    r.Version, Order: r.Order, Cut: r.Cut, MovedID: r.MovedID, MovedByID: r.MovedByID, MovedByName: r.MovedByName, MovedAt: r.MovedAt,
	}
}

func rowOf(r domain.Ranking) rankingRow {
	return rankingRow{
		SectionID: r.SectionID, VenueID: r.VenueID, Year: r.Year, FormatID: r.FormatID, Version: r.Version, Order: r.Order, Cut: r.Cut,
		MovedID: r.MovedID, MovedByID: r.MovedByID, MovedByName: r.MovedByName, MovedAt: r.MovedAt,
	}
}

// HoldRanking finds a ranking, beginning it when there is none, and holds its row
// until the transaction ends.
func (tx *Tx) HoldRanking(k domain.RankingKey) (domain.Ranking, error) {
	fresh := rowOf(domain.Ranking{RankingKey: k, Version: 1})
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&fresh).Error; err != nil {
		return domain.Ranking{}, err
	}
	var row rankingRow
	err := tx.locked().Where("section_id = ? AND venue_id = ? AND year = ? AND format_id = ?", k.SectionID, k.VenueID, k.Year, k.FormatID).Take(&row).Error
	return row.ranking(), err
}

// SaveRanking writes a ranking whose Version was raised by one. Stale when it was
// changed meanwhile.
func (tx *Tx) SaveRanking(r domain.Ranking) error {
	row := rowOf(r)
	return guarded(tx.db.Model(&rankingRow{}).
		Where("section_id = ? AND venue_id = ? AND year = ? AND format_id = ? AND version = ?", r.SectionID, r.VenueID, r.Year, r.FormatID, r.Version-1).
		Select("*").Updates(&row), "ranking")
}

// Rankings are the rankings of a section's proposals for a venue in a year, by
// format. Inside a transaction their rows are held.
func (tx *Tx) Rankings(sectionID, venueID string, y domain.Year) (map[string]domain.Ranking, error) {
	q := tx.db
	if !tx.reads {
		q = tx.locked()
	}
	var rows []rankingRow
	err := q.Where("section_id = ? AND venue_id = ? AND year = ?", sectionID, venueID, y).Order("format_id").Find(&rows).Error
	all := map[string]domain.Ranking{}
	for _, r := range rows {
		all[r.FormatID] = r.ranking()
	}
	return all, err
}
