package intake

import (
	"slices"
	"strings"

	"lectern/domain"
)

// The columns of a file of decisions; the number and the outcome are needed.
var decisionColumns = []string{"number", "outcome", "feedback", "no_feedback", "reason"}

// DecisionColumns are the heads of a file of decisions.
func DecisionColumns() []string { return slices.Clone(decisionColumns) }

// DecisionRow is one line of a file of decisions.
type DecisionRow struct {
	Line int
	domain.DecisionWish
}

// mostDecisions is the most lines that are read of one file.
const mostDecisions = 1000

// ReadDecisions reads a CSV file with the columns number, outcome (accepted,
// declined, alternate, or empty to clear what is staged), feedback, no_feedback
// (yes or no) and reason; other columns are left alone. Invalid with every line
// that cannot be read.
func ReadDecisions(data []byte) ([]DecisionRow, error) {
	text, err := clean(data)
	if err != nil {
		return nil, err
	}
	t, err := readTable(string(text))
	if err != nil {
		return nil, err
	}
	for i, h := range t.header {
		t.header[i] = strings.ToLower(h)
	}
	for _, need := range decisionColumns[:2] {
		if !slices.Contains(t.header, need) {
			return nil, refuse("missing_column", "The file has no column “%s”. The first line names the columns: %s.", need, strings.Join(decisionColumns, ", "))
		}
	}
	return t.decisions()
}

func (t table) decisions() ([]DecisionRow, error) {
	var why []domain.Reason
	for _, p := range t.problems {
		why = append(why, domain.Wrong("", p.Code, "%s", p.Detail))
	}
	var rows []DecisionRow
	for _, r := range t.rows {
		for i := range r.cells {
			r.cells[i].column = strings.ToLower(r.cells[i].column)
		}
		d := DecisionRow{Line: r.line}
		d.Ref, d.Outcome = strings.TrimSpace(r.text("number")), domain.Outcome(strings.ToLower(strings.TrimSpace(r.text("outcome"))))
		d.Feedback, d.Reason = strings.TrimSpace(r.text("feedback")), strings.TrimSpace(r.text("reason"))
		d.NoFeedback = slices.Contains(yesWords, strings.ToLower(strings.TrimSpace(r.text("no_feedback"))))
		if d.Ref == "" {
			why = append(why, domain.Wrong("", "required", "Line %d names no proposal.", r.line))
		}
		if d.Outcome != "" && !slices.Contains(domain.Outcomes(), d.Outcome) {
			why = append(why, domain.Wrong("", "not_an_option", "Line %d: “%s” is no outcome. Write accepted, declined, alternate, or leave it empty.", r.line, short(string(d.Outcome))))
		}
		rows = append(rows, d)
	}
	if len(rows) > mostDecisions {
		why = append(why, domain.Wrong("", "too_many_lines", "The file has %d lines; at most %d are read at once.", len(rows), mostDecisions))
	}
	return rows, domain.Refuse(why...)
}

// short is the beginning of a text that a message repeats.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
