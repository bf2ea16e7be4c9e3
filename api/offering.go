package api

import (
	"slices"
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// OfferingOut is a webinar on sale. Prices are in cents of US dollars, durations
// in minutes. What only those who run webinars see is null or empty for others.
type OfferingOut struct {
	ID               string                `json:"id"`
	Version          int                   `json:"version"`
	Slug             string                `json:"slug"`
	Status           domain.OfferingStatus `json:"status"`
	Title            string                `json:"title"`
	ShortDescription string                `json:"short_description"`
	Description      string                `json:"description"` // Markdown
	Outcomes         []string              `json:"outcomes"`
	Audience         string                `json:"audience"`
	Level            string                `json:"level"`
	Topics           []string              `json:"topics"`
	Presenters       []domain.Presenter    `json:"presenters"`
	StartsAt         *time.Time            `json:"starts_at"` // null: not set yet
	EndsAt           *time.Time            `json:"ends_at"`
	Minutes          int                   `json:"minutes"`
	Zone             string                `json:"zone"`
	OnSale           bool                  `json:"on_sale"`
	SalesOpenAt      *time.Time            `json:"sales_open_at"`
	SalesCloseAt     *time.Time            `json:"sales_close_at"` // null: at the start
	Currency         string                `json:"currency"`
	Prices           []PriceOut            `json:"prices"`
	QuoteFrom        int                   `json:"quote_from"` // this many seats are a quote
	SoldOut          bool                  `json:"sold_out"`
	Captions         string                `json:"captions"`
	Recording        string                `json:"recording"`
	Platform         string                `json:"platform"`
	Tech             string                `json:"tech"`
	PriceContact     string                `json:"price_contact"`
	AccessContact    string                `json:"access_contact"`
	POAllowed        bool                  `json:"po_allowed"`
	Reason           string                `json:"reason"`  // why it was cancelled
	Inside           *OfferingInside       `json:"inside"`  // null for the public
	Actions          []OfferingActionOut   `json:"actions"` // for those who run webinars
}

// OfferingInside is what those who run webinars see beside the public page.
type OfferingInside struct {
	Proposal         string     `json:"proposal"` // reference
	ProposalRevision int        `json:"proposal_revision"`
	Capacity         int        `json:"capacity"`
	Taken            int        `json:"taken"`
	JoinURL          string     `json:"join_url"`
	RecordingURL     string     `json:"recording_url"`
	PONumberNeeded   bool       `json:"po_number_needed"`
	QuoteHoldPct     int        `json:"quote_hold_pct"`
	HoldMinutes      int        `json:"hold_minutes"`
	CreditLimitCents int        `json:"credit_limit_cents"`
	MinMinutes       int        `json:"min_minutes"`
	PublishedAt      *time.Time `json:"published_at"`
	DeliveredAt      *time.Time `json:"delivered_at"`
}

// OfferingActionOut is one move of a webinar with what stands in its way.
type OfferingActionOut struct {
	Action  domain.OfferingAction `json:"action"`
	Allowed bool                  `json:"allowed"`
	Reasons []ReasonOut           `json:"reasons"`
}

// PriceOut is what a seat costs one kind of buyer.
type PriceOut struct {
	RateClass string `json:"rate_class" validate:"required,max=100"`
	Label     string `json:"label" validate:"required,max=200"`
	MinSeats  int    `json:"min_seats" validate:"min=1"`
	MaxSeats  int    `json:"max_seats" validate:"min=1"`
	UnitCents int    `json:"unit_cents" validate:"min=0"`
}

func (o OfferingOut) etag() int        { return o.Version }
func (o OfferingOut) location() string { return "/offerings/" + o.ID }

func (s *Server) offerings() workflows.Offerings {
	return workflows.Offerings{Base: s.Proposals.Base}
}

func offeringOut(v workflows.OfferingView, now time.Time) OfferingOut {
	o := OfferingOut{
		ID: v.ID, Version: v.Version, Slug: v.Slug, Status: v.Status, Title: v.Title, ShortDescription: v.ShortDescription, Description: v.Description,
		Outcomes: orEmpty(v.Outcomes), Audience: v.Audience, Level: v.Level, Topics: orEmpty(v.Topics), Presenters: presentersOut(v.Presenters),
		StartsAt: v.StartsAt, EndsAt: v.EndsAt(), Minutes: v.Minutes, Zone: v.Zone, OnSale: len(v.Sells(now)) == 0,
		SalesOpenAt: v.SalesOpenAt, SalesCloseAt: v.SalesCloseAt, Currency: "USD", Prices: pricesOut(v.Tiers), QuoteFrom: v.QuoteFrom,
		SoldOut: v.Left() <= 0, Captions: v.Captions, Recording: v.Recording, Platform: v.Platform, Tech: v.Tech,
		PriceContact: v.PriceContact, AccessContact: v.AccessContact, POAllowed: v.POAllowed, Reason: v.Reason, Actions: []OfferingActionOut{},
	}
	if v.Inside {
		o.Inside = &OfferingInside{
			v.ProposalRef, v.Revision, v.Capacity, v.Taken, v.JoinURL, v.RecordingURL, v.PONumberNeeded, v.QuoteHoldPct, v.HoldMinutes,
			v.CreditLimitCents, v.MinMinutes, v.PublishedAt, v.DeliveredAt,
		}
	}
	for _, a := range v.Open {
		o.Actions = append(o.Actions, OfferingActionOut{a.Action, len(a.Reasons) == 0, reasonsOut(a.Reasons)})
	}
	return o
}

func presentersOut(all []domain.Presenter) []domain.Presenter {
	if all == nil {
		return []domain.Presenter{}
	}
	return all
}

func pricesOut(tiers []domain.PriceTier) []PriceOut {
	all := make([]PriceOut, len(tiers))
	for i, t := range tiers {
		all[i] = PriceOut{t.RateClass, t.Label, t.MinSeats, t.MaxSeats, t.UnitCents}
	}
	return all
}

func (s *Server) offeringAnswer(v workflows.OfferingView, err error) (OfferingOut, error) {
	return offeringOut(v, s.Access.Now()), err
}

// offeringRoutes are the routes of webinars on sale; those of the moves come from
// their table.
func (s *Server) offeringRoutes() []*route {
	all := []*route{
		endpoint(post, "/proposals/:id/offering", "Put an accepted webinar on sale", s.putOnSale).answers(201),
		endpoint(get, "/offerings", "Webinars, the soonest first; no sign-in needed", s.listOfferings).open(),
		endpoint(get, "/offerings/:id", "A webinar by id or slug; no sign-in needed", s.getOffering).open(),
		endpoint(patch, "/offerings/:id", "Change a webinar’s content, prices and settings", s.editOffering),
	}
	for _, a := range domain.OfferingActions() {
		if a != domain.EditOffering {
			all = append(all, endpoint(post, "/offerings/:id/"+string(a), a.Label(), s.actOnOffering(a)))
		}
	}
	return slices.Concat(all, s.accessRequestRoutes(), s.offeringPages(), s.staffOfferingPages())
}

func (s *Server) putOnSale(c *Call, in byID) (OfferingOut, error) {
	return s.offeringAnswer(s.offerings().Create(c.Ctx(), c.Actor, in.ID))
}

func (s *Server) getOffering(c *Call, in byRef) (OfferingOut, error) {
	return s.offeringAnswer(s.offerings().Get(c.Ctx(), c.Actor, in.ID))
}

// offeringFilters limit the catalogue.
type offeringFilters struct {
	Q     string `query:"q" json:"q" validate:"max=200"`         // words of title, topics or speakers, or their beginnings
	Topic string `query:"topic" json:"topic" validate:"max=200"` // as people read it: New managers
	Price string `query:"price" json:"price" validate:"omitempty,oneof=free paid"`
	Past  bool   `query:"past" json:"past"` // those that began already, the latest first
}

type listOfferingsIn struct {
	listIn
	offeringFilters
}

func (s *Server) listOfferings(c *Call, in listOfferingsIn) (list[OfferingOut], error) {
	key, err := after[workflows.OfferingCursor](in.listIn, in.offeringFilters)
	if err != nil {
		return list[OfferingOut]{}, err
	}
	now := s.Access.Now()
	f := workflows.OfferingFilter{Words: in.Q, Topic: in.Topic, Price: in.Price, Limit: in.limit() + 1, Statuses: catalogueStatuses, After: key}
	if in.Past {
		f.Past = now
	} else {
		f.Upcoming = now
	}
	rows, err := s.offerings().Catalogue(c.Ctx(), c.Actor, f)
	if err != nil {
		return list[OfferingOut]{}, err
	}
	show := func(v workflows.OfferingView) OfferingOut { return offeringOut(v, now) }
	return pageOf(rows, in.listIn, in.offeringFilters, show, func(v workflows.OfferingView) workflows.OfferingCursor {
		return workflows.OfferingCursor{StartsAt: *v.StartsAt, ID: v.ID}
	})
}

// catalogueStatuses are those that the catalogue shows.
var catalogueStatuses = []domain.OfferingStatus{domain.OfferingPublished, domain.OfferingClosed, domain.OfferingDelivered}

// offeringIn changes what it names.
type offeringIn struct {
	byRef
	Title            *string     `json:"title"`
	ShortDescription *string     `json:"short_description"`
	Description      *string     `json:"description"`
	Outcomes         *[]string   `json:"outcomes" validate:"omitempty,max=10"`
	Audience         *string     `json:"audience"`
	Level            *string     `json:"level"`
	StartsAt         *time.Time  `json:"starts_at"` // while planned; later with reschedule
	Minutes          *int        `json:"minutes"`
	Zone             *string     `json:"zone" validate:"omitempty,max=64"`
	Capacity         *int        `json:"capacity"`
	SalesOpenAt      *time.Time  `json:"sales_open_at"`
	SalesCloseAt     *time.Time  `json:"sales_close_at"`
	Captions         *string     `json:"captions"`
	Recording        *string     `json:"recording"`
	RecordingURL     *string     `json:"recording_url"`
	Platform         *string     `json:"platform"`
	Tech             *string     `json:"tech"`
	JoinURL          *string     `json:"join_url"`
	PriceContact     *string     `json:"price_contact"`
	AccessContact    *string     `json:"access_contact"`
	POAllowed        *bool       `json:"po_allowed"`
	PONumberNeeded   *bool       `json:"po_number_needed"`
	QuoteFrom        *int        `json:"quote_from"`
	QuoteHoldPct     *int        `json:"quote_hold_pct"`
	HoldMinutes      *int        `json:"hold_minutes"`
	CreditLimitCents *int        `json:"credit_limit_cents"`
	MinMinutes       *int        `json:"min_minutes"`
	Prices           *[]PriceOut `json:"prices" validate:"omitempty,max=50"`
	TakePresenters   bool        `json:"take_presenters"` // names and titles from the proposal anew
}

func (in offeringIn) change(version int) workflows.OfferingChange {
	c := workflows.OfferingChange{
		Version: version, Title: in.Title, ShortDescription: in.ShortDescription, Description: in.Description, Outcomes: in.Outcomes,
		Audience: in.Audience, Level: in.Level, Minutes: in.Minutes, Zone: in.Zone, Capacity: in.Capacity, Captions: in.Captions,
		Recording: in.Recording, RecordingURL: in.RecordingURL, Platform: in.Platform, Tech: in.Tech, JoinURL: in.JoinURL,
		PriceContact: in.PriceContact, AccessContact: in.AccessContact, POAllowed: in.POAllowed, PONumberNeeded: in.PONumberNeeded,
		QuoteFrom: in.QuoteFrom, QuoteHoldPct: in.QuoteHoldPct, HoldMinutes: in.HoldMinutes, CreditLimitCents: in.CreditLimitCents,
		MinMinutes: in.MinMinutes, Presenters: in.TakePresenters, StartsAt: said(in.StartsAt), SalesOpenAt: said(in.SalesOpenAt), SalesCloseAt: said(in.SalesCloseAt),
	}
	if in.Prices != nil {
		tiers := make([]domain.PriceTier, len(*in.Prices))
		for i, p := range *in.Prices {
			tiers[i] = domain.PriceTier{RateClass: p.RateClass, Label: p.Label, MinSeats: p.MinSeats, MaxSeats: p.MaxSeats, UnitCents: p.UnitCents, SortOrder: i + 1}
		}
		c.Tiers = &tiers
	}
	return c
}

// said is a change of an optional instant; what is left out stays.
func said(t *time.Time) **time.Time {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	at := &utc
	return &at
}

func (s *Server) editOffering(c *Call, in offeringIn) (OfferingOut, error) {
	return s.offeringAnswer(s.offerings().Edit(c.Ctx(), c.Actor, in.ID, in.change(c.IfMatch)))
}

// offeringMoveIn is what the moves take; each reads what it needs.
type offeringMoveIn struct {
	byRef
	Reason    string     `json:"reason" validate:"max=5000"`  // cancel, reschedule
	StartsAt  *time.Time `json:"starts_at"`                   // reschedule
	Presented []string   `json:"presented" validate:"max=50"` // deliver: ids of speakers
}

func (s *Server) actOnOffering(a domain.OfferingAction) func(*Call, offeringMoveIn) (OfferingOut, error) {
	return func(c *Call, in offeringMoveIn) (OfferingOut, error) {
		m := workflows.OfferingMoved{Version: c.IfMatch, OfferingInput: domain.OfferingInput{Reason: in.Reason, StartsAt: in.StartsAt, Presented: in.Presented}}
		return s.offeringAnswer(s.offerings().Act(c.Ctx(), c.Actor, in.ID, a, m))
	}
}
