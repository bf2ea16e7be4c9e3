package domain

import (
	"fmt"
	"slices"
)

// checkForms names the mistakes of the file's forms.
func (s SectionSpec) checkForms() []Reason {
	seen := map[string]bool{}
	var reasons []Reason
	for i, form := range s.Forms {
		f := findings{at: fmt.Sprintf("/forms/%d", i)}
		f.slug("name", form.Name)
		f.once(seen, "name", form.Name)
		v, known := s.Venue(form.Venue)
		f.need(known, "venue", "unknown_venue", "There is no venue “%s” in this file.", shorten(form.Venue))
		f.need(!known || v.Has(form.Format), "format", "unknown_format", "“%s” has no format “%s”.", v.Name, shorten(form.Format))
		reasons = append(reasons, f.reasons...)
		for _, r := range form.CheckSpec() {
			r.Pointer = f.at + r.Pointer
			reasons = append(reasons, r)
		}
	}
	return reasons
}

// CheckSpec names every mistake of a form itself: fields it cannot ask, limits
// that exclude each other, rules nobody wrote.
func (s FormSpec) CheckSpec() []Reason {
	var reasons []Reason
	seen := map[string]bool{}
	for i, field := range s.Fields {
		f := findings{at: fmt.Sprintf("/fields/%d", i)}
		f.slug("key", field.Key)
		f.once(seen, "key", field.Key)
		f.field(field)
		reasons = append(reasons, f.reasons...)
	}
	var f findings
	title, asked := s.Field(TitleKey)
	f.need(asked && title.Kind == Line, "fields", "title_missing", "A form needs the field “title”, of one line.")
	f.need(s.Speakers.Min >= 0 && s.Speakers.Min <= s.Speakers.Max, "speakers/min", "min_over_max", "A form asks for at least %d speakers, but at most %d.", s.Speakers.Min, s.Speakers.Max)
	f.need(s.Speakers.BioMaxWords >= 0, "speakers/bio_max_words", "out_of_range", "A limit is 0 (none) or more.")
	for i, name := range s.Rules {
		_, known := FormRules[name]
		f.need(known, fmt.Sprintf("rules/%d", i), "unknown_rule", "There is no rule “%s” for forms.", shorten(name))
	}
	return append(reasons, f.reasons...)
}

func (f *findings) field(field Field) {
	kinds := []string{string(Line), string(Prose), string(Lines), string(Choice), string(Choices), string(YesNo), string(Agree), string(Dates), string(Number)}
	f.text("label", field.Label)
	f.oneOf("kind", string(field.Kind), kinds...)
	f.oneOf("part", field.Part, "about", "run", "agree")
	f.need(field.MaxItems == 0 || field.MinItems <= field.MaxItems, "min_items", "min_over_max", "“%s” asks for at least %d, but at most %d.", field.Label, field.MinItems, field.MaxItems)
	f.need(field.Max == 0 || field.Min <= field.Max, "min", "min_over_max", "“%s” asks for at least %d, but at most %d.", field.Label, field.Min, field.Max)
	least := min(field.MaxChars, field.MaxWords, field.MinItems, field.MaxItems)
	f.need(least >= 0, "kind", "out_of_range", "A limit of “%s” is below 0.", field.Label)
	f.need(field.MaxChars <= MaxFieldChars, "max_chars", "out_of_range", "“%s” may have up to %d characters.", field.Label, MaxFieldChars)
	chooses := field.Kind == Choice || field.Kind == Choices
	f.need(chooses == (len(field.Options) > 0), "options", "options_missing", "“%s” needs options if it is a choice, and none if it is not.", field.Label)
	f.need(!chooses || field.MinItems <= len(field.Options), "min_items", "too_few_options", "“%s” asks for more than it offers.", field.Label)
	f.reasons = append(f.reasons, optionsCheck(f.at+"/options", field.Options)...)
}

// optionsCheck names options without value or label, and values given twice.
func optionsCheck(at string, options []Option) []Reason {
	var reasons []Reason
	for i, o := range options {
		f := findings{at: fmt.Sprintf("%s/%d", at, i)}
		f.text("value", o.Value)
		f.text("label", o.Label)
		twice := slices.ContainsFunc(options[:i], func(p Option) bool { return p.Value == o.Value })
		f.need(!twice, "value", "repeated", "“%s” stands here twice.", shorten(o.Value))
		reasons = append(reasons, f.reasons...)
	}
	return reasons
}
