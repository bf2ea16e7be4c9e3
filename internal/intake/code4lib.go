package intake

import (
	"fmt"
	"regexp"
	"strings"

	"lectern/domain"
)

func isCode4lib(s source) bool { return s.every("presentation-title", "abstract", "slug") }

func readCode4lib(s source, b *Batch, known shape) {
	for i, item := range s.items() {
		r := Record{
			Line: item.line, Pointer: pretalxPointer(s)(i), Title: strings.TrimSpace(item.get("presentation-title").text),
			Answers: answers("full_description", item.get("abstract").text),
		}
		b.addItem(r, known, item.get("slug").text)
	}
	b.noteUnusedNames(s.items(), "presentation-title", "abstract", "slug")
}

func isVotes(s source) bool { return s.every("id", "title", "description", "score") }

// readVotes parts the presenters from the description, where they stand at the
// end after "Presenter(s):" or in the first paragraph.
func readVotes(s source, b *Batch, known shape) {
	moved := 0
	for i, item := range s.items() {
		text, who := partPresenters(item.get("description").text)
		r := Record{Line: item.line, Pointer: pretalxPointer(s)(i), Title: strings.TrimSpace(item.get("title").text), Answers: answers("full_description", text)}
		var contacts []string
		r.Speakers, contacts = presenters(who)
		if len(r.Speakers) > 0 {
			moved++
		}
		for _, c := range contacts {
			b.Notes = append(b.Notes, fmt.Sprintf("“%s”: “%s” is not an e-mail address as written, and was not used.", r.Title, c))
		}
		b.addItem(r, known, item.get("id").text)
	}
	b.Notes = append(b.Notes, fmt.Sprintf("The presenters were read from the description, and taken out of it, in %s.", domain.Plural(moved, "proposal")))
	b.noteUnusedNames(s.items(), "id", "title", "description")
}

const presenterLabel = "Presenter(s):"

func partPresenters(text string) (rest, who string) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if at := strings.LastIndex(text, presenterLabel); at >= 0 {
		return strings.TrimSpace(text[:at]), text[at+len(presenterLabel):]
	}
	first, rest, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	for line := range strings.Lines(first) {
		if !strings.Contains(line, ",") || len(line) > 300 {
			return text, ""
		}
	}
	return strings.TrimSpace(rest), first
}

var (
	wikiPerson = regexp.MustCompile(`\[\[[^\]|]*\|([^\]]*)\]\]`)
	wikiLink   = regexp.MustCompile(`\[(?:https?|mailto):\S+ ([^\]]*)\]`)
	oneAndNext = regexp.MustCompile(`(\S@\S+) and `)
	address    = regexp.MustCompile(`\(?<?([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})>?\)?`)
	spelledOut = regexp.MustCompile(`(?i)^\(?([a-z0-9._-]+( dot \S+)* (--? )?at (--? )?\S+.*|[a-z0-9._-]+_at_\S+|[a-z0-9._-]+( (dot|dash) \S+)+|@\w+)\)?$`)
	inBrackets = regexp.MustCompile(`\s*\(([^()]*( dot | at |@)[^()]*)\)`)
)

// presenters reads people, one a line or parted by semicolons. Contacts are
// addresses written so that machines cannot read them: they are not guessed.
func presenters(text string) (all []domain.Speaker, contacts []string) {
	text = wikiLink.ReplaceAllString(wikiPerson.ReplaceAllString(text, "$1"), "$1")
	text = oneAndNext.ReplaceAllString(text, "$1;")
	for _, entry := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		entry = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(entry), "* "))
		if entry == "" {
			continue
		}
		s, spelled := presenter(entry)
		all, contacts = append(all, s), append(contacts, spelled...)
	}
	return all, contacts
}

func presenter(entry string) (s domain.Speaker, contacts []string) {
	entry = inBrackets.ReplaceAllString(entry, ", $1")
	var kept []string
	email := ""
	for _, part := range strings.Split(entry, ",") {
		part = strings.TrimSpace(part)
		if m := address.FindStringSubmatchIndex(part); m != nil && email == "" && !strings.Contains(strings.ToLower(part[:m[0]]), " dot ") && !strings.Contains(part[:m[0]], " dash ") {
			email = part[m[2]:m[3]]
			part = strings.TrimSpace(part[:m[0]] + part[m[1]:])
		}
		switch {
		case part == "":
		case len(kept) > 0 && spelledOut.MatchString(part):
			contacts = append(contacts, part)
		default:
			kept = append(kept, part)
		}
	}
	s, _ = domain.SpeakerLine(strings.Join(kept, ", "))
	s.Email = email
	return s, contacts
}
