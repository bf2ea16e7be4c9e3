package workflows

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"lectern/domain"
	"lectern/internal/intake"
	"lectern/internal/store"
)

// ImportProposals says how a file of proposals is taken in.
type ImportProposals struct {
	Data         []byte
	Mapping      *intake.Mapping // for files of no recognised shape
	Group        string          // id or slug, for records that name none
	Call         string          // id or slug; empty: each record names its own, as Lectern's export does
	Zone         string          // whose day it is for whom the clock acts; empty: UTC
	SkipBadLines bool            // take the good lines all the same
	Submit       bool            // submit what was made, by the real move
	DryRun       bool            // say what would happen, and change nothing
}

// ImportReport says what an import did, or would do.
type ImportReport struct {
	Shape     string
	KeyedBy   string // what makes a proposal the same one when imported again
	Created   int
	Updated   int
	Unchanged int
	Submitted int
	Refused   []intake.Problem // bad lines; without SkipBadLines nothing else is done
	Skipped   []intake.Skip    // lines that are no proposals
	Notes     []string
	DryRun    bool
}

// Refusal is one refusal that names every bad line; nil when there is none.
func (r ImportReport) Refusal() error { return intake.Batch{Problems: r.Refused}.Refusal() }

// errRollback undoes an import that was only tried, or that has bad lines.
var errRollback = errors.New("roll back")

// ImportProposals makes drafts of a file's proposals, all or nothing, in one
// transaction. A proposal that was imported before, by the key the shape names,
// is updated while it is a draft, and otherwise left alone. Every bad line is in
// the report. The person asking must be a member of the group, and to submit,
// its chair: an import makes no move outside the lifecycle. The clock acts as a
// chair of each proposal's group.
func (w Proposals) ImportProposals(ctx context.Context, who domain.Actor, in ImportProposals) (ImportReport, error) {
	options, err := w.intakeOptions(ctx, in)
	if err != nil {
		return ImportReport{}, err
	}
	batch, err := intake.Read(in.Data, options)
	if err != nil {
		return ImportReport{}, err
	}
	report := ImportReport{Shape: batch.Shape, KeyedBy: batch.KeyedBy, Refused: batch.Problems, Skipped: batch.Skipped, Notes: batch.Notes, DryRun: in.DryRun}
	if len(report.Refused) > 0 && !in.SkipBadLines {
		return report, nil
	}
	_, err = store.Write(ctx, w.Store, func(tx *store.Tx) (struct{}, error) {
		report.Created, report.Updated, report.Unchanged, report.Submitted = 0, 0, 0, 0
		report.Refused = slices.Clone(batch.Problems)
		return struct{}{}, w.importAll(tx, who, in, batch.Records, &report)
	})
	if errors.Is(err, errRollback) {
		err = nil
	}
	return report, err
}

// intakeOptions are the mapping and the call's form; no form where each record
// names its own call.
func (w Proposals) intakeOptions(ctx context.Context, in ImportProposals) (intake.Options, error) {
	options := intake.Options{Mapping: in.Mapping}
	if in.Call == "" && in.Mapping == nil {
		return options, nil
	}
	t, err := store.Read(ctx, w.Store, func(tx *store.Tx) (domain.Target, error) { return target(tx, in.Call) })
	options.Form = &t.Form.Spec
	return options, wrongChoice(err, "/call", "Name the call with its slug.")
}

func (w Proposals) importAll(tx *store.Tx, who domain.Actor, in ImportProposals, records []intake.Record, report *ImportReport) error {
	bad := len(report.Refused)
	facts := importFacts{calls: map[string]domain.Call{}, chairs: map[string]domain.Actor{}}
	for _, r := range records {
		if err := w.importOne(tx, who, in, r, facts, report); err != nil {
			e, refused := asRefusal(err)
			if !refused {
				return err
			}
			for _, why := range e.Reasons {
				report.Refused = append(report.Refused, intake.Problem{Line: r.Line, Pointer: r.Pointer + why.Pointer, Code: why.Code, Detail: why.Detail})
			}
		}
	}
	if in.DryRun || len(report.Refused) > bad && !in.SkipBadLines {
		return errRollback
	}
	return nil
}

// importFacts are the calls and the chairs that records have named so far.
type importFacts struct {
	calls  map[string]domain.Call
	chairs map[string]domain.Actor
}

// once gives what was found under a name before, or finds it.
func once[T any](all map[string]T, name string, find func() (T, error)) (T, error) {
	if v, has := all[name]; has {
		return v, nil
	}
	v, err := find()
	if err == nil {
		all[name] = v
	}
	return v, err
}

func (w Proposals) importOne(tx *store.Tx, who domain.Actor, in ImportProposals, r intake.Record, facts importFacts, report *ImportReport) error {
	group, named := cmp.Or(r.Group, in.Group), cmp.Or(in.Call, r.Call)
	call, err := once(facts.calls, named, func() (domain.Call, error) { return tx.Call(named) })
	if err != nil {
		return wrongChoice(err, "/call", "Name the call with its slug.")
	}
	if who.Clock {
		today := domain.DateOf(w.Now(), domain.Zone(in.Zone))
		if who, err = once(facts.chairs, group, func() (domain.Actor, error) { return actingFor(tx, group, "", today) }); err != nil {
			return err
		}
	}
	known, err := importedBefore(tx, call, r)
	if domain.IsKind(err, domain.NotFound) {
		p, err := w.create(tx, who, Draft{Group: group, Call: call.ID, Title: r.Title, Answers: r.Answers, Speakers: r.Speakers, ImportKey: r.Key})
		if err != nil {
			return err
		}
		report.Created++
		return w.submitImported(tx, who, in, p.ID, report)
	}
	if err != nil {
		return err
	}
	return w.importAgain(tx, who, known, r, report)
}

// importedBefore finds the call's proposal that a record is: the one it was exported
// from, or the one that an earlier import made. NotFound when there is none.
func importedBefore(tx *store.Tx, call domain.Call, r intake.Record) (domain.Proposal, error) {
	if r.ID != "" {
		p, _, err := tx.SeeProposal(domain.Actor{Clock: true}, r.ID)
		if err == nil && p.ID == r.ID && p.CallID == call.ID {
			return p, nil
		}
		if err != nil && !domain.IsKind(err, domain.NotFound) {
			return p, err
		}
	}
	return tx.ProposalByKey(call.ID, r.Key)
}

// importAgain brings a draft up to what the file says now.
func (w Proposals) importAgain(tx *store.Tx, who domain.Actor, known domain.Proposal, r intake.Record, report *ImportReport) error {
	p, f, err := tx.Proposal(who, known.ID)
	if err != nil {
		return err
	}
	if err := w.load(tx, p, &f); err != nil {
		return err
	}
	same := p.Title == r.Title && maps.EqualFunc(p.Answers, cleaned(r.Answers), slices.Equal) && sameSpeakers(f.Speakers, r.Speakers)
	if same || p.State != domain.Draft {
		report.Unchanged++
		if !same {
			report.Notes = append(report.Notes, fmt.Sprintf("Line %d, %s: it is %s already, so it was left as it is.", r.Line, p.Ref(), p.State))
		}
		return nil
	}
	if err := w.importSpeakers(tx, p, f, r.Speakers); err != nil {
		return err
	}
	if err := w.edit(tx, &p, f, Change{Title: &r.Title, Answers: overwrite(p.Answers, r.Answers), Close: true}); err != nil {
		return err
	}
	report.Updated++
	return nil
}

// overwrite sets every field the file has, and clears those it has no longer.
func overwrite(kept, read domain.Answers) domain.Answers {
	out := read.Clone()
	for k := range kept {
		if _, still := read[k]; !still {
			out[k] = nil
		}
	}
	return out
}

func sameSpeakers(kept, read []domain.Speaker) bool {
	return slices.EqualFunc(domain.Active(kept), read, func(a, b domain.Speaker) bool {
		return a.Line() == b.Line() && a.Email == domain.FoldEmail(b.Email) && a.Bio == b.Bio
	})
}

func (w Proposals) importSpeakers(tx *store.Tx, p domain.Proposal, f domain.Facts, read []domain.Speaker) error {
	if sameSpeakers(f.Speakers, read) {
		return nil
	}
	for _, s := range f.Speakers {
		if err := tx.RemoveSpeaker(s.ID); err != nil {
			return err
		}
	}
	for i, s := range read {
		s.ID, s.ProposalID, s.Version, s.Position, s.Email = w.NewID(), p.ID, 1, i+1, domain.FoldEmail(s.Email)
		if err := tx.AddSpeaker(s); err != nil {
			return err
		}
	}
	return nil
}

func (w Proposals) submitImported(tx *store.Tx, who domain.Actor, in ImportProposals, id string, report *ImportReport) error {
	if !in.Submit {
		return nil
	}
	if _, err := w.act(tx, who, id, domain.Submit, Move{}); err != nil {
		return err
	}
	report.Submitted++
	return nil
}
