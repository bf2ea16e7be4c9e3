package api

import (
	"net/http"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestRecordingByForm pastes the link to a recording the morning after, into the
// form as it comes: it asks for nothing that can no longer change, and a change of
// that is refused however it is sent.
func TestRecordingByForm(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		sales, fay, o := workflows.Offerings{Base: w.Base}, w.Actor("Fay Nguyen"), w.onSale(50, 0)
		closes := o.StartsAt.Add(-time.Hour)
		at := &closes
		v, err := sales.Edit(t.Context(), fay, o.ID, workflows.OfferingChange{Version: o.Version, SalesCloseAt: &at})
		if err != nil {
			t.Fatal(err)
		}
		w.At("2027-05-21T09:00:00-05:00")
		if v, err = sales.Get(t.Context(), fay, o.ID); err != nil {
			t.Fatal(err)
		}
		if v, err = sales.Act(t.Context(), fay, o.ID, domain.DeliverOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Presented: []string{v.Speakers[0].ID}}}); err != nil {
			t.Fatal(err)
		}
		page := "/staff/offerings/" + v.Slug + "/edit"
		form := w.formOf("Fay Nguyen", page)
		for _, fixed := range []string{"title", "capacity", "price_dollars", "sales_close_date", "po_allowed", "take_presenters"} {
			if form.Has(fixed) {
				t.Errorf("after delivery the form asks for %s", fixed)
			}
		}
		form.Set("recording_url", "https://video.example.org/1")
		w.submit("Fay Nguyen", page, form).want(http.StatusSeeOther)

		address := "/offerings/" + v.ID
		w.by(w.token("Fay Nguyen"), patch, address, map[string]any{"prices": []any{map[string]any{"rate_class": "nonmember", "label": "Nonmember", "min_seats": 1, "max_seats": 9, "unit_cents": 1}}}).refused(http.StatusConflict, "delivered")
		w.by(w.token("Fay Nguyen"), patch, address, map[string]any{"title": "Another", "starts_at": "2027-06-20T18:00:00Z"}).refused(http.StatusConflict, "reschedule_instead")
		w.by(w.token("Fay Nguyen"), patch, address, map[string]any{"sales_close_at": closes.In(time.FixedZone("", -5*3600)).Format(time.RFC3339), "price_contact": "money@example.org"}).want(http.StatusOK)
	})
}
