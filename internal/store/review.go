package store

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm/clause"

	"lectern/domain"
)

type phaseRow struct {
	CallID   string           `gorm:"primaryKey"`
	Kind     domain.PhaseKind `gorm:"primaryKey"`
	StartsAt time.Time
	EndsAt   time.Time
}

func (phaseRow) TableName() string { return "phases" }

type guestRow struct {
	CallID   string `gorm:"primaryKey"`
	PersonID string `gorm:"primaryKey"`
	AddedBy  string
	AddedAt  time.Time
}

func (guestRow) TableName() string { return "guest_reviewers" }

type conflictRow struct {
	ProposalID string `gorm:"primaryKey"`
	PersonID   string `gorm:"primaryKey"`
	DeclaredAt time.Time
}

func (conflictRow) TableName() string { return "conflicts" }

type reviewRow struct {
	ID         string `gorm:"primaryKey"`
	Version    int
	ProposalID string
	PersonID   string
	Revision   int
	Scores     map[string]int `gorm:"serializer:document"`
	Score      *int
	Verdict    domain.Verdict
	Comment    string
	Note       string
	Abstained  bool
	Action     domain.Proposed
	State      domain.ReviewState
	CreatedAt  time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt  time.Time `gorm:"autoUpdateTime:false"`
}

func (reviewRow) TableName() string { return "reviews" }

type reviewHistoryRow struct {
	ID        string `gorm:"primaryKey"`
	ReviewID  string
	Version   int
	Revision  int
	Scores    map[string]int `gorm:"serializer:document"`
	Score     *int
	Verdict   domain.Verdict
	Comment   string
	Abstained bool
	At        time.Time
}

func (reviewHistoryRow) TableName() string { return "review_history" }

// Phases are a call's phases, in their order.
func (tx *Tx) Phases(callIDs ...string) ([]domain.Phase, error) {
	var rows []phaseRow
	err := tx.db.Where("call_id IN ?", callIDs).Order("call_id, starts_at, ends_at, kind").Find(&rows).Error
	return convert(rows, func(r phaseRow) domain.Phase { return domain.Phase(r) }), err
}

// SetPhases replaces a call's phases.
func (tx *Tx) SetPhases(callID string, phases []domain.Phase) error {
	if err := tx.db.Where("call_id = ?", callID).Delete(&phaseRow{}).Error; err != nil || len(phases) == 0 {
		return err
	}
	rows := convert(phases, func(p domain.Phase) phaseRow { return phaseRow(p) })
	return tx.db.Create(&rows).Error
}

// GuestOf are the ids of the calls that a person reviews for as a guest.
func (tx *Tx) GuestOf(personID string) ([]string, error) {
	var ids []string
	err := tx.db.Model(&guestRow{}).Where("person_id = ?", personID).Order("call_id").Pluck("call_id", &ids).Error
	return ids, err
}

// Guests are the people who review for a call as guests, by name.
func (tx *Tx) Guests(callID string) ([]domain.Person, error) {
	var rows []personRow
	err := tx.db.Where("id IN (SELECT person_id FROM guest_reviewers WHERE call_id = ?)", callID).Order("name, id").Find(&rows).Error
	return convert(rows, func(r personRow) domain.Person { return domain.Person(r) }), err
}

// AddGuest lets a person review for a call; adding them twice changes nothing.
func (tx *Tx) AddGuest(callID, personID, by string, at time.Time) error {
	return tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&guestRow{callID, personID, by, at}).Error
}

// RemoveGuest ends a person's reviewing for a call; what they wrote stays.
func (tx *Tx) RemoveGuest(callID, personID string) error {
	return tx.db.Where("call_id = ? AND person_id = ?", callID, personID).Delete(&guestRow{}).Error
}

// DeclareConflict notes that a person declared a conflict; doing so twice changes nothing.
func (tx *Tx) DeclareConflict(proposalID, personID string, at time.Time) error {
	return tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&conflictRow{proposalID, personID, at}).Error
}

// Review finds a person's review of a proposal; nil when there is none. Inside a
// transaction its row is held.
func (tx *Tx) Review(proposalID, personID string) (*domain.Review, error) {
	text := reviewColumns() + " FROM reviews r WHERE r.proposal_id = ? AND r.person_id = ? LIMIT 1"
	if tx.postgres && !tx.reads {
		text += " FOR UPDATE"
	}
	var r reviewRow
	err := tx.ask(func(found row) error { return scanRow(found, reviewTable().where, &r) }, text, proposalID, personID)
	if err != nil || r.ID == "" {
		return nil, err
	}
	own := domain.Review(r)
	return &own, nil
}

var (
	reviewTable   = sync.OnceValue(func() written { return writing("reviews", reviewRow{}) })
	earlierTable  = sync.OnceValue(func() written { return writing("review_history", reviewHistoryRow{}) })
	reviewColumns = sync.OnceValue(func() string { return "SELECT r." + strings.Join(names(reviewRow{}), ", r.") })
	// namedReview is a review with its writer's name.
	namedReview = sync.OnceValue(func() []place { return append(places(reviewRow{}, 0), place{index: []int{1}}) })
)

// ReviewsOf are all reviews of a proposal, oldest first, with their writers' names.
func (tx *Tx) ReviewsOf(proposalID string) ([]domain.Review, map[string]string, error) {
	all, by := []domain.Review{}, map[string]string{}
	err := tx.ask(func(found row) error {
		var r struct {
			Review reviewRow
			Name   string
		}
		if err := scanRow(found, namedReview(), &r); err != nil {
			return fmt.Errorf("read a review: %w", err)
		}
		all, by[r.Review.PersonID] = append(all, domain.Review(r.Review)), r.Name
		return nil
	}, reviewColumns()+", p.name FROM reviews r JOIN people p ON p.id = r.person_id WHERE r.proposal_id = ? ORDER BY r.created_at, r.id", proposalID)
	return all, by, err
}

// AddReview writes a person's first review of a proposal. Stale when they have
// one already: it came in the moment before.
func (tx *Tx) AddReview(r domain.Review) error {
	err := tx.add(reviewTable(), reviewRow(r))
	if constraint(err) == "reviews_one" {
		return domain.StaleVersion("review")
	}
	return err
}

// ChangeReview writes a changed review whose Version was raised by one. Stale
// when it was changed meanwhile.
func (tx *Tx) ChangeReview(r domain.Review) error {
	n, err := tx.replace(reviewTable(), reviewRow(r), "id = ? AND version = ?", r.ID, r.Version-1)
	return guard(n, err, "review")
}

// KeepReview keeps what a review said before a change.
func (tx *Tx) KeepReview(id string, r domain.Review) error {
	return tx.add(earlierTable(), reviewHistoryRow{
		ID: id, ReviewID: r.ID, Version: r.Version, Revision: r.Revision, Scores: r.Scores, Score: r.Score,
		Verdict: r.Verdict, Comment: r.Comment, Abstained: r.Abstained, At: r.UpdatedAt,
	})
}

// EarlierReviews are what a person's review of a proposal said before it was
// changed, oldest first.
func (tx *Tx) EarlierReviews(proposalID, personID string) ([]domain.Review, error) {
	var rows []reviewHistoryRow
	err := tx.db.Where("review_id IN (SELECT id FROM reviews WHERE proposal_id = ? AND person_id = ?)", proposalID, personID).Order("version").Find(&rows).Error
	return convert(rows, func(r reviewHistoryRow) domain.Review {
		return domain.Review{
			ID: r.ReviewID, Version: r.Version, ProposalID: proposalID, PersonID: personID, Revision: r.Revision, Scores: r.Scores,
			Score: r.Score, Verdict: r.Verdict, Comment: r.Comment, Abstained: r.Abstained, State: domain.ReviewComplete, UpdatedAt: r.At,
		}
	}), err
}

// OutdatedReviewers are the people who reviewed an older revision of a proposal,
// and still judge it.
func (tx *Tx) OutdatedReviewers(proposalID string, revision int) ([]domain.Person, error) {
	var rows []personRow
	err := tx.db.Where("id IN (SELECT person_id FROM reviews WHERE proposal_id = ? AND revision < ? AND state <> 'recused')", proposalID, revision).
		Order("name, id").Find(&rows).Error
	return convert(rows, func(r personRow) domain.Person { return domain.Person(r) }), err
}

const reviewScoresSQL = `
SELECT r.proposal_id, r.person_id, w.name, r.score, r.verdict, r.state, r.abstained, FALSE AS recused, r.revision, r.action
FROM reviews r JOIN proposals p ON p.id = r.proposal_id JOIN people w ON w.id = r.person_id
WHERE p.call_id IN (?) AND r.state <> 'recused'
UNION ALL
SELECT c.proposal_id, c.person_id, w.name, NULL, '', '', FALSE, TRUE, 0, ''
FROM conflicts c JOIN proposals p ON p.id = c.proposal_id JOIN people w ON w.id = c.person_id
WHERE p.call_id IN (?)
ORDER BY 1, 3, 2`

// ReviewScores are all reviews and declared conflicts of the proposals of the
// calls, by proposal and name, in one statement; see domain.StatsByProposal.
func (tx *Tx) ReviewScores(callIDs ...string) ([]domain.ReviewScore, error) {
	var rows []domain.ReviewScore
	var r domain.ReviewScore // its score is made anew for each row
	into := []any{&r.ProposalID, &r.PersonID, &r.Name, &r.Score, &r.Verdict, &r.State, &r.Abstained, &r.Recused, &r.Revision, &r.Action}
	err := tx.ask(func(found row) error {
		err := found.Scan(into...)
		rows = more(rows, r)
		return err
	}, reviewScoresSQL, callIDs, callIDs)
	return rows, err
}

// ReviewTotals are the figures of each proposal of the calls that has a reader,
// in one statement.
func (tx *Tx) ReviewTotals(callIDs ...string) (map[string]domain.ReviewStats, error) {
	all, err := tx.ReviewScores(callIDs...)
	return domain.StatsByProposal(all), err
}
