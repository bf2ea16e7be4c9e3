package domain

import "time"

// Member is one line of the list of members. Address and number are kept as
// HMACs: they can be compared and never read.
type Member struct {
	EmailHMAC  string
	NumberHMAC string
	Class      string // a rate class: division_member
	ValidTo    Date   // the last day it holds
	UpdatedAt  time.Time
}

// MemberLine is one line of a file of members, as it came.
type MemberLine struct {
	Line    int
	Email   string
	Number  string
	Class   string
	ValidTo Date
}

// Check names what is wrong with a line. A class is a word of the price lists'
// rate classes; one that a webinar has no price for earns nothing there.
func (l MemberLine) Check() []Reason {
	var why []Reason
	if l.Email == "" {
		why = append(why, Wrong("/email", "required", "The email address is missing."))
	}
	why = append(why, Person{Name: "x", Email: l.Email}.Check()...)
	if blank(l.Number) {
		why = append(why, Wrong("/member_number", "required", "The member number is missing."))
	}
	if blank(l.Class) || l.Class == Nonmember {
		why = append(why, Wrong("/class", "required", "The class is missing: division_member, for example."))
	}
	if !l.ValidTo.Valid() {
		why = append(why, Wrong("/valid_to", "not_a_date", "Write valid_to as a day: 2027-06-30."))
	}
	return why
}

// Claim is what a buyer says, and what we know of them by other means.
type Claim struct {
	NumberGiven bool    // a member number was typed
	SignedIn    bool    // the buyer is signed in with this very address
	ByEmail     *Member // who has the address on the list; nil: nobody
	NumberFits  bool    // and the number that was typed
}

// Prove is the rate class a claim earns on a day, and why. Whatever is claimed
// and not proven is the nonmember's class, and looks the same as no claim (X17).
func Prove(c Claim, today Date, now time.Time) (class string, e Evidence) {
	m := c.ByEmail
	e = Evidence{CheckedAt: now}
	if m == nil || m.ValidTo < today {
		return Nonmember, e
	}
	switch {
	case c.NumberGiven && c.NumberFits:
		e.Kind = EvidenceNumber
	case c.SignedIn:
		e.Kind = EvidenceSignIn
	default:
		return Nonmember, e
	}
	e.Class, e.ValidTo = m.Class, m.ValidTo
	return m.Class, e
}
