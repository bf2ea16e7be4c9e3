package intake

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lectern/domain"
)

// Exported is one proposal as the export writes it, and as Read reads it back.
type Exported struct {
	Number   string            `json:"number"`
	ID       string            `json:"id"`
	State    string            `json:"state"`
	Call     string            `json:"call"`  // slug
	Group    string            `json:"group"` // slug
	Title    string            `json:"title"`
	Answers  domain.Answers    `json:"answers"`
	Speakers []ExportedSpeaker `json:"speakers"`
}

// ExportedSpeaker is a speaker without what only Lectern can know of them: ids,
// links, and what they answered to an invitation, which nobody can say for them.
type ExportedSpeaker struct {
	Role         domain.SpeakerRole `json:"role"`
	Name         string             `json:"name"`
	ToBeNamed    bool               `json:"to_be_named,omitempty"`
	Email        string             `json:"email,omitempty"`
	Titles       []string           `json:"titles,omitempty"`
	Affiliations []string           `json:"affiliations,omitempty"`
	Bio          string             `json:"bio,omitempty"`
	StaffMember  bool               `json:"staff_member,omitempty"`
	Stipend      string             `json:"stipend,omitempty"`
}

// Export makes the exported form of a proposal with its active speakers.
func Export(p domain.Proposal, call, group string, speakers []domain.Speaker) Exported {
	x := Exported{Number: p.Number, ID: p.ID, State: string(p.State), Call: call, Group: group, Title: p.Title, Answers: p.Answers}
	for _, s := range domain.Active(speakers) {
		x.Speakers = append(x.Speakers, ExportedSpeaker{s.Role, s.Name, s.ToBeNamed, s.Email, s.Titles, s.Affiliations, s.Bio, s.StaffMember, s.Stipend})
	}
	return x
}

// speaker is the way back.
func (x ExportedSpeaker) speaker() domain.Speaker {
	s := domain.Speaker{
		Role: x.Role, Name: x.Name, ToBeNamed: x.ToBeNamed, Email: x.Email, Titles: x.Titles, Affiliations: x.Affiliations,
		Bio: x.Bio, StaffMember: x.StaffMember, Stipend: x.Stipend,
	}
	if s.Role == "" {
		s.Role = domain.Speaks
	}
	return s
}

// exportName is the member of the JSON export that tells it from other files.
const exportName = "lectern_proposals"

// ExportJSON writes {"lectern_proposals": 1, "proposals": […]}.
func ExportJSON(w io.Writer, all []Exported) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if all == nil {
		all = []Exported{}
	}
	return out.Encode(struct {
		Version   int        `json:"lectern_proposals"`
		Proposals []Exported `json:"proposals"`
	}{1, all})
}

// fixedColumns begin every export.
var fixedColumns = []string{"number", "id", "state", "call", "group", "title"}

// speakerColumns follow speaker_1_, speaker_2_, …
var speakerColumns = []string{"role", "name", "to_be_named", "email", "titles", "affiliations", "bio", "staff_member", "stipend"}

var (
	plainKey      = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	speakerColumn = regexp.MustCompile(`^speaker_(\d+)_([a-z_]+)$`)
	listColumn    = regexp.MustCompile(`^([a-z][a-z0-9_]*)\.(\d+)$`)
)

// answerPrefix goes before a field key that is the name of another column.
const answerPrefix = "answer."

// ExportCSV writes one row a proposal: the fixed columns, the answers (a list as
// outcomes.1, outcomes.2, …) and a block of columns for each speaker. Empty
// answers are not told from absent ones. A field key that is not lower-case
// letters, digits and underscores is an error.
func ExportCSV(w io.Writer, all []Exported) error {
	columns, err := answerColumns(all)
	if err != nil {
		return err
	}
	header := slices.Clone(fixedColumns)
	for _, c := range columns {
		header = append(header, c.header)
	}
	most := 0
	for _, x := range all {
		most = max(most, len(x.Speakers))
	}
	for n := 1; n <= most; n++ {
		for _, part := range speakerColumns {
			header = append(header, fmt.Sprintf("speaker_%d_%s", n, part))
		}
	}
	rows := make([][]string, len(all))
	for i, x := range all {
		rows[i] = x.cells(columns, most)
	}
	return WriteCSV(w, header, rows)
}

type answerColumn struct {
	header string
	key    string
	index  int
}

// answerColumns are the columns of all answers, by key.
func answerColumns(all []Exported) (columns []answerColumn, err error) {
	most := map[string]int{}
	for _, x := range all {
		for key, values := range x.Answers {
			if !plainKey.MatchString(key) {
				return nil, fmt.Errorf("export csv: field key %q of proposal %s cannot name a column", key, x.ID)
			}
			most[key] = max(most[key], len(trimEmpty(values)))
		}
	}
	keys := make([]string, 0, len(most))
	for key := range most {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		header := key
		if slices.Contains(fixedColumns, key) || speakerColumn.MatchString(key) {
			header = answerPrefix + key
		}
		if most[key] == 1 {
			columns = append(columns, answerColumn{header, key, 0})
			continue
		}
		for n := 1; n <= most[key]; n++ {
			columns = append(columns, answerColumn{counted(header, n), key, n - 1})
		}
	}
	return columns, nil
}

// trimEmpty leaves out empty values at the end of a list.
func trimEmpty(values []string) []string {
	for len(values) > 0 && values[len(values)-1] == "" {
		values = values[:len(values)-1]
	}
	return values
}

func (x Exported) cells(columns []answerColumn, speakers int) []string {
	cells := []string{x.Number, x.ID, x.State, x.Call, x.Group, x.Title}
	for _, c := range columns {
		value := ""
		if values := x.Answers[c.key]; c.index < len(values) {
			value = values[c.index]
		}
		cells = append(cells, value)
	}
	for i := range speakers {
		if i >= len(x.Speakers) {
			cells = append(cells, make([]string, len(speakerColumns))...)
			continue
		}
		s := x.Speakers[i]
		role := s.Role
		if role == "" {
			role = domain.Speaks // says that there is a speaker
		}
		cells = append(cells, string(role), s.Name, yes(s.ToBeNamed), s.Email, joinList(s.Titles), joinList(s.Affiliations), s.Bio, yes(s.StaffMember), s.Stipend)
	}
	return cells
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

func isLecternTable(s source) bool { return s.hasColumns(fixedColumns...) }

func readLecternTable(s source, b *Batch, known shape) {
	for _, r := range s.table.rows {
		record := Record{
			Line: r.line, Title: r.text("title"), Group: r.text("group"), Number: r.text("number"), State: r.text("state"),
			ID: r.text("id"), Call: r.text("call"), Answers: domain.Answers{},
		}
		var blocks []ExportedSpeaker
		for _, c := range r.cells {
			if m := speakerColumn.FindStringSubmatch(c.column); m != nil {
				blocks = setSpeaker(blocks, m, c.values[0])
			} else if !slices.Contains(fixedColumns, c.column) {
				setAnswer(record.Answers, strings.TrimPrefix(c.column, answerPrefix), c.values[0])
			}
		}
		for key, values := range record.Answers {
			record.Answers[key] = trimEmpty(values)
		}
		dropEmpty(record.Answers)
		for _, x := range blocks {
			if x.filled() {
				record.Speakers = append(record.Speakers, x.speaker())
			}
		}
		b.addItem(record, known, record.ID)
	}
}

func setAnswer(a domain.Answers, column, value string) {
	m := listColumn.FindStringSubmatch(column)
	if m == nil {
		a[column] = append(a[column], value)
		return
	}
	n, err := strconv.Atoi(m[2])
	if err != nil || n < 1 || n > 1000 {
		a[column] = append(a[column], value)
		return
	}
	for len(a[m[1]]) < n {
		a[m[1]] = append(a[m[1]], "")
	}
	a[m[1]][n-1] = value
}

func setSpeaker(blocks []ExportedSpeaker, column []string, value string) []ExportedSpeaker {
	n, err := strconv.Atoi(column[1])
	if err != nil || n < 1 || n > 1000 {
		return blocks
	}
	for len(blocks) < n {
		blocks = append(blocks, ExportedSpeaker{})
	}
	s := &blocks[n-1]
	switch column[2] {
	case "role":
		s.Role = domain.SpeakerRole(value)
	case "name":
		s.Name = value
	case "to_be_named":
		s.ToBeNamed = value == "yes"
	case "email":
		s.Email = value
	case "titles":
		s.Titles = splitList(value)
	case "affiliations":
		s.Affiliations = splitList(value)
	case "bio":
		s.Bio = value
	case "staff_member":
		s.StaffMember = value == "yes"
	case "stipend":
		s.Stipend = value
	}
	return blocks
}

// filled tells whether the block of columns holds a speaker.
func (x ExportedSpeaker) filled() bool {
	return string(x.Role)+x.Name+x.Email+x.Bio+x.Stipend != "" || x.ToBeNamed || x.StaffMember || len(x.Titles)+len(x.Affiliations) > 0
}

func isLecternTree(s source) bool {
	return s.root.names(exportName) && s.root.get("proposals").kind == '['
}

func readLecternTree(s source, b *Batch, known shape) {
	for i, item := range s.root.get("proposals").list {
		r := Record{
			Line: item.line, Pointer: fmt.Sprintf("/proposals/%d", i), Title: item.get("title").text, Group: item.get("group").text,
			Number: item.get("number").text, State: item.get("state").text, ID: item.get("id").text, Call: item.get("call").text, Answers: domain.Answers{},
		}
		for _, m := range item.get("answers").object {
			r.Answers[m.name] = trimEmpty(m.value.texts())
		}
		dropEmpty(r.Answers)
		for _, t := range item.get("speakers").list {
			r.Speakers = append(r.Speakers, speakerOf(t))
		}
		b.addItem(r, known, r.ID)
	}
}

// texts are all texts of a list, the empty ones too.
func (t tree) texts() (all []string) {
	for _, item := range t.list {
		all = append(all, item.text)
	}
	return all
}

func speakerOf(t tree) domain.Speaker {
	return ExportedSpeaker{
		Role: domain.SpeakerRole(t.get("role").text), Name: t.get("name").text, ToBeNamed: t.get("to_be_named").text == "true",
		Email: t.get("email").text, Titles: t.get("titles").texts(), Affiliations: t.get("affiliations").texts(), Bio: t.get("bio").text,
		StaffMember: t.get("staff_member").text == "true", Stipend: t.get("stipend").text,
	}.speaker()
}
