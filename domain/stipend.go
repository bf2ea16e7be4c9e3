package domain

import (
	"slices"
	"strconv"
	"time"
)

// StipendState is where a stipend stands.
type StipendState string

// The states of a stipend.
const (
	StipendDesignated StipendState = "designated"
	StipendAccepted   StipendState = "accepted"
	StipendWaived     StipendState = "waived"
	StipendApproved   StipendState = "approved"
	StipendPaid       StipendState = "paid"
	StipendVoid       StipendState = "void"
)

// StipendStates are all states of a stipend.
func StipendStates() []StipendState {
	return []StipendState{StipendDesignated, StipendAccepted, StipendWaived, StipendApproved, StipendPaid, StipendVoid}
}

// Live tells whether a stipend in this state is still promised or paid.
func (s StipendState) Live() bool { return s != StipendWaived && s != StipendVoid }

// Funding says whose money a stipend is.
type Funding string

// The fundings.
const (
	FundedHere    Funding = "section"
	FundedOutside Funding = "external" // a sponsor pays: recorded, never counted and never paid here
)

// TaxForm is the form a payee sent to finance. The form itself is never stored.
type TaxForm string

// The tax forms.
const (
	FormW9    TaxForm = "w9"
	FormW8BEN TaxForm = "w8ben" // a payee outside the US: finance decides by hand
)

// TaxForms are all tax forms.
func TaxForms() []TaxForm { return []TaxForm{FormW9, FormW8BEN} }

// Label is the form as people call it.
func (f TaxForm) Label() string {
	return map[TaxForm]string{FormW9: "W-9", FormW8BEN: "W-8BEN (outside the US)"}[f]
}

// Stipend is a promise of a flat payment to one speaker of a selected webinar (R9).
type Stipend struct {
	ID           string
	Version      int
	ProposalID   string
	SpeakerID    string
	Payee        string // who the speaker is: unique among the live ones of a proposal
	Employer     string // is paid instead of the speaker; empty: the speaker is
	FundedBy     Funding
	Slot         int // 1, 2 or 3; 0 when funded outside
	AmountCents  int // fixed at designation; 0 when funded outside
	State        StipendState
	Spent        bool // ended after delivery: its place is not given again
	DesignatedBy string
	DesignatedAt time.Time
	AnsweredAt   *time.Time
	AgreementOn  Date // received on; the document itself is never stored
	AgreementBy  string
	TaxFormOn    Date
	TaxFormBy    string
	TaxForm      TaxForm
	Hold         string // why finance decides by hand; empty: no hold
	Presented    *bool  // ticked when the webinar was delivered
	ApprovedBy   string
	ApprovedAt   *time.Time
	VoidReason   string
	UpdatedAt    time.Time
}

// TakesPlace tells whether the stipend holds one of the webinar's places: while
// it lives, and for good when it ended after delivery.
func (s Stipend) TakesPlace() bool { return s.Slot > 0 && (s.Spent || s.State.Live()) }

// External tells whether a sponsor pays it.
func (s Stipend) External() bool { return s.FundedBy == FundedOutside }

// Place is how people tell the stipends of a webinar apart.
func (s Stipend) Place() string {
	if s.External() {
		return "Paid by a sponsor"
	}
	return "Place " + strconv.Itoa(s.Slot)
}

// PayTo is who gets the money: the employer, or the speaker of this name.
func (s Stipend) PayTo(speaker string) string {
	if s.Employer != "" {
		return s.Employer
	}
	return speaker
}

// PayeeKey is the same for all stipends that one payee gets, across webinars:
// the employer's name, or who the speaker is.
func (s Stipend) PayeeKey() string {
	if s.Employer != "" {
		return "employer " + foldedName(s.Employer)
	}
	return s.Payee
}

// PaymentState is where one attempt to pay stands.
type PaymentState string

// The states of a payment.
const (
	PaymentGood     PaymentState = "good"
	PaymentReturned PaymentState = "returned" // a check that came back, a transfer that was rejected
)

// PaymentMethod is how a payment was made.
type PaymentMethod string

// The methods.
const (
	ByCheck    PaymentMethod = "check"
	ByTransfer PaymentMethod = "ach"
	ByOther    PaymentMethod = "other"
)

// PaymentMethods are all methods.
func PaymentMethods() []PaymentMethod { return []PaymentMethod{ByCheck, ByTransfer, ByOther} }

// Label is the method as people call it.
func (m PaymentMethod) Label() string {
	return map[PaymentMethod]string{ByCheck: "Check", ByTransfer: "Bank transfer (ACH)", ByOther: "Another way"}[m]
}

// Payment is one attempt to pay a stipend, recorded after finance made it. The
// tax year is that of PaidOn.
type Payment struct {
	ID           string
	StipendID    string
	PayeeKey     string // see Stipend.PayeeKey
	PayeeName    string // as paid
	AmountCents  int
	Method       PaymentMethod
	Reference    string // the check's number, or the transfer's
	PaidOn       Date
	State        PaymentState
	ByID         string
	ByName       string
	At           time.Time
	ReturnedOn   Date
	ReturnReason string
	ReturnedBy   string
}

// PaymentInput is what is recorded about a payment.
type PaymentInput struct {
	Method    PaymentMethod
	Reference string
	PaidOn    Date
}

// StipendStage is where a stipend stands for those who pay: its state, and what
// it waits for.
type StipendStage string

// The stages.
const (
	StageDesignated StipendStage = "designated" // the speaker did not answer yet
	StagePapers     StipendStage = "papers"     // agreement or tax form is missing
	StageDelivery   StipendStage = "delivery"   // all is here; the webinar has not taken place
	StageHold       StipendStage = "hold"       // finance decides by hand
	StagePayable    StipendStage = "payable"    // delivered, and all is here: to be approved
	StageApproved   StipendStage = "approved"   // to be paid
	StagePaid       StipendStage = "paid"
	StageWaived     StipendStage = "waived"
	StageVoid       StipendStage = "void"
	StageOutside    StipendStage = "outside" // a sponsor pays
)

// Stage tells where a stipend stands, given whether its webinar was delivered.
func (s Stipend) Stage(delivered bool) StipendStage {
	switch s.State {
	case StipendWaived, StipendVoid, StipendPaid, StipendApproved:
		return StipendStage(s.State)
	}
	switch {
	case s.External():
		return StageOutside
	case s.State == StipendDesignated:
		return StageDesignated
	case s.AgreementOn == "" || s.TaxFormOn == "":
		return StagePapers
	case s.Hold != "":
		return StageHold
	case !delivered:
		return StageDelivery
	}
	return StagePayable
}

// Blocked tells whether a stipend of a delivered webinar cannot be paid yet.
func (s Stipend) Blocked(delivered bool) bool {
	stage := s.Stage(delivered)
	return delivered && (stage == StageDesignated || stage == StagePapers || stage == StageHold)
}

// Missing are the papers that did not come yet, as people call them.
func (s Stipend) Missing() []string {
	var all []string
	if s.AgreementOn == "" {
		all = append(all, "the signed agreement")
	}
	if s.TaxFormOn == "" {
		all = append(all, "the tax form (W-9, or W-8BEN outside the US)")
	}
	return all
}

// Twin is a pair of speakers who look like one person with two addresses.
type Twin struct{ A, B Speaker }

// Twins are the pairs of speakers of one webinar with the same name and an
// institution in common, of whom both have a stipend: one of the two is too many.
func Twins(speakers []Speaker, stipends []Stipend) []Twin {
	var paid []Speaker
	for _, s := range speakers {
		if slices.ContainsFunc(stipends, func(o Stipend) bool { return o.SpeakerID == s.ID && o.State.Live() }) {
			paid = append(paid, s)
		}
	}
	var all []Twin
	for i, a := range paid {
		for _, b := range paid[i+1:] {
			if sameHuman(a.Name, a.Affiliations, b.Name, b.Affiliations) {
				all = append(all, Twin{a, b})
			}
		}
	}
	return all
}

// sameHuman compares two people by folded name and institutions.
func sameHuman(a string, at []string, b string, bt []string) bool {
	if blank(a) || foldedName(a) != foldedName(b) {
		return false
	}
	return slices.ContainsFunc(at, func(x string) bool {
		return !blank(x) && slices.ContainsFunc(bt, func(y string) bool { return foldedName(x) == foldedName(y) })
	})
}

// gets tells whether the actor is the one the stipend is for.
func (a Actor) gets(s Stipend, f Facts) bool {
	if a.Email != "" && FoldEmail(a.Email) == s.Payee {
		return true
	}
	i := slices.IndexFunc(f.Speakers, func(sp Speaker) bool { return sp.ID == s.SpeakerID })
	return i >= 0 && sameHuman(a.Name, []string{a.Institution}, f.Speakers[i].Name, f.Speakers[i].Affiliations)
}

// StipendCentsFor is the amount of a stipend designated for a webinar of the
// program year. What was designated before keeps its own.
func (s Settings) StipendCentsFor(y Year) int {
	if cents, own := s.StipendCentsIn[y]; own {
		return cents
	}
	return s.StipendCents
}
