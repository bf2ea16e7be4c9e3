package domain

import "slices"

// Delivered tells whether the webinar took place.
func (p Proposal) Delivered() bool { return p.DeliveredAt != nil }

func alreadyDelivered() Reason {
	return Because("", "already_delivered", "The webinar was delivered already, so this can no longer change.")
}

func notDelivered(p Proposal, _ Facts) []Reason {
	if p.Delivered() {
		return []Reason{alreadyDelivered()}
	}
	return nil
}

func mayDeliver(p Proposal, f Facts) []Reason {
	why := notDelivered(p, f)
	if !f.Venue.Stipends {
		why = append(why, Because("", "not_a_webinar", "Only webinars are marked as delivered. This one is for %s.", f.Venue.Name))
	}
	return why
}

func needsPresented(_ Proposal, f Facts) []Reason {
	if len(f.Input.Presented) == 0 {
		return []Reason{Wrong("/presented", "required", "Tick who presented. If nobody did, the webinar did not take place: cancel it instead.")}
	}
	for _, id := range f.Input.Presented {
		if _, found := findSpeaker(id, f.Speakers); !found {
			return []Reason{Wrong("/presented", "not_a_speaker", "Tick only speakers of this webinar.")}
		}
	}
	return nil
}

func deliver(p *Proposal, _ State, f Facts) {
	now := f.Now
	p.DeliveredAt = &now
}

// Presented tells whether the speaker is ticked as having presented.
func (f Facts) Presented(speakerID string) bool { return slices.Contains(f.Input.Presented, speakerID) }

// Deliver ends a stipend whose speaker did not present, and its place with it;
// otherwise it is payable once the papers are here. False when there is nothing
// to change.
func (s *Stipend) Deliver(f Facts) bool {
	if !s.State.Live() {
		return false
	}
	came := f.Presented(s.SpeakerID)
	if came || !s.Void("Did not present.", f.Now) {
		s.UpdatedAt = f.Now
		s.Version++
	} else {
		s.Spent = s.Slot > 0
	}
	s.Presented = &came
	return true
}

// mayLinkAgain: somebody who is on the program and can get mail.
func mayLinkAgain(p Proposal, f Facts) []Reason {
	why := needsSpeaker(p, f)
	s, found := findSpeaker(f.Input.SpeakerID, f.Speakers)
	if found && s.Email == "" {
		why = append(why, Wrong("/speaker_id", "no_email", "Give %s an email address first.", s.Name))
	}
	return why
}
