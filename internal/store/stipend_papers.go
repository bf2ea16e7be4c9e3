package store

import (
	"time"

	"lectern/domain"
)

// PapersLine is a stipend whose agreement or tax form did not come yet.
type PapersLine struct {
	ID         string
	ProposalID string
	SpeakerID  string
	State      domain.StipendState
	Title      string
	Answers    domain.Answers `gorm:"serializer:document"` // of the proposal
	Zone       string         // the section's
	StartsAt   *time.Time     // when it is on sale
}

// Live is the day of the webinar; until it has one, the first that its form
// prefers; empty when nobody said.
func (l PapersLine) Live() domain.Date {
	if l.StartsAt != nil {
		return domain.DateOf(*l.StartsAt, domain.Zone(l.Zone))
	}
	return domain.FirstPreferred(l.Answers)
}

// PapersMissing are the stipends of webinars to come whose papers are missing.
func (tx *Tx) PapersMissing() ([]PapersLine, error) {
	var lines []PapersLine
	err := tx.db.Table("stipends t").Select("t.id, t.proposal_id, t.speaker_id, t.state, p.title, p.answers, c.zone, o.starts_at").
		Joins("JOIN proposals p ON p.id = t.proposal_id").Joins("JOIN groups g ON g.id = p.group_id").Joins("JOIN sections c ON c.id = g.section_id").
		Joins("LEFT JOIN offerings o ON o.proposal_id = p.id AND o.status <> 'cancelled'").
		Where("t.funded_by = ? AND t.state IN ('designated', 'accepted') AND (t.agreement_on = '' OR t.tax_form_on = '')", domain.FundedHere).
		Where("p.state = ? AND p.delivered_at IS NULL", domain.Accepted).Order("t.id").Scan(&lines).Error
	return lines, err
}
