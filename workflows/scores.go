package workflows

import (
	"context"
	"errors"

	"lectern/domain"
	"lectern/internal/intake"
	"lectern/internal/store"
)

// ImportScores says how a file of scores is taken in.
type ImportScores struct {
	Call   string // id or slug
	Data   []byte
	Zone   string // whose day it is, for the rights of the reviewers
	DryRun bool   // say what would happen, and change nothing
}

// ScoreReport says what an import of scores did, or would do.
type ScoreReport struct {
	Created   int
	Updated   int
	Unchanged int
	Refused   []intake.Problem // then nothing was done
}

// ImportScores keeps the reviews of a file (see intake.Scores) in one transaction,
// all or nothing, each by the real move and as its reviewer's own: in the phases
// with scoring, and by who reviews and has no conflict. A proposal and a reviewer
// have one review, so a file can be taken in again. Forbidden for anybody but
// administrators.
func (w Proposals) ImportScores(ctx context.Context, who domain.Actor, in ImportScores) (ScoreReport, error) {
	if !who.Clock && !who.Has(domain.Admin) {
		return ScoreReport{}, domain.NotAllowed("not_your_move", "Only an administrator can import scores.")
	}
	var report ScoreReport
	_, err := store.Write(ctx, w.Store, func(tx *store.Tx) (struct{}, error) {
		report = ScoreReport{}
		call, venue, err := tx.CallVenue(in.Call)
		if err != nil {
			return struct{}{}, wrongChoice(err, "/call", "Name the call with its slug.")
		}
		rows, problems, err := intake.Scores(in.Data, domain.Facts{Venue: venue}.Rubric())
		if err != nil {
			return struct{}{}, err
		}
		report.Refused = problems
		for _, row := range rows {
			if err := w.importScore(tx, in, call, row, &report); err != nil {
				return struct{}{}, err
			}
		}
		if in.DryRun || len(report.Refused) > 0 {
			return struct{}{}, errRollback
		}
		return struct{}{}, nil
	})
	if errors.Is(err, errRollback) {
		err = nil
	}
	return report, err
}

// importScore keeps one line; why it cannot be kept goes into the report.
func (w Proposals) importScore(tx *store.Tx, in ImportScores, call domain.Call, row intake.ScoreRow, report *ScoreReport) error {
	was, err := w.scoredBefore(tx, in, call, row)
	count := &report.Created
	if err == nil && was.review != nil {
		if !was.review.With(row.Review, was.rubric, was.review.Revision).Differs(*was.review) {
			report.Unchanged++
			return nil
		}
		count = &report.Updated
	}
	if err == nil {
		_, err = w.saveReview(tx, was.reviewer, was.proposalID, 0, row.Review)
	}
	if err == nil {
		*count++
	}
	refusal, refused := asRefusal(err)
	if err != nil && !refused {
		return err
	}
	if refused {
		for _, why := range refusal.Reasons {
			report.Refused = append(report.Refused, intake.Problem{Line: row.Line, Pointer: why.Pointer, Code: why.Code, Detail: why.Detail})
		}
	}
	return nil
}

// scoredLine is what a line of a file of scores is about.
type scoredLine struct {
	reviewer   domain.Actor
	proposalID string
	rubric     domain.Rubric
	review     *domain.Review // as it stands; nil: there is none
}

// scoredBefore finds whose scores a line has, and of what. Invalid when there is
// no such person, or no such proposal of the call that they can see.
func (w Proposals) scoredBefore(tx *store.Tx, in ImportScores, call domain.Call, row intake.ScoreRow) (scoredLine, error) {
	person, err := tx.PersonByEmail(row.Reviewer)
	if domain.IsKind(err, domain.NotFound) {
		return scoredLine{}, domain.Refuse(domain.Wrong("/reviewer", "unknown_reviewer", "Nobody here has the address %s.", row.Reviewer))
	}
	if err != nil {
		return scoredLine{}, err
	}
	l := scoredLine{}
	if l.reviewer, err = tx.ActorOf(person.ID, domain.DateOf(w.Now(), domain.Zone(in.Zone))); err != nil {
		return l, err
	}
	p, f, err := tx.Proposal(l.reviewer, row.Number)
	if domain.IsKind(err, domain.NotFound) || err == nil && p.CallID != call.ID {
		return l, domain.Refuse(domain.Wrong("/number", "not_in_call", "There is no “%s” in %s that %s reviews.", row.Number, call.Name, person.Name))
	}
	if err != nil {
		return l, err
	}
	l.proposalID, l.rubric = p.ID, f.Rubric()
	l.review, err = tx.Review(p.ID, person.ID)
	return l, err
}
