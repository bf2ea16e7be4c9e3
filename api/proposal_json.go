package api

import (
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// ProposalOut is a proposal as the API shows it to the person asking.
type ProposalOut struct {
	ID          string              `json:"id"`
	Version     int                 `json:"version"`
	Revision    int                 `json:"revision"`
	Number      string              `json:"number"`
	Title       string              `json:"title"`
	State       domain.State        `json:"state"`
	Call        CallRef             `json:"call"`
	Venue       string              `json:"venue"`
	Format      string              `json:"format"`
	Year        domain.Year         `json:"year"`
	Group       GroupRef            `json:"group"`
	CoSponsors  []string            `json:"co_sponsors"` // slugs of groups
	Answers     map[string][]string `json:"answers"`
	Speakers    []SpeakerOut        `json:"speakers"`
	IdeaID      string              `json:"idea_id"`
	Parent      *ProposalRef        `json:"parent"`
	Child       *ProposalRef        `json:"child"`
	SubmittedAt *time.Time          `json:"submitted_at"`
	LateUntil   *time.Time          `json:"late_until"`
	UpdatedAt   time.Time           `json:"updated_at"`
	External    *ExternalOut        `json:"external_submission"`
	Decision    *DecisionOut        `json:"decision"`
	NeedsSecond bool                `json:"correction_waits"` // a correction waits for a second person
	Stipends    []StipendOut        `json:"stipends"`
	Actions     []ActionOut         `json:"actions"`
	Sight       string              `json:"sight"` // whole; nameless: whose it is stays hidden from who judges it; title_only: a conflict of interest
	Crew        *CrewOut            `json:"crew"`  // of a nameless one: what may be known of its speakers
}

// CrewOut is what may be known of a proposal's speakers while names are hidden.
type CrewOut struct {
	Speakers     int `json:"speakers"`
	Institutions int `json:"institutions"`
}

// ProposalRef names another proposal of the same idea.
type ProposalRef struct {
	ID     string       `json:"id"`
	Number string       `json:"number"`
	State  domain.State `json:"state"`
}

// CallRef names a call.
type CallRef struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// GroupRef names a group.
type GroupRef struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// SpeakerOut is a speaker in the order of the program.
type SpeakerOut struct {
	ID           string             `json:"id"`
	Version      int                `json:"version"`
	Position     int                `json:"position"`
	Role         domain.SpeakerRole `json:"role"`
	Name         string             `json:"name"`
	ToBeNamed    bool               `json:"to_be_named"`
	Email        string             `json:"email"`
	Titles       []string           `json:"titles"`
	Affiliations []string           `json:"affiliations"`
	Bio          string             `json:"bio"`
	StaffMember  bool               `json:"staff_member"`
	Answer       domain.Answer      `json:"answer"` // "", invited, confirmed, declined
}

// ExternalOut is the record that a proposal was put into an outside site.
type ExternalOut struct {
	Site      string      `json:"site"`
	Reference string      `json:"reference"`
	SentOn    domain.Date `json:"sent_on"`
	By        string      `json:"by"`
}

// DecisionOut is the published decision in force.
type DecisionOut struct {
	Outcome   domain.Outcome `json:"outcome"`
	Source    string         `json:"source"` // inside, outside or correction
	DecidedOn domain.Date    `json:"decided_on"`
	Feedback  string         `json:"feedback"`
	Evidence  string         `json:"evidence"`
	Note      string         `json:"note"` // of the Leadership Team to the group
}

// ActionOut is one move with what stands in its way for the person asking.
type ActionOut struct {
	Action  domain.Action `json:"action"`
	Allowed bool          `json:"allowed"`
	Reasons []ReasonOut   `json:"reasons"`
}

// ReasonOut is one reason of a refusal.
type ReasonOut struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Rule   string `json:"rule,omitempty"`
}

func proposalOut(v workflows.ProposalView) ProposalOut {
	p, f := v.Proposal, v.Facts
	out := ProposalOut{
		ID: p.ID, Version: p.Version, Revision: p.Revision, Number: p.Number, Title: p.Title, State: p.State,
		Call: CallRef{f.Call.ID, f.Call.Slug, f.Call.Name}, Venue: p.VenueID, Format: p.FormatID, Year: p.Year,
		Group: GroupRef{f.Group.ID, f.Group.Slug, f.Group.Name}, Answers: answersOut(p.Answers), IdeaID: p.IdeaID,
		Parent: proposalRef(f.Parent), Child: proposalRef(f.Child), SubmittedAt: p.SubmittedAt, LateUntil: p.LateUntil, UpdatedAt: p.UpdatedAt,
		CoSponsors: orEmpty(f.SponsorSlugs), Speakers: []SpeakerOut{}, Stipends: []StipendOut{}, Actions: []ActionOut{},
		NeedsSecond: f.Actor.Has(domain.Admin, domain.ForumChair) && f.Staged != nil && f.Staged.Source == "correction",
	}
	for _, s := range domain.Active(f.Speakers) {
		out.Speakers = append(out.Speakers, speakerOut(s))
	}
	for _, s := range f.Stipends {
		out.Stipends = append(out.Stipends, stipendOut(s, p, f))
	}
	for _, a := range v.Actions {
		out.Actions = append(out.Actions, actionOut(a))
	}
	out.Sight = map[domain.Sight]string{domain.Whole: "whole", domain.Nameless: "nameless", domain.TitleOnly: "title_only"}[v.Sight]
	if v.Sight == domain.Nameless {
		out.Crew = &CrewOut{v.Crew.Speakers, v.Crew.Institutions}
	}
	out.External, out.Decision = externalOut(f.External), decisionOut(f)
	return out
}

func proposalRef(p *domain.Proposal) *ProposalRef {
	if p == nil {
		return nil
	}
	return &ProposalRef{p.ID, p.Number, p.State}
}

func speakerOut(s domain.Speaker) SpeakerOut {
	return SpeakerOut{
		ID: s.ID, Version: s.Version, Position: s.Position, Role: s.Role, Name: s.Name, ToBeNamed: s.ToBeNamed, Email: s.Email,
		Titles: orEmpty(s.Titles), Affiliations: orEmpty(s.Affiliations), Bio: s.Bio, StaffMember: s.StaffMember, Answer: s.Answer,
	}
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func actionOut(a domain.Allowed[domain.Action]) ActionOut {
	return ActionOut{Action: a.Action, Allowed: len(a.Reasons) == 0, Reasons: reasonsOut(a.Reasons)}
}

func reasonsOut(why []domain.Reason) []ReasonOut {
	return listOf(why, func(r domain.Reason) ReasonOut { return ReasonOut{r.Code, r.Detail, r.Rule} }).Data
}

func externalOut(e *domain.External) *ExternalOut {
	if e == nil {
		return nil
	}
	return &ExternalOut{e.Site, e.Reference, e.SentOn, e.ByName}
}

func decisionOut(f domain.Facts) *DecisionOut {
	d := f.Decision
	if d == nil {
		return nil
	}
	return &DecisionOut{d.Outcome, d.Source, d.DecidedOn, d.Feedback, d.Evidence, f.RecommendedNote}
}

func answersOut(a domain.Answers) map[string][]string {
	if a == nil {
		return map[string][]string{}
	}
	return a
}
