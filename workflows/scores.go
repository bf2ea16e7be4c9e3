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
		r := scoreReaders{on: domain.DateOf(w.Now(), domain.Zone(in.Zone)), known: map[string]domain.Actor{}}
		for _, row := range rows {
			if err := w.importScore(tx, r, call, row, &report); err != nil {
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
func (w Proposals) importScore(tx *store.Tx, readers scoreReaders, call domain.Call, row intake.ScoreRow, report *ScoreReport) error {
	was, err := scoredBefore(tx, readers, call, row)
	count := &report.Created
	if err == nil && was.review != nil {
		if !was.review.With(row.Review, was.facts.Rubric(), was.review.Revision).Differs(*was.review) {
			report.Unchanged++
			return nil
		}
		count = &report.Updated
	}
	if err == nil {
		err = w.saveScores(tx, was, row.Review)
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

// saveScores is saveReview for a line whose proposal is held and whose review was read.
func (w Proposals) saveScores(tx *store.Tx, l scoredLine, in domain.ReviewInput) error {
	l.facts.Input.Review = &in
	if err := w.mayReview(tx, &l.proposal, &l.facts); err != nil {
		return err
	}
	_, err := w.writeReview(tx, l.proposal, l.facts, l.review)
	return err
}

// scoreReaders are the people of a file of scores, each looked up once.
type scoreReaders struct {
	on    domain.Date             // whose rights hold
	known map[string]domain.Actor // by address, as the file has it
}

// find finds whose scores a line has. Invalid when there is no such person.
func (r scoreReaders) find(tx *store.Tx, address string) (domain.Actor, error) {
	if a, ok := r.known[address]; ok {
		return a, nil
	}
	person, err := tx.PersonByEmail(address)
	if domain.IsKind(err, domain.NotFound) {
		return domain.Actor{}, domain.Refuse(domain.Wrong("/reviewer", "unknown_reviewer", "Nobody here has the address %s.", address))
	}
	if err != nil {
		return domain.Actor{}, err
	}
	a, err := tx.ActorOf(person.ID, r.on)
	if err == nil {
		r.known[address] = a
	}
	return a, err
}

// scoredLine is what a line of a file of scores is about. The proposal is held.
type scoredLine struct {
	proposal domain.Proposal
	facts    domain.Facts
	review   *domain.Review // as it stands; nil: there is none
}

// scoredBefore finds what a line has scores of. Invalid when there is no such
// reviewer, or no such proposal of the call that they can see.
func scoredBefore(tx *store.Tx, readers scoreReaders, call domain.Call, row intake.ScoreRow) (scoredLine, error) {
	reader, err := readers.find(tx, row.Reviewer)
	if err != nil {
		return scoredLine{}, err
	}
	l := scoredLine{}
	l.proposal, l.facts, err = tx.Proposal(reader, row.Number)
	if domain.IsKind(err, domain.NotFound) || err == nil && l.proposal.CallID != call.ID {
		return l, domain.Refuse(domain.Wrong("/number", "not_in_call", "There is no “%s” in %s that %s reviews.", row.Number, call.Name, reader.Name))
	}
	if err != nil {
		return l, err
	}
	l.review, err = tx.Review(l.proposal.ID, reader.ID)
	return l, err
}
