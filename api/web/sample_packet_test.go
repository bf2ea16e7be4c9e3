package web

import (
	"github.com/a-h/templ"

	"lectern/domain"
)

func sampleRanking() RankingPage {
	two := 2
	rows := []RankRow{
		{Number: "27-F-001", Title: "Coaching <b>across</b> the desk", Group: "New Leaders", Href: "/proposals/27-F-001/recommend", Rank: 1, Verdict: "Recommend · 4 for, 1 against", Scores: []int{8125, 8125, 9250}, Mean: 8500, Stats: domain.StatsOf([]int{8125, 8125, 9250}), Tied: 2},
		{Number: "27-F-002", Title: "מכתבים", Group: "HR", Href: "/proposals/27-F-002/recommend", Rank: 2, Scores: []int{5500, 9500}, Mean: 7500, Stats: domain.StatsOf([]int{5500, 9500}), Changed: true},
		{Number: "27-F-003", Title: "Not scored", Group: "HR", Href: "/proposals/27-F-003/recommend", Rank: 3, Fixed: true},
	}
	p := RankingPage{
		Page: samplePage("Rank and recommend"), Call: sampleCalls()[2], Due: &sampleNow, Version: 3, Rows: rows, Cut: &two, Tie: "The line runs through a tie: 3 proposals with the same mean, 1 of them below.",
		Closed: []RankClosed{{"Mentoring circles", "Vera Lindholm, vice chair"}, {"Nobody’s", ""}}, Verdicts: 1, Save: "/calls/forum-2027/ranking", MayMove: true, MayDraw: true, Moving: &rows[0],
		Typed:   map[string]string{"cut": "many", "to": "9", "least": "x"},
		Reasons: []domain.Reason{domain.Wrong("/cut", "not_a_number", "Give a whole number, or nothing."), domain.Wrong("/to", "out_of_range", "Give a place from 1 to 3."), domain.Wrong("/least", "not_a_number", "Give a mean from 0 to 100.")},
		Packet:  1, Release: "/years/2026-27/venues/forum/packets/new", Others: []Link{{"Posters", "/calls/posters/ranking"}},
	}
	p.Balance = domain.BalanceOf([]domain.Balanced{{Group: "New Leaders", Format: "Breakout", Crew: domain.Crew{Speakers: 2, Outside: 1}, Recommended: true}, {Group: "HR", Format: "Poster", Crew: domain.Crew{Speakers: 1}}})
	return p
}

func sampleContent() domain.PacketContent {
	one, score := 1, 8125
	item := domain.PacketItem{ProposalID: "p1", Rank: 1, Number: "27-F-001", Title: "Coaching", Group: "New Leaders", Speakers: []string{"Odalys Ferrer, Librarian"}, Text: []domain.PacketText{{Label: "Outcomes", Values: []string{"Read", "Write"}}}, Verdict: domain.VerdictYes, VotesFor: 4, VotesAgainst: 1, VotesAbstained: 1, VotesRecused: 1, Note: "A large room.", Reviews: 2, Mean: 80, Min: 6000, Max: 10000, Flagged: true, Tied: 2, Webinar: 1, Scores: []domain.PacketScore{{Name: "Chidi Okonkwo", Score: &score, Verdict: domain.VerdictYes}, {Name: "Vera Lindholm", Abstained: true}}}
	bare := domain.PacketItem{ProposalID: "p2", Rank: 2, Number: "27-F-002", Title: "Without <i>anything</i>", Group: "HR", Verdict: domain.VerdictWebinar, FewReviews: "Nobody was free."}
	return domain.PacketContent{Section: lms.Name, Venue: "Core Forum", Scores: true, Sections: []domain.PacketSection{{FormatID: "breakout", Format: "Breakout session", Cut: &one, Items: []domain.PacketItem{item, bare}}, {FormatID: "poster", Format: "Poster", Items: nil}}}
}

// packetPages are the pages of rankings, recommendations and packets.
func packetPages() map[string]templ.Component {
	locked := sampleRanking()
	locked.MayMove, locked.MayDraw, locked.Moving, locked.Reasons, locked.Release, locked.Cut, locked.Packet = false, false, nil, nil, "", nil, 0
	locked.Locked = []domain.Reason{domain.Because("R12", "not_recommending", "Recommendation ended.")}
	rec := RecommendPage{
		Page: samplePage("Coaching"), Number: "27-F-001", Heading: "Coaching", Proposal: "/proposals/27-F-001", Format: "Core Forum 2027", Stats: sampleRanking().Rows[1], Version: 1, Rank: 2, Of: 3, Few: "1 complete review, where it takes 2.",
		Others: []OtherReview{{Name: "Chidi Okonkwo", Score: "81.25", Verdict: "Recommend", Comment: "Good."}}, Typed: map[string]string{"verdict": "recommend", "rank": "two"}, By: "Written by Dana Whitfield.", Save: "/proposals/27-F-001/recommend", Back: "/calls/forum-2027/ranking",
		Reasons: []domain.Reason{domain.Wrong("/rank", "not_a_number", "Give a whole number."), domain.Wrong("/verdict", "required", "Choose a verdict.")},
	}
	read := rec
	read.Reasons, read.Locked = nil, locked.Locked
	unread := read
	unread.Typed = map[string]string{}
	packet := PacketPage{Page: samplePage("Packet 1"), Heading: "Packet 1, Core Forum 2026–27", Venue: "Core Forum", Year: "2026-27", By: "Dana Whitfield", At: &sampleNow, Zone: central, Note: "P2 moved.", Content: sampleContent(), Closed: []string{"P4"}, CSV: "/packets/k.csv", Newer: &Link{"Open packet 2", "/packets/k2"}}
	preview := packet
	preview.At, preview.CSV, preview.Newer = nil, "", nil
	preview.Preview = &PacketPreview{Number: 2, Token: "t", Reasons: []domain.Reason{domain.Wrong("/note", "required", "Say what changed.")}, Save: "/years/2026-27/venues/forum/packets", Share: Link{"Leave them out", "?"}, Back: "/calls/forum-2027/ranking"}
	refused := preview
	refused.Preview = &PacketPreview{Number: 1, Refused: []domain.Reason{domain.Because("R12", "no_verdict", "“P2” has no verdict yet.")}, Share: Link{"Share them", "?"}, Back: "/calls/forum-2027/ranking"}
	refused.Content.Scores = false
	return map[string]templ.Component{
		"ranking": Ranking(sampleRanking()), "ranking-locked": Ranking(locked), "ranking-empty": Ranking(RankingPage{Page: samplePage("Rank and recommend"), Call: sampleCalls()[2]}),
		"recommend": Recommend(rec), "recommend-read": Recommend(read), "recommend-unread": Recommend(unread),
		"packet": Packet(packet), "packet-preview": Packet(preview), "packet-refused": Packet(refused),
		"packets": Packets(PacketsPage{Page: samplePage("Packets"), Zone: central, Packets: []PacketLine{{"Packet 1, Core Forum 2026–27", "/packets/k", "P2 moved.", 24, "Dana Whitfield", sampleNow}}, Next: "/packets?after=x"}), "packets-empty": Packets(PacketsPage{Page: samplePage("Packets"), Zone: central}),
	}
}
