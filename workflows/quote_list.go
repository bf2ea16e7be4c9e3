package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// QuoteFilter limits the list of quotes.
type QuoteFilter = store.QuoteFilter

// QuoteLine is what a list shows of a quote.
type QuoteLine = store.QuoteLine

// List is the list of quotes for staff, finance and administrators, newest first.
// NotFound for everybody else.
func (w Quotes) List(ctx context.Context, who domain.Actor, f QuoteFilter) ([]QuoteLine, error) {
	if !who.Has(domain.Staff, domain.Finance, domain.Admin) {
		return nil, domain.NotThere("page")
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]QuoteLine, error) { return tx.Quotes(f) })
}

// Waiting is how many requests wait for a reply. NotFound for those who do not see
// the list.
func (w Quotes) Waiting(ctx context.Context, who domain.Actor) (int, error) {
	if !who.Has(domain.Staff, domain.Finance, domain.Admin) {
		return 0, domain.NotThere("page")
	}
	return store.Read(ctx, w.Store, (*store.Tx).QuotesWaiting)
}

// History is what was done to a quote, newest first, for staff and finance.
// NotFound for everybody else.
func (w Quotes) History(ctx context.Context, who domain.Actor, id string) ([]AuditLine, error) {
	if !who.Has(domain.Staff, domain.Finance, domain.Admin) {
		return nil, domain.NotThere("quote")
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]AuditLine, error) { return tx.AuditOf(id, historyShown) })
}
