package domain

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// CheckFacts are what a check must know besides the form and the draft.
type CheckFacts struct {
	Today Date // the day of asking, in the section's zone; empty: rules about days are not asked
}

// MaxFieldChars is the most a draft may hold in one field, all items together.
// It is far above every limit of a form: it keeps a slip of the clipboard out,
// while text over a form's own limit is saved and flagged.
const MaxFieldChars = 20_000

// MaxFieldItems is the most items a draft may hold in one field.
const MaxFieldItems = 200

// Check names everything that keeps a draft from being submitted under this form,
// all at once and in the order of the form: fields, speakers, then the form's own
// rules. Every reason is Invalid and has a JSON pointer: /title,
// /answers/outcomes/2 (from 0), /speakers/0/email (from 0, among Active speakers).
// Nil means that the form has nothing against it.
func (s FormSpec) Check(title string, a Answers, speakers []Speaker, f CheckFacts) []Reason {
	reasons := s.DraftCheck(title, a, speakers)
	for _, field := range s.withTitle() {
		reasons = append(reasons, field.Check(s.values(field.Key, title, a))...)
	}
	reasons = append(reasons, s.Speakers.Check(speakers)...)
	return append(reasons, s.checkRules(FormRuleFacts{CheckFacts: f, Form: s, Title: title, Answers: a, Speakers: Active(speakers)})...)
}

// DraftCheck names what is refused even in a draft, which may otherwise be
// incomplete and over every limit: a NUL character, text that is not valid UTF-8,
// a field of more than MaxFieldChars characters, and fields the form does not have.
func (s FormSpec) DraftCheck(title string, a Answers, speakers []Speaker) []Reason {
	reasons := storable("/title", "title", title)
	for _, key := range sortedKeys(a) {
		pointer := "/answers/" + pointerToken(key)
		field, known := s.Field(key)
		if !known || key == TitleKey {
			reasons = append(reasons, Wrong(pointer, "unknown_field", "This call does not ask for “%s”. Leave it out.", shorten(key)))
			continue
		}
		reasons = append(reasons, storable(pointer, lowerFirst(field.Label), a[key]...)...)
	}
	for i, sp := range Active(speakers) {
		reasons = append(reasons, sp.storable("/speakers/"+strconv.Itoa(i))...)
	}
	return reasons
}

// withTitle are the fields of the form with its title, which no form can do without.
func (s FormSpec) withTitle() []Field {
	fields := slices.Clone(s.Fields)
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == TitleKey })
	if i < 0 {
		return append([]Field{{Key: TitleKey, Label: "Title", Part: "about", Kind: Line, Required: true}}, fields...)
	}
	fields[i].Required = true
	return fields
}

func (s FormSpec) values(key, title string, a Answers) []string {
	if key == TitleKey {
		return []string{title}
	}
	return a[key]
}

// Check names what is wrong with the values of one field. Text is measured as
// people count it: words between white space, characters as Unicode has them, a
// line break as one.
func (f Field) Check(values []string) []Reason {
	switch f.Kind {
	case Lines:
		return append(f.checkCount(values), f.checkLines(values)...)
	case Choices:
		return append(f.checkCount(values), f.checkChoices(values)...)
	case Dates:
		return append(f.checkCount(values), f.checkDates(values)...)
	}
	return f.checkOne(values)
}

// Pointer is where the field stands in a proposal, as a JSON pointer.
func (f Field) Pointer() string {
	if f.Key == TitleKey {
		return "/title"
	}
	return "/answers/" + pointerToken(f.Key)
}

func (f Field) itemPointer(i int) string { return f.Pointer() + "/" + strconv.Itoa(i) }

func (f Field) checkOne(values []string) []Reason {
	given := filled(values)
	switch {
	case len(given) > 1:
		return []Reason{Wrong(f.Pointer(), "too_many", "Give one answer for the %s.", lowerFirst(f.Label))}
	case len(given) == 0 && f.Required:
		return []Reason{Wrong(f.Pointer(), "required", "%s", f.ask())}
	case len(given) == 0:
		return nil
	}
	return f.checkValue(given[0])
}

func (f Field) checkValue(value string) []Reason {
	switch f.Kind {
	case YesNo:
		return f.checkOption(value, []Option{{Value: "yes", Label: "yes"}, {Value: "no", Label: "no"}})
	case Agree:
		return f.checkOption(value, []Option{{Value: "yes", Label: "yes"}})
	case Choice:
		return f.checkOption(value, f.Options)
	case Number:
		return f.checkNumber(value)
	}
	return f.checkText(f.Pointer(), "the "+lowerFirst(f.Label), value)
}

// ask is the sentence for a required field that is empty.
func (f Field) ask() string {
	switch f.Kind {
	case Choice:
		return "Choose the " + lowerFirst(f.Label) + "."
	case YesNo:
		return "Answer yes or no: " + f.Label
	case Agree:
		return "Tick “" + f.Label + "”: this call asks for it."
	}
	return "Fill in the " + lowerFirst(f.Label) + "."
}

func (f Field) checkText(pointer, what, text string) []Reason {
	var reasons []Reason
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if over := utf8.RuneCountInString(text) - f.MaxChars; f.MaxChars > 0 && over > 0 {
		reasons = append(reasons, Wrong(pointer, "too_long_chars", "Shorten %s by %s.", what, Plural(over, "character")))
	}
	if over := WordCount(text) - f.MaxWords; f.MaxWords > 0 && over > 0 {
		reasons = append(reasons, Wrong(pointer, "too_long_words", "Shorten %s by %s.", what, Plural(over, "word")))
	}
	if f.Kind != Prose && strings.ContainsAny(strings.TrimSpace(text), "\n\r") {
		reasons = append(reasons, Wrong(pointer, "not_one_line", "Write %s on one line.", what))
	}
	return reasons
}

func (f Field) checkLines(values []string) []Reason {
	var reasons []Reason
	for i, v := range values {
		what := noun(f.Label) + " " + strconv.Itoa(i+1)
		reasons = append(reasons, f.checkText(f.itemPointer(i), what, v)...)
	}
	return reasons
}

func (f Field) checkChoices(values []string) []Reason {
	var reasons []Reason
	for i, v := range values {
		if blank(v) {
			continue
		}
		if slices.Contains(values[:i], v) {
			reasons = append(reasons, Wrong(f.Pointer(), "repeated", "“%s” is chosen twice. Choose each of the %s once.", shorten(v), lowerFirst(f.Label)))
			continue
		}
		reasons = append(reasons, f.checkOption(v, f.Options)...)
	}
	return reasons
}

func (f Field) checkOption(value string, options []Option) []Reason {
	if slices.ContainsFunc(options, func(o Option) bool { return o.Value == value }) {
		return nil
	}
	labels := make([]string, len(options))
	for i, o := range options {
		labels[i] = o.Label
	}
	return []Reason{Wrong(f.Pointer(), "not_an_option", "“%s” is not among the answers to “%s”. They are: %s.",
		shorten(value), f.Label, strings.Join(labels, ", "))}
}

func (f Field) checkDates(values []string) []Reason {
	var reasons []Reason
	for i, v := range values {
		switch {
		case blank(v):
		case !Date(v).Valid():
			reasons = append(reasons, Wrong(f.itemPointer(i), "not_a_date", "Give %s %d as year, month and day, such as 2027-03-15.", noun(f.Label), i+1))
		case slices.Contains(values[:i], v):
			reasons = append(reasons, Wrong(f.itemPointer(i), "repeated", "Give %s %d as another day than the one before.", noun(f.Label), i+1))
		}
	}
	return reasons
}

func (f Field) checkNumber(value string) []Reason {
	n, err := strconv.Atoi(strings.TrimSpace(value))
	switch {
	case err != nil:
		return []Reason{Wrong(f.Pointer(), "not_a_number", "Give the %s as a whole number.", lowerFirst(f.Label))}
	case f.Min != 0 && n < f.Min || f.Max != 0 && n > f.Max:
		return []Reason{Wrong(f.Pointer(), "out_of_range", "Give the %s as a number: %s.", lowerFirst(f.Label), span(f.Min, f.Max))}
	}
	return nil
}

// checkCount counts the items that say something. What is missing is pointed at
// where the next item would be written.
func (f Field) checkCount(values []string) []Reason {
	n, least := len(filled(values)), f.least()
	switch {
	case n < least:
		return []Reason{Wrong(f.nextPointer(values), "too_few", "%s", f.askMore(values, least-n))}
	case f.MaxItems > 0 && n > f.MaxItems:
		return []Reason{Wrong(f.Pointer(), "too_many", "Remove %s: this call asks for %s.",
			Plural(n-f.MaxItems, noun(f.Label)), span(least, f.MaxItems))}
	}
	return nil
}

func (f Field) least() int {
	if f.Required {
		return max(1, f.MinItems)
	}
	return f.MinItems
}

func (f Field) nextPointer(values []string) string {
	if f.Kind == Choices {
		return f.Pointer()
	}
	return f.itemPointer(firstBlank(values))
}

func (f Field) askMore(values []string, missing int) string {
	verb := "Write"
	if f.Kind != Lines {
		verb = "Choose"
	}
	asks := ": this call asks for " + span(f.least(), f.MaxItems) + "."
	if missing > 1 || f.Kind == Choices {
		return verb + " " + Plural(missing, "more "+noun(f.Label)) + asks
	}
	return verb + " " + noun(f.Label) + " " + strconv.Itoa(firstBlank(values)+1) + asks
}
