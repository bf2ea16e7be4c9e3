package workflows

import (
	"context"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// EventPreview is what cancelling a venue's event of a year would do.
type EventPreview struct {
	Venue domain.Venue
	Year  domain.Year
	Items []PublishItem // the proposals that become cancelled, with who is told
	Token string
	Last  *BatchView // it was cancelled, or is being
}

// Mails is how many mails cancelling sends.
func (p EventPreview) Mails() int { return PublishPreview{Items: p.Items}.Mails() }

func cancelsEvents(who domain.Actor) bool { return who.Has(domain.Staff, domain.Admin) }

// PreviewCancel is what cancelling would do. NotFound for others than staff and
// administrators.
func (w Decisions) PreviewCancel(ctx context.Context, who domain.Actor, y domain.Year, venue string) (EventPreview, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (EventPreview, error) {
		p, err := w.eventPreview(tx, who, y, venue)
		if err != nil {
			return p, err
		}
		last, err := tx.LastBatch(domain.CancelEvent, subjectOf(p))
		if err != nil || last == nil {
			return p, err
		}
		view, err := w.viewBatch(tx, who, *last)
		p.Last = &view
		return p, err
	})
}

func subjectOf(p EventPreview) string { return string(p.Year) + "/" + p.Venue.ID }

func (w Decisions) eventPreview(tx *store.Tx, who domain.Actor, y domain.Year, venue string) (EventPreview, error) {
	if !cancelsEvents(who) || !y.Valid() {
		return EventPreview{}, domain.NotThere("event")
	}
	v, err := tx.Venue(venue)
	if err != nil {
		return EventPreview{}, domain.NotThere("event")
	}
	p := EventPreview{Venue: v, Year: y}
	lines, err := tx.EventLines(v.ID, y)
	if err != nil {
		return p, err
	}
	var groups, ids []string
	for _, l := range lines {
		p.Items, groups, ids = append(p.Items, PublishItem{Line: l}), append(groups, l.GroupID), append(ids, l.ID)
	}
	told, err := tx.Told(groups, ids, who.Today)
	p.address(told)
	return p, err
}

func (p *EventPreview) address(told store.Told) {
	parts := []string{subjectOf(*p)}
	for i := range p.Items {
		item := &p.Items[i]
		item.Told = recipients(domain.CancelledNotice, slices.Concat(told.Chairs[item.Line.GroupID], eventOffSpeakers(told.Speakers[item.Line.ID])))
		parts = append(parts, item.Line.ID, string(item.Line.State))
		for _, r := range item.Told {
			parts = append(parts, r.Address)
		}
	}
	p.Token = domain.PreviewToken(parts...)
}

// CancelEvent calls a venue's event of a year off, as the preview showed: every
// submitted, alternate and accepted proposal of it becomes cancelled, each in a
// transaction of its own. Asked again with the same token it goes on, for
// the reason it was begun with. Invalid without a reason, Conflict preview_outdated when it is no longer what was shown.
func (w Decisions) CancelEvent(ctx context.Context, who domain.Actor, y domain.Year, venue, reason, token string) (BatchView, error) {
	b, err := store.Write(ctx, w.Store, func(tx *store.Tx) (domain.Batch, error) {
		p, err := w.eventPreview(tx, who, y, venue)
		if err != nil {
			return domain.Batch{}, err
		}
		b := domain.Batch{Action: domain.CancelEvent, SubjectID: subjectOf(p), Token: token, Reason: reason}
		for _, i := range p.Items {
			b.Items = append(b.Items, domain.BatchItem{ProposalID: i.Line.ID})
		}
		return w.begin(tx, who, b, p.Token, domain.NeedsReason(reason)...)
	})
	if err != nil || store.DryRun(ctx) {
		return BatchView{Batch: b, Total: len(b.Items)}, err
	}
	return w.goOn(ctx, who, b)
}

func (w Decisions) cancelItem(tx *store.Tx, who domain.Actor, b domain.Batch, item domain.BatchItem) error {
	flows := Proposals(w)
	p, f, err := tx.Proposal(domain.Actor{Clock: true, Today: who.Today}, item.ProposalID)
	if err != nil {
		return err
	}
	if p.State == domain.Cancelled {
		return nil
	}
	f.Actor, f.Input.Reason = who, b.Reason
	f = f.Seen()
	if err := flows.load(tx, p, &f); err != nil {
		return err
	}
	_, err = flows.move(tx, p, f, domain.CancelEvent)
	return err
}
