package intake

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"lectern/domain"
)

var (
	speakerWord = regexp.MustCompile(`(?i)\b(co-?)?(presenter|speaker|author|organi[sz]er|panelist|moderator|instructor|facilitator)s?\b`)
	organizer   = regexp.MustCompile(`(?i)\borgani[sz]er`)
	titleColumn = regexp.MustCompile(`(?i)^(\w+ )*title( of (your|the) [\w ]+)?\*?$`)
	partColumns = []struct {
		part    string
		pattern *regexp.Regexp
	}{
		{"first", regexp.MustCompile(`(?i)(first or given|first|given) names?(\(s\))?`)},
		{"last", regexp.MustCompile(`(?i)((last or family|last|family) names?|surnames?)(\(s\))?`)},
		{"email", regexp.MustCompile(`(?i)e-?mail( address)?`)},
		{"titles", regexp.MustCompile(`(?i)job titles?|positions?|titles?`)},
		{"affiliation", regexp.MustCompile(`(?i)(home )?institutions?|affiliations?|organi[sz]ations?|employers?|librar(y|ies)`)},
		{"bio", regexp.MustCompile(`(?i)biograph(y|ies)|bios?`)},
		{"name", regexp.MustCompile(`(?i)(full )?names?(\(s\))?`)},
	}
	fieldColumns = []struct {
		field   string
		pattern *regexp.Regexp
	}{
		{"short_description", regexp.MustCompile(`(?i)\b(short|brief) (abstract|description)|\bsummary\b`)},
		{"full_description", regexp.MustCompile(`(?i)\b(abstract|description)\b`)},
		{"outcomes", regexp.MustCompile(`(?i)\b(outcomes|objectives|takeaways)\b`)},
		{"audience", regexp.MustCompile(`(?i)\baudience\b`)},
	}
	number   = regexp.MustCompile(`^\d+$`)
	uploaded = regexp.MustCompile(`(?i)\b(files?|upload)\b|\.(tex|pdf|docx?)\b`)
)

// speakerPart is what a column of a speaker holds (first, last, name, email,
// titles, affiliation, bio), or "" for other columns.
func speakerPart(header string) string {
	part, _ := cutPart(header)
	return part
}

// cutPart parts "Institution of second author" into affiliation and "second author".
func cutPart(header string) (part, block string) {
	for _, p := range partColumns {
		at := p.pattern.FindStringIndex(header)
		if at == nil {
			continue
		}
		rest := strings.ToLower(header[:at[0]] + " " + header[at[1]:])
		rest = strings.NewReplacer("'s", "", "’s", "", " of ", " ", ":", "", "-", " ", "*", "", "(", "", ")", "").Replace(" " + rest + " ")
		return p.part, strings.Join(strings.Fields(rest), " ")
	}
	return "", ""
}

// block is the columns of one speaker.
type block struct {
	name  string
	parts map[string]string // column by part
}

// blocks finds the repeated speaker columns of a form, in order. Organizers count
// as speakers only where nobody else is asked for.
func blocks(header []string) []block {
	var all []block
	for _, h := range header {
		part, name := cutPart(h)
		if part == "" || !speakerWord.MatchString(name) && !numbered(name, header) {
			continue
		}
		i := slices.IndexFunc(all, func(b block) bool { return b.name == name })
		if i < 0 {
			i = len(all)
			all = append(all, block{name, map[string]string{}})
		}
		if all[i].parts[part] == "" {
			all[i].parts[part] = h
		}
	}
	all = slices.DeleteFunc(all, func(b block) bool { return b.parts["name"]+b.parts["first"]+b.parts["last"] == "" })
	isOrganizer := func(b block) bool { return organizer.MatchString(b.name) }
	if slices.ContainsFunc(all, func(b block) bool { return !isOrganizer(b) }) {
		all = slices.DeleteFunc(all, isOrganizer)
	}
	return all
}

// numbered tells whether columns without a word such as presenter are a block
// because they repeat: Name, Email, Name (2), Email (2).
func numbered(name string, header []string) bool {
	return number.MatchString(name) || name == "" && slices.ContainsFunc(header, func(h string) bool {
		part, other := cutPart(h)
		return part != "" && number.MatchString(other)
	})
}

func (b block) speaker(r row) (domain.Speaker, bool) {
	get := func(part string) string { return strings.TrimSpace(r.text(b.parts[part])) }
	name := strings.TrimSpace(get("first") + " " + get("last"))
	if name == "" {
		name = get("name")
	}
	s := domain.Speaker{Role: domain.Speaks, Name: name, Email: get("email"), Bio: get("bio"), Titles: one(get("titles")), Affiliations: one(get("affiliation"))}
	if strings.Contains(b.name, "moderator") {
		s.Role = domain.Moderates
	}
	return s, s.Name+s.Email+s.Bio+get("titles")+get("affiliation") != ""
}

func one(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func isGoogleForms(s source) bool {
	return s.table != nil && stampColumn(s.table.header) != "" && formTitle(s.table.header) != ""
}

func stampColumn(header []string) string {
	i := slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(h, "timestamp") })
	if i < 0 {
		return ""
	}
	return header[i]
}

func formTitle(header []string) string {
	for _, h := range header {
		if titleColumn.MatchString(h) && !speakerWord.MatchString(h) && !strings.Contains(strings.ToLower(h), "job") && !strings.HasPrefix(strings.ToLower(h), "your title") {
			return h
		}
	}
	return ""
}

func readGoogleForms(s source, b *Batch, known shape) {
	speakers := blocks(s.table.header)
	title, stamp := formTitle(s.table.header), stampColumn(s.table.header)
	fields := formFields(s.table.header, title)
	used := map[string]bool{title: true, stamp: true}
	for h := range fields {
		used[h] = true
	}
	for _, block := range speakers {
		for _, h := range block.parts {
			used[h] = true
		}
	}
	for _, r := range s.table.rows {
		record := Record{Line: r.line, Title: strings.TrimSpace(r.text(title)), Answers: domain.Answers{}, Received: usTimestamp(r.text(stamp))}
		for _, c := range r.cells {
			if field := fields[c.column]; field != "" {
				record.Answers[field] = append(record.Answers[field], cellValues(field, c.values[0])...)
			}
		}
		dropEmpty(record.Answers)
		for _, block := range speakers {
			if sp, there := block.speaker(r); there {
				record.Speakers = append(record.Speakers, sp)
			}
		}
		record.Key = known.keyByContent(record.Title, record.Speakers)
		b.Records = append(b.Records, record)
	}
	b.noteUnused(s.table.rows, func(c string) bool { return used[c] })
}

// formFields finds the columns of the fields. Columns for uploaded files hold
// links, not text.
func formFields(header []string, title string) map[string]string {
	found := map[string]string{}
	for _, h := range header {
		if h == title || uploaded.MatchString(h) || speakerWord.MatchString(h) {
			continue
		}
		for _, f := range fieldColumns {
			if f.pattern.MatchString(h) {
				found[h] = f.field
				break
			}
		}
	}
	return found
}

// cellValues gives outcomes one by one, a line each.
func cellValues(field, text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if field != "outcomes" {
		return []string{text}
	}
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "•·*-– ")); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func dropEmpty(a domain.Answers) {
	for key, values := range a {
		if len(values) == 0 {
			delete(a, key)
		}
	}
}

// usTimestamp reads 1/28/2025 13:39:51, month first, as American forms write it.
func usTimestamp(text string) string {
	for _, layout := range []string{"1/2/2006 15:04:05", "1/2/2006 3:04:05 PM"} {
		if at, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return at.Format("2006-01-02T15:04:05")
		}
	}
	return ""
}
