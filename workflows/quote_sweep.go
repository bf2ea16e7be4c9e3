package workflows

import (
	"context"
	"fmt"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// quoteJob is the reminder of an offer, as the table swept names it.
const quoteJob = "quote_reminder"

// LapseDue ends every offer that has run out at the instant, and the open quotes of
// cancelled webinars, each in a transaction of its own.
func (w Quotes) LapseDue(ctx context.Context, now time.Time) error {
	if err := w.endAll(ctx, now, domain.LapseQuote, func(tx *store.Tx) ([]string, error) { return tx.QuotesOver(now, sweptAtOnce) }); err != nil {
		return err
	}
	return w.endAll(ctx, now, domain.CallOffQuote, func(tx *store.Tx) ([]string, error) { return tx.QuotesCalledOff(sweptAtOnce) })
}

func (w Quotes) endAll(ctx context.Context, now time.Time, a domain.QuoteAction, due func(*store.Tx) ([]string, error)) error {
	at := w
	at.Now = func() time.Time { return now }
	for {
		ids, err := store.Read(ctx, w.Store, due)
		if err != nil || len(ids) == 0 {
			return err
		}
		ended := 0
		for _, id := range ids {
			_, err := at.Act(context.WithoutCancel(ctx), domain.TheClock(now), id, a, QuoteChange{})
			switch {
			case err == nil:
				ended++
			case !domain.IsKind(err, domain.Conflict) && !domain.IsKind(err, domain.Stale):
				return fmt.Errorf("%s of quote %s: %w", a, id, err)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		if ended == 0 || len(ids) < sweptAtOnce {
			return nil
		}
	}
}

// SweepFor gives back the seats of orders whose time is over, of the webinar that a
// quote is for: see Orders.SweepOffering. A quote that is not there has none.
func (w Quotes) SweepFor(ctx context.Context, ref string) error {
	q, err := store.Read(ctx, w.Store, func(tx *store.Tx) (domain.Quote, error) {
		return tx.LookAtQuote(domain.TheClock(w.Now()), ref)
	})
	if domain.IsKind(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return w.orders().SweepOffering(ctx, q.OfferingID)
}

// Quotes reminds the buyers of offers that end in a few days, once for each offer.
func (w Reminders) Quotes(ctx context.Context, now time.Time) error {
	terms := domain.DefaultSaleTerms()
	ending, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]domain.Quote, error) {
		return tx.QuotesEnding(now, now.AddDate(0, 0, terms.QuoteRemind))
	})
	if err != nil {
		return err
	}
	due := map[string]domain.Quote{}
	var subjects []string
	for _, q := range ending {
		if at, wanted := q.RemindAt(terms); wanted && !now.Before(at) {
			key := fmt.Sprintf("%s/%d", q.ID, q.Revision)
			due[key] = q
			subjects = append(subjects, key)
		}
	}
	return w.sweep(ctx, quoteJob, now, subjects, func(tx *store.Tx, key string) error { return w.remindOfQuote(tx, due[key], key, now) })
}

// remindOfQuote looks again, because the quote may have been accepted since.
func (w Reminders) remindOfQuote(tx *store.Tx, asked domain.Quote, key string, now time.Time) error {
	q, err := tx.Quote(domain.TheClock(now), asked.ID)
	if err != nil || q.State != domain.QuoteOffered || q.Revision != asked.Revision {
		return err
	}
	o, err := tx.SeeOffering(domain.TheClock(now), q.OfferingID)
	if err != nil {
		return err
	}
	return w.tellBuyerOf(tx, q, domain.QuoteReminder, key, "Your quote "+q.Number+" ends on "+q.LastDay(o.Zone).Words(),
		fmt.Sprintf("The price of %s for %s of “%s” can be accepted until %s.", domain.ExactDollars(q.TotalCents), domain.Plural(q.Seats, "seat"), o.Title, domain.Deadline(*q.ExpiresAt, o.Zone)))
}

// quoteInstants are when offers end, and when their buyers are reminded.
func quoteInstants(tx *store.Tx, after time.Time) ([]time.Time, error) {
	terms := domain.DefaultSaleTerms()
	ending, err := tx.QuotesEnding(after, after.AddDate(1, 0, 0))
	var all []time.Time
	for _, q := range ending {
		all = append(all, *q.ExpiresAt)
		if at, wanted := q.RemindAt(terms); wanted {
			all = append(all, at)
		}
	}
	return all, err
}
