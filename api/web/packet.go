package web

import (
	"time"

	"lectern/domain"
)

// PacketPage is a packet, or with Preview what would be released now. The preview's
// form posts to Preview.Save: token, note, scores.
type PacketPage struct {
	Page
	Heading  string // Packet 2, Core Forum 2026–27
	Number   int
	Venue    string
	Year     domain.Year
	By       string
	At       *time.Time
	Zone     string
	Note     string
	Content  domain.PacketContent
	Closed   []string // titles
	CSV      string   // address; empty: there is none
	Newer    *Link    // there is a packet with a higher number
	Preview  *PacketPreview
	Decision *Link // to where it is decided
}

// PacketPreview is what a preview has beside the packet.
type PacketPreview struct {
	Number  int
	Token   string
	Refused []domain.Reason
	Reasons []domain.Reason // what was wrong with what was sent
	Note    string          // as it was typed
	Save    string
	Share   Link // with, or without, single scores
	Back    string
}

func itemFigures(i domain.PacketItem) *RankRow {
	return &RankRow{Stats: i.Stats(), Mean: int(i.Mean*100 + 0.5), Tied: i.Tied}
}

func itemVotes(i domain.PacketItem) string {
	words := itoa(i.VotesFor) + " for, " + itoa(i.VotesAgainst) + " against"
	if i.VotesAbstained > 0 {
		words += ", " + itoa(i.VotesAbstained) + " abstained"
	}
	if i.VotesRecused > 0 {
		words += ", " + itoa(i.VotesRecused) + " recused"
	}
	return words
}

func itemWebinar(i domain.PacketItem) string {
	if i.Verdict == domain.VerdictWebinar {
		return "Better as a webinar"
	}
	return "Also suits a webinar, say " + itoa(i.Webinar) + " of " + domain.Plural(i.Reviews, "reviewer")
}

// PacketsPage lists packets.
type PacketsPage struct {
	Page
	Zone    string
	Packets []PacketLine
	Next    string // address of the next page; empty: this is the last
}

// PacketLine is a packet in the list.
type PacketLine struct {
	Heading   string
	Href      string
	Note      string
	Proposals int
	By        string
	At        time.Time
}

func noteLabel(v PacketPreview) string {
	if v.Number == 1 {
		return "Note to those who decide"
	}
	return "What changed since packet " + itoa(v.Number-1)
}

func (p PacketPage) noteHead() string {
	if p.Number == 1 {
		return "A note"
	}
	return "What changed"
}
