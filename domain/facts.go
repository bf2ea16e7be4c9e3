package domain

import "time"

// Facts is everything a move depends on, loaded by the workflow in one transaction.
type Facts struct {
	Actor           Actor
	Now             time.Time
	Section         Section
	Group           Group
	Call            Call
	Venue           Venue
	Form            Form
	Speakers        []Speaker // in order, with those replaced
	Standing        Standing
	Roster          []string             // folded names and addresses of the group's members, for R4
	Siblings        []Proposal           // the group's other submissions of the year
	Parent          *Proposal            // it was carried forward from
	ParentVenue     Venue                // of the parent, for change-call
	Child           *Proposal            // carried forward from it, and not withdrawn
	External        *External            // it was put into the outside site
	Decision        *Decision            // the published one
	Staged          *Decision            // the one not yet published
	Stipends        []Stipend            // of the proposal
	Payment         *Payment             // the good one of the stipend that is moved
	PersonStipends  int                  // live ones of the speaker to designate, in the program year; read where a limit is set
	Places          int                  // how many of its stipends are live, also for those who do not see them
	Phases          []Phase              // of the call
	Conflict        []ConflictOfInterest // of the actor; see FindConflicts
	Sponsors        []string             // ids of the co-sponsoring groups, for rules of conflict
	SponsorSlugs    []string             // slugs of the co-sponsoring groups
	Declared        []string             // ids of those who declared a conflict
	Chairs          []Reader             // of the section's Leadership Team, today
	Judged          bool                 // it, or another of its idea, is being judged by the Leadership Team
	NamesHidden     bool                 // reviewers must not learn yet whose it is
	Reviews         int                  // complete ones with a score
	ReviewsBegun    int                  // of any state
	Recommendation  *Recommendation      // for release-packet
	RecommendedNote string               // the Leadership Team’s note to the group; only once an outcome is published
	Packet          int                  // number of the newest packet that holds it; 0: none does
	MailsOut        bool                 // the outcome was mailed
	ChairInConflict bool                 // no Leadership chair is free of conflict
	Target          *Target              // for change-call and carry-forward
	DeclinedAt      []VenueYear          // where this lineage was declined before
	Number          string               // the reference to give at the first submission
	Expect          int                  // the version the person saw; 0: not said
	Input           Input
}

// Target is the call a draft moves to.
type Target struct {
	Call  Call
	Venue Venue
	Form  Form
}

// VenueYear is a venue in a program year.
type VenueYear struct {
	VenueID string
	Year    Year
}

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
	// SpeakerVersion is that of the speaker the person saw, for invite-speaker; 0: not said.
	SpeakerVersion int
	Speaker        *Speaker
	Agreed         string // how the venue agreed to another speaker
	Review         *ReviewInput
	Presented      []string     // mark-delivered: ids of the speakers who presented
	On             Date         // a stipend's paper or payment came (back) on
	TaxForm        TaxForm      // a stipend's
	Employer       string       // accept: who is to be paid instead of the speaker
	FundedBy       Funding      // designate; empty: FundedHere
	Payment        PaymentInput // pay

	Recommendation *RecommendationInput
}
