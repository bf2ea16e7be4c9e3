package workflows_test

import (
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestSaleSearch finds orders and quotes by beginnings of words, whatever their
// case and accents, with the same answer on both databases.
func TestSaleSearch(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		fay := w.Actor("Fay Nguyen")
		wish := domain.Wish{Seats: "2", Name: "ÉLOÏSE Straße", Email: "e.strasse@example.org", Institution: "Bibliothèque de Montréal 100%"}
		o, err := w.orders.Hold(t.Context(), domain.Actor{}, w.offering.Slug, workflows.HoldWish{Wish: wish})
		if err != nil {
			t.Fatal(err)
		}
		w.act(buyerOf(o.Order), o.ID, domain.SubmitPO, domain.OrderInput{Billing: billing.Billing, PONumber: "BM/2027-É"})
		wish.Seats = "12"
		if _, err := w.quotes().Request(t.Context(), domain.Actor{}, w.offering.Slug, domain.QuoteWish{Wish: wish, PayBy: domain.PayByPO}); err != nil {
			t.Fatal(err)
		}
		w.hold("1")
		w.request("11")
		for words, want := range map[string][2]int{
			"él": {1, 1}, "eloise": {1, 1}, "éloï STRASSE": {1, 1}, "strasse@example.org": {1, 1}, "MONTREAL bibliothèque": {1, 1}, "100% mont": {1, 1},
			"loise": {0, 0}, "%": {2, 2}, "_": {2, 2}, "": {2, 2}, "cedar": {1, 1}, "eloise cedar": {0, 0}, "bm/2027": {1, 0}, o.Number: {1, 0}, "lm": {2, 0}, "q-00001": {0, 1},
		} {
			orders, err := w.orders.List(t.Context(), fay, workflows.OrderFilter{Words: words, Limit: 9})
			if err != nil {
				t.Fatal(err)
			}
			quotes, err := w.quotes().List(t.Context(), fay, workflows.QuoteFilter{Words: words, Limit: 9})
			if err != nil {
				t.Fatal(err)
			}
			if got := [2]int{len(orders), len(quotes)}; got != want {
				t.Errorf("“%s” finds %d orders and %d quotes, want %d", words, got[0], got[1], want)
			}
		}
	})
}
