package domain

// FieldKind is what a field of a form holds.
type FieldKind string

// The kinds of field.
const (
	Line    FieldKind = "line"    // one line
	Prose   FieldKind = "prose"   // paragraphs; Markdown when the field says so
	Lines   FieldKind = "lines"   // an ordered list of lines: the learning outcomes
	Choice  FieldKind = "choice"  // one of the options
	Choices FieldKind = "choices" // several of the options
	YesNo   FieldKind = "yes_no"  // "yes" or "no"
	Agree   FieldKind = "agree"   // "yes", or unset
	Dates   FieldKind = "dates"   // a list of days
	Number  FieldKind = "number"  // a whole number: minutes
)

// Form is one version of what a venue's format asks for. Calls pin a version, so
// that a later change does not move the goal.
type Form struct {
	ID       string
	VenueID  string
	FormatID string
	Number   int // 1, 2, …: versions of the same venue and format
	Spec     FormSpec
}

// FormSpec is the content of a form: all limits are data.
type FormSpec struct {
	Fields   []Field     `json:"fields" yaml:"fields"`
	Speakers SpeakerSpec `json:"speakers" yaml:"speakers"`
	Rules    []string    `json:"rules,omitempty" yaml:"rules,omitempty"` // names of FormRules
}

// Field is one question of a form. A limit of 0 is no limit.
type Field struct {
	Key      string    `json:"key" yaml:"key"`
	Label    string    `json:"label" yaml:"label"`
	Hint     string    `json:"hint,omitempty" yaml:"hint,omitempty"`
	Part     string    `json:"part" yaml:"part"` // about, run, agree: where the editor shows it
	Kind     FieldKind `json:"kind" yaml:"kind"`
	Required bool      `json:"required,omitempty" yaml:"required,omitempty"`
	Markdown bool      `json:"markdown,omitempty" yaml:"markdown,omitempty"`
	MaxChars int       `json:"max_chars,omitempty" yaml:"max_chars,omitempty"`
	MaxWords int       `json:"max_words,omitempty" yaml:"max_words,omitempty"` // of each item, for lines
	MinItems int       `json:"min_items,omitempty" yaml:"min_items,omitempty"`
	MaxItems int       `json:"max_items,omitempty" yaml:"max_items,omitempty"`
	Min      int       `json:"min,omitempty" yaml:"min,omitempty"` // for numbers
	Max      int       `json:"max,omitempty" yaml:"max,omitempty"`
	Options  []Option  `json:"options,omitempty" yaml:"options,omitempty"`
	Source   string    `json:"source,omitempty" yaml:"source,omitempty"` // where the limit comes from
}

// Option is one answer of a choice.
type Option struct {
	Value string `json:"value" yaml:"value"`
	Label string `json:"label" yaml:"label"`
	Hint  string `json:"hint,omitempty" yaml:"hint,omitempty"`
}

// SpeakerSpec is what a form asks about speakers.
type SpeakerSpec struct {
	Min         int  `json:"min" yaml:"min"`
	Max         int  `json:"max" yaml:"max"`
	Moderator   bool `json:"moderator,omitempty" yaml:"moderator,omitempty"`         // one may be named besides
	ToBeNamed   bool `json:"to_be_named,omitempty" yaml:"to_be_named,omitempty"`     // names may come later
	BioMaxWords int  `json:"bio_max_words,omitempty" yaml:"bio_max_words,omitempty"` // 150
	NeedEmail   bool `json:"need_email,omitempty" yaml:"need_email,omitempty"`
	WarnAbove   int  `json:"warn_above,omitempty" yaml:"warn_above,omitempty"` // more than three stipends cannot be paid (C15)
}

// TitleKey is the field every form has.
const TitleKey = "title"

// Answers are what a draft says, by field key. A field of one value has a list
// of one. Text is stored as typed.
type Answers map[string][]string

// Text is the first value of a field, or "".
func (a Answers) Text(key string) string {
	if len(a[key]) == 0 {
		return ""
	}
	return a[key][0]
}

// Clone is a copy that shares nothing.
func (a Answers) Clone() Answers {
	c := make(Answers, len(a))
	for k, v := range a {
		c[k] = append([]string{}, v...)
	}
	return c
}

// Field finds a field by key.
func (s FormSpec) Field(key string) (Field, bool) {
	for _, f := range s.Fields {
		if f.Key == key {
			return f, true
		}
	}
	return Field{}, false
}

// Words are the field's values as people read them: options by their labels.
func (f Field) Words(values []string) []string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = v
		for _, o := range f.Options {
			if o.Value == v {
				words[i] = o.Label
			}
		}
		if yes := map[string]string{"yes": "Yes", "no": "No"}[v]; yes != "" && (f.Kind == YesNo || f.Kind == Agree) {
			words[i] = yes
		}
	}
	return words
}
