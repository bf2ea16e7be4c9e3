package domain

import "time"

// GroupKind tells the bodies of a section apart.
type GroupKind string

// The kinds of group.
const (
	Committee     GroupKind = "committee"
	InterestGroup GroupKind = "interest_group"
	WorkingGroup  GroupKind = "working_group"
	Leadership    GroupKind = "leadership"
)

// GroupStatus tells whether a group works, is being merged, or has ended (C2).
type GroupStatus string

// The statuses of a group.
const (
	GroupActive   GroupStatus = "active"
	GroupMerging  GroupStatus = "merging"
	GroupInactive GroupStatus = "inactive"
)

// Section is the part of the division whose groups share a Leadership Team.
type Section struct {
	ID        string
	Version   int
	Slug      string
	Name      string // Leadership and Management Section
	ShortName string // L&M
	Zone      string // IANA; the section's own clock
	Contact   string // a role address
	Settings  Settings
}

// Settings are the choices a section makes where the handbook leaves room.
type Settings struct {
	Gate            string `json:"gate"`              // strict or due_so_far (C14)
	OwnSpeakersOnly string `json:"own_speakers_only"` // warn or block (R4)
	CoSponsors      string `json:"co_sponsors"`       // lead or each (X25)
	StipendCents    int    `json:"stipend_cents"`     // 15000 (R9)
	StipendCap      int    `json:"stipend_cap"`       // 3 (R9)
	CommitteeMin    int    `json:"committee_min"`     // 6 (R21)
	CommitteeMax    int    `json:"committee_max"`     // 12 (R21)
	GroupConflict   string `json:"group_conflict"`    // block or disclose: may members of the submitting group review?
	ReviewMinimum   int    `json:"review_minimum"`    // complete reviews that a recommendation needs: 2

	Sale   SaleSettings `json:"sale"`   // usual values of its webinars
	Seller Seller       `json:"seller"` // of webinars, as invoices print it

	StipendCentsIn   map[Year]int `json:"stipend_cents_in,omitempty"`   // program years with another amount than StipendCents
	StipendPersonCap int          `json:"stipend_person_cap,omitempty"` // stipends of one person in a program year; 0: no limit
	TaxThresholds    map[int]int  `json:"tax_thresholds,omitempty"`     // by calendar year: from how many cents a payee is on the year-end list
}

// DefaultSettings are the handbook's own numbers.
func DefaultSettings() Settings {
	return Settings{Gate: "strict", OwnSpeakersOnly: "warn", CoSponsors: "lead", StipendCents: 15000, StipendCap: 3, CommitteeMin: 6, CommitteeMax: 12, GroupConflict: "block", ReviewMinimum: 2, Sale: DefaultSale(), TaxThresholds: map[int]int{2025: 60000, 2026: 200000}}
}

// Group is a committee, interest group, working group or Leadership Team.
type Group struct {
	ID            string
	Version       int
	SectionID     string
	Slug          string
	Name          string
	Kind          GroupKind
	Status        GroupStatus
	SuccessorID   string // the group this one was merged into (X24)
	Charge        string // empty: not yet defined (C7)
	FolderURL     string // the group's own shared folder (R50, R55)
	Programming   bool   // owes proposals (R11)
	MembersSubmit bool   // members, not only chairs, may submit
}

// Active tells whether the group may start something new.
func (g Group) Active() bool { return g.Status != GroupInactive }

// TermRole is what a person does in a group during a term.
type TermRole string

// The roles of a term.
const (
	TermMember       TermRole = "member"
	TermChair        TermRole = "chair"
	TermCoChair      TermRole = "co_chair"
	TermViceChair    TermRole = "vice_chair"
	TermAppointments TermRole = "appointments_manager" // manages appointments for the Leadership Team (C8)
)

// Term is a person's time in a group. It holds from StartsOn through EndsOn, both included (R54).
type Term struct {
	ID       string
	Version  int
	GroupID  string
	PersonID string
	Role     TermRole
	StartsOn Date
	EndsOn   Date
}

// On tells whether the term holds on the day.
func (t Term) On(d Date) bool { return t.StartsOn <= d && d <= t.EndsOn }

// Over tells whether the term has ended before the day.
func (t Term) Over(d Date) bool { return t.EndsOn < d }

// Chairs tells whether the term's role leads the group.
func (t Term) Chairs() bool { return t.Role == TermChair || t.Role == TermCoChair }

// Person is anybody Lectern knows by name: members, staff, speakers with an account. An email is optional.
type Person struct {
	ID          string
	Version     int
	Name        string
	Email       string // empty: cannot sign in
	Institution string
	Zone        string // IANA; empty: the section's
	Theme       string // light, dark, or empty for the system's
}

// ChecklistItem is one suggestion of a group's year, editable and never a gate (R53).
type ChecklistItem struct {
	ID       string
	Version  int
	GroupID  string
	Year     Year
	Month    int // 1 to 12
	Position int
	Text     string
	VenueID  string // ticks itself when the duty to this venue is met; may be empty
	DoneAt   *time.Time
	DoneBy   string // name
}
