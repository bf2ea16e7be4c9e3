package domain

import "time"

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

// Live tells whether a stipend in this state takes one of the places.
func (s StipendState) Live() bool { return s != StipendWaived && s != StipendVoid }

// Stipend is a promise of a flat payment to one speaker of a selected webinar (R9).
type Stipend struct {
	ID           string
	Version      int
	ProposalID   string
	SpeakerID    string
	Payee        string // unique among the live ones of a proposal
	Slot         int    // 1, 2 or 3
	AmountCents  int    // fixed at designation
	State        StipendState
	DesignatedBy string
	DesignatedAt time.Time
	AnsweredAt   *time.Time
	AgreementOn  Date // received on; the document itself is never stored
	AgreementBy  string
	TaxFormOn    Date
	TaxFormBy    string
	Presented    *bool // ticked when the webinar was delivered
	ApprovedBy   string
	ApprovedAt   *time.Time
	VoidReason   string
	UpdatedAt    time.Time
}
