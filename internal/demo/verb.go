package demo

import (
	"context"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/workflows"
)

// telling is one event being told: the workflow calls that the person would
// have made then.
type telling struct {
	event
	workflows.Base
	ctx   context.Context
	story *story
	links workflows.Links
	who   domain.Actor
}

// verbs are what people do in the story. Each is a workflow call; a refusal is
// returned, and means that a visitor was there before.
var verbs = map[string]func(telling) error{
	"create":    telling.create,
	"edit":      telling.edit,
	"speaker":   telling.addSpeaker,
	"invite":    func(t telling) error { return t.ofSpeaker(domain.InviteSpeaker) },
	"confirm":   func(t telling) error { return t.ofSpeaker(domain.Confirm) },
	"decline":   func(t telling) error { return t.ofSpeaker(domain.DeclineToSpeak) },
	"submit":    func(t telling) error { return t.act(domain.Submit, domain.Input{}) },
	"withdraw":  func(t telling) error { return t.act(domain.Withdraw, domain.Input{Reason: t.Say}) },
	"cancel":    func(t telling) error { return t.act(domain.Cancel, domain.Input{Reason: t.Say}) },
	"late":      telling.grantLate,
	"external":  telling.recordExternal,
	"outcome":   telling.recordOutcome,
	"decide":    telling.decide,
	"carry":     func(t telling) error { return t.move(domain.CarryForward, workflows.Move{Call: t.Call}) },
	"designate": telling.designate,
	"accept":    func(t telling) error { return t.ofStipend(domain.AcceptMoney, domain.Input{Employer: t.Employer}) },
	"waive":     func(t telling) error { return t.ofStipend(domain.WaiveMoney, domain.Input{}) },
	"agreement": func(t telling) error { return t.ofStipend(domain.NoteContract, domain.Input{On: t.who.Today}) },
	"taxform": func(t telling) error {
		return t.ofStipend(domain.NoteTaxForm, domain.Input{On: t.who.Today, TaxForm: t.Form})
	},
	"approve": func(t telling) error { return t.ofStipend(domain.ApproveMoney, domain.Input{}) },
	"pay":     telling.pay,
	"return": func(t telling) error {
		return t.ofStipend(domain.ReturnMoney, domain.Input{On: t.who.Today, Reason: t.Say})
	},
	"void":      func(t telling) error { return t.ofStipend(domain.VoidMoney, domain.Input{Reason: t.Say}) },
	"deliver":   telling.deliver,
	"sell":      telling.sell,
	"plan":      telling.plan,
	"publish":   func(t telling) error { return t.ofOffering(domain.PublishOffering, domain.OfferingInput{}) },
	"comment":   telling.comment,
	"tick":      telling.tick,
	"extend":    telling.extend,
	"review":    telling.review,
	"recuse":    func(t telling) error { return t.act(domain.Recuse, domain.Input{}) },
	"recommend": telling.recommend,
	"place":     telling.place,
	"line":      telling.line,
	"release":   telling.release,
	"stage":     telling.stage,
	"request-changes": func(t telling) error {
		return t.act(domain.RequestChanges, domain.Input{Until: &t.Until.Time, Reason: t.Say})
	},
	"publish-decisions": telling.publishDecisions,

	"members":       telling.importMembers,
	"hold":          telling.holdSeats,
	"submit-po":     telling.submitPO,
	"accept-po":     func(t telling) error { return t.ofOrder(domain.AcceptPO, domain.OrderInput{PONumber: t.PO}) },
	"reject-po":     func(t telling) error { return t.ofOrder(domain.RejectPO, domain.OrderInput{Reason: t.Say}) },
	"name-people":   telling.namePeople,
	"ask":           telling.askQuote,
	"offer":         func(t telling) error { return t.ofQuote(domain.OfferQuote) },
	"revise":        func(t telling) error { return t.ofQuote(domain.ReviseQuote) },
	"accept-quote":  func(t telling) error { return t.ofQuote(domain.AcceptQuote) },
	"decline-quote": func(t telling) error { return t.ofQuote(domain.DeclineQuote) },
}

func (t telling) proposals() workflows.Proposals { return workflows.Proposals{Base: t.Base} }

// ref is the id of the proposal the event is on. A carried draft is whatever
// its parent was carried to, also by a visitor. NotFound when there is none.
func (t telling) ref() (string, error) {
	if id, created := t.story.ids[t.On]; created {
		return id, nil
	}
	v, err := findProposal(t.ctx, t.Base, t.story, t.On)
	return v.ID, err
}

func findProposal(ctx context.Context, b workflows.Base, s *story, key string) (workflows.ProposalView, error) {
	w, clock := workflows.Proposals{Base: b}, domain.TheClock(b.Now())
	from, carried := s.carried[key]
	if !carried {
		return w.Get(ctx, clock, s.ids[key])
	}
	parent, err := findProposal(ctx, b, s, from)
	if err != nil {
		return parent, err
	}
	if parent.Facts.Child == nil {
		return workflows.ProposalView{}, domain.NotThere("proposal")
	}
	return w.Get(ctx, clock, parent.Facts.Child.ID)
}

func (t telling) act(a domain.Action, in domain.Input) error {
	return t.move(a, workflows.Move{Input: in})
}

func (t telling) move(a domain.Action, m workflows.Move) error {
	ref, err := t.ref()
	if err != nil {
		return err
	}
	_, err = t.proposals().Act(t.ctx, t.who, ref, a, m)
	return err
}

func (t telling) create() error {
	p := t.story.proposals[t.On]
	call, err := workflows.Calls{Base: t.Base}.Get(t.ctx, t.who, p.Call)
	if err != nil {
		return err
	}
	made, err := t.proposals().Create(t.ctx, t.who, workflows.Draft{
		Group: p.Group, Call: p.Call, Title: p.Title, Answers: p.answers(call.Form.Spec, t.Leave), Speakers: p.speakers(),
	})
	if err != nil || len(t.With) == 0 {
		return err
	}
	_, err = t.proposals().Edit(t.ctx, t.who, made.ID, workflows.Change{CoSponsors: &t.With})
	return err
}

// edit writes the event's text, or else the finished one. Where a visitor
// changed the draft, only what its form finds missing or too long is mended.
func (t telling) edit() error {
	v, err := findProposal(t.ctx, t.Base, t.story, t.On)
	if err != nil {
		return err
	}
	form := v.Facts.Form.Spec
	finished := t.story.proposals[t.On]
	if t.Text != nil {
		finished = text{Answers: t.Text}
	}
	a := finished.answers(form, t.Leave)
	if !t.story.tellsAt(v.UpdatedAt) {
		for key := range a {
			if field, _ := form.Field(key); len(field.Check(v.Answers[key])) == 0 {
				delete(a, key)
			}
		}
	}
	if len(a) == 0 {
		return nil
	}
	_, err = t.proposals().Edit(t.ctx, t.who, v.ID, workflows.Change{Answers: a, Close: true})
	return err
}

func (t telling) addSpeaker() error {
	ref, err := t.ref()
	if err != nil {
		return err
	}
	if _, err := t.speakerID(ref, t.New.Name); err == nil {
		return domain.Refuse(domain.Because("", "speaker_repeated", "%s is on the program already.", t.New.Name))
	}
	email, titles, at := address(t.New.Name), []string(t.New.Title), []string(t.New.At)
	_, err = t.proposals().AddSpeaker(t.ctx, t.who, ref, 0, workflows.SpeakerChange{Name: &t.New.Name, Email: &email, Titles: &titles, Affiliations: &at})
	return err
}

// speakerID finds a speaker of a proposal by name. NotFound when there is none.
func (t telling) speakerID(ref, name string) (string, error) {
	v, err := t.proposals().Get(t.ctx, domain.TheClock(t.Now()), ref)
	if err != nil {
		return "", err
	}
	active := domain.Active(v.Facts.Speakers)
	i := slices.IndexFunc(active, func(s domain.Speaker) bool { return s.Name == name })
	if i < 0 {
		return "", domain.NotThere("speaker")
	}
	return active[i].ID, nil
}

// withSpeaker finds the event's speaker, who then acts themself if the event
// says so.
func (t telling) withSpeaker() (told telling, ref, speakerID string, err error) {
	if ref, err = t.ref(); err != nil {
		return t, "", "", err
	}
	speakerID, err = t.speakerID(ref, t.Speaker)
	if t.Who == bySpeaker {
		t.who = domain.Actor{Name: t.Speaker, SpeakerID: speakerID, Today: t.who.Today}
	}
	return t, ref, speakerID, err
}

func (t telling) ofSpeaker(a domain.Action) error {
	t, ref, id, err := t.withSpeaker()
	if err != nil {
		return err
	}
	_, err = t.proposals().Act(t.ctx, t.who, ref, a, workflows.Move{Input: domain.Input{SpeakerID: id}})
	return err
}

func (t telling) grantLate() error {
	return t.act(domain.GrantLate, domain.Input{Until: &t.Until.Time, Reason: t.Say})
}

func (t telling) recordExternal() error {
	site := t.Site
	if site == "" {
		site = "ALA’s proposal site"
	}
	v, err := findProposal(t.ctx, t.Base, t.story, t.On)
	if err != nil {
		return err
	}
	if v.Facts.External != nil {
		return domain.Refuse(domain.Because("", "already_sent", "It was recorded before."))
	}
	return t.act(domain.RecordExternal, domain.Input{Site: site, Reference: t.Reference, SentOn: t.Sent})
}

func (t telling) recordOutcome() error {
	return t.act(domain.RecordOutcome, domain.Input{Outcome: t.Outcome, DecidedOn: t.Decided, Evidence: t.Evidence, Feedback: t.Feedback})
}

func (t telling) decide() error {
	return t.act(domain.Decide, domain.Input{Outcome: t.Outcome, Feedback: t.Feedback, NoFeedback: t.Feedback == "", Reason: t.Say})
}

func (t telling) designate() error {
	t, ref, id, err := t.withSpeaker()
	if err != nil {
		return err
	}
	_, err = t.proposals().Designate(t.ctx, t.who, ref, id)
	return err
}

// pay records a check that finance wrote on the day.
func (t telling) pay() error {
	return t.ofStipend(domain.PayMoney, domain.Input{Payment: domain.PaymentInput{Method: domain.ByCheck, Reference: t.Reference, PaidOn: t.who.Today}})
}

// deliver marks a webinar as delivered by those of the event’s names who are on
// its program.
func (t telling) deliver() error {
	ref, err := t.ref()
	if err != nil {
		return err
	}
	var came []string
	for _, name := range t.Presented {
		if id, err := t.speakerID(ref, name); err == nil {
			came = append(came, id)
		}
	}
	return t.act(domain.MarkDelivered, domain.Input{Presented: came})
}

func (t telling) ofStipend(a domain.StipendAction, in domain.Input) error {
	t, ref, id, err := t.withSpeaker()
	if err != nil {
		return err
	}
	all, err := store.Read(t.ctx, t.Store, func(tx *store.Tx) ([]domain.Stipend, error) { return tx.Stipends(ref) })
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s domain.Stipend) bool { return s.SpeakerID == id && s.State.Live() })
	if i < 0 {
		return domain.NotThere("stipend")
	}
	_, err = t.proposals().ActOnStipend(t.ctx, t.who, all[i].ID, a, workflows.Move{Input: in})
	return err
}

func (t telling) comment() error {
	ref, err := t.ref()
	if err != nil {
		return err
	}
	_, err = t.proposals().Comment(t.ctx, t.who, ref, t.Say)
	return err
}

// tick ticks an item of the month's checklist.
func (t telling) tick() error {
	w := workflows.Checklists{Base: t.Base}
	lines, err := w.List(t.ctx, t.who, t.Group, domain.YearOf(t.who.Today), int(t.At.In(zone).Month()))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(lines, func(l workflows.ChecklistLine) bool { return l.Text == t.Item })
	if i < 0 {
		return domain.NotThere("item")
	}
	_, err = w.Tick(t.ctx, t.who, t.Group, lines[i].ID, true)
	return err
}

// extend moves the end of a call's window to the event's last day.
func (t telling) extend() error {
	_, err := workflows.Calls{Base: t.Base}.Extend(t.ctx, t.who, t.Call, domain.DateOf(t.Until.Time, zone), 0)
	return err
}

// review saves a person's review, with the scores in the rubric's order. One that
// a visitor has finished as that person stays.
func (t telling) review() error {
	ref, err := t.ref()
	if err != nil {
		return err
	}
	own, err := t.proposals().Review(t.ctx, t.who, ref)
	if err != nil || own.Complete() {
		return err
	}
	in := domain.ReviewInput{Scores: map[string]int{}, Verdict: t.Verdict, Comment: t.Say}
	for i, c := range own.Rubric {
		in.Scores[c.ID] = t.Scores[i]
	}
	_, err = t.proposals().SaveReview(t.ctx, t.who, ref, 0, in)
	return err
}
