package web

import (
	"time"

	"lectern/domain"
)

// LandingPage is what somebody sees who is not signed in.
type LandingPage struct {
	Page
	SectionName string
}

// HomePage is the start of somebody who does not simply have one group: the
// parts that are theirs by role are filled, the others stay empty.
type HomePage struct {
	Page
	Now     time.Time
	Zone    string
	Year    domain.Year
	Reviews []HomeReview
	Groups  []HomeGroup // the person's own, with their standings
	Board   *HomeBoard  // for the Leadership Team
	Staff   *HomeStaff
	Money   *HomeMoney // for finance
	Sale    *HomeSale  // for staff and finance
	Forum   *HomeForum
	Setup   []SetupStep // for administrators
}

// HomeReview is a call that waits for the person's reviews, or for its ranking.
type HomeReview struct {
	Call  domain.Call
	Until time.Time
	Ranks bool // it is ranked now
	All   int  // proposals
	Done  int  // reviewed by the person
	Href  string
}

// HomeGroup is a group of the person's with its standing.
type HomeGroup struct {
	Group    domain.Group
	Role     domain.TermRole
	Standing domain.Standing
}

// HomeBoard is the year board in short.
type HomeBoard struct {
	Committees int // that owe programs
	Done       int // that owe nothing more
	Short      []HomeShort
	Waiting    []HomeItem
}

// HomeShort is a group with an open window, or one that closed short.
type HomeShort struct {
	Group domain.Group
	Duty  domain.Duty
}

// HomeItem is something that waits, with the way to it.
type HomeItem struct {
	Title string
	Note  string
	Href  string
}

// HomeStaff is what waits for staff.
type HomeStaff struct {
	Undecided []HomeItem // webinars submitted, not decided
	Accepted  []HomeItem // webinars accepted that did not take place yet
	Outside   []HomeItem // decided outside, no outcome recorded here
	Failed    int        // mails
	Waiting   int        // mails
}

// HomeMoney is what finance sees of stipends.
type HomeMoney struct {
	Payable  int // to be approved
	Blocked  int // delivered, and something is missing
	Approved int // to be paid
	Cents    int // of these three
	Rows     []MoneyRow
}

// MoneyRow is how many stipends stand at a stage.
type MoneyRow struct {
	Stage domain.StipendStage
	N     int
	Cents int
}

// HomeSale is the webinars on sale in short.
type HomeSale struct {
	Waiting      int // purchase orders to check
	Quotes       int // that need a reply
	OverdueCents int
	Stands       []SaleStand
}

// HomeForum is what the forum committee will get.
type HomeForum struct {
	Call      *domain.Call // of the year; nil: none yet
	Packet    *PacketLine  // the newest; nil: none was released yet
	Decisions []Link       // one a format of the venue
}

// SetupStep is a step of setting a section up.
type SetupStep struct {
	Title string
	Note  string
	Done  bool
	Href  string
}

func (p HomePage) nothing() bool {
	return len(p.Reviews) == 0 && len(p.Groups) == 0 && p.Board == nil && p.Staff == nil && p.Money == nil && p.Forum == nil && len(p.Setup) == 0
}

// said is what a short group is told in one line.
func (s HomeShort) said(now time.Time) string {
	c := dutyCell(s.Duty, now)
	return s.Duty.VenueName + ": " + c.Text + ", " + c.Title
}
