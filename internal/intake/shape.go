package intake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"lectern/domain"
)

// source is a file after parsing: a table, or a tree.
type source struct {
	table *table
	root  tree
	notes []string
}

// shape is a kind of file we know without a mapping.
type shape struct {
	name    string
	slug    string // begins every key, so that two sources never share one
	keyedBy string
	matches func(source) bool
	read    func(source, *Batch, shape)
}

// shapes are all recognised shapes, the most particular first.
func shapes() []shape {
	return []shape{
		{"Lectern export", "lectern", "the proposal's id", isLecternTable, readLecternTable},
		{"Lectern export", "lectern", "the proposal's id", isLecternTree, readLecternTree},
		{"Google Forms", "google-forms", "the title with the first speaker's e-mail or name", isGoogleForms, readGoogleForms},
		{"csv,conf speakers", "csvconf", "the column “id”", isCsvconf, readCsvconf},
		{"pretalx schedule", "pretalx", "the event's guid", isPretalxSchedule, readPretalxSchedule},
		{"pretalx submissions", "pretalx", "the submission's code or guid", isPretalx, readPretalx},
		{"Sessionize", "sessionize", "the session's id", isSessionize, readSessionize},
		{"code4lib proposals", "code4lib", "the slug", isCode4lib, readCode4lib},
		{"code4lib votes", "code4lib-votes", "the id", isVotes, readVotes},
	}
}

// ShapeNames are the names of all recognised shapes, for help texts.
func ShapeNames() (names []string) {
	for _, s := range shapes() {
		if !slices.Contains(names, s.name) {
			names = append(names, s.name)
		}
	}
	return names
}

var yamlLine = regexp.MustCompile(`^(- |-$|---|%YAML|["']?[A-Za-z_][^,;\t]*:(\s|$))`)

// parse tells CSV, JSON and YAML apart by what the text begins with.
func parse(text []byte) (source, error) {
	start := bytes.TrimSpace(text)
	switch {
	case bytes.HasPrefix(start, []byte("/*")):
		return parseCommented(text)
	case start[0] == '{' || start[0] == '[':
		root, err := parseJSON(text)
		return source{root: root}, err
	case looksLikeYAML(start):
		root, err := parseYAML(text)
		return source{root: root}, err
	}
	t, err := readTable(string(text))
	return source{table: &t}, err
}

func looksLikeYAML(text []byte) bool {
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return yamlLine.Match(line)
		}
	}
	return false
}

// parseCommented reads JSON behind one leading comment. That is not JSON, but
// pretalx's own example has it; only that shape may.
func parseCommented(text []byte) (source, error) {
	from := bytes.Index(text, []byte("/*"))
	end := bytes.Index(text, []byte("*/"))
	refusal := refuse("not_json", "This is not JSON at byte %d (line %d): it begins with a comment.", from, lineAt(text, from))
	if end < from+2 {
		return source{}, refusal
	}
	blank := slices.Clone(text) // lines and bytes stay where they are
	for i := from; i < end+2; i++ {
		if blank[i] != '\n' {
			blank[i] = ' '
		}
	}
	root, err := parseJSON(blank)
	if err != nil {
		return source{}, err
	}
	s := source{root: root, notes: []string{fmt.Sprintf("The comment before the JSON (bytes %d to %d) was passed over.", from, end+1)}}
	if !isPretalx(s) && !isPretalxSchedule(s) {
		return source{}, refusal
	}
	return s, nil
}

// read applies the mapping, or the first shape that matches.
func (s source) read(opts Options) (Batch, error) {
	b := Batch{Notes: s.notes}
	if s.table != nil {
		b.Problems = s.table.problems
		s.dropEmptyRows(&b)
	}
	if opts.Mapping != nil {
		return b, opts.Mapping.read(s, &b, opts.Form)
	}
	for _, known := range shapes() {
		if known.matches(s) {
			b.Shape, b.KeyedBy = known.name, known.keyedBy
			known.read(s, &b, known)
			return b, nil
		}
	}
	return b, refuse("unknown_shape", "We do not recognize this file (%s). Give a mapping that says which column is which. Recognized without one: %s.",
		s.outline(), strings.Join(ShapeNames(), ", "))
}

func (s source) dropEmptyRows(b *Batch) {
	s.table.rows = slices.DeleteFunc(s.table.rows, func(r row) bool {
		for _, c := range r.cells {
			if strings.TrimSpace(c.values[0]) != "" {
				return false
			}
		}
		b.Skipped = append(b.Skipped, Skip{r.line, "an empty row"})
		return true
	})
}

// outline is what the file looks like, for the refusal of an unknown one.
func (s source) outline() string {
	var names []string
	one := s.root
	if one.kind == '[' && len(one.list) > 0 {
		one = one.list[0]
	}
	for _, m := range one.object {
		names = append(names, m.name)
	}
	what := "names: "
	if s.table != nil {
		what, names = "columns: ", s.table.header
	}
	if len(names) == 0 {
		return "no names found"
	}
	return what + strings.Join(names[:min(len(names), 12)], ", ")
}

func (s source) hasColumns(names ...string) bool {
	return s.table != nil && !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(s.table.header, n) })
}

// items are the objects of a list, or the object itself. A "results" list is how
// a paged interface wraps them.
func (s source) items() []tree {
	switch {
	case s.root.kind == '[':
		return s.root.list
	case s.root.get("results").kind == '[':
		return s.root.get("results").list
	case s.root.kind == '{':
		return []tree{s.root}
	}
	return nil
}

// every tells whether the source is a list of objects that all have these names.
func (s source) every(names ...string) bool {
	items := s.items()
	return len(items) > 0 && !slices.ContainsFunc(items, func(t tree) bool { return !t.has(names...) })
}

func (s shape) key(id string) string { return s.slug + ":" + id }

// keyByContent identifies a proposal that has no id: by its title and the first
// speaker's e-mail, else name.
func (s shape) keyByContent(title string, speakers []domain.Speaker) string {
	who := ""
	if len(speakers) > 0 {
		who = domain.FoldEmail(speakers[0].Email)
		if who == "" {
			who = strings.ToLower(strings.Join(strings.Fields(speakers[0].Name), " "))
		}
	}
	sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(strings.Fields(title), " ")) + "\n" + who))
	return s.key(hex.EncodeToString(sum[:12]))
}

// addItem adds a record; an empty id is a problem, since without it a second
// import could not find the proposal again.
func (b *Batch) addItem(r Record, s shape, id string) {
	if id == "" {
		b.Problems = append(b.Problems, Problem{r.Line, 0, r.Pointer, "key_missing", "This proposal lacks " + s.keyedBy + ", so a second import would make it twice."})
		return
	}
	r.Key = s.key(id)
	b.Records = append(b.Records, r)
}

// noteUnused names the columns or names that hold something and were not used.
func (b *Batch) noteUnused(rows []row, used func(column string) bool) {
	var names []string
	for _, r := range rows {
		for _, c := range r.cells {
			if len(c.values) > 0 && strings.Join(c.values, "") != "" && !used(c.column) && !slices.Contains(names, c.column) {
				names = append(names, c.column)
			}
		}
	}
	if len(names) > 0 {
		b.Notes = append(b.Notes, "Not used: “"+strings.Join(names, "”, “")+"”.")
	}
}

// noteUnusedNames is noteUnused for the objects of a tree.
func (b *Batch) noteUnusedNames(items []tree, used ...string) {
	var all []row
	for _, item := range items {
		var r row
		for _, m := range item.object {
			if !m.value.isNull && m.value.say()+fmt.Sprint(len(m.value.list)) != "0" {
				r.cells = append(r.cells, cell{m.name, []string{m.name}})
			}
		}
		all = append(all, r)
	}
	b.noteUnused(all, func(name string) bool { return slices.Contains(used, name) })
}

// answers leaves out what is empty.
func answers(pairs ...string) domain.Answers {
	a := domain.Answers{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.TrimSpace(pairs[i+1]) != "" {
			a[pairs[i]] = []string{pairs[i+1]}
		}
	}
	return a
}
