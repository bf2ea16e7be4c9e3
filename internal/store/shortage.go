package store

import (
	"fmt"
	"slices"
	"strings"

	"lectern/domain"
)

// CallReader is somebody who reviews for a call.
type CallReader struct {
	domain.Reader
	Guest bool
}

// callReadersSQL asks who is on a section's Leadership Team on a day, who reviews
// for a call as a guest, and in which groups they all are.
const callReadersSQL = `
SELECT 'guest' AS kind, w.id AS id, w.name AS name, w.email, w.institution
FROM guest_reviewers q JOIN people w ON w.id = q.person_id WHERE q.call_id = @call
UNION ALL
SELECT 'leader', w.id, w.name, w.email, w.institution FROM people w WHERE w.id IN (@leaders)
UNION ALL
SELECT 'seat', o.person_id, o.group_id, '', '' FROM terms o WHERE o.starts_on <= @today AND o.ends_on >= @today
AND (o.person_id IN (SELECT q.person_id FROM guest_reviewers q WHERE q.call_id = @call) OR o.person_id IN (@leaders))
ORDER BY kind, name, id`

var callReaders = withNames(strings.ReplaceAll(callReadersSQL, "@leaders", `SELECT t.person_id FROM terms t JOIN groups l ON l.id = t.group_id
  WHERE l.kind = 'leadership' AND l.section_id = @section AND t.starts_on <= @today AND t.ends_on >= @today`))

// CallReaders are all who review for a call on the actor's day, each once, the
// guests first and both by name: in one statement.
func (tx *Tx) CallReaders(a domain.Actor, c domain.Call) ([]CallReader, error) {
	var all []CallReader
	at := map[string]int{}
	err := tx.ask(func(found row) error {
		var kind string
		var r domain.Reader
		if err := found.Scan(&kind, &r.ID, &r.Name, &r.Email, &r.Institution); err != nil {
			return fmt.Errorf("read who reviews for a call: %w", err)
		}
		i, known := at[r.ID]
		switch {
		case kind == "seat":
			all[i].Groups = append(all[i].Groups, r.Name)
		case !known:
			at[r.ID] = len(all)
			all = append(all, CallReader{r, kind == "guest"})
		}
		return nil
	}, callReaders.text, callReaders.values(map[string]any{"call": c.ID, "section": c.SectionID, "today": a.Today})...)
	return all, err
}

// ShortLine is a proposal that waits for reviews, with how many it can get.
type ShortLine struct {
	ID     string
	Number string
	Title  string
	domain.Shortage
}

const shortLinesSQL = `
SELECT p.id, p.number, p.title, (SELECT COUNT(*) FROM reviews r WHERE r.proposal_id = p.id AND r.score IS NOT NULL AND r.person_id NOT IN (?)) AS kept
FROM proposals p WHERE p.call_id = ? AND p.state = 'submitted' ORDER BY p.number`

// plainFactsSQL asks for what conflicts depend on, and no more.
var plainFactsSQL = strings.ReplaceAll(listFactsSQL, "@n", "0")

// Shortages are the proposals of a call that wait for a decision and can get fewer
// complete reviews of the readers than a recommendation needs, by number, and how
// many that is: in two statements, however many proposals there are.
func (tx *Tx) Shortages(c domain.Call, readers []CallReader) ([]ShortLine, int, error) {
	who, ids := make([]domain.Reader, len(readers)), make([]string, len(readers))
	for i, r := range readers {
		who[i], ids[i] = r.Reader, r.ID
	}
	of := waitingIn([]string{c.ID})
	found, err := tx.factsOf(plainFactsSQL, of, slices.Concat(of.values, of.values, of.values, []any{orNone(ids)}, of.values))
	least := found.settings[c.SectionID].MinReviews()
	if err != nil || len(found.proposals) == 0 {
		return nil, least, err
	}
	var short []ShortLine
	err = tx.ask(func(from row) error {
		var l ShortLine
		var kept int
		if err := from.Scan(&l.ID, &l.Number, &l.Title, &kept); err != nil {
			return fmt.Errorf("read which proposals wait for reviews: %w", err)
		}
		if l.Shortage = domain.ShortageOf(who, found.conflicts(l.ID), kept, least); l.Short() {
			short = append(short, l)
		}
		return nil
	}, shortLinesSQL, orNone(ids), c.ID)
	return short, least, err
}
