package domain

import "slices"

// CarryAnswers takes over what a draft says from one form to another: the fields
// that both forms have, and that hold the same sort of thing. Nothing is cut: text
// over the new form's limits is carried whole, and over names it, as Check will.
// What the new form asks besides is left for its author. The answers share nothing
// with those given.
func CarryAnswers(from, to FormSpec, a Answers) (carried Answers, over []Reason) {
	carried = Answers{}
	for _, field := range to.Fields {
		values := a[field.Key]
		if len(values) == 0 || !carries(from, field) {
			continue
		}
		carried[field.Key] = slices.Clone(values)
		over = append(over, field.over(values)...)
	}
	return carried, over
}

// TitleOver names what is wrong with a title under the form it is carried to; the
// title itself is never cut.
func (s FormSpec) TitleOver(title string) []Reason {
	field, _ := s.Field(TitleKey)
	return field.over([]string{title})
}

// LeftOut names the fields, by label, that say something and do not come along.
func LeftOut(from, to FormSpec, a Answers) []string {
	var labels []string
	for _, field := range from.Fields {
		target, asked := to.Field(field.Key)
		if len(filled(a[field.Key])) > 0 && !(asked && carries(from, target)) {
			labels = append(labels, field.Label)
		}
	}
	return labels
}

// carries tells whether the field's answer under the old form makes sense under
// the new one: text stays text, anything else must be of the same kind.
func carries(from FormSpec, to Field) bool {
	if to.Key == TitleKey {
		return false
	}
	old, asked := from.Field(to.Key)
	text := func(k FieldKind) bool { return k == Line || k == Prose }
	return asked && (old.Kind == to.Kind || text(old.Kind) && text(to.Kind))
}

// over are the complaints about what is there; what is missing is not yet one.
func (f Field) over(values []string) []Reason {
	return slices.DeleteFunc(f.Check(values), func(r Reason) bool { return r.Code == "required" || r.Code == "too_few" })
}
