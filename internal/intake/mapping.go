package intake

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"lectern/domain"

	"go.yaml.in/yaml/v3"
)

// Mapping says which column of a file is which field. In JSON and YAML a column
// is a name; names within names are joined by dots, lists of objects counted
// from 1: speakers.1.name.
type Mapping struct {
	Items    string            `yaml:"items"`    // JSON, YAML: the name that holds the list; empty: the file is the list
	Columns  map[string]string `yaml:"columns"`  // column → "title" or a field key; several columns may go to one list
	Split    map[string]string `yaml:"split"`    // column → what parts its values: "\n", ", "
	Speakers []SpeakerColumns  `yaml:"speakers"` // in order
	Key      []string          `yaml:"key"`      // columns that identify a proposal; empty: title and first speaker
	Constant map[string]string `yaml:"constant"` // field key → the same value for every proposal
	Group    string            `yaml:"group"`    // a column, or else a group's slug
	Append   string            `yaml:"append"`   // field key to which all other columns are appended as "Column: text"
}

// SpeakerColumns are the columns of one speaker. Name, or First and Last.
type SpeakerColumns struct {
	Name        string `yaml:"name"`
	First       string `yaml:"first"`
	Last        string `yaml:"last"`
	Email       string `yaml:"email"`
	Titles      string `yaml:"titles"` // several parted by "; "
	Affiliation string `yaml:"affiliation"`
	Bio         string `yaml:"bio"`
	Role        string `yaml:"role"` // speaker or moderator itself, not a column; empty: speaker
}

// ReadMapping reads a mapping file. Unknown names are refused, since a misspelt
// one would silently leave a column out.
func ReadMapping(data []byte) (Mapping, error) {
	text, err := clean(data)
	if err != nil {
		return Mapping{}, err
	}
	if _, err := parseYAML(text); err != nil {
		return Mapping{}, err
	}
	var m Mapping
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&m); err != nil {
		return Mapping{}, refuse("not_a_mapping", "The mapping cannot be read: %s.", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return m, nil
}

func (m *Mapping) read(s source, b *Batch, form *domain.FormSpec) error {
	all, err := m.rows(s, b)
	if err != nil {
		return err
	}
	if err := m.check(all, s, form); err != nil {
		return err
	}
	b.Shape, b.KeyedBy = "by mapping", "the title with the first speaker's e-mail or name"
	if len(m.Key) > 0 {
		b.KeyedBy = "“" + strings.Join(m.Key, "”, “") + "”"
	}
	for _, r := range all {
		m.add(b, r)
	}
	if m.Append == "" {
		b.noteUnused(all, m.uses)
	}
	return nil
}

func (m *Mapping) rows(s source, b *Batch) ([]row, error) {
	if s.table != nil {
		return s.table.rows, nil
	}
	list, pointer := s.root, ""
	if m.Items != "" {
		for _, name := range strings.Split(m.Items, ".") {
			list, pointer = list.get(name), pointer+"/"+pointerToken(name)
		}
	}
	if list.kind != '[' {
		return nil, refuse("no_list", "There is no list of proposals at “%s”. Name the place of the list under “items” in the mapping.", m.Items)
	}
	all, problems := rows(list, pointer)
	b.Problems = append(b.Problems, problems...)
	return all, nil
}

// check names every column the mapping speaks of and the file lacks.
func (m *Mapping) check(all []row, s source, form *domain.FormSpec) error {
	known := map[string]bool{}
	if s.table != nil {
		for _, h := range s.table.header {
			known[h] = true
		}
	}
	for _, r := range all {
		for _, c := range r.cells {
			known[c.column] = true
		}
	}
	var reasons []domain.Reason
	for _, column := range m.named() {
		if !known[column] && (s.table != nil || len(all) > 0) {
			reasons = append(reasons, domain.Wrong("", "unknown_column", "The mapping names “%s”, which the file does not have.", column))
		}
	}
	if !slices.Contains(m.targets(), domain.TitleKey) {
		reasons = append(reasons, domain.Wrong("", "title_not_mapped", "The mapping does not say which column is the title."))
	}
	for _, key := range m.targets() {
		if form == nil || key == domain.TitleKey {
			continue
		}
		if _, asked := form.Field(key); !asked {
			reasons = append(reasons, domain.Wrong("", "unknown_field", "The mapping fills “%s”, which the call's form does not have.", key))
		}
	}
	return domain.Refuse(reasons...)
}

// named are the columns the mapping speaks of, sorted.
func (m *Mapping) named() []string {
	names := slices.Clone(m.Key)
	for column := range m.Columns {
		names = append(names, column)
	}
	for column := range m.Split {
		names = append(names, column)
	}
	for _, s := range m.Speakers {
		names = append(names, s.Name, s.First, s.Last, s.Email, s.Titles, s.Affiliation, s.Bio)
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return n == "" })
}

// targets are the fields the mapping fills, sorted.
func (m *Mapping) targets() []string {
	var keys []string
	for _, key := range m.Columns {
		keys = append(keys, key)
	}
	for key := range m.Constant {
		keys = append(keys, key)
	}
	if m.Append != "" {
		keys = append(keys, m.Append)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (m *Mapping) uses(column string) bool {
	return column == m.Group || slices.Contains(m.named(), column)
}

func (m *Mapping) add(b *Batch, r row) {
	record := Record{Line: r.line, Pointer: r.pointer, Answers: domain.Answers{}, Group: m.Group}
	for key, value := range m.Constant {
		record.Answers[key] = []string{value}
	}
	var others []string
	for _, c := range r.cells {
		key := m.Columns[c.column]
		values := m.values(c)
		switch {
		case c.column == m.Group:
			record.Group = strings.Join(values, " ")
		case key != "":
			record.Answers[key] = append(record.Answers[key], values...)
		case m.Append != "" && !m.uses(c.column) && len(values) > 0:
			others = append(others, c.column+": "+strings.Join(values, ", "))
		}
	}
	if len(others) > 0 {
		text := strings.Join(append(record.Answers[m.Append], others...), "\n\n")
		record.Answers[m.Append] = []string{text}
	}
	record.Title = strings.TrimSpace(strings.Join(record.Answers[domain.TitleKey], " "))
	delete(record.Answers, domain.TitleKey)
	dropEmpty(record.Answers)
	record.Speakers = m.speakers(r)
	m.identify(b, record, r)
}

func (m *Mapping) values(c cell) []string {
	var values []string
	for _, v := range c.values {
		pieces := []string{v}
		if by := m.Split[c.column]; by != "" {
			pieces = strings.Split(v, by)
		}
		for _, piece := range pieces {
			if strings.TrimSpace(piece) != "" {
				values = append(values, piece)
			}
		}
	}
	return values
}

func (m *Mapping) speakers(r row) (all []domain.Speaker) {
	for _, c := range m.Speakers {
		get := func(column string) string { return strings.TrimSpace(strings.Join(r.values(column), "; ")) }
		s := domain.Speaker{
			Role: domain.Speaks, Name: get(c.Name), Email: get(c.Email), Bio: get(c.Bio),
			Titles: splitList(get(c.Titles)), Affiliations: splitList(get(c.Affiliation)),
		}
		if s.Name == "" {
			s.Name = strings.TrimSpace(get(c.First) + " " + get(c.Last))
		}
		if c.Role == string(domain.Moderates) {
			s.Role = domain.Moderates
		}
		if s.Name+s.Email+s.Bio != "" {
			all = append(all, s)
		}
	}
	return all
}

func (m *Mapping) identify(b *Batch, record Record, r row) {
	known := shape{slug: "mapped", keyedBy: b.KeyedBy}
	if len(m.Key) == 0 {
		record.Key = known.keyByContent(record.Title, record.Speakers)
		b.Records = append(b.Records, record)
		return
	}
	var parts []string
	for _, column := range m.Key {
		parts = append(parts, strings.TrimSpace(r.text(column)))
	}
	id := strings.Join(parts, " / ")
	if strings.Trim(id, " /") == "" {
		id = ""
	}
	b.addItem(record, known, id)
}

// splitList parts "one; two" where no backslash stands before the semicolon.
func splitList(text string) []string {
	if text == "" {
		return nil
	}
	var items []string
	var item strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && (text[i+1] == ';' || text[i+1] == '\\'):
			i++
			item.WriteByte(text[i])
		case text[i] == ';':
			items = append(items, item.String())
			item.Reset()
			if i+1 < len(text) && text[i+1] == ' ' {
				i++
			}
		default:
			item.WriteByte(text[i])
		}
	}
	return append(items, item.String())
}

// joinList is the text that splitList parts again.
func joinList(items []string) string {
	escaped := make([]string, len(items))
	for i, item := range items {
		escaped[i] = strings.NewReplacer(`\`, `\\`, ";", `\;`).Replace(item)
	}
	return strings.Join(escaped, "; ")
}

// counted is a column of a list: outcomes.2.
func counted(key string, n int) string { return fmt.Sprintf("%s.%d", key, n) }
