package demo

import (
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestSales: quotes and orders in several states, and nine seats that become fourteen.
func TestSales(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		v := open(t, db, "2027-04-06 11:00")
		clock := domain.TheClock(v.Now())
		states := func(keys ...string) []domain.QuoteState {
			t.Helper()
			var all []domain.QuoteState
			for _, key := range keys {
				q, err := (workflows.Quotes{Base: v.base()}).Quote(t.Context(), clock, v.story.sales[key])
				if err != nil {
					t.Fatalf("%s: %v", key, err)
				}
				all = append(all, q.State)
			}
			return all
		}
		equal(t, "in the scene", states("harbor", "upland", "old-mill", "fourteen"), []domain.QuoteState{domain.QuoteConverted, domain.QuoteDeclined, domain.QuoteOffered, domain.QuoteRequested})
		for key, cents := range map[string]int{"nine": 44100, "elm-park": 23600, "fort-ames": 15800} {
			o, err := (workflows.Orders{Base: v.base()}).Order(t.Context(), v.actor("Fay Nguyen"), v.story.sales[key])
			if err != nil || o.TotalCents != cents {
				t.Errorf("%s costs %d at the %s price, want %d, %v", key, o.TotalCents, o.RateLabel, cents, err)
			}
		}
		q, err := (workflows.Quotes{Base: v.base()}).Quote(t.Context(), clock, v.story.sales["fourteen"])
		if err != nil || v.path4(t) != "/staff/quotes/"+q.Number {
			t.Errorf("the scene opens %s, and the quote is %s, %v", v.path4(t), q.Number, err)
		}
		v.to("2027-05-14 09:00", 0)
		v.check()
		equal(t, "in May", states("fourteen", "old-mill", "fort-ames-ten"), []domain.QuoteState{domain.QuoteConverted, domain.QuoteExpired, domain.QuoteExpired})
		old, err := (workflows.Orders{Base: v.base()}).Order(t.Context(), v.actor("Fay Nguyen"), v.story.sales["nine"])
		if err != nil || old.State != domain.OrderCancelled || old.Facts.Money.OwedCents() != 0 {
			t.Errorf("%+v, %v", old.Order, err)
		}
		q, err = (workflows.Quotes{Base: v.base()}).Quote(t.Context(), clock, v.story.sales["fourteen"])
		if err != nil {
			t.Fatal(err)
		}
		named := 0
		made, err := (workflows.Orders{Base: v.base()}).Order(t.Context(), v.actor("Fay Nguyen"), q.Made.ID)
		for _, s := range made.Facts.Seats {
			if s.Email != "" {
				named++
			}
		}
		if err != nil || named != 12 || len(made.Facts.Seats) != 14 {
			t.Errorf("%d of %d are named, %v", named, len(made.Facts.Seats), err)
		}
	})
}

// path4 is the page that the scene of the fourteen seats opens.
func (v *visit) path4(t *testing.T) string {
	t.Helper()
	for _, s := range v.scenes {
		if s.Key == "fourteen" {
			return s.opens.path
		}
	}
	return ""
}
