package domain

import (
	"slices"
	"time"
)

// NoticeKind names a mail by its occasion.
type NoticeKind string

// The occasions.
const (
	SignInLink        NoticeKind = "sign_in_link"
	SpeakerInvitation NoticeKind = "speaker_invitation"
	SpeakerConfirm    NoticeKind = "speaker_confirm"
	SpeakerReminder   NoticeKind = "speaker_reminder"
	SpeakerMoved      NoticeKind = "speaker_moved"
	AllDeclined       NoticeKind = "all_speakers_declined"
	Receipt           NoticeKind = "receipt"
	OutcomeNotice     NoticeKind = "outcome"
	CorrectionNotice  NoticeKind = "correction"
	CancelledNotice   NoticeKind = "cancelled"
	CarriedNotice     NoticeKind = "carried_forward"
	LateWithdrawal    NoticeKind = "late_withdrawal"
	WindowExtended    NoticeKind = "window_extended"
	WindowReminder    NoticeKind = "window_reminder"
	UndecidedNudge    NoticeKind = "undecided_nudge"
	StipendOffer      NoticeKind = "stipend_offer"
	GrantNotice       NoticeKind = "late_grant"
	SpeakerNewLink    NoticeKind = "speaker_new_link"
	StipendPapers     NoticeKind = "stipend_papers"
	ReviewOutdated    NoticeKind = "review_outdated"
	AccessAsked       NoticeKind = "access_request"
	ChangesAsked      NoticeKind = "changes_requested"

	OrderReceived        NoticeKind = "order_received"
	OrderConfirmedNotice NoticeKind = "order_confirmed"
	OrderEnded           NoticeKind = "order_ended"
	POWaits              NoticeKind = "purchase_order_waits"
	SeatInvitation       NoticeKind = "seat_invitation"
	SeatEnded            NoticeKind = "seat_ended"
	OpenSeatsNotice      NoticeKind = "open_seats"
	SeatTomorrow         NoticeKind = "seat_tomorrow"
	OrderMoved           NoticeKind = "order_moved"
	SeatMoved            NoticeKind = "seat_moved"
	OrderRecording       NoticeKind = "order_recording"
	SeatRecording        NoticeKind = "seat_recording"
	PacketReleased       NoticeKind = "packet_released"

	QuoteAsked    NoticeKind = "quote_requested"
	QuoteWaits    NoticeKind = "quote_waits"
	QuoteOut      NoticeKind = "quote_offered"
	QuoteReminder NoticeKind = "quote_reminder"
	QuoteEnded    NoticeKind = "quote_ended"
)

// LinkKind is what a link in a mail opens.
type LinkKind string

// The kinds of link. Links are made when the mail is sent and stored nowhere.
const (
	NoLink      LinkKind = ""
	LinkSignIn  LinkKind = "sign_in"
	LinkSpeaker LinkKind = "speaker"
	LinkPage    LinkKind = "page" // an address of ours that needs a sign-in
	LinkOrder   LinkKind = "order"
	LinkSeat    LinkKind = "seat"
	LinkQuote   LinkKind = "quote"
)

// MailLink is the link of a mail as it is sent.
type MailLink struct {
	URL   string
	Until time.Time // it opens until then; zero: the mail does not say
	Zone  string    // in which Until is told
}

// Notice says, for one occasion, who is told, and which earlier mails it makes pointless.
type Notice struct {
	Kind       NoticeKind
	To         string       // in words, for the documentation
	When       string       // in words
	Supersedes []NoticeKind // unsent mails of the same subject that die when this one is written
	Link       LinkKind
}

// Notices is the one table of what is told to whom.
var Notices = []Notice{
	{SignInLink, "who asked", "a sign-in link is asked for", []NoticeKind{SignInLink}, LinkSignIn},
	{SpeakerInvitation, "the speaker", "a member invites them to a draft", []NoticeKind{SpeakerInvitation}, LinkSpeaker},
	{SpeakerConfirm, "each speaker", "the proposal is accepted", []NoticeKind{SpeakerInvitation, SpeakerReminder}, LinkSpeaker},
	{SpeakerReminder, "the speaker", "7 and 14 days without an answer", []NoticeKind{SpeakerReminder}, LinkSpeaker},
	{SpeakerMoved, "each speaker who did not decline", "the webinar is moved to another time", []NoticeKind{SpeakerConfirm, SpeakerReminder, SpeakerMoved}, LinkSpeaker},
	{AllDeclined, "the group’s chairs and those who decide", "the last speaker declines", nil, LinkPage},
	{Receipt, "the group’s chairs and who submitted", "a proposal is submitted", nil, LinkPage},
	{OutcomeNotice, "the group’s chairs", "a decision is made here", nil, LinkPage},
	{CorrectionNotice, "the group’s chairs", "a decision is corrected", []NoticeKind{OutcomeNotice, SpeakerConfirm}, LinkPage},
	{CancelledNotice, "the group’s chairs and the speakers", "an accepted proposal is cancelled", []NoticeKind{SpeakerConfirm, SpeakerReminder, SpeakerMoved, SpeakerNewLink, StipendOffer, StipendPapers}, LinkPage},
	{CarriedNotice, "the group’s members", "a proposal is carried forward", nil, LinkPage},
	{LateWithdrawal, "the Leadership Team", "a proposal is withdrawn after its window closed", nil, LinkPage},
	{WindowExtended, "chairs of groups with a draft", "a window is extended", []NoticeKind{WindowReminder}, LinkPage},
	{WindowReminder, "chairs of groups with a draft", "14, 3 and 1 days before a window closes", []NoticeKind{WindowReminder}, LinkPage},
	{UndecidedNudge, "the group’s chairs", "on December 15, for ALA Annual proposals without an outcome", nil, LinkPage},
	{StipendOffer, "the speaker", "a stipend is designated", []NoticeKind{StipendOffer}, LinkSpeaker},
	{ReviewOutdated, "reviewers of an older text", "a submitted proposal is edited", []NoticeKind{ReviewOutdated}, LinkPage},
	{PacketReleased, "those who decide at the venue", "a packet of recommendations is released", []NoticeKind{PacketReleased}, LinkPage},
	{SpeakerNewLink, "the speaker", "the group or staff send a speaker of an accepted proposal a new link", []NoticeKind{SpeakerNewLink}, LinkSpeaker},
	{StipendPapers, "the speaker", "30, 14 and 3 days before the webinar, while the agreement or the tax form of a stipend is missing", []NoticeKind{StipendPapers}, NoLink},
	{AccessAsked, "the webinar’s access contact", "somebody asks for an access arrangement; the mail does not say who or what", nil, LinkPage},
	{ChangesAsked, "the group’s chairs", "changes are requested after submission", []NoticeKind{ChangesAsked}, LinkPage},
	{GrantNotice, "the group’s chairs", "late submission is granted", nil, LinkPage},
	{OrderReceived, "the buyer", "an order waits for a purchase order, or is held again", []NoticeKind{OrderReceived}, LinkOrder},
	{OrderConfirmedNotice, "the buyer", "an order is confirmed", []NoticeKind{OrderReceived}, LinkOrder},
	{OrderEnded, "the buyer", "an order that was promised ends", []NoticeKind{OrderReceived, OrderConfirmedNotice}, LinkOrder},
	{POWaits, "association staff", "a purchase order is to be checked", nil, LinkPage},
	{QuoteAsked, "the buyer", "a quote is asked for", nil, LinkQuote},
	{QuoteWaits, "association staff", "a quote is asked for", nil, LinkPage},
	{QuoteOut, "the buyer", "a quote is offered or revised", []NoticeKind{QuoteAsked, QuoteOut, QuoteReminder}, LinkQuote},
	{QuoteReminder, "the buyer", "3 days before an offer ends", []NoticeKind{QuoteReminder}, LinkQuote},
	{QuoteEnded, "the buyer", "an offer runs out, or a quote is withdrawn", []NoticeKind{QuoteAsked, QuoteOut, QuoteReminder}, LinkQuote},
	{SeatInvitation, "who sits on the seat", "somebody is named for a seat", []NoticeKind{SeatInvitation}, LinkSeat},
	{OpenSeatsNotice, "the buyer", "2 days after the order was confirmed, and 10, 3 and 1 days before the webinar, while seats have no name", []NoticeKind{OpenSeatsNotice}, LinkOrder},
	{SeatTomorrow, "who sits on the seat", "24 hours before the webinar", nil, LinkSeat},
	{OrderMoved, "the buyer", "the webinar of a live order is moved to another time", []NoticeKind{OrderMoved, OpenSeatsNotice}, LinkOrder},
	{SeatMoved, "who sits on the seat", "the webinar is moved to another time", []NoticeKind{SeatInvitation, SeatTomorrow, SeatMoved}, LinkSeat},
	{OrderRecording, "the buyer", "the recording is ready", []NoticeKind{OpenSeatsNotice}, LinkOrder},
	{SeatRecording, "who sits on the seat", "the recording is ready", []NoticeKind{SeatTomorrow}, LinkSeat},
	{SeatEnded, "who sat on the seat", "a seat goes to somebody else, or its order ends", []NoticeKind{SeatInvitation}, NoLink},
}

// NoticeOf finds the row of a kind.
func NoticeOf(k NoticeKind) Notice {
	i := slices.IndexFunc(Notices, func(n Notice) bool { return n.Kind == k })
	if i < 0 {
		return Notice{Kind: k}
	}
	return Notices[i]
}

// MailState is where a mail stands.
type MailState string

// The states of a mail.
const (
	MailWaiting    MailState = "waiting"
	MailSending    MailState = "sending"
	MailSent       MailState = "sent"
	MailFailed     MailState = "failed"     // after the last attempt
	MailSuperseded MailState = "superseded" // died before it was sent
)

// Mail is one message to one person, written in the transaction that caused it.
// The text has no link; Link and LinkTo say which one is added when it is sent.
type Mail struct {
	ID         string
	Cause      string // what happened: one mail per cause, address and kind
	Kind       NoticeKind
	SubjectID  string // what it is about: proposal, speaker, call or person; superseding works by it
	PersonID   string
	To         string
	Name       string
	Subject    string
	Body       string // paragraphs, plain text
	Link       LinkKind
	LinkTo     string // page path, speaker id or sign-in id
	State      MailState
	Attempts   int
	NextAt     time.Time
	LeaseUntil *time.Time
	SentAt     *time.Time
	Error      string
	CreatedAt  time.Time
}

// MaxMailAttempts is how often a mail is tried before it counts as failed.
const MaxMailAttempts = 8

// MailRetryAfter is how long to wait after the nth failed attempt: 1, 2, 4, … minutes, at most 6 hours.
func MailRetryAfter(attempts int) time.Duration {
	return min(time.Minute<<min(max(attempts-1, 0), 12), 6*time.Hour)
}
