package domain

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	jobWords   = regexp.MustCompile(`(?i)\b(librarian|professor|lecturer|instructor|head|dean|director|manager|specialist|coordinator|officer|engineer|developer|programmer|architect|analyst|archivist|cataloge?r|chair|co-chair|consultant|president|vp|founder|co-founder|editor|researcher|curator|strategist|administrator|supervisor|lead|fellow|assistant|associate|cto|ceo|phd|ph\.d\.|mlis|mls|emerit(us|a)|scientist|student|designer|technologist)\b`)
	houseWords = regexp.MustCompile(`(?i)\b(university|college|institut(e|ion)|school|libraries|academy|museum|archives|association|consorti(um|a)|foundation|society|inc\.?|ltd\.?|llc|corporation|company|library$|library of|suny|cuny)`)
	campus     = regexp.MustCompile(`(?i)^(the )?university (of|at)\b|state university$`)
	mailbox    = regexp.MustCompile(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$`)
	dashAfter  = regexp.MustCompile(`^([^,;]+?)\s+[–—]\s+`)
	joined     = regexp.MustCompile(`(?:^|[^A-Za-z])(?:@|www\.|https?:)`)
)

// SpeakerList reads "Name, Title, Title, Institution; Name, …". Sure is true when
// every entry has a name that looks like one and a title or an institution; when
// false the speakers are no more than a first guess.
func SpeakerList(text string) (speakers []Speaker, sure bool) {
	sure = true
	for _, entry := range strings.Split(text, ";") {
		if strings.TrimSpace(entry) == "" {
			continue
		}
		s, ok := SpeakerLine(entry)
		sure = sure && ok
		s.Position = len(speakers) + 1
		speakers = append(speakers, s)
	}
	return speakers, sure && len(speakers) > 0
}

// SpeakerLine reads one "Name, Title, Title, Institution, email". A part with a
// word such as librarian or director is a title, and so is what follows one; the
// last part is the institution. Sure is as in SpeakerList.
func SpeakerLine(entry string) (s Speaker, sure bool) {
	entry = dashAfter.ReplaceAllString(strings.TrimSpace(entry), "$1, ")
	parts := strings.Split(entry, ",")
	s = Speaker{Role: Speaks, Name: strings.TrimSpace(parts[0])}
	var rest []string
	for _, part := range parts[1:] {
		part = strings.TrimSpace(part)
		if s.Email == "" && mailbox.MatchString(strings.Trim(part, "()<>")) {
			s.Email = strings.Trim(part, "()<>")
			continue
		}
		if part != "" {
			rest = append(rest, part)
		}
	}
	s.Titles, s.Affiliations = titlesAndHouses(rest)
	known := jobWords.MatchString(strings.Join(rest, ", ")) || houseWords.MatchString(strings.Join(rest, ", "))
	return s, known && looksLikeName(s.Name) && len(entry) <= 400 && !sentence(rest)
}

// titlesAndHouses parts what follows a name.
func titlesAndHouses(parts []string) (titles, houses []string) {
	for i, part := range parts {
		isTitle, isHouse := jobWords.MatchString(part), houseWords.MatchString(part)
		switch {
		case len(houses) > 0 && !isTitle && !isHouse && campus.MatchString(houses[len(houses)-1]):
			houses[len(houses)-1] += ", " + part // University of Nevada, Reno
		case isTitle && (!isHouse || i < len(parts)-1):
			titles = append(titles, part)
		case !isHouse && len(titles) > 0 && len(houses) == 0 && i < len(parts)-1:
			titles = append(titles, part) // Assistant Director, Library Operations
		default:
			houses = append(houses, part)
		}
	}
	return titles, houses
}

// allNamed tells whether a guess holds names and no prose.
func allNamed(speakers []Speaker) bool {
	for _, s := range speakers {
		if !looksLikeName(s.Name) || sentence(append(s.Titles, s.Affiliations...)) {
			return false
		}
	}
	return len(speakers) > 0
}

// looksLikeName: two to six words, capitals but for particles, no digits.
func looksLikeName(name string) bool {
	words := strings.Fields(name)
	if len(words) < 2 || len(words) > 6 || utf8.RuneCountInString(name) > 70 || strings.ContainsAny(name, "0123456789:!?/“”\"") {
		return false
	}
	for i, word := range words {
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(word, "(’'`"))
		if unicode.IsLower(first) && (i == 0 || i == len(words)-1 || utf8.RuneCountInString(word) > 4) {
			return false
		}
	}
	return true
}

// sentence tells prose from a list of titles: a part of many words, or an end like a sentence's.
func sentence(parts []string) bool {
	for i, part := range parts {
		if len(strings.Fields(part)) > 14 || joined.MatchString(part) {
			return true
		}
		words := strings.Fields(part)
		if i == len(parts)-1 && strings.HasSuffix(part, ".") && len(words) > 0 && len(words[len(words)-1]) > 5 {
			return true
		}
	}
	return false
}
