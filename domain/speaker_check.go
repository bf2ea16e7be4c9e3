package domain

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
)

// Check names what is missing about the speakers. Those who were replaced do not
// count; a moderator is counted apart, and one to be named takes a speaker's place.
// A Max of 0 means that the form has no place for speakers.
func (s SpeakerSpec) Check(all []Speaker) []Reason {
	active := Active(all)
	reasons := s.checkCount(active)
	seen := map[string]int{}
	for i, sp := range active {
		pointer := "/speakers/" + strconv.Itoa(i)
		reasons = append(reasons, s.checkSpeaker(pointer, i+1, sp)...)
		address := FoldEmail(sp.Email)
		if first, twice := seen[address]; address != "" && twice {
			reasons = append(reasons, Wrong(pointer+"/email", "speaker_repeated", "Speaker %d has the address of speaker %d. Name each person once.", i+1, first))
			continue
		}
		seen[address] = i + 1
	}
	return reasons
}

func (s SpeakerSpec) checkCount(active []Speaker) []Reason {
	moderators := len(slices.DeleteFunc(slices.Clone(active), func(sp Speaker) bool { return sp.Role != Moderates }))
	n := len(active) - moderators
	asks := span(s.Min, s.Max)
	var reasons []Reason
	switch {
	case n < s.Min:
		reasons = append(reasons, Wrong("/speakers", "too_few_speakers", "Add %s: this call asks for %s.", Plural(s.Min-n, "speaker"), asks))
	case n > s.Max:
		reasons = append(reasons, Wrong("/speakers", "too_many_speakers", "Remove %s: this call asks for %s.", Plural(n-s.Max, "speaker"), asks))
	}
	switch {
	case moderators > 0 && !s.Moderator:
		reasons = append(reasons, Wrong("/speakers", "moderator_not_asked", "This call has no place for a moderator. Remove the moderator or make them a speaker."))
	case moderators > 1:
		reasons = append(reasons, Wrong("/speakers", "too_many_moderators", "Name one moderator, not %d.", moderators))
	}
	return reasons
}

func (s SpeakerSpec) checkSpeaker(pointer string, place int, sp Speaker) []Reason {
	if sp.ToBeNamed && blank(sp.Name) {
		if s.ToBeNamed {
			return nil
		}
		return []Reason{Wrong(pointer+"/name", "speaker_name_required", "Name speaker %d: this call does not take speakers to be named later.", place)}
	}
	var reasons []Reason
	if blank(sp.Name) {
		reasons = append(reasons, Wrong(pointer+"/name", "speaker_name_required", "Write the name of speaker %d.", place))
	}
	reasons = append(reasons, s.checkEmail(pointer+"/email", sp.called(place), sp.Email)...)
	if over := WordCount(sp.Bio) - s.BioMaxWords; s.BioMaxWords > 0 && over > 0 {
		reasons = append(reasons, Wrong(pointer+"/bio", "bio_too_long", "Shorten the biography of %s by %s.", sp.called(place), Plural(over, "word")))
	}
	return reasons
}

func (s SpeakerSpec) checkEmail(pointer, who, email string) []Reason {
	email = strings.TrimSpace(email)
	if email == "" {
		if s.NeedEmail {
			return []Reason{Wrong(pointer, "speaker_email_required", "Write the email address of %s.", who)}
		}
		return nil
	}
	if parsed, err := mail.ParseAddress(email); err != nil || parsed.Address != email {
		return []Reason{Wrong(pointer, "not_an_address", "Check the email address of %s: it should look like name@example.org.", who)}
	}
	return nil
}

// called is the speaker in a sentence: the name, or the place on the program.
func (s Speaker) called(place int) string {
	if blank(s.Name) {
		return "speaker " + strconv.Itoa(place)
	}
	return shorten(s.Name)
}

// storable names what no database can keep in any of the speaker's texts.
func (s Speaker) storable(pointer string) []Reason {
	reasons := storable(pointer+"/name", "speaker’s name", s.Name)
	reasons = append(reasons, storable(pointer+"/email", "speaker’s email address", s.Email)...)
	reasons = append(reasons, storable(pointer+"/titles", "speaker’s title", s.Titles...)...)
	reasons = append(reasons, storable(pointer+"/affiliations", "speaker’s affiliation", s.Affiliations...)...)
	return append(reasons, storable(pointer+"/bio", "speaker’s biography", s.Bio)...)
}
