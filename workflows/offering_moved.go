package workflows

import (
	"fmt"

	"lectern/domain"
	"lectern/internal/store"
)

// askSpeakersAgain asks everybody who did not decline whether they can speak at the
// new time: they said yes to another one. Their links, and who is designated for a
// stipend, stay; reminders begin anew.
func (w Offerings) askSpeakersAgain(tx *store.Tx, o domain.Offering, f domain.OfferingFacts) error {
	for _, s := range domain.Active(f.Speakers) {
		if s.Answer == domain.DeclinedTo || s.Email == "" {
			continue
		}
		now := f.Now
		s.Answer, s.InvitedAt, s.AnsweredAt = domain.Invited, &now, nil
		s.Version++
		if err := tx.ChangeSpeaker(s); err != nil {
			return err
		}
		if err := w.tell(tx, movedLetter(o, s), domain.Person{Name: s.Name, Email: s.Email}); err != nil {
			return err
		}
	}
	return nil
}

func movedLetter(o domain.Offering, s domain.Speaker) letter {
	return letter{
		kind: domain.SpeakerMoved, cause: fmt.Sprintf("%s/%d/%s", o.ID, o.Version, s.ID), about: s.ID, link: domain.LinkSpeaker, linkTo: s.ID,
		subject: "Moved to another time, please confirm: " + o.Title,
		body: []string{
			fmt.Sprintf("“%s” was moved. It now starts on %s.", o.Title, domain.LongTime(*o.StartsAt, o.Zone)),
			"Please say with the link below whether you will speak then. A stipend you were designated for stays yours.",
		},
	}
}
