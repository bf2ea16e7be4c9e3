package intake

import (
	"fmt"
	"strings"

	"lectern/domain"
)

// table is a CSV file: the header and rows, each with the line it begins on.
// encoding/csv is not used to read: it turns CR LF within a cell into LF.
type table struct {
	header   []string
	rows     []row
	problems []Problem
}

// row is one record of a table or one object of a list: cells by column, a cell
// with several values where the source has a list.
type row struct {
	line    int
	pointer string
	cells   []cell
}

type cell struct {
	column string
	values []string
}

// text is the first value of the column, or "".
func (r row) text(column string) string {
	if v := r.values(column); len(v) > 0 {
		return v[0]
	}
	return ""
}

func (r row) values(column string) []string {
	for _, c := range r.cells {
		if c.column == column {
			return c.values
		}
	}
	return nil
}

// mostColumns bounds the work that finding speaker columns among all others takes.
const mostColumns = 1000

// readTable reads CSV strictly: every row as wide as the header, a quoted cell
// quoted as a whole. Rows that break this are problems, each by its line. A
// quotation mark within a cell that does not begin with one is text (37.8"N).
func readTable(text string) (table, error) {
	s := scanner{text: text, line: 1, separator: separatorOf(text)}
	header, _, problem, _ := s.next()
	if problem != nil {
		return table{}, refuse(problem.Code, "The header line cannot be read. %s", problem.Detail)
	}
	if len(header) > mostColumns {
		return table{}, refuse("too_many_columns", "The header has %d columns; we read at most %d.", len(header), mostColumns)
	}
	t := table{header: header}
	for i, h := range t.header {
		t.header[i] = strings.TrimSpace(bare(h))
	}
	if err := t.nameTwins(); err != nil {
		return table{}, err
	}
	for {
		cells, line, problem, more := s.next()
		if !more {
			return t, nil
		}
		t.add(cells, line, problem)
	}
}

func (t *table) add(cells []string, line int, problem *Problem) {
	switch {
	case problem != nil:
		t.problems = append(t.problems, *problem)
	case len(cells) != len(t.header):
		t.problems = append(t.problems, Problem{
			line, min(len(cells), len(t.header)) + 1, "", "ragged_row",
			fmt.Sprintf("Line %d has %s; the header has %d.", line, domain.Plural(len(cells), "cell"), len(t.header)),
		})
	default:
		r := row{line: line}
		for i, c := range cells {
			r.cells = append(r.cells, cell{t.header[i], []string{bare(c)}})
		}
		t.rows = append(t.rows, r)
	}
}

// nameTwins gives the columns of a repeated speaker block names of their own
// ("Email (2)"), and refuses other columns that have the same name.
func (t *table) nameTwins() error {
	first := map[string]int{}
	count := map[string]int{}
	for i, h := range t.header {
		key := strings.ToLower(h)
		count[key]++
		if count[key] == 1 {
			first[key] = i
			continue
		}
		if h != "" && speakerPart(h) == "" {
			return refuse("duplicate_column", "Columns %d and %d are both named “%s”. Rename one of them.", first[key]+1, i+1, h)
		}
		t.header[i] = fmt.Sprintf("%s (%d)", h, count[key])
	}
	return nil
}

// separatorOf is the comma, semicolon or tab that stands most often in the first
// line outside quotes.
func separatorOf(text string) byte {
	counts := map[byte]int{}
	quoted := false
	for i := 0; i < len(text) && (quoted || text[i] != '\n'); i++ {
		if text[i] == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[text[i]]++
		}
	}
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

// scanner cuts CSV text into rows.
type scanner struct {
	text      string
	at        int
	line      int
	separator byte
}

// next is the next row that is not blank, with the line it begins on.
func (s *scanner) next() (cells []string, line int, problem *Problem, more bool) {
	for s.at < len(s.text) {
		line = s.line
		if s.endOfLine() {
			continue
		}
		for {
			value, bad := s.cell()
			if bad != "" {
				bad = fmt.Sprintf("Line %d, cell %d: %s", line, len(cells)+1, bad)
				p := Problem{line, len(cells) + 1, "", "bad_quotes", bad}
				s.skipLine()
				return nil, line, &p, true
			}
			cells = append(cells, value)
			if s.at < len(s.text) && s.text[s.at] == s.separator {
				s.at++
				continue
			}
			s.endOfLine()
			return cells, line, nil, true
		}
	}
	return nil, s.line, nil, false
}

// endOfLine passes one line end, if it stands here.
func (s *scanner) endOfLine() bool {
	switch {
	case strings.HasPrefix(s.text[s.at:], "\r\n"):
		s.at += 2
	case strings.HasPrefix(s.text[s.at:], "\n"):
		s.at++
	default:
		return false
	}
	s.line++
	return true
}

func (s *scanner) skipLine() {
	end := strings.IndexByte(s.text[s.at:], '\n')
	if end < 0 {
		s.at = len(s.text)
		return
	}
	s.at += end + 1
	s.line++
}

// cell reads one cell; bad says what is wrong with it.
func (s *scanner) cell() (value, bad string) {
	if s.at < len(s.text) && s.text[s.at] == '"' {
		return s.quoted()
	}
	from := s.at
	for s.at < len(s.text) && s.text[s.at] != s.separator && !strings.HasPrefix(s.text[s.at:], "\r\n") && s.text[s.at] != '\n' {
		if s.text[s.at] == '\r' {
			return "", "a carriage return stands alone. Save the file with ordinary line ends."
		}
		s.at++
	}
	return s.text[from:s.at], ""
}

func (s *scanner) quoted() (value, bad string) {
	var b strings.Builder
	start, from := s.at, s.at+1
	for {
		end := strings.IndexByte(s.text[from:], '"')
		if end < 0 {
			s.at = len(s.text)
			return "", "its quotation mark is never closed, so the rest of the file cannot be read."
		}
		b.WriteString(s.text[from : from+end])
		from += end + 1
		if from >= len(s.text) || s.text[from] != '"' {
			break
		}
		b.WriteByte('"')
		from++
	}
	s.line += strings.Count(s.text[start:from], "\n")
	s.at = from
	if from < len(s.text) && s.text[from] != s.separator && s.text[from] != '\n' && !strings.HasPrefix(s.text[from:], "\r\n") {
		return "", "there is text after the closing quotation mark."
	}
	return b.String(), ""
}
