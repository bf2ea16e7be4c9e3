package api

import (
	"bytes"
	"testing"
	"time"

	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestOfferingKept: a webinar's page is written once for all who ask within a second,
// as long as it would say the same; and only for those who are nobody known.
func TestOfferingKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(2, 0)
	path := "/offerings/" + o.Slug
	kept := func() *keptPage { return w.server.keptOfferings.pages[o.ID] }

	w.browse("Fay Nguyen", path).want(200).wantText("Manage this webinar")
	if kept() != nil {
		t.Fatal("a page of somebody's own is kept")
	}
	first := w.looked(path)
	made := kept()
	if again := w.looked(path); kept() != made || !bytes.Equal(again.body, first.body) || again.Header.Get("ETag") != first.Header.Get("ETag") {
		t.Error("the page is not written once")
	}
	w.browse("Fay Nguyen", path).want(200).wantText("Manage this webinar")
	w.looked(path).lacks("Manage this webinar", "Fay Nguyen")

	title := "Leading the Team You Have"
	if _, err := (workflows.Offerings{Base: w.Base}).Edit(t.Context(), w.Actor("Fay Nguyen"), o.ID, workflows.OfferingChange{Version: o.Version, Title: &title}); err != nil {
		t.Fatal(err)
	}
	w.looked(path).wantText(title).lacks(o.Title)
	w.buy(o, 2, nil).want(201)
	w.looked(path).wantText("All seats are taken").lacks(">Register</button>")

	now := w.server.now()
	if p := kept(); w.server.keptOfferings.find(p.shows, p.tiers, now.Add(keptFor)) != nil || w.server.keptOfferings.find(p.shows, p.tiers, now.Add(-time.Hour)) != nil {
		t.Error("an old page is shown")
	}
	if p := kept(); w.server.keptOfferings.find(p.shows, p.tiers[1:], now) != nil || w.server.keptOfferings.find(p.shows, p.tiers, now) != p {
		t.Error("a page with other prices is shown")
	}
	w.At("2027-05-21T12:00:00-05:00")
	w.looked(path).lacks("All seats are taken", "Add to calendar")
}
