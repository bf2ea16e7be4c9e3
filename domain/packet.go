package domain

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Packet is what the Leadership Team hands to those who decide: numbered, and
// never changed. A change is a packet with the next number and a note.
type Packet struct {
	ID           string
	SectionID    string
	VenueID      string
	Year         Year
	Number       int
	Note         string // what changed since the one before
	Content      PacketContent
	ReleasedBy   string
	ReleasedName string
	ReleasedAt   time.Time
}

// PacketContent is what stands in a packet.
type PacketContent struct {
	Section  string          `json:"section"`
	Venue    string          `json:"venue"`
	Scores   bool            `json:"scores"` // reviewers' names and single scores are in it
	Sections []PacketSection `json:"sections"`
}

// PacketSection is the ranked list of one format.
type PacketSection struct {
	FormatID string       `json:"format_id"`
	Format   string       `json:"format"`
	Cut      *int         `json:"cut,omitempty"` // how many are recommended above the line
	Items    []PacketItem `json:"items"`
}

// PacketItem is a proposal as it was when the packet was released.
type PacketItem struct {
	ProposalID     string        `json:"proposal_id"`
	Rank           int           `json:"rank"` // from 1 on, without a gap
	Number         string        `json:"number"`
	Title          string        `json:"title"`
	Revision       int           `json:"revision"`
	Group          string        `json:"group"`
	Speakers       []string      `json:"speakers"`
	Text           []PacketText  `json:"text"`
	Verdict        Verdict       `json:"verdict"`
	VotesFor       int           `json:"votes_for"`
	VotesAgainst   int           `json:"votes_against"`
	VotesAbstained int           `json:"votes_abstained"`
	VotesRecused   int           `json:"votes_recused"`
	Note           string        `json:"note"`
	FewReviews     string        `json:"few_reviews,omitempty"` // why with fewer reviews than it takes
	Reviews        int           `json:"reviews"`
	Recused        int           `json:"recused"`
	Mean           float64       `json:"mean"`
	Min            int           `json:"min"` // hundredths
	Max            int           `json:"max"`
	Flagged        bool          `json:"flagged"` // reviewers disagree
	Tied           int           `json:"tied"`    // how many have this mean, when more than one
	Webinar        int           `json:"webinar"` // reviewers who find it better as a webinar
	Scores         []PacketScore `json:"scores,omitempty"`
}

// PacketText is one field of a proposal's form with what it says.
type PacketText struct {
	Label  string   `json:"label"`
	Values []string `json:"values"`
}

// PacketScore is one reviewer's score, where the packet shares them.
type PacketScore struct {
	Name      string  `json:"name"`
	Score     *int    `json:"score"` // hundredths; nil: abstained
	Verdict   Verdict `json:"verdict"`
	Abstained bool    `json:"abstained"`
}

// Size is how many proposals are in the packet.
func (c PacketContent) Size() int {
	n := 0
	for _, s := range c.Sections {
		n += len(s.Items)
	}
	return n
}

// ProposalIDs are the proposals in the packet.
func (c PacketContent) ProposalIDs() []string {
	var ids []string
	for _, s := range c.Sections {
		for _, i := range s.Items {
			ids = append(ids, i.ProposalID)
		}
	}
	return ids
}

// AlsoWebinar tells whether the proposal also suits a webinar: the verdict says
// so, or at least half of those who reviewed it.
func (i PacketItem) AlsoWebinar() bool {
	return i.Verdict == VerdictWebinar || i.Webinar > 0 && 2*i.Webinar >= i.Reviews
}

// Recommended tells whether an item stands above the line.
func (s PacketSection) Recommended(i PacketItem) bool { return s.Cut != nil && i.Rank <= *s.Cut }

// Advice is what a packet says of one proposal, in short.
type Advice struct {
	Packet int    // number
	Format string // Breakout session
	Rank   int
	Of     int  // proposals of the format
	Cut    *int // how many are recommended above the line; nil: none was drawn
	Item   PacketItem
}

// Advice is what the packet says of each proposal in it, by id.
func (p Packet) Advice() map[string]Advice {
	all := map[string]Advice{}
	for _, s := range p.Content.Sections {
		for _, i := range s.Items {
			all[i.ProposalID] = Advice{Packet: p.Number, Format: s.Format, Rank: i.Rank, Of: len(s.Items), Cut: s.Cut, Item: i}
		}
	}
	return all
}

// Stats are the figures of the item as a ranking has them.
func (i PacketItem) Stats() ReviewStats {
	return ReviewStats{Count: i.Reviews, Recused: i.Recused, Mean: i.Mean, Min: i.Min, Max: i.Max, Spread: i.Max - i.Min}
}

// PacketFacts are what releasing a packet depends on.
type PacketFacts struct {
	Actor     Actor
	Section   Section
	Venue     Venue
	Year      Year
	Content   PacketContent
	Proposals []Reason // what stands in the way of single proposals
	Last      *Packet  // the one before; nil: this is the first
	Note      string
	Token     string // of the preview that was seen
}

// Number is the number of the packet that would be released.
func (f PacketFacts) Number() int {
	if f.Last == nil {
		return 1
	}
	return f.Last.Number + 1
}

// WhyNot gives every reason why no packet can be released now, apart from the
// note and the token; nil when it can.
func (f PacketFacts) WhyNot() []Reason {
	why := slices.Clone(f.Proposals)
	if f.Content.Size() == 0 {
		why = append(why, Because("R12", "nothing_submitted", "No submitted proposal of %s in %s waits for a recommendation.", f.Venue.Name, f.Year.Short()))
	}
	why = append(why, f.Content.ranksUnique()...)
	if f.Last != nil && same(f.Last.Content, f.Content) {
		why = append(why, Because("", "nothing_changed", "Nothing changed since packet %d.", f.Last.Number))
	}
	return why
}

// Check gives every reason why the packet cannot be released as it was asked for.
func (f PacketFacts) Check() []Reason {
	why := f.WhyNot()
	switch {
	case f.Number() > 1 && blank(f.Note):
		why = append(why, Wrong("/note", "required", "Say what changed since packet %d.", f.Last.Number))
	case utf8.RuneCountInString(f.Note) > MaxReviewChars:
		why = append(why, Wrong("/note", "too_long", "Shorten the note to %d characters.", MaxReviewChars))
	case !utf8.ValidString(f.Note) || strings.ContainsRune(f.Note, 0):
		why = append(why, Wrong("/note", "not_utf8", "The note holds characters that cannot be kept. Type them again."))
	}
	if f.Token != f.PreviewToken() {
		why = append(why, Reason{Kind: Stale, Code: "preview_outdated", Detail: "What the packet would hold changed since you looked at it. Look again, then release it."})
	}
	return why
}

// PreviewToken stands for everything that would be released.
func (f PacketFacts) PreviewToken() string {
	sum := sha256.Sum256([]byte(f.Section.ID + "\n" + f.Venue.ID + "\n" + string(f.Year) + "\n" + strconv.Itoa(f.Number()) + "\n" + f.Content.text()))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (c PacketContent) text() string {
	b, err := json.Marshal(c)
	if err != nil {
		return "" // texts, numbers and lists can always be written
	}
	return string(b)
}

func same(a, b PacketContent) bool { return a.text() == b.text() }

// ranksUnique holds the places of each format to 1, 2, 3 and so on.
func (c PacketContent) ranksUnique() []Reason {
	var why []Reason
	for _, s := range c.Sections {
		taken := map[int]bool{}
		for _, i := range s.Items {
			if i.Rank < 1 || i.Rank > len(s.Items) || taken[i.Rank] {
				why = append(why, Because("", "ranks_not_unique", "%s: place %d is taken twice, or is none.", s.Format, i.Rank))
			}
			taken[i.Rank] = true
		}
	}
	return why
}

// Withheld is the packet for somebody with a conflict: of those proposals they
// see the title, outside the list, and nothing else.
func (c PacketContent) Withheld(closed func(proposalID string) bool) (PacketContent, []string) {
	var titles []string
	out := c
	out.Sections = nil
	for _, s := range c.Sections {
		kept := s
		kept.Items = nil
		for _, i := range s.Items {
			if closed(i.ProposalID) {
				titles = append(titles, i.Title)
				continue
			}
			kept.Items = append(kept.Items, i)
		}
		if len(kept.Items) < len(s.Items) {
			kept = kept.closedUp(s)
		}
		out.Sections = append(out.Sections, kept)
	}
	return out, titles
}

// closedUp numbers what is left of a section again, and moves its line along, so
// that no gap tells where the others stand.
func (s PacketSection) closedUp(whole PacketSection) PacketSection {
	items := slices.Clone(s.Items)
	above := 0
	for i := range items {
		if whole.Recommended(items[i]) {
			above++
		}
		items[i].Rank, items[i].Tied = i+1, 0
	}
	s.Items = items
	if whole.Cut != nil {
		s.Cut = &above
	}
	return s
}

// ClosedTo tells whether a proposal of a packet of the section is closed to the
// actor. To the Leadership Team it is as while they judge. Those who decide and
// staff read of all but what they have a part in themselves: working where a
// speaker does is no part. Administrators read all.
func (f ConflictFacts) ClosedTo(a Actor, sectionID string) bool {
	if a.Has(Admin) {
		return false
	}
	return slices.ContainsFunc(ConflictsOf(a.Reader(), f), func(c ConflictOfInterest) bool {
		return c.Kind != ConflictInstitution || a.Leads(sectionID)
	})
}
