package api

import (
	"net/http"
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// packetRoutes are the routes of packets.
func (s *Server) packetRoutes() []*route {
	return []*route{
		endpoint(get, "/packets", "Packets of recommendations you may read, newest first", s.listPackets),
		endpoint(get, "/packets/:id", "A packet of recommendations", s.getPacket),
		endpoint(get, "/years/:year/venues/:venue/packets/preview", "What a packet released now would hold, with the token to release it", s.previewPacket),
		endpoint(post, "/years/:year/venues/:venue/packets", "Release the packet that was previewed", s.releasePacket).answers(http.StatusCreated),
	}
}

func (s *Server) packets() workflows.Packets { return workflows.Packets{Base: s.Access.Base} }

// PacketBriefOut is a packet in a list.
type PacketBriefOut struct {
	ID         string      `json:"id"`
	Venue      string      `json:"venue"`
	Year       domain.Year `json:"year"`
	Number     int         `json:"number"`
	Note       string      `json:"note"`
	Proposals  int         `json:"proposals"`
	By         string      `json:"by"`
	ReleasedAt time.Time   `json:"released_at"`
}

// PacketOut is a packet. Of proposals you have a conflict with there is the title.
type PacketOut struct {
	ID         string             `json:"id"`
	Venue      string             `json:"venue"`
	Year       domain.Year        `json:"year"`
	Number     int                `json:"number"`
	Note       string             `json:"note"` // what changed since the one before
	By         string             `json:"by"`
	ReleasedAt time.Time          `json:"released_at"`
	Sections   []PacketSectionOut `json:"sections"`
	Closed     []string           `json:"closed"` // titles
}

func (p PacketOut) location() string { return "/packets/" + p.ID }

// PacketSectionOut is the ranked list of one format.
type PacketSectionOut struct {
	Format string          `json:"format"`
	Cut    *int            `json:"cut"` // how many are recommended; null: no line was drawn
	Items  []PacketItemOut `json:"items"`
}

// PacketItemOut is a proposal as it was when the packet was released. Min and max
// are in hundredths of a point.
type PacketItemOut struct {
	ProposalID     string           `json:"proposal_id"`
	Rank           int              `json:"rank"`
	Number         string           `json:"number"`
	Title          string           `json:"title"`
	Revision       int              `json:"revision"`
	Group          string           `json:"group"`
	Speakers       []string         `json:"speakers"`
	Text           []PacketTextOut  `json:"text"`
	Verdict        domain.Verdict   `json:"verdict"`
	VotesFor       int              `json:"votes_for"`
	VotesAgainst   int              `json:"votes_against"`
	VotesAbstained int              `json:"votes_abstained"`
	VotesRecused   int              `json:"votes_recused"`
	Note           string           `json:"note"`
	FewReviews     string           `json:"few_reviews"` // why with fewer reviews than it takes
	Reviews        int              `json:"reviews"`
	Mean           float64          `json:"mean"`
	Min            int              `json:"min"`
	Max            int              `json:"max"`
	Flagged        bool             `json:"flagged"`
	Tied           int              `json:"tied"`
	AlsoWebinar    bool             `json:"also_webinar"`
	Scores         []PacketScoreOut `json:"scores"` // empty unless the packet shares them
}

// PacketTextOut is one field with what it says.
type PacketTextOut struct {
	Label  string   `json:"label"`
	Values []string `json:"values"`
}

// PacketScoreOut is one reviewer's score, in hundredths of a point.
type PacketScoreOut struct {
	Name      string         `json:"name"`
	Score     *int           `json:"score"`
	Verdict   domain.Verdict `json:"verdict"`
	Abstained bool           `json:"abstained"`
}

func packetOut(v workflows.PacketView) PacketOut {
	out := PacketOut{
		ID: v.ID, Venue: v.VenueID, Year: v.Year, Number: v.Number, Note: v.Note, By: v.ReleasedName, ReleasedAt: v.ReleasedAt,
		Sections: []PacketSectionOut{}, Closed: orEmpty(v.Closed),
	}
	for _, s := range v.Content.Sections {
		out.Sections = append(out.Sections, PacketSectionOut{s.Format, s.Cut, listOf(s.Items, packetItemOut).Data})
	}
	return out
}

func packetItemOut(i domain.PacketItem) PacketItemOut {
	return PacketItemOut{
		ProposalID: i.ProposalID, Rank: i.Rank, Number: i.Number, Title: i.Title, Revision: i.Revision, Group: i.Group, Speakers: orEmpty(i.Speakers),
		Text:    listOf(i.Text, func(t domain.PacketText) PacketTextOut { return PacketTextOut(t) }).Data,
		Verdict: i.Verdict, VotesFor: i.VotesFor, VotesAgainst: i.VotesAgainst, VotesAbstained: i.VotesAbstained, VotesRecused: i.VotesRecused,
		Note: i.Note, FewReviews: i.FewReviews, Reviews: i.Reviews, Mean: i.Mean, Min: i.Min, Max: i.Max, Flagged: i.Flagged, Tied: i.Tied, AlsoWebinar: i.AlsoWebinar(),
		Scores: listOf(i.Scores, func(x domain.PacketScore) PacketScoreOut { return PacketScoreOut(x) }).Data,
	}
}

func (s *Server) listPackets(c *Call, in listIn) (list[PacketBriefOut], error) {
	key, err := after[lineKey](in, nil)
	if err != nil {
		return list[PacketBriefOut]{}, err
	}
	var from *workflows.Cursor
	if key != nil {
		from = &workflows.Cursor{UpdatedAt: key.At, ID: key.ID}
	}
	rows, err := s.packets().List(c.Ctx(), c.Actor, from, in.limit()+1)
	if err != nil {
		return list[PacketBriefOut]{}, err
	}
	return pageOf(rows, in, nil, packetBriefOut, func(l workflows.PacketLine) lineKey { return lineKey{l.ReleasedAt, l.ID} })
}

func packetBriefOut(l workflows.PacketLine) PacketBriefOut {
	return PacketBriefOut{l.ID, l.VenueID, l.Year, l.Number, l.Note, l.Proposals, l.ReleasedName, l.ReleasedAt}
}

func (s *Server) getPacket(c *Call, in byID) (PacketOut, error) {
	v, err := s.packets().Get(c.Ctx(), c.Actor, in.ID)
	return packetOut(v), err
}

// PacketPreviewOut is what would be released now.
type PacketPreviewOut struct {
	Number  int         `json:"number"`
	Token   string      `json:"token"`   // to release just this
	Reasons []ReasonOut `json:"reasons"` // why it cannot be released; empty: it can
	Packet  PacketOut   `json:"packet"`
}

type previewIn struct {
	Year   domain.Year `param:"year" json:"-" validate:"required,max=7"`
	Venue  string      `param:"venue" json:"-" validate:"required,max=64"`
	Scores bool        `query:"scores" json:"-"` // with reviewers' names and single scores
}

func (s *Server) previewPacket(c *Call, in previewIn) (PacketPreviewOut, error) {
	p, err := s.packets().Preview(c.Ctx(), c.Actor, in.Year, in.Venue, in.Scores)
	return PacketPreviewOut{p.Number, p.Token, reasonsOut(p.Refused), packetOut(p.PacketView)}, err
}

type releaseIn struct {
	Year   domain.Year `param:"year" json:"-" validate:"required,max=7"`
	Venue  string      `param:"venue" json:"-" validate:"required,max=64"`
	Token  string      `json:"token" validate:"required,max=100"` // of the preview
	Note   string      `json:"note" validate:"max=20000"`         // what changed; from the second packet on
	Scores bool        `json:"scores"`
}

func (s *Server) releasePacket(c *Call, in releaseIn) (PacketOut, error) {
	v, err := s.packets().Release(c.Ctx(), c.Actor, in.Year, in.Venue, workflows.PacketWish{Note: in.Note, Scores: in.Scores, Token: in.Token})
	return packetOut(v), err
}
