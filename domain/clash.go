package domain

import "slices"

// Content is what two editors of one draft may both change.
type Content struct {
	Title   string
	Answers Answers
}

func (c Content) values(key string) []string {
	if key == TitleKey {
		return []string{c.Title}
	}
	return c.Answers[key]
}

// put sets a field; an answer that says nothing is left out.
func (c *Content) put(key string, values []string) {
	switch {
	case key == TitleKey:
		c.Title = Answers{key: values}.Text(key)
	case len(values) == 0:
		delete(c.Answers, key)
	default:
		c.Answers[key] = slices.Clone(values)
	}
}

// FieldClash is a field that one of two editors, or both, changed since base.
type FieldClash struct {
	Key      string
	Label    string
	Base     []string // what both began with
	Theirs   []string // what is saved now
	Mine     []string // what was typed here
	Conflict bool     // both changed it, and not to the same
	Words    []Piece  // from theirs to mine
}

// Clash is what two people did to one draft at the same time, field by field in
// the order of the form. Fields that neither changed are left out, and so are
// those that both changed to the same.
func Clash(form FormSpec, base, theirs, mine Content) []FieldClash {
	var clashes []FieldClash
	for _, key := range comparedKeys(form, base.Answers, theirs.Answers, mine.Answers) {
		b, t, m := base.values(key), theirs.values(key), mine.values(key)
		if sameValues(t, m) {
			continue
		}
		clashes = append(clashes, FieldClash{
			Key: key, Label: form.label(key), Base: b, Theirs: t, Mine: m,
			Conflict: !sameValues(b, t) && !sameValues(b, m),
			Words:    CompareWords(form.read(key, t), form.read(key, m)),
		})
	}
	return clashes
}

// Merge brings two people's changes of one draft together so that nothing is
// lost: a field that only one changed takes that change. A field that both changed
// differently keeps mine in the merged content and is named in conflicts, with
// theirs beside it; nothing may be saved over theirs before somebody has chosen.
// No conflicts: merged can be saved as it is.
func Merge(form FormSpec, base, theirs, mine Content) (merged Content, conflicts []FieldClash) {
	merged = Content{Title: mine.Title, Answers: mine.Answers.Clone()}
	for _, c := range Clash(form, base, theirs, mine) {
		switch {
		case c.Conflict:
			conflicts = append(conflicts, c)
		case sameValues(c.Base, c.Mine):
			merged.put(c.Key, c.Theirs)
		}
	}
	return merged, conflicts
}
