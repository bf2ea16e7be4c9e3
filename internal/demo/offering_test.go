package demo

import (
	"testing"

	"lectern/domain"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestOnSale looks at the catalogue before, between and after the webinars go on
// sale, and at what the page of one is made of.
func TestOnSale(t *testing.T) {
	t.Parallel()
	v := open(t, storetest.SQLite(t), "2027-03-09 08:00")
	catalogue := func() []workflows.OfferingView {
		t.Helper()
		all, err := workflows.Offerings{Base: v.base()}.Catalogue(t.Context(), domain.Actor{}, workflows.OfferingFilter{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	equal(t, "before", len(catalogue()), 0)
	v.to("2027-03-09 12:00", 0)
	equal(t, "between", len(catalogue()), 1)
	v.to("2027-03-20 09:00", 0)
	all := catalogue()
	equal(t, "after", len(all), 2)
	for _, o := range all {
		equal(t, "presenters", len(o.Presenters) >= 2 && o.Captions != "" && len(o.Tiers) == 4 && o.JoinURL == "", true)
	}
	full := all[1]
	equal(t, "starts", domain.LongTime(*full.StartsAt, full.Zone), "Thu, Jun 3, 2027, 1:00 p.m. Central")
	equal(t, "parts", []int{len(full.Title), len(full.Outcomes), len(full.Presenters), len(full.Presenters[1].Titles), full.Capacity}, []int{83, 4, 2, 2, 60})

	staff, err := workflows.Offerings{Base: v.base()}.ForStaff(t.Context(), v.actor("Fay Nguyen"), nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "one is still planned", []any{len(staff), staff[0].Title, staff[0].Status}, []any{3, "A year of stay interviews", domain.OfferingPlanned})
}
