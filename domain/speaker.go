package domain

import (
	"slices"
	"strings"
	"time"
)

// SpeakerRole tells speakers and moderators apart.
type SpeakerRole string

// The roles on a program.
const (
	Speaks    SpeakerRole = "speaker"
	Moderates SpeakerRole = "moderator"
)

// Answer is what a speaker said to the invitation.
type Answer string

// The answers of a speaker.
const (
	NotAsked   Answer = ""
	Invited    Answer = "invited"
	Confirmed  Answer = "confirmed"
	DeclinedTo Answer = "declined"
)

// Speaker is a person on a program, with or without an account (R46).
type Speaker struct {
	ID           string
	Version      int
	ProposalID   string
	Position     int // 1, 2, …: the order on the program
	Role         SpeakerRole
	Name         string // empty when to be named
	ToBeNamed    bool
	Email        string
	Titles       []string // several per person
	Affiliations []string
	Bio          string
	StaffMember  bool // on the association's payroll: no stipend
	Answer       Answer
	InvitedAt    *time.Time
	AnsweredAt   *time.Time
	LinkSerial   int // raised to end all earlier links
	ReplacedBy   string
	Stipend      string // accept, waive, employer: what they said they prefer
	Presented    *bool  // ticked when the webinar was delivered; nil: it was not yet
}

// Line is the speaker as a program prints it: name, titles, affiliations.
func (s Speaker) Line() string {
	if s.ToBeNamed && s.Name == "" {
		return "To be named"
	}
	parts := append([]string{s.Name}, s.Titles...)
	parts = append(parts, s.Affiliations...)
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

// Payee identifies the person behind a speaker within one proposal, so that the
// same person is not paid twice: the address, or the speaker alone.
func (s Speaker) Payee() string {
	if s.Email != "" {
		return FoldEmail(s.Email)
	}
	return s.ID
}

// FoldEmail is the form of an address that is compared: lower case, no spaces around.
func FoldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Active are the speakers who have not been replaced, in order.
func Active(all []Speaker) []Speaker {
	kept := slices.DeleteFunc(slices.Clone(all), func(s Speaker) bool { return s.ReplacedBy != "" })
	slices.SortFunc(kept, func(a, b Speaker) int { return a.Position - b.Position })
	return kept
}

// speaks tells of one who has not been replaced that they speak, not moderate.
func (s *Speaker) speaks() bool { return s.ReplacedBy == "" && s.Role != Moderates }
