package store

import (
	"strings"

	"gorm.io/gorm"

	"lectern/domain"
)

// foundIn is what a list of orders or quotes is searched in: the folded words of
// some texts, each after a space. It is kept in the row itself, because a hold is
// the busiest moment of a sale, and a row for each word would be its longest part.
func foundIn(texts []string) string {
	return " " + strings.Join(domain.SearchWords(strings.Join(texts, " ")), " ")
}

// saleFound limits a list to rows in which each word asked for is the beginning of
// one of theirs. Both sides are folded here, so that both databases answer alike;
// a folded word has nothing that LIKE takes for a pattern.
func saleFound(q *gorm.DB, column, asked string) *gorm.DB {
	for _, w := range domain.QueryWords(asked) {
		q = q.Where(column+" LIKE ?", "% "+w+"%")
	}
	return q
}

// fillFoundBy fills in what orders and quotes from before there was a search of
// words are found by.
func (tx *Tx) fillFoundBy() error {
	var orders []orderRow
	if err := tx.db.Where("found_by = ''").Find(&orders).Error; err != nil {
		return err
	}
	for _, o := range orders {
		if err := tx.db.Exec("UPDATE orders SET found_by = ? WHERE id = ?", foundIn(domain.Order(o).Found()), o.ID).Error; err != nil {
			return err
		}
	}
	var quotes []quoteRow
	if err := tx.db.Where("found_by = ''").Find(&quotes).Error; err != nil {
		return err
	}
	for _, q := range quotes {
		if err := tx.db.Exec("UPDATE quotes SET found_by = ? WHERE id = ?", foundIn(domain.Quote(q).Found()), q.ID).Error; err != nil {
			return err
		}
	}
	return nil
}
