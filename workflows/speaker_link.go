package workflows

import (
	"context"
	"slices"
	"strings"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// SpeakerLinkLife is how long a speaker's own link opens: 60 days from the
// latest invitation or stipend offer. The mail says until when.
const SpeakerLinkLife = 60 * 24 * time.Hour

// SpeakerLinks let a speaker in by their own link, without an account. A link
// ends when it expires, when a new invitation goes out, when the address changes
// and when the speaker is replaced.
type SpeakerLinks struct {
	Proposals
	Links Links
}

// SpeakerView is what a speaker sees of the proposal they are on.
type SpeakerView struct {
	ProposalView
	Speaker domain.Speaker
	Stipend *domain.Stipend // theirs, when one was designated and not ended
	Until   time.Time       // the link opens until then
}

// MayAnswer tells whether a yes or no is expected now.
func (v SpeakerView) MayAnswer() bool {
	return slices.Contains([]domain.State{domain.Draft, domain.Submitted, domain.Accepted}, v.State)
}

// MayChoose tells whether the speaker decides about a stipend now.
func (v SpeakerView) MayChoose() bool {
	return v.Stipend != nil && v.Stipend.State == domain.StipendDesignated
}

// Open finds the speaker and proposal behind a link. NotFound when we did not
// make the token, Gone when it has ended.
func (w SpeakerLinks) Open(ctx context.Context, token string) (SpeakerView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (SpeakerView, error) { return w.open(tx, token) })
}

func (w SpeakerLinks) open(tx *store.Tx, token string) (SpeakerView, error) {
	id, serial, ok := w.Links.SpeakerID(token)
	if !ok {
		return SpeakerView{}, domain.NotThere("link")
	}
	s, err := tx.Speaker(id)
	if domain.IsKind(err, domain.NotFound) || err == nil && (s.LinkSerial != serial || s.ReplacedBy != "") {
		return SpeakerView{}, linkEnded("It was replaced by a newer one, or the group changed its speakers. Look for a later mail, or ask the group that invited you.")
	}
	if err != nil {
		return SpeakerView{}, err
	}
	who := domain.Actor{Name: s.Name, SpeakerID: s.ID, Today: domain.DateOf(w.Now(), time.UTC)}
	view, err := w.seen(tx, who, s.ProposalID)
	if err != nil {
		return SpeakerView{}, err
	}
	view.Facts.Actor.Today = domain.DateOf(w.Now(), domain.Zone(view.Facts.Section.Zone))
	v := SpeakerView{ProposalView: view, Speaker: s, Stipend: stipendOf(view.Facts.Stipends, s.ID)}
	v.Until = opensUntil(s, v.Stipend)
	if !w.Now().Before(v.Until) {
		return SpeakerView{}, linkEnded("A link works for a limited time. Ask the group that invited you for a new invitation.")
	}
	return v, nil
}

func linkEnded(say string) error {
	return domain.Refuse(domain.Reason{Kind: domain.Gone, Code: "link_ended", Detail: say})
}

func stipendOf(all []domain.Stipend, speakerID string) *domain.Stipend {
	for _, s := range slices.Backward(all) {
		if s.SpeakerID == speakerID && s.State != domain.StipendVoid {
			return &s
		}
	}
	return nil
}

// opensUntil is when a speaker's link ends, counted from the latest thing they
// were asked; zero when they never were.
func opensUntil(s domain.Speaker, offer *domain.Stipend) time.Time {
	var asked time.Time
	if s.InvitedAt != nil {
		asked = *s.InvitedAt
	}
	if offer != nil && offer.DesignatedAt.After(asked) {
		asked = offer.DesignatedAt
	}
	if asked.IsZero() {
		return asked
	}
	return asked.Add(SpeakerLinkLife)
}

// forSpeaker is a speaker's link as a mail has it. It is read with the serial
// that holds now, so it also works in a mail written before the serial was raised.
func (l Links) forSpeaker(tx *store.Tx, id string) (domain.MailLink, error) {
	s, err := tx.SeeSpeaker(id)
	if err != nil {
		return domain.MailLink{}, err
	}
	_, f, err := tx.SeeProposal(domain.Actor{SpeakerID: s.ID}, s.ProposalID)
	return domain.MailLink{URL: l.SpeakerURL(s), Until: opensUntil(s, stipendOf(f.Stipends, s.ID)), Zone: f.Section.Zone}, err
}

// Answer keeps the speaker's yes or no. Conflict when the proposal no longer
// waits for one; Gone and NotFound as in Open.
func (w SpeakerLinks) Answer(ctx context.Context, token string, yes bool) (SpeakerView, error) {
	v, err := w.Open(ctx, token)
	if err != nil {
		return v, err
	}
	action := domain.DeclineToSpeak
	if yes {
		action = domain.Confirm
	}
	if _, err := w.Act(ctx, v.Facts.Actor, v.ID, action, Move{Input: domain.Input{SpeakerID: v.Speaker.ID}}); err != nil {
		return v, err
	}
	return w.Open(ctx, token)
}

// Choose accepts or waives the stipend that was designated for the speaker.
// An employer, when named, is to be paid instead. Conflict when there is none to
// choose about.
func (w SpeakerLinks) Choose(ctx context.Context, token string, accept bool, employer string) (SpeakerView, error) {
	v, err := w.Open(ctx, token)
	if err != nil {
		return v, err
	}
	if v.Stipend == nil {
		return v, domain.Refuse(domain.Because("R9", "no_stipend", "No stipend was designated for you."))
	}
	action := domain.WaiveMoney
	if accept {
		action = domain.AcceptMoney
	}
	if _, err := w.ActOnStipend(ctx, v.Facts.Actor, v.Stipend.ID, action, Move{Input: domain.Input{Employer: employer}}); err != nil {
		return v, err
	}
	return w.Open(ctx, token)
}

// Correction is how a speaker wants to be printed.
type Correction struct {
	Name         string
	Titles       []string
	Affiliations []string
}

// Correct changes the line that the program prints, as a new revision of the
// proposal. The address stays: it is what the link was sent to. Invalid when the
// line cannot be kept, Conflict when the program no longer waits for it.
func (w SpeakerLinks) Correct(ctx context.Context, token string, c Correction) (SpeakerView, error) {
	_, err := store.Write(ctx, w.Store, func(tx *store.Tx) (SpeakerView, error) {
		v, err := w.open(tx, token)
		if err != nil {
			return v, err
		}
		if !v.MayAnswer() {
			return v, domain.Refuse(domain.Because("", "not_from_here", "The proposal is %s, so its speakers stay as they are.", strings.ToLower(v.State.Label())))
		}
		return v, w.correct(tx, v, c)
	})
	if err != nil {
		return SpeakerView{}, err
	}
	return w.Open(ctx, token)
}

func (w SpeakerLinks) correct(tx *store.Tx, v SpeakerView, c Correction) error {
	before, s := v.Speaker.Line(), v.Speaker
	s.Name, s.Titles, s.Affiliations = strings.TrimSpace(c.Name), c.Titles, c.Affiliations
	if s.Name == "" {
		return domain.Refuse(domain.Wrong("/name", "required", "Write your name."))
	}
	s.Version++
	if why := v.Facts.Form.Spec.DraftCheck(v.Title, nil, []domain.Speaker{s}); len(why) > 0 {
		return domain.Refuse(why...)
	}
	if s.Line() == before {
		return nil
	}
	if err := tx.ChangeSpeaker(s); err != nil {
		return err
	}
	p := v.Proposal
	p.Revision++
	f := v.Facts
	f.Actor.Name = s.Name
	if err := tx.SetRevisionNumber(p.ID, p.Revision); err != nil {
		return err
	}
	if err := w.revise(tx, p, f, "speaker"); err != nil {
		return err
	}
	return tx.Audit(store.AuditLine{ID: w.NewID(), At: f.Now, ActorName: s.Name, Action: "correct", Noun: "speaker", SubjectID: s.ID, Detail: "Corrected their own line"})
}
