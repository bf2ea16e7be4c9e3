package workflows

import (
	"context"
	"slices"
	"strings"

	"lectern/domain"
	"lectern/internal/store"
)

// SpeakerChange is what the editor sends about one speaker. What is nil stays.
type SpeakerChange struct {
	Version      int // of the speaker, as the person saw it; 0: not said
	Role         *domain.SpeakerRole
	Name         *string
	ToBeNamed    *bool
	Email        *string
	Titles       *[]string
	Affiliations *[]string
	Bio          *string
	StaffMember  *bool
	Position     *int // 1 is first
}

// AddSpeaker puts a speaker on a draft, last or at a position. It is an edit:
// the same people may do it, at the same times. Stale when the proposal has another
// version than the person saw; 0: not said.
func (w Proposals) AddSpeaker(ctx context.Context, who domain.Actor, ref string, version int, c SpeakerChange) (ProposalView, error) {
	return w.editSpeakers(ctx, who, ref, version, func(tx *store.Tx, p domain.Proposal, all []domain.Speaker) error {
		s := domain.Speaker{ID: w.NewID(), ProposalID: p.ID, Version: 1, Role: domain.Speaks, Position: len(all) + 1}
		c.apply(&s)
		s.Position = len(all) + 1
		if err := tx.AddSpeaker(s); err != nil || c.Position == nil {
			return err
		}
		return reorder(tx, append(all, s), s.ID, *c.Position)
	})
}

// ChangeSpeaker changes a speaker of a draft. A new address ends the links and
// the answer of the old one.
func (w Proposals) ChangeSpeaker(ctx context.Context, who domain.Actor, ref, speakerID string, c SpeakerChange) (ProposalView, error) {
	return w.editSpeakers(ctx, who, ref, 0, func(tx *store.Tx, _ domain.Proposal, all []domain.Speaker) error {
		s, err := pickAt(all, speakerID, c.Version)
		if err != nil {
			return err
		}
		address := s.Email
		c.apply(&s)
		if s.Email != address {
			s.Answer, s.InvitedAt, s.AnsweredAt = domain.NotAsked, nil, nil
			s.LinkSerial++
		}
		s.Version++
		if err := tx.ChangeSpeaker(s); err != nil || c.Position == nil {
			return err
		}
		return reorder(tx, replaced(all, s), s.ID, *c.Position)
	})
}

// RemoveSpeaker takes a speaker off a draft. Stale when the speaker has another
// version than the person saw; 0: not said.
func (w Proposals) RemoveSpeaker(ctx context.Context, who domain.Actor, ref, speakerID string, version int) (ProposalView, error) {
	return w.editSpeakers(ctx, who, ref, 0, func(tx *store.Tx, _ domain.Proposal, all []domain.Speaker) error {
		if _, err := pickAt(all, speakerID, version); err != nil {
			return err
		}
		if err := tx.SupersedeAll([]string{speakerID}); err != nil {
			return err
		}
		if err := tx.RemoveSpeaker(speakerID); err != nil {
			return err
		}
		rest := slices.DeleteFunc(all, func(s domain.Speaker) bool { return s.ID == speakerID })
		return renumber(tx, rest)
	})
}

func (w Proposals) editSpeakers(ctx context.Context, who domain.Actor, ref string, version int, change func(*store.Tx, domain.Proposal, []domain.Speaker) error) (ProposalView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (ProposalView, error) {
		p, f, err := tx.Proposal(who, ref)
		if err != nil {
			return ProposalView{}, err
		}
		if err := w.load(tx, p, &f); err != nil {
			return ProposalView{}, err
		}
		f.Expect = version
		step, err := p.Do(domain.Edit, f)
		if err != nil {
			return ProposalView{}, err
		}
		if err := change(tx, p, domain.Active(f.Speakers)); err != nil {
			return ProposalView{}, err
		}
		now, err := tx.Speakers(p.ID)
		if err != nil {
			return ProposalView{}, err
		}
		if why := f.Form.Spec.DraftCheck(p.Title, p.Answers, now); len(why) > 0 {
			return ProposalView{}, domain.Refuse(why...)
		}
		if err := w.keepEdit(tx, &p, f, step, false); err != nil {
			return ProposalView{}, err
		}
		return w.seen(tx, who, p.ID)
	})
}

func (c SpeakerChange) apply(s *domain.Speaker) {
	set(&s.Role, c.Role)
	set(&s.Name, c.Name)
	set(&s.ToBeNamed, c.ToBeNamed)
	set(&s.Titles, c.Titles)
	set(&s.Affiliations, c.Affiliations)
	set(&s.Bio, c.Bio)
	set(&s.StaffMember, c.StaffMember)
	if c.Email != nil {
		s.Email = domain.FoldEmail(*c.Email)
	}
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

func pick(all []domain.Speaker, id string) (domain.Speaker, error) {
	i := slices.IndexFunc(all, func(s domain.Speaker) bool { return s.ID == id })
	if i < 0 {
		return domain.Speaker{}, domain.NotThere("speaker")
	}
	return all[i], nil
}

// pickAt is pick for who saw the speaker at the version; 0: not said.
func pickAt(all []domain.Speaker, id string, version int) (domain.Speaker, error) {
	s, err := pick(all, id)
	if err == nil && version != 0 && version != s.Version {
		err = domain.StaleVersion("speaker")
	}
	return s, err
}

func replaced(all []domain.Speaker, s domain.Speaker) []domain.Speaker {
	out := slices.Clone(all)
	for i := range out {
		if out[i].ID == s.ID {
			out[i] = s
		}
	}
	return out
}

func reorder(tx *store.Tx, all []domain.Speaker, id string, position int) error {
	from := slices.IndexFunc(all, func(s domain.Speaker) bool { return s.ID == id })
	moved := all[from]
	rest := slices.Delete(slices.Clone(all), from, from+1)
	to := min(max(position-1, 0), len(rest))
	return renumber(tx, slices.Insert(rest, to, moved))
}

func renumber(tx *store.Tx, all []domain.Speaker) error {
	for i, s := range all {
		if s.Position == i+1 {
			continue
		}
		s.Position = i + 1
		s.Version++
		if err := tx.ChangeSpeaker(s); err != nil {
			return err
		}
	}
	return nil
}

// afterInvite asks a speaker of a draft by mail; earlier links end.
func (w Proposals) afterInvite(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	if step.From == domain.Accepted {
		return w.afterLinkAgain(tx, p, f, step)
	}
	s, err := pickAt(domain.Active(f.Speakers), f.Input.SpeakerID, f.Input.SpeakerVersion)
	if err != nil {
		return err
	}
	if s.Email == "" {
		return domain.Refuse(domain.Wrong("/speaker_id", "no_email", "Give %s an email address first.", s.Name))
	}
	now := f.Now
	s.Answer, s.InvitedAt, s.AnsweredAt = domain.Invited, &now, nil
	s.LinkSerial++
	s.Version++
	if err := tx.ChangeSpeaker(s); err != nil {
		return err
	}
	step.Detail = s.Name
	return w.tellSpeaker(tx, *p, f, s, domain.SpeakerInvitation, step.ID)
}

// askSpeakers asks every speaker with an address to confirm an accepted proposal.
func (w Proposals) askSpeakers(tx *store.Tx, p domain.Proposal, f domain.Facts) error {
	for _, s := range domain.Active(f.Speakers) {
		if s.Email == "" {
			continue
		}
		now := f.Now
		s.Answer, s.InvitedAt, s.AnsweredAt = domain.Invited, &now, nil
		s.LinkSerial++
		s.Version++
		if err := tx.ChangeSpeaker(s); err != nil {
			return err
		}
		if err := w.tellSpeaker(tx, p, f, s, domain.SpeakerConfirm, p.ID+"/"+string(p.State)+"/"+s.ID); err != nil {
			return err
		}
	}
	return nil
}

// afterAnswer keeps a speaker's yes or no. When all have said no, the chairs and
// the venue hear of it.
func (w Proposals) afterAnswer(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	all := domain.Active(f.Speakers)
	s, err := pick(all, f.Input.SpeakerID)
	if err != nil {
		return err
	}
	now := f.Now
	s.Answer, s.AnsweredAt = domain.Confirmed, &now
	if step.Action == domain.DeclineToSpeak {
		s.Answer = domain.DeclinedTo
	}
	s.Version++
	if err := tx.ChangeSpeaker(s); err != nil {
		return err
	}
	if err := tx.SupersedeAll([]string{s.ID}); err != nil {
		return err
	}
	if p.State == domain.Accepted {
		if err := Offerings(w).renamePresenters(tx, p.ID); err != nil {
			return err
		}
	}
	step.Detail = s.Name
	if f.Actor.SpeakerID == "" {
		step.Detail += ", recorded on their behalf"
	}
	none := !slices.ContainsFunc(replaced(all, s), func(o domain.Speaker) bool {
		return o.Role == domain.Speaks && o.Answer != domain.DeclinedTo
	})
	if none && p.State == domain.Accepted {
		return w.tellAllDeclined(tx, *p, f, *step)
	}
	return nil
}

// afterReplace proposes another speaker, or, when the venue agrees, puts them on
// the program. Where an outside jury decides, the chairs say how it agreed.
func (w Proposals) afterReplace(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	old, err := pick(domain.Active(f.Speakers), f.Input.SpeakerID)
	if err != nil {
		return err
	}
	by := *f.Input.Speaker
	if !f.AgreesToSpeakers() {
		step.Detail = by.Name + " for " + old.Name + ", proposed to those who decide"
		return tx.AddReplacement(store.Replacement{
			ID: w.NewID(), ProposalID: p.ID, SpeakerID: old.ID, Name: by.Name, Email: domain.FoldEmail(by.Email),
			Titles: by.Titles, Affiliations: by.Affiliations, Bio: by.Bio, AskedBy: f.Actor.ID, AskedName: f.Actor.Name, AskedAt: f.Now,
		})
	}
	step.Detail = by.Name + " for " + old.Name
	if f.Input.Agreed != "" {
		step.Detail += ". " + f.Input.Agreed
	}
	return w.swap(tx, p, f, old, by)
}

// swap retires a speaker, voids their stipend and asks the new one to confirm.
func (w Proposals) swap(tx *store.Tx, p *domain.Proposal, f domain.Facts, old, by domain.Speaker) error {
	fresh := domain.Speaker{
		ID: w.NewID(), Version: 1, ProposalID: p.ID, Position: old.Position, Role: old.Role, Name: by.Name,
		Email: domain.FoldEmail(by.Email), Titles: by.Titles, Affiliations: by.Affiliations, Bio: by.Bio,
	}
	if err := tx.AddSpeaker(fresh); err != nil {
		return err
	}
	old.ReplacedBy = fresh.ID
	old.LinkSerial++
	old.Version++
	if err := tx.ChangeSpeaker(old); err != nil {
		return err
	}
	if err := w.voidOf(tx, f, old.ID, "The speaker was replaced."); err != nil {
		return err
	}
	if err := closeReplacement(tx, p.ID, old.ID, f); err != nil {
		return err
	}
	if err := Offerings(w).renamePresenters(tx, p.ID); err != nil {
		return err
	}
	p.Revision++
	if err := w.reviseAfterMove(tx, *p, f); err != nil {
		return err
	}
	f.Speakers = []domain.Speaker{fresh}
	return w.askSpeakers(tx, *p, f)
}

// loadProposed lets those who decide agree to the speaker whom the chairs proposed:
// who names nobody takes them, with all that is known of them.
func loadProposed(tx *store.Tx, p domain.Proposal, f *domain.Facts) error {
	if by := f.Input.Speaker; !f.AgreesToSpeakers() || by != nil && strings.TrimSpace(by.Name) != "" {
		return nil
	}
	open, err := tx.OpenReplacements(p.ID)
	for _, r := range open {
		if r.SpeakerID == f.Input.SpeakerID {
			f.Input.Speaker = &domain.Speaker{Name: r.Name, Email: r.Email, Titles: r.Titles, Affiliations: r.Affiliations, Bio: r.Bio}
		}
	}
	return err
}

func closeReplacement(tx *store.Tx, proposalID, speakerID string, f domain.Facts) error {
	open, err := tx.OpenReplacements(proposalID)
	if err != nil {
		return err
	}
	for _, r := range open {
		if r.SpeakerID == speakerID {
			return tx.AgreeReplacement(r.ID, f.Now)
		}
	}
	return nil
}

// reviseAfterMove keeps a new revision whose content a move changed.
func (w Proposals) reviseAfterMove(tx *store.Tx, p domain.Proposal, f domain.Facts) error {
	if err := tx.SetRevisionNumber(p.ID, p.Revision); err != nil {
		return err
	}
	return w.revise(tx, p, f, string(domain.ReplaceSpeaker))
}
