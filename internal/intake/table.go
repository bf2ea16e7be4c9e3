package intake

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteCSV writes a table that spreadsheets open as it is: UTF-8 with a byte
// order mark, CR LF, and every cell inert (see Inert)
// where it is opened as what it is, separated by commas. A row must have as many
// cells as the header.
func WriteCSV(w io.Writer, header []string, rows [][]string) error {
	out := bufio.NewWriter(w)
	out.Write(byteOrderMark) // bufio keeps the first error for Flush
	writeRow(out, header)
	for i, cells := range rows {
		if len(cells) != len(header) {
			return fmt.Errorf("write csv: row %d has %d cells, the header has %d", i+1, len(cells), len(header))
		}
		writeRow(out, cells)
	}
	return out.Flush()
}

// ReadCSV reads what WriteCSV wrote, and any strict CSV, comma, semicolon or tab
// separated: the header and the rows, apostrophes of inert cells taken away. The
// error is a *domain.Error that names every bad line.
func ReadCSV(data []byte) (header []string, rows [][]string, err error) {
	text, err := clean(data)
	if err != nil {
		return nil, nil, err
	}
	t, err := readTable(string(text))
	if err != nil {
		return nil, nil, err
	}
	if len(t.problems) > 0 {
		return nil, nil, refusal(t.problems)
	}
	for _, r := range t.rows {
		cells := make([]string, len(r.cells))
		for i, c := range r.cells {
			cells[i] = c.values[0]
		}
		rows = append(rows, cells)
	}
	return t.header, rows, nil
}

func writeRow(out *bufio.Writer, cells []string) {
	for i, c := range cells {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(quote(Inert(c), len(cells) == 1))
	}
	out.WriteString("\r\n")
}

// quote puts quotation marks wherever a character could be taken for a separator,
// so that readers which look for the separator find the comma.
func quote(c string, alone bool) string {
	if !strings.ContainsAny(c, "\",;\t\r\n") && strings.TrimSpace(c) == c && (c != "" || !alone) {
		return c
	}
	return `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
}

// formula are the characters that make a spreadsheet run a cell.
const formula = "=+-@\t\r"

// Inert makes a cell that no spreadsheet runs as a formula: one apostrophe goes
// before = + - @, tab or carriage return, also where apostrophes already stand
// before it, so that taking one away always gives the cell back.
func Inert(c string) string {
	if runs(c) {
		return "'" + c
	}
	return c
}

// bare undoes Inert.
func bare(c string) string {
	if strings.HasPrefix(c, "'") && runs(c) {
		return c[1:]
	}
	return c
}

func runs(c string) bool {
	c = strings.TrimLeft(c, "'")
	return c != "" && strings.IndexByte(formula, c[0]) >= 0
}
