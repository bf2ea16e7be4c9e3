package workflows

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"lectern/domain"
	"lectern/internal/store"
)

// PublishPreview is what publishing would do: what is told to whom.
type PublishPreview struct {
	Items   []PublishItem
	Blocked []PublishItem // staged, and not to be published as it stands
	Token   string        // of just this; what is staged or told changes it
}

// PublishItem is one decision that would be published.
type PublishItem struct {
	Line DecisionLine
	Told []Recipient
	Why  []domain.Reason // of one that is blocked
}

// Recipient is somebody who gets a mail.
type Recipient struct {
	Name    string
	Address string
	Kind    domain.NoticeKind // outcome, speaker_confirm or cancelled
}

// Mails is how many mails publishing sends.
func (p PublishPreview) Mails() int {
	n := 0
	for _, i := range p.Items {
		n += len(i.Told)
	}
	return n
}

// Preview is what publishing these proposals' staged decisions would tell to
// whom; without any named, all that is staged on the call.
func (w Decisions) Preview(ctx context.Context, who domain.Actor, callRef string, refs []string) (DecisionList, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (DecisionList, error) { return w.previewed(tx, who, callRef, refs) })
}

func (w Decisions) previewed(tx *store.Tx, who domain.Actor, callRef string, refs []string) (DecisionList, error) {
	l, err := w.list(tx, who, callRef)
	if err != nil {
		return l, err
	}
	if !l.MayPublish {
		return l, domain.NotAllowed("not_your_move", "Only those who decide at %s or association staff publish decisions there.", l.Venue.Name)
	}
	l.Preview, err = w.preview(tx, who, l, refs)
	return l, err
}

func (w Decisions) preview(tx *store.Tx, who domain.Actor, l DecisionList, refs []string) (PublishPreview, error) {
	var p PublishPreview
	var groups, accepted []string
	for _, line := range l.Lines {
		named := len(refs) == 0 || slices.Contains(refs, line.ID) || slices.Contains(refs, line.Number)
		if line.Staged == nil || !named {
			continue
		}
		item := PublishItem{Line: line, Why: line.Proposal().Why(domain.PublishDecision, l.facts(who, w.Base, line))}
		if len(item.Why) > 0 {
			p.Blocked = append(p.Blocked, item)
			continue
		}
		p.Items, groups = append(p.Items, item), append(groups, line.GroupID)
		if line.Staged.Outcome == domain.OutcomeAccepted {
			accepted = append(accepted, line.ID)
		}
	}
	var told store.Told
	var err error
	if len(groups) > 0 {
		told, err = tx.Told(groups, accepted, who.Today)
	}
	p.address(l.Call.ID, told)
	return p, err
}

// address fills in who is told, and the token that stands for all of it.
func (p *PublishPreview) address(subject string, told store.Told) {
	parts := []string{subject}
	for i := range p.Items {
		item := &p.Items[i]
		item.Told = recipients(domain.OutcomeNotice, told.Chairs[item.Line.GroupID])
		if item.Line.Staged.Outcome == domain.OutcomeAccepted {
			item.Told = append(item.Told, recipients(domain.SpeakerConfirm, asPeople(told.Speakers[item.Line.ID]))...)
		}
		parts = append(parts, item.Line.ID, string(item.Line.State), item.Line.Staged.ID, strconv.Itoa(item.Line.Staged.Version))
		for _, r := range item.Told {
			parts = append(parts, r.Address)
		}
	}
	p.Token = domain.PreviewToken(parts...)
}

func asPeople(speakers []domain.Speaker) []domain.Person {
	var all []domain.Person
	for _, s := range speakers {
		all = append(all, domain.Person{Name: s.Name, Email: s.Email})
	}
	return all
}

// recipients are those who get a mail of a kind: each address once, whoever is a
// chair and a speaker.
func recipients(kind domain.NoticeKind, people []domain.Person) []Recipient {
	var all []Recipient
	for _, o := range people {
		known := slices.ContainsFunc(all, func(r Recipient) bool { return strings.EqualFold(r.Address, o.Email) })
		if o.Email != "" && !known {
			all = append(all, Recipient{Name: o.Name, Address: o.Email, Kind: kind})
		}
	}
	return all
}

// Publish publishes what a preview showed, each proposal in a transaction of its
// own, and answers how far it got: asked again with the same token it goes on,
// and so does the job. Conflict preview_outdated when what is staged, or who is
// told, is no longer what the preview showed.
func (w Decisions) Publish(ctx context.Context, who domain.Actor, callRef, token string, refs []string) (BatchView, error) {
	b, err := store.Write(ctx, w.Store, func(tx *store.Tx) (domain.Batch, error) {
		l, err := w.previewed(tx, who, callRef, refs)
		if err != nil {
			return domain.Batch{}, err
		}
		return w.begin(tx, who, domain.Batch{Action: domain.PublishDecision, SubjectID: l.Call.ID, Token: token, Items: l.Preview.batch()}, l.Preview.Token)
	})
	if err != nil || store.DryRun(ctx) {
		return BatchView{Batch: b, Total: len(b.Items)}, err
	}
	return w.goOn(ctx, who, b)
}

func (p PublishPreview) batch() []domain.BatchItem {
	var items []domain.BatchItem
	for _, i := range p.Items {
		items = append(items, domain.BatchItem{ProposalID: i.Line.ID, DecisionID: i.Line.Staged.ID, Version: i.Line.Staged.Version})
	}
	return items
}

// publishItem publishes one decision of a batch, unless that was done before.
func (w Decisions) publishItem(tx *store.Tx, who domain.Actor, item domain.BatchItem) error {
	flows := Proposals(w)
	p, f, err := flows.take(tx, who, item.ProposalID, domain.PublishDecision)
	if err != nil {
		return err
	}
	d, err := tx.Decision(item.DecisionID)
	switch {
	case err != nil:
		return err
	case d == nil:
		return domain.Refuse(domain.Because("", "nothing_staged", "Its decision was cleared after the preview."))
	case d.PublishedAt != nil:
		return nil
	case d.Version != item.Version:
		return domain.Refuse(domain.Because("", "decision_changed", "Its decision was changed after the preview."))
	}
	if err := flows.load(tx, p, &f); err != nil {
		return err
	}
	_, err = flows.move(tx, p, f, domain.PublishDecision)
	return err
}
