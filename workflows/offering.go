package workflows

import (
	"context"
	"fmt"
	"slices"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// Offerings are the workflows on webinars on sale.
type Offerings struct{ Base }

// OfferingView is a webinar on sale with its prices and what the person may do with it.
type OfferingView struct {
	domain.Offering
	Tiers       []domain.PriceTier
	Open        []domain.Allowed[domain.OfferingAction] // empty for the public
	ProposalRef string                                  // for who runs it
	Speakers    []domain.Speaker                        // of its proposal, for who runs it
	Preferred   []string                                // days that the proposal prefers, for who runs it
	Inside      bool                                    // the person runs webinars: the join link, seats taken and settings are theirs to see
}

// OfferingFilter limits the catalogue.
type OfferingFilter = store.OfferingFilter

// OfferingCursor is the place behind which a page of the catalogue begins.
type OfferingCursor = store.OfferingCursor

func runsWebinars(a domain.Actor) bool { return a.Clock || a.Has(domain.Staff, domain.Admin) }

// Create puts an accepted webinar proposal on sale as a planned offering: its
// content is carried over with the revision it came from, and the section's
// usual prices and settings. Conflict on_sale_already for a second one.
func (w Offerings) Create(ctx context.Context, who domain.Actor, proposalRef string) (OfferingView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (OfferingView, error) {
		p, f, err := tx.Proposal(who, proposalRef)
		if err != nil {
			return OfferingView{}, err
		}
		f.Actor, f.Now = who, w.Now()
		if f.Speakers, err = tx.Speakers(p.ID); err != nil {
			return OfferingView{}, err
		}
		there, err := tx.OfferingOf(p.ID)
		if err != nil {
			return OfferingView{}, err
		}
		if err := domain.Refuse(domain.MayPutOnSale(p, f, there != nil)...); err != nil {
			return OfferingView{}, err
		}
		o := domain.NewOffering(w.NewID(), p, f)
		if taken, err := tx.SlugTaken(o.Slug); err != nil || taken {
			o.Slug = domain.Slug(o.Title, p.Ref()) + "-" + domain.Slug(p.Ref(), p.ID)
			if err != nil {
				return OfferingView{}, err
			}
		}
		tiers := domain.UsualTiers(o.ID, f.Section.Settings.Sale.Classes, o.MaxSelfServe)
		if err := tx.AddOffering(o, tiers); err != nil {
			return OfferingView{}, err
		}
		if err := w.audit(tx, who, string(domain.PutOnSale), "offering", o.ID, fmt.Sprintf("From %s, version %d", p.Ref(), p.Revision)); err != nil {
			return OfferingView{}, err
		}
		return w.view(tx, who, o)
	})
}

// Get finds a webinar by id or slug, in three statements at most. NotFound while
// it is planned, but for those who run webinars.
func (w Offerings) Get(ctx context.Context, who domain.Actor, ref string) (OfferingView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (OfferingView, error) {
		o, err := tx.SeeOffering(who, ref)
		if err != nil {
			return OfferingView{}, err
		}
		return w.view(tx, who, o)
	})
}

// Catalogue is a page of the public webinars with their prices, in two statements.
func (w Offerings) Catalogue(ctx context.Context, who domain.Actor, f OfferingFilter) ([]OfferingView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]OfferingView, error) {
		all, err := tx.Offerings(domain.Actor{Today: who.Today}, f)
		if err != nil {
			return nil, err
		}
		return w.views(tx, who, all)
	})
}

// Topics are the topics of the public webinars, by name.
func (w Offerings) Topics(ctx context.Context) ([]string, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]string, error) { return tx.OfferingTopics() })
}

// ForStaff is a page of all webinars, planned ones too, the last changed first.
// NotFound for who does not run webinars.
func (w Offerings) ForStaff(ctx context.Context, who domain.Actor, after *Cursor, limit int) ([]OfferingView, error) {
	if !runsWebinars(who) {
		return nil, domain.NotThere("page")
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]OfferingView, error) {
		all, err := tx.AllOfferings(who, after, limit)
		if err != nil {
			return nil, err
		}
		return w.views(tx, who, all)
	})
}

func (w Offerings) views(tx *store.Tx, who domain.Actor, all []domain.Offering) ([]OfferingView, error) {
	ids := make([]string, len(all))
	for i, o := range all {
		ids[i] = o.ID
	}
	prices, err := tx.PricesOf(ids)
	views := make([]OfferingView, len(all))
	for i, o := range all {
		views[i] = OfferingView{Offering: seenBy(who, o), Tiers: prices[o.ID], Inside: runsWebinars(who)}
	}
	return views, err
}

// seenBy leaves out what only those who run webinars may see.
func seenBy(who domain.Actor, o domain.Offering) domain.Offering {
	if runsWebinars(who) {
		return o
	}
	o.JoinURL, o.RecordingURL, o.CreatedBy, o.CreditLimitCents = "", "", "", 0
	return o
}

func (w Offerings) view(tx *store.Tx, who domain.Actor, o domain.Offering) (OfferingView, error) {
	v := OfferingView{Offering: seenBy(who, o), Inside: runsWebinars(who)}
	f, err := w.facts(tx, who, o)
	if err != nil {
		return v, err
	}
	v.Tiers = f.Tiers
	if v.Inside {
		v.Open, v.ProposalRef, v.Speakers, v.Preferred = o.Open(f), f.Proposal.Ref(), f.Speakers, f.Proposal.Answers["preferred_dates"]
	}
	return v, nil
}

// facts loads what moves depend on; the public only needs the prices.
func (w Offerings) facts(tx *store.Tx, who domain.Actor, o domain.Offering) (domain.OfferingFacts, error) {
	f := domain.OfferingFacts{Actor: who, Now: w.Now()}
	var err error
	if f.Tiers, err = tx.PriceTiers(o.ID); err != nil || !runsWebinars(who) {
		return f, err
	}
	if f.Speakers, err = tx.Speakers(o.ProposalID); err != nil {
		return f, err
	}
	p, err := tx.ByID(o.ProposalID)
	if p != nil {
		f.Proposal = *p
	}
	return f, err
}

// OfferingMoved is what a person sends with a move of an offering.
type OfferingMoved struct {
	Version int // the version the person saw; 0: not said
	domain.OfferingInput
}

// offeringEffect is what follows from a move beyond the offering's own row.
type offeringEffect func(w Offerings, tx *store.Tx, o domain.Offering, f domain.OfferingFacts) error

var offeringEffects = map[domain.OfferingAction]offeringEffect{
	domain.CancelOffering:     Offerings.afterCancel,
	domain.RescheduleOffering: Offerings.afterReschedule,
	domain.DeliverOffering:    Offerings.afterDeliver,
}

// Act makes a move: publish, close, reschedule, cancel, deliver. NotFound for who
// may not see it; the reasons of domain.OfferingMoves otherwise.
func (w Offerings) Act(ctx context.Context, who domain.Actor, ref string, a domain.OfferingAction, in OfferingMoved) (OfferingView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (OfferingView, error) {
		o, err := tx.Offering(who, ref)
		if err != nil {
			return OfferingView{}, err
		}
		if err := w.act(tx, who, &o, a, in); err != nil {
			return OfferingView{}, err
		}
		return w.view(tx, who, o)
	})
}

func (w Offerings) act(tx *store.Tx, who domain.Actor, o *domain.Offering, a domain.OfferingAction, in OfferingMoved) error {
	f, err := w.step(tx, who, o, a, in)
	if err != nil {
		return err
	}
	if follow, has := offeringEffects[a]; has {
		return follow(w, tx, *o, f)
	}
	return nil
}

// step makes a move without what follows from it.
func (w Offerings) step(tx *store.Tx, who domain.Actor, o *domain.Offering, a domain.OfferingAction, in OfferingMoved) (domain.OfferingFacts, error) {
	f, err := w.factsForAll(tx, who, *o)
	if err != nil {
		return f, err
	}
	f.Input, f.Expect = in.OfferingInput, in.Version
	from := o.Status
	if err := o.Do(a, f); err != nil {
		return f, err
	}
	if err := tx.ChangeOffering(*o, from); err != nil {
		return f, err
	}
	return f, w.audit(tx, who, string(a), "offering", o.ID, offeringDetail(*o, a, in))
}

// factsForAll loads the facts whoever asks, so that a refusal has every reason.
func (w Offerings) factsForAll(tx *store.Tx, who domain.Actor, o domain.Offering) (domain.OfferingFacts, error) {
	f, err := w.facts(tx, domain.TheClock(w.Now()), o)
	f.Actor = who
	return f, err
}

func offeringDetail(o domain.Offering, a domain.OfferingAction, in OfferingMoved) string {
	if a == domain.RescheduleOffering {
		return "To " + domain.LongTime(*o.StartsAt, o.Zone) + ". " + in.Reason
	}
	return in.Reason
}

// afterReschedule keeps what people asked for as long after the new time, and asks
// the speakers once more.
func (w Offerings) afterReschedule(tx *store.Tx, o domain.Offering, f domain.OfferingFacts) error {
	if err := tx.KeepAccessRequestsUntil(o.ID, *o.EraseRequests()); err != nil {
		return err
	}
	return w.askSpeakersAgain(tx, o, f)
}

// afterDeliver marks its proposal as delivered, with who presented.
func (w Offerings) afterDeliver(tx *store.Tx, o domain.Offering, f domain.OfferingFacts) error {
	return Proposals(w).deliver(tx, f.Actor, o.ProposalID, f.Input.Presented)
}

// follow makes a move of a proposal's webinar that follows from the proposal's
// own: it was delivered, or cancelled. One that is not on sale, or is over, stays.
func (w Offerings) follow(tx *store.Tx, who domain.Actor, proposalID string, a domain.OfferingAction, in domain.OfferingInput) error {
	found, err := tx.OfferingOf(proposalID)
	if err != nil || found == nil || !found.Has(a) {
		return err
	}
	o, err := tx.Offering(domain.TheClock(w.Now()), found.ID)
	if err != nil {
		return err
	}
	_, err = w.step(tx, who, &o, a, OfferingMoved{OfferingInput: in})
	return err
}

// renamePresenters takes who presents from the proposal anew, after a speaker
// answered or was replaced.
func (w Offerings) renamePresenters(tx *store.Tx, proposalID string) error {
	found, err := tx.OfferingOf(proposalID)
	if err != nil || found == nil || !found.Has(domain.CancelOffering) {
		return err
	}
	o, err := tx.Offering(domain.TheClock(w.Now()), found.ID)
	if err != nil {
		return err
	}
	speakers, err := tx.Speakers(proposalID)
	if err != nil {
		return err
	}
	o.Presenters, o.UpdatedAt = domain.PresentersOf(speakers), w.Now()
	o.Version++
	return tx.ChangeOffering(o, o.Status)
}

// afterCancel voids the webinar's unpaid stipends.
func (w Offerings) afterCancel(tx *store.Tx, o domain.Offering, f domain.OfferingFacts) error {
	stipends, err := tx.Stipends(o.ProposalID)
	if err != nil {
		return err
	}
	facts := domain.Facts{Actor: f.Actor, Now: f.Now, Stipends: stipends}
	return Proposals(w).voidAll(tx, facts, "The webinar was cancelled.")
}

// OfferingChange changes what it names; what is nil stays.
type OfferingChange struct {
	Version          int // the version the person saw
	Title            *string
	ShortDescription *string
	Description      *string
	Outcomes         *[]string
	Audience         *string
	Level            *string
	StartsAt         **time.Time // while planned; later by reschedule
	Minutes          *int
	Zone             *string
	Capacity         *int
	SalesOpenAt      **time.Time
	SalesCloseAt     **time.Time
	Captions         *string
	Recording        *string
	RecordingURL     *string
	Platform         *string
	Tech             *string
	JoinURL          *string
	PriceContact     *string
	AccessContact    *string
	POAllowed        *bool
	PONumberNeeded   *bool
	QuoteFrom        *int
	QuoteHoldPct     *int
	HoldMinutes      *int
	CreditLimitCents *int
	MinMinutes       *int
	Tiers            *[]domain.PriceTier
	Presenters       bool // take names, titles and affiliations from the proposal anew
}

// Edit changes an offering's content, prices and settings. Orders that exist keep
// their prices. Stale when the version is an old one; Conflict
// capacity_below_taken; Invalid with every wrong field.
func (w Offerings) Edit(ctx context.Context, who domain.Actor, ref string, c OfferingChange) (OfferingView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (OfferingView, error) {
		o, err := tx.Offering(who, ref)
		if err != nil {
			return OfferingView{}, err
		}
		f, err := w.factsForAll(tx, who, o)
		if err != nil {
			return OfferingView{}, err
		}
		f.Expect = c.Version
		why := o.Why(domain.EditOffering, f)
		why = append(why, c.apply(&o, f)...)
		if err := domain.Refuse(append(why, o.Check()...)...); err != nil {
			return OfferingView{}, err
		}
		if err := o.Do(domain.EditOffering, f); err != nil {
			return OfferingView{}, err
		}
		if err := tx.ChangeOffering(o, o.Status); err != nil {
			return OfferingView{}, err
		}
		if c.Tiers != nil {
			if err := tx.PutPriceTiers(o.ID, *c.Tiers); err != nil {
				return OfferingView{}, err
			}
		}
		if err := w.audit(tx, who, string(domain.EditOffering), "offering", o.ID, ""); err != nil {
			return OfferingView{}, err
		}
		return w.view(tx, who, o)
	})
}

// apply writes the change into the offering and gives what it may not change.
func (c OfferingChange) apply(o *domain.Offering, f domain.OfferingFacts) []domain.Reason {
	before := *o
	for place, said := range map[*string]*string{
		&o.Title: c.Title, &o.ShortDescription: c.ShortDescription, &o.Description: c.Description, &o.Audience: c.Audience, &o.Level: c.Level,
		&o.Zone: c.Zone, &o.Captions: c.Captions, &o.Recording: c.Recording, &o.RecordingURL: c.RecordingURL, &o.Platform: c.Platform,
		&o.Tech: c.Tech, &o.JoinURL: c.JoinURL, &o.PriceContact: c.PriceContact, &o.AccessContact: c.AccessContact,
	} {
		set(place, said)
	}
	for place, said := range map[*int]*int{
		&o.Minutes: c.Minutes, &o.Capacity: c.Capacity, &o.QuoteFrom: c.QuoteFrom, &o.QuoteHoldPct: c.QuoteHoldPct,
		&o.HoldMinutes: c.HoldMinutes, &o.CreditLimitCents: c.CreditLimitCents, &o.MinMinutes: c.MinMinutes,
	} {
		set(place, said)
	}
	o.MaxSelfServe = o.QuoteFrom - 1
	set(&o.POAllowed, c.POAllowed)
	set(&o.PONumberNeeded, c.PONumberNeeded)
	set(&o.Outcomes, c.Outcomes)
	set(&o.SalesOpenAt, c.SalesOpenAt)
	set(&o.SalesCloseAt, c.SalesCloseAt)
	set(&o.StartsAt, c.StartsAt)
	if c.Presenters {
		o.Presenters = domain.PresentersOf(f.Speakers)
	}
	if c.Tiers == nil {
		return before.Fixed(*o, false)
	}
	domain.SortTiers(*c.Tiers)
	return append(before.Fixed(*o, c.reprices(f.Tiers)), domain.CheckTiers(*c.Tiers)...)
}

// reprices tells whether the prices differ from those there are.
func (c OfferingChange) reprices(now []domain.PriceTier) bool {
	return !slices.EqualFunc(*c.Tiers, now, func(a, b domain.PriceTier) bool {
		a.OfferingID, a.SortOrder, b.OfferingID, b.SortOrder = "", 0, "", 0
		return a == b
	})
}

// CloseDue closes what is over by itself, one webinar a transaction, and tells how many.
func (w Offerings) CloseDue(ctx context.Context) (int, error) {
	ids, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]string, error) { return tx.OverdueSales(w.Now(), 50) })
	if err != nil {
		return 0, err
	}
	clock := domain.TheClock(w.Now())
	done := 0
	for _, id := range ids {
		_, err := w.Act(ctx, clock, id, domain.CloseOffering, OfferingMoved{})
		if domain.IsKind(err, domain.Conflict) || domain.IsKind(err, domain.Stale) {
			continue // somebody else was there first
		}
		if err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}
