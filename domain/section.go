package domain

import (
	_ "embed" // for the default section
	"time"
)

// DefaultSection is the section file Lectern comes with, in YAML: the Leadership &
// Management Section as its handbook describes it. Its shape is SectionSpec.
//
//go:embed section.yaml
var DefaultSection []byte

// SectionSpec is a section file: everything a section is set up with. Things are
// named by slug or id, never by the ids of rows. Keys beginning with x_ only hold
// parts that others repeat.
type SectionSpec struct {
	Slug      string          `json:"slug" yaml:"slug"`
	Name      string          `json:"name" yaml:"name"`
	ShortName string          `json:"short_name" yaml:"short_name"`
	Zone      string          `json:"zone" yaml:"zone"`
	Contact   string          `json:"contact" yaml:"contact"` // a role address
	Settings  SettingsSpec    `json:"settings" yaml:"settings"`
	Topics    []Option        `json:"topics" yaml:"topics"` // the options of the forms' tags
	Groups    []GroupSpec     `json:"groups" yaml:"groups"`
	Venues    []VenueSpec     `json:"venues" yaml:"venues"`
	Parts     map[string]any  `json:"x_parts,omitempty" yaml:"x_parts,omitempty"` // fields that several forms share, as YAML anchors
	Forms     []FormEntry     `json:"forms" yaml:"forms"`
	Quotas    []QuotaSpec     `json:"quotas" yaml:"quotas"`
	Calls     []CallSpec      `json:"calls" yaml:"calls"`
	Checklist []ChecklistSpec `json:"checklist" yaml:"checklist"`
}

// SettingsSpec are a section's choices; what is left out is DefaultSettings.
type SettingsSpec struct {
	Gate            string `json:"gate,omitempty" yaml:"gate,omitempty"`                           // strict or due_so_far
	OwnSpeakersOnly string `json:"own_speakers_only,omitempty" yaml:"own_speakers_only,omitempty"` // warn or block
	CoSponsors      string `json:"co_sponsors,omitempty" yaml:"co_sponsors,omitempty"`             // lead or each
	StipendCents    int    `json:"stipend_cents,omitempty" yaml:"stipend_cents,omitempty"`
	StipendCap      int    `json:"stipend_cap,omitempty" yaml:"stipend_cap,omitempty"`
	CommitteeMin    int    `json:"committee_min,omitempty" yaml:"committee_min,omitempty"`
	CommitteeMax    int    `json:"committee_max,omitempty" yaml:"committee_max,omitempty"`
	GroupConflict   string `json:"group_conflict,omitempty" yaml:"group_conflict,omitempty"` // block or disclose
	ReviewMinimum   int    `json:"review_minimum,omitempty" yaml:"review_minimum,omitempty"` // 1 or more

	Sale   SaleSettings `json:"sale,omitzero" yaml:"sale,omitempty"`     // usual values of its webinars
	Seller Seller       `json:"seller,omitzero" yaml:"seller,omitempty"` // of webinars

	StipendCentsIn   map[Year]int `json:"stipend_cents_in,omitempty" yaml:"stipend_cents_in,omitempty"`     // program years with another amount
	StipendPersonCap int          `json:"stipend_person_cap,omitempty" yaml:"stipend_person_cap,omitempty"` // of one person in a program year; 0: no limit
	TaxThresholds    map[int]int  `json:"tax_thresholds,omitempty" yaml:"tax_thresholds,omitempty"`         // by calendar year, in cents
}

// GroupSpec is a group of the section.
type GroupSpec struct {
	Slug          string      `json:"slug" yaml:"slug"`
	Name          string      `json:"name" yaml:"name"`
	Kind          GroupKind   `json:"kind" yaml:"kind"`
	Status        GroupStatus `json:"status,omitempty" yaml:"status,omitempty"`       // empty: active
	Successor     string      `json:"successor,omitempty" yaml:"successor,omitempty"` // slug of the group it is merged into
	Charge        string      `json:"charge,omitempty" yaml:"charge,omitempty"`       // empty: not yet defined (C7)
	Folder        string      `json:"folder,omitempty" yaml:"folder,omitempty"`
	Programming   bool        `json:"programming,omitempty" yaml:"programming,omitempty"` // owes proposals (R11)
	MembersSubmit bool        `json:"members_submit,omitempty" yaml:"members_submit,omitempty"`
}

// VenueSpec is a venue with its formats.
type VenueSpec struct {
	ID        string       `json:"id" yaml:"id"`
	Name      string       `json:"name" yaml:"name"`
	Letter    string       `json:"letter" yaml:"letter"`
	Decider   Decider      `json:"decider" yaml:"decider"`
	CarryTo   []string     `json:"carry_to,omitempty" yaml:"carry_to,omitempty"`
	CarryAny  bool         `json:"carry_any,omitempty" yaml:"carry_any,omitempty"`
	Gated     bool         `json:"gated,omitempty" yaml:"gated,omitempty"`
	Stipends  bool         `json:"stipends,omitempty" yaml:"stipends,omitempty"`
	Site      string       `json:"site,omitempty" yaml:"site,omitempty"`
	HideNames bool         `json:"hide_names,omitempty" yaml:"hide_names,omitempty"` // from reviewers, until the recommendations begin
	Rubric    Rubric       `json:"rubric,omitempty" yaml:"rubric,omitempty"`         // empty: DefaultRubric
	Formats   []FormatSpec `json:"formats" yaml:"formats"`
}

// FormatSpec is a format of a venue.
type FormatSpec struct {
	ID     string `json:"id" yaml:"id"`
	Name   string `json:"name" yaml:"name"`
	Hint   string `json:"hint,omitempty" yaml:"hint,omitempty"`
	Counts bool   `json:"counts,omitempty" yaml:"counts,omitempty"` // toward the venue's quota
}

// FormEntry is a form with the venue and format it belongs to.
type FormEntry struct {
	Name     string `json:"name" yaml:"name"` // what calls say
	Venue    string `json:"venue" yaml:"venue"`
	Format   string `json:"format" yaml:"format"`
	FormSpec `yaml:",inline"`
}

// QuotaSpec is what each group with the programming deliverable owes a venue in a year.
type QuotaSpec struct {
	Venue    string `json:"venue" yaml:"venue"`
	Required int    `json:"required" yaml:"required"`
}

// CallSpec is a call. Without first and last day its dates are not announced (C1).
type CallSpec struct {
	Slug    string      `json:"slug" yaml:"slug"`
	Name    string      `json:"name" yaml:"name"`
	Venue   string      `json:"venue" yaml:"venue"`
	Format  string      `json:"format" yaml:"format"`
	Year    Year        `json:"year" yaml:"year"`
	Zone    string      `json:"zone" yaml:"zone"`
	First   Date        `json:"first,omitempty" yaml:"first,omitempty"` // first day of the window
	Last    Date        `json:"last,omitempty" yaml:"last,omitempty"`   // last day; closes at the midnight after
	Grace   int         `json:"grace,omitempty" yaml:"grace,omitempty"` // minutes
	Form    string      `json:"form" yaml:"form"`
	EventOn Date        `json:"event_on,omitempty" yaml:"event_on,omitempty"`
	Phases  []PhaseSpec `json:"phases,omitempty" yaml:"phases,omitempty"` // after the window, in their order
}

// ChecklistSpec is what a committee does in a month (R64): suggestions, never a gate.
type ChecklistSpec struct {
	Month int      `json:"month" yaml:"month"` // 1 to 12; the year begins with July
	Items []string `json:"items" yaml:"items"`
}

// Window is the call's half-open window; nils while its dates are not announced.
func (c CallSpec) Window() (opens, closes *time.Time) {
	if c.First == "" || c.Last == "" {
		return nil, nil
	}
	from, to := WindowOf(c.First, c.Last, c.Zone)
	return &from, &to
}

// Chosen are the section's settings: what it says, and the defaults for the rest.
func (s SectionSpec) Chosen() Settings {
	set := DefaultSettings()
	choose(&set.Gate, s.Settings.Gate)
	choose(&set.OwnSpeakersOnly, s.Settings.OwnSpeakersOnly)
	choose(&set.CoSponsors, s.Settings.CoSponsors)
	choose(&set.StipendCents, s.Settings.StipendCents)
	choose(&set.StipendCap, s.Settings.StipendCap)
	choose(&set.CommitteeMin, s.Settings.CommitteeMin)
	choose(&set.CommitteeMax, s.Settings.CommitteeMax)
	choose(&set.GroupConflict, s.Settings.GroupConflict)
	choose(&set.ReviewMinimum, s.Settings.ReviewMinimum)
	set.Sale = set.Sale.Over(s.Settings.Sale)
	choose(&set.Seller, s.Settings.Seller)
	choose(&set.StipendPersonCap, s.Settings.StipendPersonCap)
	if len(s.Settings.StipendCentsIn) > 0 {
		set.StipendCentsIn = s.Settings.StipendCentsIn
	}
	if len(s.Settings.TaxThresholds) > 0 {
		set.TaxThresholds = s.Settings.TaxThresholds
	}
	return set
}

func choose[T comparable](place *T, said T) {
	var nothing T
	if said != nothing {
		*place = said
	}
}

// Form finds a form by its name.
func (s SectionSpec) Form(name string) (FormEntry, bool) {
	for _, f := range s.Forms {
		if f.Name == name {
			return f, true
		}
	}
	return FormEntry{}, false
}

// Venue finds a venue by its id.
func (s SectionSpec) Venue(id string) (VenueSpec, bool) {
	for _, v := range s.Venues {
		if v.ID == id {
			return v, true
		}
	}
	return VenueSpec{}, false
}

// Has tells whether the venue has the format.
func (v VenueSpec) Has(format string) bool {
	for _, f := range v.Formats {
		if f.ID == format {
			return true
		}
	}
	return false
}
