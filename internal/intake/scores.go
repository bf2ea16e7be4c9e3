package intake

import (
	"slices"
	"strconv"
	"strings"

	"lectern/domain"
)

// ScoreRow is one line of a file of scores: one reviewer's of one proposal.
type ScoreRow struct {
	Line     int
	Number   string // of the proposal
	Reviewer string // address
	Review   domain.ReviewInput
}

// scoreTexts are the columns beside the criteria; the first two are needed.
var scoreTexts = []string{"number", "reviewer", "recommendation", "comment", "note", "abstained"}

// Scores reads a CSV file with the columns number, reviewer (an address), one for
// each criterion of the rubric, by its id or name, and where wanted recommendation,
// comment, note and abstained (yes); other columns are left alone. Every line that
// cannot be read is a problem, by its number. Invalid when the file as a whole
// cannot be read.
func Scores(file []byte, rubric domain.Rubric) ([]ScoreRow, []Problem, error) {
	text, err := clean(file)
	if err != nil {
		return nil, nil, err
	}
	t, err := readTable(string(text))
	if err != nil {
		return nil, nil, err
	}
	columns, missing := scoreHeader(t.header, rubric)
	if len(missing) > 0 {
		return nil, nil, refuse("missing_column", "The file needs a column for each of these: %s.", strings.Join(missing, ", "))
	}
	problems := slices.Clone(t.problems)
	var all []ScoreRow
	first := map[string]int{}
	for _, r := range t.rows {
		s, wrong := r.scores(columns, rubric)
		key := s.Number + " " + domain.FoldEmail(s.Reviewer)
		if before, twice := first[key]; twice && len(wrong) == 0 {
			wrong = append(wrong, Problem{Code: "twice", Detail: "This reviewer’s scores of " + s.Number + " are on line " + strconv.Itoa(before) + " too."})
		}
		first[key] = s.Line
		for _, p := range wrong {
			p.Line = r.line
			problems = append(problems, p)
		}
		all = append(all, s)
	}
	return all, problems, nil
}

// scoreHeader finds each column's own head, whatever case it is in.
func scoreHeader(header []string, rubric domain.Rubric) (columns map[string]string, missing []string) {
	columns = map[string]string{}
	find := func(key string, names ...string) bool {
		i := slices.IndexFunc(header, func(h string) bool { return slices.Contains(names, strings.ToLower(h)) })
		if i >= 0 {
			columns[key] = header[i]
		}
		return i >= 0
	}
	for i, key := range scoreTexts {
		if !find(key, key) && i < 2 {
			missing = append(missing, key)
		}
	}
	for _, c := range rubric {
		if !find(c.ID, c.ID, strings.ToLower(c.Name)) {
			missing = append(missing, c.ID)
		}
	}
	return columns, missing
}

func (r row) scores(columns map[string]string, rubric domain.Rubric) (ScoreRow, []Problem) {
	get := func(key string) string {
		if columns[key] == "" {
			return ""
		}
		return strings.TrimSpace(r.text(columns[key]))
	}
	s := ScoreRow{Line: r.line, Number: get("number"), Reviewer: get("reviewer")}
	var wrong []Problem
	for _, key := range scoreTexts[:2] {
		if get(key) == "" {
			wrong = append(wrong, Problem{Pointer: "/" + key, Code: "required", Detail: "The line names no " + map[string]string{"number": "proposal", "reviewer": "reviewer"}[key] + "."})
		}
	}
	s.Review = domain.ReviewInput{Scores: map[string]int{}, Comment: get("comment"), Note: get("note"), Abstained: slices.Contains(yesWords, strings.ToLower(get("abstained")))}
	for _, c := range rubric {
		word := get(c.ID)
		if word == "" {
			continue
		}
		n, err := strconv.Atoi(word)
		if err != nil {
			wrong = append(wrong, Problem{Pointer: "/scores/" + c.ID, Code: "not_a_number", Detail: c.Name + ": “" + short(word) + "” is no whole number from 1 to 5."})
			continue
		}
		s.Review.Scores[c.ID] = n
	}
	word := get("recommendation")
	verdicts := domain.ReviewVerdicts()
	i := slices.IndexFunc(verdicts, func(v domain.Verdict) bool {
		return strings.EqualFold(word, string(v)) || strings.EqualFold(word, v.Label())
	})
	switch {
	case i >= 0:
		s.Review.Verdict = verdicts[i]
	case word != "":
		wrong = append(wrong, Problem{Pointer: "/verdict", Code: "not_an_option", Detail: "“" + short(word) + "” is none of the four recommendations."})
	}
	return s, wrong
}

// yesWords are the words that tick a box.
var yesWords = []string{"yes", "y", "true", "1", "x"}
