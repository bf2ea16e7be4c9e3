package store

import (
	"time"

	"gorm.io/gorm/clause"

	"lectern/domain"
)

type memberRow struct {
	EmailHMAC  string `gorm:"column:email_hmac;primaryKey"`
	NumberHMAC string `gorm:"column:number_hmac"`
	Class      string
	ValidTo    domain.Date
	UpdatedAt  time.Time `gorm:"autoUpdateTime:false"`
}

func (memberRow) TableName() string { return "members" }

// membersAtOnce is how many lines of the list one statement takes.
const membersAtOnce = 200

// MembersBy finds lines of the list of members by the HMACs of their addresses.
func (tx *Tx) MembersBy(hmacs []string) (map[string]domain.Member, error) {
	found := make(map[string]domain.Member, len(hmacs))
	for len(hmacs) > 0 {
		n := min(membersAtOnce, len(hmacs))
		var rows []memberRow
		if err := tx.db.Where("email_hmac IN ?", hmacs[:n]).Find(&rows).Error; err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[r.EmailHMAC] = domain.Member(r)
		}
		hmacs = hmacs[n:]
	}
	return found, nil
}

// PutMembers writes lines of the list of members, each in place of the one with the same address.
func (tx *Tx) PutMembers(all []domain.Member) error {
	if len(all) == 0 {
		return nil
	}
	rows := convert(all, func(m domain.Member) memberRow { return memberRow(m) })
	return tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "email_hmac"}}, UpdateAll: true}).CreateInBatches(&rows, membersAtOnce).Error
}
