package workflows

import (
	"context"
	"fmt"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// Papers reminds the speakers whose agreement or tax form for a stipend did not
// come, 30, 14 and 3 days before the webinar.
func (w Reminders) Papers(ctx context.Context, now time.Time) error {
	missing, err := store.Read(ctx, w.Store, (*store.Tx).PapersMissing)
	if err != nil {
		return err
	}
	due := map[string]store.PapersLine{}
	var subjects []string
	for _, l := range missing {
		if days := domain.PapersReminderDue(l.Live(), l.Zone, now); days > 0 {
			key := fmt.Sprintf("%s/%s/%d", l.ID, l.Live(), days)
			due[key] = l
			subjects = append(subjects, key)
		}
	}
	return w.sweep(ctx, papersJob, now, subjects, func(tx *store.Tx, key string) error {
		return w.remindOfPapers(tx, due[key], key, now)
	})
}

// remindOfPapers looks again, because the papers may have come, or the webinar
// may have ended, since the list was read.
func (w Reminders) remindOfPapers(tx *store.Tx, l store.PapersLine, key string, now time.Time) error {
	p, f, err := tx.Proposal(domain.TheClock(now), l.ProposalID)
	if err != nil || p.State != domain.Accepted || p.Delivered() {
		return ignored(err, domain.NotFound)
	}
	s, err := tx.Stipend(l.ID)
	if err != nil || s.Stage(false) != domain.StageDesignated && s.Stage(false) != domain.StagePapers || len(s.Missing()) == 0 {
		return ignored(err, domain.NotFound)
	}
	speaker, err := tx.Speaker(s.SpeakerID)
	if err != nil {
		return err
	}
	return w.tell(tx, papersLetter(p, f, s, key), domain.Person{Name: speaker.Name, Email: speaker.Email})
}

// ignored lets a refusal of the kind pass.
func ignored(err error, k domain.Kind) error {
	if domain.IsKind(err, k) {
		return nil
	}
	return err
}

func papersLetter(p domain.Proposal, f domain.Facts, s domain.Stipend, key string) letter {
	body := []string{
		fmt.Sprintf("A stipend of %s was designated for you for speaking in “%s”. Before it can be paid, we still need %s.", domain.Dollars(s.AmountCents), p.Title, domain.AndList(s.Missing())),
		fmt.Sprintf("Please send them to those who pay; %s tells you how. Never send a tax number in a mail.", f.Section.Contact),
	}
	if s.State == domain.StipendDesignated {
		body = append(body, "You have not said yet whether you accept the stipend. Your link in our earlier mail asks you; if it no longer opens, ask the group for a new one.")
	}
	return letter{kind: domain.StipendPapers, cause: key, about: s.SpeakerID, subject: "Papers for your stipend: " + p.Title, body: body}
}

// paperInstants are when papers are asked for, of all that are missing now.
func paperInstants(tx *store.Tx) ([]time.Time, error) {
	missing, err := tx.PapersMissing()
	var all []time.Time
	for _, l := range missing {
		if !l.Live().Valid() {
			continue
		}
		for _, days := range domain.PapersReminderDays {
			all = append(all, domain.PapersReminderAt(l.Live(), days, l.Zone))
		}
	}
	return all, err
}
