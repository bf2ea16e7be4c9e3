package web

import (
	"strings"

	"lectern/domain"
)

// titleOr is a title, or what stands in its place.
func titleOr(title string) string {
	if strings.TrimSpace(title) == "" {
		return "Untitled draft"
	}
	return title
}

// eyebrow is the line over the title: 27-W-006 · Webinars 2026–27.
func (p ProposalPage) eyebrow() string {
	return dotted(p.Proposal.Number, p.Call.Name)
}

func (p ProposalPage) subline() string {
	if p.Closed {
		return ""
	}
	lead := ""
	if p.Lead != "" {
		lead = "lead: " + p.Lead
	}
	return dotted(p.Group.Label, lead, "version "+itoa(p.Proposal.Revision))
}

// dotted joins what is not empty: a · b.
func dotted(words ...string) string {
	said := ""
	for _, w := range words {
		if said != "" && w != "" {
			said += " · "
		}
		said += w
	}
	return said
}

func (p ProposalPage) whoReads() string {
	if p.Proposal.WasSubmitted() && p.Proposal.State != domain.Draft {
		return "Your group, the Leadership Team and staff can read this"
	}
	return "Only your group can read this"
}

func nothingSaid(fields []FormAnswer) bool {
	for _, a := range fields {
		if len(given(a.Values)) > 0 {
			return false
		}
	}
	return true
}

// long tells whether a field has a heading of its own; the others are facts.
func (a FormAnswer) long() bool {
	return a.Field.Kind == domain.Prose || a.Field.Kind == domain.Lines || a.Field.Key == "audience"
}

// shortFacts are what the short fields say, as a list of facts.
func shortFacts(fields []FormAnswer) []Fact {
	var all []Fact
	for _, a := range fields {
		if !a.long() && len(given(a.Values)) > 0 && a.Field.Part != "agree" {
			all = append(all, shortFact(a))
		}
	}
	return all
}

// shortFact is words, which wrap on a phone; days are drawn as days.
func shortFact(a FormAnswer) Fact {
	if a.Field.Kind == domain.Dates {
		return Fact{Term: a.Field.Label, Body: Answer(a.Field, a.Values)}
	}
	return Fact{Term: a.Field.Label, Text: strings.Join(optionLabels(a.Field, a.Values), ", ")}
}

// unanswered are the labels of required fields that say nothing.
func unanswered(fields []FormAnswer) []string {
	var open []string
	for _, a := range fields {
		if a.Field.Required && len(given(a.Values)) == 0 {
			open = append(open, strings.ToLower(a.Field.Label[:1])+a.Field.Label[1:])
		}
	}
	return open
}

// agreedTo are the agreements that were ticked.
func agreedTo(fields []FormAnswer) []string {
	var said []string
	for _, a := range fields {
		if a.Field.Part == "agree" && a.text() == "yes" {
			said = append(said, a.Field.Label)
		}
	}
	return said
}

// CopyItems is a text in the order of its form, plain and ready to paste: each
// outcome by itself, options by their labels, speakers as a program prints them.
func CopyItems(form domain.FormSpec, title string, a domain.Answers, speakers []domain.Speaker) []CopyItem {
	items := []CopyItem{}
	add := func(label, text string, words, chars int) {
		items = append(items, CopyItem{ID: "copy-" + itoa(len(items)+1), Label: label, Text: text, Words: words, Chars: chars})
	}
	titled, _ := form.Field(domain.TitleKey)
	add("Title", title, titled.MaxWords, titled.MaxChars)
	for _, f := range form.Fields {
		values := given(a[f.Key])
		switch {
		case f.Key == domain.TitleKey || len(values) == 0 || f.Part == "agree":
		case f.Kind == domain.Lines:
			for i, v := range values {
				add(strings.TrimSuffix(f.Label, "s")+" "+itoa(i+1), v, f.MaxWords, f.MaxChars)
			}
		case f.Kind == domain.Prose || f.Kind == domain.Line:
			add(f.Label, values[0], f.MaxWords, f.MaxChars)
		default:
			add(f.Label, strings.Join(optionLabels(f, values), "; "), 0, 0)
		}
	}
	add("Speakers", speakerLines(speakers), 0, 0)
	return items
}

func speakerLines(speakers []domain.Speaker) string {
	var lines []string
	for _, s := range domain.Active(speakers) {
		line := s.Line()
		if s.Role == domain.Moderates {
			line = "Moderator: " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// lastPart is the last part of a JSON pointer: "email" of /speakers/0/email.
func lastPart(pointer string) string {
	return pointer[strings.LastIndex(pointer, "/")+1:]
}

// Number is a whole number as text.
func Number(n int) string { return itoa(n) }
