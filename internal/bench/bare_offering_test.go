package bench

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/labstack/echo/v4"

	"lectern/api"
	"lectern/internal/store"
)

// An offeringRow is a webinar on sale as its columns are read.
type offeringRow struct {
	api.OfferingOut
	outcomes, topics, presenters []byte
	capacity, taken              int
}

func (r *offeringRow) places() map[string]any {
	return map[string]any{
		"id": &r.ID, "version": &r.Version, "slug": &r.Slug, "status": &r.Status, "title": &r.Title, "short_description": &r.ShortDescription, "description": &r.Description,
		"outcomes": &r.outcomes, "audience": &r.Audience, "level": &r.Level, "topics": &r.topics, "presenters": &r.presenters, "starts_at": &r.StartsAt, "minutes": &r.Minutes,
		"zone": &r.Zone, "capacity": &r.capacity, "taken": &r.taken, "sales_open_at": &r.SalesOpenAt, "sales_close_at": &r.SalesCloseAt, "captions": &r.Captions,
		"recording": &r.Recording, "platform": &r.Platform, "tech": &r.Tech, "price_contact": &r.PriceContact, "access_contact": &r.AccessContact,
		"po_allowed": &r.POAllowed, "quote_from": &r.QuoteFrom, "reason": &r.Reason,
	}
}

func (r *offeringRow) out(onSale bool) (api.OfferingOut, error) {
	o := r.OfferingOut
	o.Currency, o.Prices, o.Actions, o.OnSale, o.SoldOut = "USD", []api.PriceOut{}, []api.OfferingActionOut{}, onSale, r.taken >= r.capacity
	ends := o.StartsAt.Add(time.Duration(o.Minutes) * time.Minute)
	o.EndsAt = &ends
	r.StartsAt, r.SalesOpenAt, r.SalesCloseAt = nil, nil, nil
	return o, errors.Join(json.Unmarshal(r.outcomes, &o.Outcomes), json.Unmarshal(r.topics, &o.Topics), json.Unmarshal(r.presenters, &o.Presenters))
}

// webinars asks for webinars and then for their prices.
func (s *bareServer) webinars(ctx context.Context, p plan) ([]api.OfferingOut, error) {
	var r offeringRow
	all, by := []api.OfferingOut{}, map[string]int{}
	err := s.each(ctx, p.asks[0], r.places(), func() error {
		o, err := r.out(p.onSale)
		by[o.ID] = len(all)
		all = append(all, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	var of string
	var price api.PriceOut
	err = s.each(ctx, p.asks[1], map[string]any{
		"offering_id": &of, "rate_class": &price.RateClass, "label": &price.Label, "min_seats": &price.MinSeats, "max_seats": &price.MaxSeats, "unit_cents": &price.UnitCents,
	}, func() error {
		o := &all[by[of]]
		o.Prices = append(o.Prices, price)
		return nil
	})
	return all, err
}

func (s *bareServer) offering(c echo.Context, p plan) (any, error) {
	all, err := s.webinars(c.Request().Context(), p)
	if err != nil || len(all) != 1 {
		return nil, errors.Join(err, echo.ErrNotFound)
	}
	return all[0], nil
}

type catalogue struct {
	Data []api.OfferingOut `json:"data"`
	Next *string           `json:"next_cursor"`
}

func (s *bareServer) catalogue(c echo.Context, p plan) (any, error) {
	all, err := s.webinars(c.Request().Context(), p)
	out := catalogue{Data: all}
	if err != nil || len(all) <= p.limit {
		return out, err
	}
	out.Data = all[:p.limit]
	last := out.Data[p.limit-1]
	raw, err := json.Marshal(struct {
		Key     store.OfferingCursor `json:"k"`
		Filters string               `json:"f"`
	}{store.OfferingCursor{StartsAt: *last.StartsAt, ID: last.ID}, p.filters})
	next := base64.RawURLEncoding.EncodeToString(raw)
	out.Next = &next
	return out, err
}
