package store

import "lectern/domain"

// PapersLine is a stipend whose agreement or tax form did not come yet.
type PapersLine struct {
	ID         string
	ProposalID string
	SpeakerID  string
	State      domain.StipendState
	Title      string
	Answers    domain.Answers `gorm:"serializer:document"` // of the proposal
	Zone       string         // the section's
}

// Live is the day the webinar is expected; empty when nobody said.
func (l PapersLine) Live() domain.Date { return domain.FirstPreferred(l.Answers) }

// PapersMissing are the stipends of webinars to come whose papers are missing.
func (tx *Tx) PapersMissing() ([]PapersLine, error) {
	var lines []PapersLine
	err := tx.db.Table("stipends t").Select("t.id, t.proposal_id, t.speaker_id, t.state, p.title, p.answers, c.zone").
		Joins("JOIN proposals p ON p.id = t.proposal_id").Joins("JOIN groups g ON g.id = p.group_id").Joins("JOIN sections c ON c.id = g.section_id").
		Where("t.funded_by = ? AND t.state IN ('designated', 'accepted') AND (t.agreement_on = '' OR t.tax_form_on = '')", domain.FundedHere).
		Where("p.state = ? AND p.delivered_at IS NULL", domain.Accepted).Order("t.id").Scan(&lines).Error
	return lines, err
}
