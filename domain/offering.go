package domain

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// OfferingStatus is where a webinar on sale stands.
type OfferingStatus string

// The statuses of an offering.
const (
	OfferingPlanned   OfferingStatus = "planned"
	OfferingPublished OfferingStatus = "published"
	OfferingClosed    OfferingStatus = "closed"
	OfferingDelivered OfferingStatus = "delivered"
	OfferingCancelled OfferingStatus = "cancelled"
)

// OfferingStatuses are all statuses, in the order of a webinar's life.
func OfferingStatuses() []OfferingStatus {
	return []OfferingStatus{OfferingPlanned, OfferingPublished, OfferingClosed, OfferingDelivered, OfferingCancelled}
}

// Label is the status as people read it.
func (s OfferingStatus) Label() string {
	return map[OfferingStatus]string{
		OfferingPlanned: "Planned", OfferingPublished: "On sale", OfferingClosed: "Closed", OfferingDelivered: "Delivered", OfferingCancelled: "Cancelled",
	}[s]
}

// Public tells whether the webinar's page is there for everybody.
func (s OfferingStatus) Public() bool { return s != OfferingPlanned }

// Unlimited is the capacity of a webinar without a limit of seats.
const Unlimited = 1_000_000

// Presenter is one person on a webinar's page: name, several titles, affiliations (R46).
type Presenter struct {
	SpeakerID    string   `json:"speaker_id"`
	Name         string   `json:"name"`
	Titles       []string `json:"titles"`
	Affiliations []string `json:"affiliations"`
	Bio          string   `json:"bio"`
	Moderates    bool     `json:"moderates"`
}

// Offering is a webinar on sale, made from an accepted proposal. Money is in
// cents of US dollars, durations in minutes.
type Offering struct {
	ID               string
	Version          int
	SectionID        string
	ProposalID       string
	Revision         int    // of the proposal whose content was carried over
	Slug             string // in its address
	Status           OfferingStatus
	Title            string
	ShortDescription string
	Description      string // Markdown
	Outcomes         []string
	Audience         string
	Level            string
	Topics           []string
	Presenters       []Presenter
	StartsAt         *time.Time
	RescheduledAt    *time.Time // seats of before may be given back until the new start
	Sequence         int        // of its calendar files: raised by each new time
	Minutes          int
	Zone             string
	Capacity         int // Unlimited: no limit
	Taken            int // held, waiting and confirmed seats
	SalesOpenAt      *time.Time
	SalesCloseAt     *time.Time // nil: at the start
	Captions         string     // how captions are given, in words; required to publish (R43)
	Recording        string     // what buyers get of it, in words (R44)
	RecordingURL     string
	Platform         string
	Tech             string // what listening needs (R41)
	JoinURL          string // for seat holders only
	PriceContact     string
	AccessContact    string // R45
	POAllowed        bool
	PONumberNeeded   bool // a purchase order needs its number
	QuoteFrom        int  // this many seats are a quote (R39)
	MaxSelfServe     int
	QuoteHoldPct     int // of the capacity, that quotes may hold together
	HoldMinutes      int
	CreditLimitCents int    // purchase orders up to this are accepted at once; 0: never
	MinMinutes       int    // attended, for a certificate
	Reason           string // why it was moved or cancelled
	PublishedAt      *time.Time
	DeliveredAt      *time.Time
	CreatedBy        string
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// Words are what the catalogue finds the webinar by: those of its title, topics and
// presenters, as its page has them.
func (o Offering) Words() []string {
	var names []string
	for _, p := range o.Presenters {
		names = append(names, p.Name)
	}
	return ProposalWords(o.Title, names, o.Topics)
}

// EndsAt is when it ends; nil without a start.
func (o Offering) EndsAt() *time.Time {
	if o.StartsAt == nil {
		return nil
	}
	end := o.StartsAt.Add(time.Duration(o.Minutes) * time.Minute)
	return &end
}

// Left is how many seats are free.
func (o Offering) Left() int { return o.Capacity - o.Taken }

// LastSale is when selling ends by itself: half-open, at the start unless set earlier.
func (o Offering) LastSale() *time.Time {
	if o.SalesCloseAt != nil {
		return o.SalesCloseAt
	}
	return o.StartsAt
}

// Sells gives every reason why no seat is sold now; nil while it is on sale.
func (o Offering) Sells(now time.Time) []Reason {
	switch {
	case o.Status != OfferingPublished:
		return []Reason{Because("", "not_on_sale", "This webinar is not on sale. It is %s.", strings.ToLower(o.Status.Label()))}
	case o.SalesOpenAt != nil && now.Before(*o.SalesOpenAt):
		return []Reason{Because("", "sales_not_open", "Registration opens %s.", LongTime(*o.SalesOpenAt, o.Zone))}
	case o.LastSale() != nil && !now.Before(*o.LastSale()):
		return []Reason{Because("", "sales_over", "Registration closed %s.", LongTime(*o.LastSale(), o.Zone))}
	}
	return nil
}

// PresentersOf are the speakers as a webinar's page prints them; who is still to
// be named is left out.
func PresentersOf(speakers []Speaker) []Presenter {
	all := []Presenter{}
	for _, s := range Active(speakers) {
		if s.Name == "" || s.Answer == DeclinedTo {
			continue
		}
		all = append(all, Presenter{SpeakerID: s.ID, Name: s.Name, Titles: s.Titles, Affiliations: s.Affiliations, Bio: s.Bio, Moderates: s.Role == Moderates})
	}
	return all
}

// NewOffering carries an accepted webinar's content over, so that nothing is
// typed again; what only the webinar needs has the section's usual values.
func NewOffering(id string, p Proposal, f Facts) Offering {
	sale := f.Section.Settings.Sale
	minutes, err := strconv.Atoi(p.Answers.Text("length"))
	if err != nil || minutes < 1 {
		minutes = 60
	}
	return Offering{
		ID: id, Version: 1, SectionID: f.Group.SectionID, ProposalID: p.ID, Revision: p.Revision, Slug: Slug(p.Title, p.Ref()),
		Status: OfferingPlanned, Title: p.Title, ShortDescription: p.Answers.Text("short_description"), Description: p.Answers.Text("full_description"),
		Outcomes: nonNil(p.Answers["outcomes"]), Audience: p.Answers.Text("audience"), Level: strings.Join(f.Form.Spec.OptionLabels("level", p.Answers["level"]), ", "),
		Topics: f.Form.Spec.OptionLabels("tags", p.Answers["tags"]), Presenters: PresentersOf(f.Speakers), Minutes: minutes, Zone: f.Section.Zone,
		Capacity: sale.Capacity, Platform: sale.Platform, Tech: sale.Tech, Recording: sale.Recording,
		PriceContact: sale.PriceContact, AccessContact: sale.AccessContact, POAllowed: true, QuoteFrom: sale.QuoteFrom, MaxSelfServe: sale.QuoteFrom - 1,
		QuoteHoldPct: sale.QuoteHoldPct, HoldMinutes: sale.HoldMinutes, CreditLimitCents: sale.CreditLimitCents, MinMinutes: minutes * 3 / 4,
		CreatedBy: f.Actor.ID, CreatedAt: f.Now, UpdatedAt: f.Now,
	}
}

// OptionLabels are the answers of a choice as people read them.
func (s FormSpec) OptionLabels(key string, values []string) []string {
	field, _ := s.Field(key)
	labels := []string{}
	for _, v := range values {
		if i := slices.IndexFunc(field.Options, func(o Option) bool { return o.Value == v }); i >= 0 {
			v = field.Options[i].Label
		}
		labels = append(labels, v)
	}
	return labels
}

func nonNil(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

// Slug makes the part of an address that names a thing: the title in plain
// lower-case letters, or the other words when the title has none.
func Slug(title, other string) string {
	var b strings.Builder
	for _, r := range fold(title) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	slug := strings.Trim(shortened(b.String(), 60), "-")
	if slug == "" {
		slug = "webinar-" + strings.ToLower(other)
	}
	return slug
}

func shortened(slug string, limit int) string {
	if len(slug) <= limit {
		return slug
	}
	cut := slug[:limit]
	if i := strings.LastIndex(cut, "-"); i > limit/2 {
		cut = cut[:i]
	}
	return cut
}

// SaleSettings are a section's usual values for its webinars.
type SaleSettings struct {
	Classes          []RateClass `json:"classes" yaml:"classes"`
	Capacity         int         `json:"capacity" yaml:"capacity"`
	QuoteFrom        int         `json:"quote_from" yaml:"quote_from"` // R39
	QuoteHoldPct     int         `json:"quote_hold_pct" yaml:"quote_hold_pct"`
	HoldMinutes      int         `json:"hold_minutes" yaml:"hold_minutes"`
	CreditLimitCents int         `json:"credit_limit_cents" yaml:"credit_limit_cents"`
	Platform         string      `json:"platform" yaml:"platform"`
	Tech             string      `json:"tech" yaml:"tech"`
	Recording        string      `json:"recording" yaml:"recording"`
	PriceContact     string      `json:"price_contact" yaml:"price_contact"`
	AccessContact    string      `json:"access_contact" yaml:"access_contact"`
}

// DefaultSale are the values of a section that says nothing else.
func DefaultSale() SaleSettings {
	return SaleSettings{
		Classes: []RateClass{
			{"division_member", "Division member", 4900},
			{"ala_member", "ALA member", 5900},
			{Nonmember, "Nonmember", 7900},
			{"student_retired", "Student or retired member", 2500},
		},
		Capacity: 500, QuoteFrom: 10, QuoteHoldPct: 50, HoldMinutes: 35, Platform: "Zoom",
		Tech:         "The webinar is held in Zoom. You need speakers or a headset to listen. You can ask questions in a text chat.",
		Recording:    "The webinar is recorded. Everybody with a seat gets the link to the recording within three business days.",
		PriceContact: "webinars@example.org", AccessContact: "access@example.org",
	}
}

// Over replaces what the section's file says.
func (s SaleSettings) Over(said SaleSettings) SaleSettings {
	if len(said.Classes) > 0 {
		s.Classes = slices.Clone(said.Classes)
	}
	choose(&s.Capacity, said.Capacity)
	choose(&s.QuoteFrom, said.QuoteFrom)
	choose(&s.QuoteHoldPct, said.QuoteHoldPct)
	choose(&s.HoldMinutes, said.HoldMinutes)
	choose(&s.CreditLimitCents, said.CreditLimitCents)
	choose(&s.Platform, said.Platform)
	choose(&s.Tech, said.Tech)
	choose(&s.Recording, said.Recording)
	choose(&s.PriceContact, said.PriceContact)
	choose(&s.AccessContact, said.AccessContact)
	return s
}
