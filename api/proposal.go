package api

import (
	"net/http"
	"slices"
	"time"

	"lectern/domain"
	"lectern/workflows"
)

func (p ProposalOut) etag() int        { return p.Version }
func (p ProposalOut) location() string { return "/proposals/" + p.ID }

// withoutRoute are the moves whose routes are not POST …/{action}.
var withoutRoute = []domain.Action{domain.Create, domain.Edit, domain.Delete, domain.InviteSpeaker, domain.SaveReview, domain.Recommend, domain.ReleasePacket, domain.StageDecision, domain.ClearDecision, domain.PublishDecision, domain.CancelEvent}

// proposalRoutes are the routes of proposals, their speakers and stipends. The
// moves' routes come from the lifecycle's table.
func (s *Server) proposalRoutes() []*route {
	all := []*route{
		endpoint(get, "/proposals", "Proposals you may see, newest change first", s.listProposals),
		endpoint(post, "/proposals", "Start a draft", s.createProposal).answers(http.StatusCreated),
		endpoint(get, "/proposals/:id", "A proposal by id or number, with what you may do", s.getProposal),
		endpoint(patch, "/proposals/:id", "Change a draft's content", s.editProposal),
		endpoint(del, "/proposals/:id", "Delete a draft that was never submitted", s.deleteProposal),
		endpoint(get, "/proposals/:id/history", "Its steps, newest first", s.proposalHistory),
		endpoint(get, "/proposals/:id/revisions", "Its versions, newest first", s.proposalRevisions),
		endpoint(get, "/proposals/:id/lineage", "Proposals of the same idea", s.proposalLineage),
		endpoint(get, "/proposals/:id/comments", "Its discussion, oldest first", s.listComments),
		endpoint(post, "/proposals/:id/comments", "Add to its discussion", s.addComment).answers(http.StatusCreated),
		endpoint(post, "/proposals/:id/speakers", "Add a speaker to a draft", s.addSpeaker).answers(http.StatusCreated),
		endpoint(patch, "/speakers/:id", "Change a speaker of a draft", s.changeSpeaker),
		endpoint(del, "/speakers/:id", "Take a speaker off a draft", s.removeSpeaker),
		endpoint(post, "/speakers/:id/invite", "Invite a speaker of a draft by mail", s.inviteSpeaker),
		endpoint(post, "/proposals/:id/stipends", "Designate a speaker of an accepted webinar for a stipend", s.designate).answers(http.StatusCreated),
		endpoint(post, "/imports/proposals", "Make drafts of a file, all or nothing", s.importProposals).takesFile(),
	}
	for _, a := range domain.Actions() {
		if slices.Contains(withoutRoute, a) {
			continue
		}
		r := endpoint(post, "/proposals/:id/"+string(a), a.Label(), s.act(a))
		if a == domain.CarryForward {
			r = r.answers(http.StatusCreated)
		}
		all = append(all, r)
	}
	return all
}

// byID is a path that ends in an id, or in a proposal's number.
type byID struct {
	ID string `param:"id" json:"-" validate:"required,max=64"`
}

func (s *Server) getProposal(c *Call, in byID) (ProposalOut, error) {
	v, err := s.Proposals.Get(c.Ctx(), c.Actor, in.ID)
	return proposalOut(v), err
}

// createIn starts a draft: everything but group and call may come later.
type createIn struct {
	Group   string              `json:"group" validate:"required,max=200"` // id or slug
	Call    string              `json:"call" validate:"required,max=200"`  // id or slug
	Title   string              `json:"title"`
	Answers map[string][]string `json:"answers"` // by field key of the call's form
}

func (s *Server) createProposal(c *Call, in createIn) (ProposalOut, error) {
	v, err := s.Proposals.Create(c.Ctx(), c.Actor, workflows.Draft{Group: in.Group, Call: in.Call, Title: in.Title, Answers: in.Answers})
	return proposalOut(v), err
}

// editIn changes what it names; an empty list clears a field.
type editIn struct {
	byID
	Title      *string             `json:"title"`
	Answers    map[string][]string `json:"answers"`
	CoSponsors *[]string           `json:"co_sponsors"` // ids or slugs of groups
	Close      bool                `json:"close"`       // end this version; the next change opens a new one
}

func (s *Server) editProposal(c *Call, in editIn) (ProposalOut, error) {
	v, err := s.Proposals.Edit(c.Ctx(), c.Actor, in.ID, workflows.Change{Version: c.IfMatch, Title: in.Title, Answers: in.Answers, CoSponsors: in.CoSponsors, Close: in.Close})
	return proposalOut(v), err
}

func (s *Server) deleteProposal(c *Call, in byID) (nothing, error) {
	_, err := s.Proposals.Act(c.Ctx(), c.Actor, in.ID, domain.Delete, workflows.Move{Version: c.IfMatch})
	return nothing{}, err
}

// actIn is what the moves take; each reads what it needs and says what is missing.
type actIn struct {
	byID
	Reason     string         `json:"reason" validate:"max=5000"`
	Call       string         `json:"call" validate:"max=200"`                                        // change-call, carry-forward: id or slug
	Outcome    domain.Outcome `json:"outcome" validate:"omitempty,oneof=accepted declined alternate"` // decide, record-outside-outcome, correct-decision
	DecidedOn  domain.Date    `json:"decided_on" validate:"max=10"`
	Evidence   string         `json:"evidence" validate:"max=20000"` // reference, or the pasted notice
	Feedback   string         `json:"feedback" validate:"max=20000"`
	NoFeedback bool           `json:"no_feedback"`
	Site       string         `json:"site" validate:"max=200"` // record-external-submission
	Reference  string         `json:"reference" validate:"max=200"`
	SentOn     domain.Date    `json:"sent_on" validate:"max=10"`
	Until      *time.Time     `json:"until"`                        // late-grant, request-changes
	SpeakerID  string         `json:"speaker_id" validate:"max=64"` // confirm, decline-to-speak, replace-speaker
	Speaker    *speakerIn     `json:"speaker"`                      // replace-speaker
	Agreed     string         `json:"agreed" validate:"max=5000"`   // how an outside venue agreed
	Presented  []string       `json:"presented" validate:"max=50"`  // mark-delivered: ids of the speakers who presented
}

func (in actIn) move(version int) workflows.Move {
	m := workflows.Move{Version: version, Call: in.Call, Input: domain.Input{
		Reason: in.Reason, Outcome: in.Outcome, DecidedOn: in.DecidedOn,
		Evidence: in.Evidence, Feedback: in.Feedback, NoFeedback: in.NoFeedback, Site: in.Site, Reference: in.Reference, SentOn: in.SentOn,
		Until: in.Until, SpeakerID: in.SpeakerID, Agreed: in.Agreed, Presented: in.Presented,
	}}
	if in.Speaker != nil {
		m.Speaker = &domain.Speaker{
			Name: value(in.Speaker.Name), Email: value(in.Speaker.Email), Titles: value(in.Speaker.Titles),
			Affiliations: value(in.Speaker.Affiliations), Bio: value(in.Speaker.Bio),
		}
	}
	return m
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func (s *Server) act(a domain.Action) func(*Call, actIn) (ProposalOut, error) {
	return func(c *Call, in actIn) (ProposalOut, error) {
		v, err := s.Proposals.Act(c.Ctx(), c.Actor, in.ID, a, in.move(c.IfMatch))
		return proposalOut(v), err
	}
}

// speakerIn changes what it names.
type speakerIn struct {
	Role         *domain.SpeakerRole `json:"role" validate:"omitempty,oneof=speaker moderator"`
	Name         *string             `json:"name" validate:"omitempty,max=200"`
	ToBeNamed    *bool               `json:"to_be_named"`
	Email        *string             `json:"email" validate:"omitempty,max=254"`
	Titles       *[]string           `json:"titles" validate:"omitempty,max=10"`
	Affiliations *[]string           `json:"affiliations" validate:"omitempty,max=10"`
	Bio          *string             `json:"bio" validate:"omitempty,max=20000"`
	StaffMember  *bool               `json:"staff_member"` // on the association's staff: no stipend
	Position     *int                `json:"position" validate:"omitempty,min=1,max=100"`
}

func (in speakerIn) change(version int) workflows.SpeakerChange {
	return workflows.SpeakerChange{
		Version: version, Role: in.Role, Name: in.Name, ToBeNamed: in.ToBeNamed, Email: in.Email, Titles: in.Titles,
		Affiliations: in.Affiliations, Bio: in.Bio, StaffMember: in.StaffMember, Position: in.Position,
	}
}

type speakerOfIn struct {
	byID
	speakerIn
}

func (s *Server) addSpeaker(c *Call, in speakerOfIn) (ProposalOut, error) {
	v, err := s.Proposals.AddSpeaker(c.Ctx(), c.Actor, in.ID, c.IfMatch, in.change(0))
	return proposalOut(v), err
}

func (s *Server) changeSpeaker(c *Call, in speakerOfIn) (ProposalOut, error) {
	ref, err := s.Proposals.ProposalOf(c.Ctx(), in.ID)
	if err != nil {
		return ProposalOut{}, err
	}
	v, err := s.Proposals.ChangeSpeaker(c.Ctx(), c.Actor, ref, in.ID, in.change(c.IfMatch))
	return proposalOut(v), err
}

func (s *Server) removeSpeaker(c *Call, in byID) (nothing, error) {
	ref, err := s.Proposals.ProposalOf(c.Ctx(), in.ID)
	if err != nil {
		return nothing{}, err
	}
	_, err = s.Proposals.RemoveSpeaker(c.Ctx(), c.Actor, ref, in.ID, c.IfMatch)
	return nothing{}, err
}

func (s *Server) inviteSpeaker(c *Call, in byID) (ProposalOut, error) {
	ref, err := s.Proposals.ProposalOf(c.Ctx(), in.ID)
	if err != nil {
		return ProposalOut{}, err
	}
	v, err := s.Proposals.Act(c.Ctx(), c.Actor, ref, domain.InviteSpeaker, workflows.Move{Input: domain.Input{SpeakerID: in.ID, SpeakerVersion: c.IfMatch}})
	return proposalOut(v), err
}

type importIn struct {
	Group        string `query:"group" json:"-" validate:"max=200"`
	Call         string `query:"call" json:"-" validate:"required,max=200"`
	Submit       bool   `query:"submit" json:"-"`
	SkipBadLines bool   `query:"skip_bad_lines" json:"-"`
}

// ImportOut says what an import did, or with dry_run would do.
type ImportOut struct {
	Shape     string       `json:"shape"`
	KeyedBy   string       `json:"keyed_by"` // what makes a proposal the same one when imported again
	Created   int          `json:"created"`
	Updated   int          `json:"updated"`
	Unchanged int          `json:"unchanged"`
	Submitted int          `json:"submitted"`
	Refused   []ImportLine `json:"refused"`
	Skipped   []ImportLine `json:"skipped"`
	Notes     []string     `json:"notes"`
	DryRun    bool         `json:"dry_run"`
}

// ImportLine is one line of a file that was not taken in, and why.
type ImportLine struct {
	Line    int    `json:"line"`
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

// importProposals refuses the whole file with every bad line, unless the good
// lines are asked for.
func (s *Server) importProposals(c *Call, in importIn) (ImportOut, error) {
	r, err := s.Proposals.ImportProposals(c.Ctx(), c.Actor, workflows.ImportProposals{
		Data: c.raw, Group: in.Group, Call: in.Call,
		Submit: in.Submit, SkipBadLines: in.SkipBadLines, DryRun: c.DryRun,
	})
	if err != nil {
		return ImportOut{}, err
	}
	if len(r.Refused) > 0 && !in.SkipBadLines && !c.DryRun {
		return ImportOut{}, r.Refusal()
	}
	out := ImportOut{
		Shape: r.Shape, KeyedBy: r.KeyedBy, Created: r.Created, Updated: r.Updated, Unchanged: r.Unchanged, Submitted: r.Submitted,
		Refused: []ImportLine{}, Skipped: []ImportLine{}, Notes: orEmpty(r.Notes), DryRun: c.DryRun,
	}
	for _, p := range r.Refused {
		out.Refused = append(out.Refused, ImportLine{p.Line, p.Pointer, p.Code, p.Detail})
	}
	for _, k := range r.Skipped {
		out.Skipped = append(out.Skipped, ImportLine{Line: k.Line, Code: "skipped", Detail: k.Why})
	}
	return out, nil
}
