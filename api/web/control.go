package web

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lectern/domain"
)

// Control is one labelled input: a line, a text area (Rows > 0) or a list to
// choose from (Options not nil). Its id is Name, unless ID says otherwise.
type Control struct {
	Name         string
	ID           string
	Label        string
	Hint         string
	Value        string
	Errors       []string // sentences; the control is marked, and described by them
	Type         string   // text when empty; email, date, time, search, url
	Autocomplete string
	InputMode    string
	Class        string // w-s, w-m or w-p limit the width
	Optional     bool   // says "(optional)" after the label
	Rows         int
	Options      []domain.Option
	MaxWords     int // shown as a counter, never enforced here
	MaxChars     int
	Min, Max     string // for dates and times
}

func (c Control) id() string {
	if c.ID != "" {
		return c.ID
	}
	return c.Name
}

func (c Control) kind() string {
	switch {
	case c.Type == "":
		return "text"
	case c.Type == "date" && c.Value != "" && !domain.Date(c.Value).Valid():
		return "text" // a date input would drop what was typed
	}
	return c.Type
}

func (c Control) hintID() string    { return idIf(c.Hint != "", c.id()+"-hint") }
func (c Control) errorID() string   { return idIf(len(c.Errors) > 0, c.id()+"-error") }
func (c Control) counterID() string { return idIf(c.counted(), c.id()+"-count") }
func (c Control) counted() bool     { return c.MaxWords > 0 || c.MaxChars > 0 }

func (c Control) counter() string { return counterText(c.Value, c.MaxWords, c.MaxChars) }

func (c Control) over() bool { return isOver(c.Value, c.MaxWords, c.MaxChars) }

// stray tells whether the value is none of the options: it is shown all the
// same, so that saving does not change it.
func (c Control) stray() bool {
	return c.Value != "" && !slices.ContainsFunc(c.Options, func(o domain.Option) bool { return o.Value == c.Value })
}

func idIf(there bool, id string) string {
	if there {
		return id
	}
	return ""
}

func counterText(text string, words, chars int) string {
	if words > 0 {
		return itoa(domain.WordCount(text)) + " of " + itoa(words) + " words"
	}
	return itoa(len([]rune(text))) + " of " + itoa(chars) + " characters"
}

func isOver(text string, words, chars int) bool {
	return words > 0 && domain.WordCount(text) > words || chars > 0 && len([]rune(text)) > chars
}

// FormAnswer is one field of a call's form with what was typed into it.
type FormAnswer struct {
	Field   domain.Field
	Values  []string
	Reasons []domain.Reason // of the whole form; each field picks its own
	Locked  bool            // shown, cannot be changed
}

// errors are the sentences about the field or one of its items.
func (a FormAnswer) errors() []string {
	var said []string
	for _, r := range a.Reasons {
		if r.Pointer == a.Field.Pointer() || a.item(r) >= 0 {
			said = append(said, r.Detail)
		}
	}
	return said
}

// item is the index (from 0) of the item a reason is about, or -1.
func (a FormAnswer) item(r domain.Reason) int {
	for i := range a.rows() {
		if domain.Anchor(r.Pointer) == a.itemID(i) {
			return i
		}
	}
	return -1
}

func (a FormAnswer) itemWrong(i int) bool {
	return slices.ContainsFunc(a.Reasons, func(r domain.Reason) bool { return a.item(r) == i })
}

func (a FormAnswer) id() string          { return a.Field.Key }
func (a FormAnswer) itemID(i int) string { return a.Field.Key + "-" + itoa(i+1) }

// rows is how many lines are drawn: those typed, at least those asked for, at least one.
func (a FormAnswer) rows() int { return max(len(a.Values), a.Field.MinItems, 1) }

func (a FormAnswer) mayAdd() bool {
	return !a.Locked && (a.Field.MaxItems == 0 || a.rows() < a.Field.MaxItems)
}

func (a FormAnswer) value(i int) string {
	if i < len(a.Values) {
		return a.Values[i]
	}
	return ""
}

func (a FormAnswer) text() string { return a.value(0) }

func (a FormAnswer) has(value string) bool { return slices.Contains(a.Values, value) }

// strays are values that are none of the options; they stay, ticked, until taken out.
func (a FormAnswer) strays() []string {
	var kept []string
	for _, v := range a.Values {
		known := slices.ContainsFunc(a.options(), func(o domain.Option) bool { return o.Value == v })
		if v != "" && !known {
			kept = append(kept, v)
		}
	}
	return kept
}

func (a FormAnswer) options() []domain.Option {
	if a.Field.Kind == domain.YesNo && len(a.Field.Options) == 0 {
		return []domain.Option{{Value: "no", Label: "No"}, {Value: "yes", Label: "Yes"}}
	}
	return a.Field.Options
}

// tagged tells whether the options are short enough for a row of tags.
func (a FormAnswer) tagged() bool {
	return !slices.ContainsFunc(a.Field.Options, func(o domain.Option) bool { return o.Hint != "" || len(o.Label) > 40 })
}

func (a FormAnswer) inputType() string {
	if a.Field.Kind == domain.Choices {
		return "checkbox"
	}
	return "radio"
}

// control is the field as a single input.
func (a FormAnswer) control() Control {
	c := Control{
		Name: a.Field.Key, Label: a.Field.Label, Hint: a.hint(), Value: a.text(), Errors: a.errors(),
		Optional: !a.Field.Required, MaxWords: a.Field.MaxWords, MaxChars: a.Field.MaxChars,
	}
	switch a.Field.Kind {
	case domain.Prose:
		c.Rows = 4
		if c.MaxWords > 150 {
			c.Rows = 8
		}
	case domain.Number:
		c.InputMode, c.Class = "numeric", "w-s"
	case domain.Line:
	}
	return c
}

func (a FormAnswer) hint() string {
	hint := a.Field.Hint
	if a.Field.Markdown && !strings.Contains(hint, "**") {
		hint += " You can use **bold**, *italic*, lists and links."
	}
	return hint
}

func (a FormAnswer) hintID() string  { return idIf(a.hint() != "", a.id()+"-hint") }
func (a FormAnswer) errorID() string { return idIf(len(a.errors()) > 0, a.id()+"-error") }

// attrs are the attributes that a control has only sometimes.
func (c Control) attrs() templ.Attributes {
	attrs := templ.Attributes{}
	if by := ids(c.hintID(), c.errorID(), c.counterID()); by != "" {
		attrs["aria-describedby"] = by
	}
	if len(c.Errors) > 0 {
		attrs["aria-invalid"] = "true"
	}
	if c.counted() {
		attrs["data-count"] = c.counterID()
	}
	for name, value := range map[string]string{
		"autocomplete": c.Autocomplete, "inputmode": c.InputMode, "min": c.Min, "max": c.Max,
		"data-words": positive(c.MaxWords), "data-chars": positive(c.MaxChars),
	} {
		if value != "" {
			attrs[name] = value
		}
	}
	return attrs
}

func positive(n int) string {
	if n > 0 {
		return itoa(n)
	}
	return ""
}

// given are the values that are not empty.
func given(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}

// optionLabels are the labels of the options chosen; what is no option stands as it is.
func optionLabels(f domain.Field, values []string) []string { return f.Words(given(values)) }
