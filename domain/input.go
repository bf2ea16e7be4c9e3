package domain

import "time"

// Input is what a person fills in for a move. Each move reads what it needs.
type Input struct {
	Reason     string
	Outcome    Outcome
	DecidedOn  Date
	Evidence   string
	Feedback   string
	NoFeedback bool
	Site       string
	Reference  string
	SentOn     Date
	Until      *time.Time
	SpeakerID  string
	Speaker    *Speaker
	Agreed     string // how the venue agreed to another speaker
	Review     *ReviewInput
	Presented  []string     // mark-delivered: ids of the speakers who presented
	On         Date         // a stipend's paper or payment came (back) on
	TaxForm    TaxForm      // a stipend's
	Employer   string       // accept: who is to be paid instead of the speaker
	FundedBy   Funding      // designate; empty: FundedHere
	Payment    PaymentInput // pay

	Recommendation *RecommendationInput
}
