package web

import (
	"github.com/a-h/templ"

	"lectern/domain"
)

var sampleForm = domain.FormSpec{Speakers: domain.SpeakerSpec{Min: 1, Max: 6, Moderator: true, ToBeNamed: true, BioMaxWords: 150}}

var typedTitle = "Budgeting <script>alert(1)</script> & more \u202e"

func sampleProposal(state domain.State) domain.Proposal {
	sent := sampleNow
	return domain.Proposal{ID: "p1", Version: 4, Revision: 3, Number: "27-A-014", State: state, Title: typedTitle, Year: "2026-27", VenueID: "annual", FormatID: "session", SubmittedAt: &sent}
}

func annualCall() domain.Call {
	return domain.Call{ID: "c1", Slug: "annual-2027", Name: "ALA Annual 2027, sessions", VenueID: "annual", Zone: eastern, OpensAt: ptr(at("2026-08-01T04:00:00Z")), ClosesAt: ptr(at("2026-09-22T04:00:00Z"))}
}

// sampleProposalPage has everything that the page of a proposal can have.
func sampleProposalPage() ProposalPage {
	refused := []domain.Reason{domain.Because("R9", "stipend_cap_reached", "All 3 stipends of this webinar are taken.")}
	return ProposalPage{
		Page: samplePage("A proposal"), Proposal: sampleProposal(domain.Submitted), Group: Link{"New Leaders and Managers", "/groups/new-leaders"},
		Call: annualCall(), Zone: central, Marks: []Mark{{Tone: "warn", Icon: "clock", Label: "Ready, not yet sent to ALA"}}, Fields: sampleFields(), Lead: "Ana Reyes",
		Next: &Notice{Tone: "warn", Title: "Next: put this into ALA’s site", Static: true}, Life: sampleLife(),
		Copy: &CopyPanel{
			Site: "ALA’s site", Venue: "ALA Annual", Revision: 3, Form: true, To: "/proposals/p1/record-external-submission",
			Items:  CopyItems(domain.FormSpec{Fields: []domain.Field{sampleFields()[0].Field, sampleFields()[3].Field}}, typedTitle, domain.Answers{"outcomes": {"Read a budget.", "Ask."}}, nil),
			Fields: []Control{{Name: "reference", Label: "ALA’s reference"}, {Name: "sent_on", Label: "Sent on", Type: "date"}},
		},
		Answer:  &OutcomeCard{Outcome: domain.OutcomeDeclined, Title: "The jury’s answer", On: "2026-12-10", Feedback: "Well written.", Evidence: "Mail of Dec 10", Recorded: "Recorded by Ben Castellano"},
		Lineage: []LineageNode{{Label: "ALA Annual 2027, 27-A-014", Href: "/proposals/27-A-014", State: domain.CarriedForward}, {Label: "Webinar", State: domain.Draft, Here: true}}, LineageNote: "The original still counts.",
		Speakers: []SpeakerCard{
			{
				ID: "s1", Name: "Ana Reyes", Line: "Manager, Lakeshore University", Answer: domain.Confirmed, Stipend: domain.StipendDesignated, Note: "Since Mar 3",
				Buttons: []SmallMove{{Label: "Accepts, on their behalf", To: "/proposals/p1/stipends/x/accept"}}, Void: &Control{Name: "reason", ID: "void-s1", Label: "Why"}, VoidTo: "/proposals/p1/stipends/x/void",
			},
			{ID: "s2", Name: "Odalys Ferrer", Answer: domain.Invited, Refused: refused, Buttons: []SmallMove{{Label: "Designate", To: "/proposals/p1/designate", Name: "speaker_id", Value: "s2"}}},
		},
		Stipends: &StipendCard{Used: 2, All: 3, Amount: "$150"}, Waiting: []string{"Hollis Granger for Ana Reyes"},
		Comments: []CommentItem{{Who: "Ana Reyes", At: sampleNow, Zone: central, Text: "Yes."}}, Comment: &Control{Name: "comment", Label: "Add a comment", Rows: 3},
		History: []HistoryItem{{What: "Submitted", At: sampleNow, Zone: central, Key: true}}, Steps: Further{What: "steps", Older: "#history", Newest: "#"}, Said: Further{What: "comments", Older: "#discussion"}, Facts: []Fact{{Term: "Reference", Text: "27-A-014"}}, Revisions: true,
	}
}

func sampleDeclined() ProposalPage {
	p := sampleProposalPage()
	p.Proposal, p.Copy, p.Next = sampleProposal(domain.Declined), nil, nil
	p.Carry = &CarryPanel{To: "/proposals/p1/carry-forward", Version: 4, Why: "ALA told us on Thu, Dec 10.", Errors: []string{"Choose where to carry it."}, Targets: []CarryChoice{
		{Call: "webinars-2027", Name: "Webinars", Hint: "Open now", Goes: "Title, text and 3 speakers", Stays: []string{"Room"}, Asked: []string{"Dates"}, Over: []domain.Reason{domain.Wrong("/answers/short", "x", "Shorten it by 25 words.")}, Chosen: true},
		{Call: "annual", Name: "ALA Annual", Refused: []domain.Reason{domain.Because("R14", "declined_there", "ALA Annual already declined this idea.")}},
	}}
	return p
}

func sampleEdit() EditPage {
	duty := domain.Duty{VenueID: "annual", VenueName: "ALA Annual", Required: 2, Counted: 1}
	e := EditPage{
		Page: samplePage("Edit"), Proposal: sampleProposal(domain.Draft), Call: annualCall(), VenueNote: "ALA’s jury decides.", Form: sampleForm, Fields: sampleFields(),
		Speakers: []EditSpeaker{{ID: "s1", Name: "Ana Reyes", Own: true, Email: true, Answer: domain.Confirmed, First: true, Errors: []string{"Give speaker 1 an email address."}}, {ID: "s2", Moderates: true, Last: true}},
		Checks:   []domain.CheckLine{{Label: "Outcomes", Mark: domain.MarkBad, Detail: "Write outcome 3.", Anchor: "outcomes-3"}},
		Effect:   SubmitEffect{Duty: &duty, Counts: true, Note: "It counts from then on.", Gate: []domain.Reason{domain.Because("R10", "quota_gate", "Still to submit: Core Forum (1).")}},
		Summary:  Heads(2, "submit"), Reasons: sampleFields()[0].Reasons, Saved: "Saved at 2:14 p.m.", Changed: "last changed by Ana Reyes", MaySubmit: true, ChangeTo: "/proposals/p1/change-call",
	}
	e.Scripts, e.Bar, e.HasErrors = []string{"autosave.js"}, EditBar(e), true
	return e
}

func sampleClash() ClashPage {
	form := domain.FormSpec{Fields: []domain.Field{{Key: "short", Label: "Short description", Kind: domain.Prose}, {Key: "room", Label: "Room", Kind: domain.Line}}}
	base := domain.Content{Title: "A", Answers: domain.Answers{"short": {"one two"}}}
	theirs := domain.Content{Title: "A <b>", Answers: domain.Answers{"short": {"one three"}}}
	mine := domain.Content{Title: "A", Answers: domain.Answers{"short": {"one two four"}, "room": {"Round"}}}
	return ClashPage{Page: samplePage("Two versions"), Proposal: sampleProposal(domain.Draft), Who: "Ana Reyes", Version: 5, Clashes: domain.Clash(form, base, theirs, mine)}
}

// proposalSamples are the pages around a proposal.
func proposalSamples() map[string]templ.Component {
	wrong := []domain.Reason{domain.Wrong("/reason", "required", "Say why."), domain.Wrong("/call", "required", "Choose a call."), domain.Wrong("/name", "required", "Write your name.")}
	start := NewPage{
		Page: samplePage("Start"), Group: Control{Name: "group", Label: "Group", Options: []domain.Option{{Value: "g", Label: "New Leaders"}}},
		Calls: []domain.Option{{Value: "annual", Label: "ALA Annual", Hint: "Open"}}, Title: typedTitle, Text: typedTitle, Reasons: wrong[1:2],
	}
	pasted := PastePage{
		Page: samplePage("Is this right?"), Group: "g", Call: "annual", CallName: "ALA Annual", Found: []string{"Title: the first line"}, Fields: sampleFields(),
		Speakers: []PasteSpeaker{{Name: "Ana <b>", Titles: "Manager"}, {Name: "Ben"}}, Left: []string{"Pricing <b>"}, Text: "Text",
	}
	list := ProposalsPage{
		Page: samplePage("Proposals"), Filters: []Control{{Name: "q", Label: "Search", Type: "search"}}, Start: "/proposals/new", Next: "/proposals?after=x",
		Lines: []ProposalRow{{Href: "/proposals/27-A-014", Title: typedTitle, Ref: "27-A-014", State: domain.Submitted, Marks: []Mark{{Tone: "warn", Icon: "clock", Label: "Not yet sent"}}, Group: "New Leaders", Call: "ALA Annual", Changed: sampleNow, Zone: central}},
	}
	link := SpeakerLinkPage{
		Page: Page{Title: "Speak"}, To: "/speaker-links/x", Title: typedTitle, Group: "New Leaders", State: domain.Accepted, On: "2027-05-20", Name: "Ana <b>", Answer: domain.Invited, MayAnswer: true,
		Others: []string{"Ben"}, Outcomes: []string{"Read <b>"}, Summary: "About", NameTyped: "Ana", MayCorrect: true, Stipend: domain.StipendDesignated, Amount: "$150", MayChoose: true, Reasons: wrong, Until: sampleNow, Zone: central,
	}
	return map[string]templ.Component{
		"proposal": Proposal(sampleProposalPage()), "proposal-declined": Proposal(sampleDeclined()), "proposal-edit": Edit(sampleEdit()), "proposal-clash": Clash(sampleClash()),
		"proposal-document": Document(DocumentPage{Page: samplePage("Document"), Proposal: sampleProposal(domain.Submitted), Head: []Fact{{Term: "Group", Text: "New <b>"}}, Fields: sampleFields(), Speakers: []SpeakerText{{Line: "Ana", Role: "moderator", Bio: "Bio"}}, Made: sampleNow, Zone: central}),
		"proposal-move": Move(MovePage{
			Page: samplePage("Withdraw"), Proposal: sampleProposal(domain.Submitted), Heading: "Withdraw", Effect: "It no longer counts.", To: "/proposals/p1/withdraw", Back: "/proposals/p1", Button: "Withdraw", Icon: "ban", Danger: true, Reasons: wrong[:1],
			Fields: []templ.Component{Input(Control{Name: "reason", Label: "Why", Rows: 3, Errors: []string{"Say why."}}), Radios(RadioField{Name: "outcome", Legend: "Outcome", Options: []domain.Option{{Value: "accepted", Label: "Accepted"}}, Errors: []string{"Choose."}})},
		}),
		"change-call":  ChangeCall(ChangeCallPage{Page: samplePage("Change venue"), Title: typedTitle, To: "/proposals/p1/change-call", Back: "/proposals/p1/edit", Now: "ALA Annual", Targets: sampleDeclined().Carry.Targets}),
		"versions":     Versions(VersionsPage{Page: samplePage("Versions"), Proposal: sampleProposal(domain.Draft), Zone: central, Versions: []VersionLine{{2, "Ana <b>", sampleNow, "saved"}, {1, "Ben", sampleNow, "started"}}}),
		"compare":      Compare(ComparePage{Page: samplePage("Compare"), Proposal: sampleProposal(domain.Draft), From: 1, To: 2, Numbers: []int{2, 1}, Differences: []domain.FieldDifference{{Key: "title", Label: "Title", Words: domain.CompareWords("a <b> c", "a d c")}}, MayRestore: true}),
		"proposal-new": New(start), "proposal-paste": Paste(pasted), "proposals": Proposals(list), "speaker-link-open": SpeakerLink(link),
		"proposals-empty": Proposals(ProposalsPage{Page: samplePage("Proposals"), Query: "<b>"}),
		"speaker-edit":    SpeakerEdit(SpeakerEditPage{Page: samplePage("Speaker"), Proposal: sampleProposal(domain.Draft), ID: "s1", Name: "Ana <b>", Spec: sampleForm.Speakers, Stipends: true, Reasons: wrong}),
	}
}
