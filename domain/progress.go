package domain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Mark is how a check stands.
type Mark string

// The marks. A warning does not keep a proposal from being submitted.
const (
	MarkGood Mark = "good"
	MarkWarn Mark = "warn"
	MarkBad  Mark = "bad"
)

// CheckLine is one line of "Ready to submit?".
type CheckLine struct {
	Code   string // descriptions, outcomes, audience, run, speakers, agreements, variety, replies, gate, window
	Label  string
	Mark   Mark
	Detail string // what to do, or what is good about it; may be empty
	Anchor string // the id of the place to go to, without "#"; empty when there is none
}

// ProgressFacts are what "Ready to submit?" looks at besides the draft.
type ProgressFacts struct {
	CheckFacts
	Call     Call
	Now      time.Time
	Until    *time.Time // a late grant
	Gated    bool       // the venue has a gate (R10)
	Gate     []Reason   // what keeps it closed
	Warnings []Warning
}

// checkGroup is a line about fields of the form: those it names, and those of its
// part that no other line names.
type checkGroup struct {
	code, label string
	keys        []string
	part        string
}

var checkGroups = []checkGroup{
	{"descriptions", "Title and descriptions", []string{TitleKey, "short_description", "full_description"}, "about"},
	{"outcomes", "Learning outcomes", []string{"outcomes"}, ""},
	{"audience", "Audience, level and topics", []string{"audience", "level", "tags"}, ""},
	{"run", "How it runs", nil, "run"},
	{"agreements", "Agreements", nil, "agree"},
}

// Progress is the list "Ready to submit?": the same lines in the same order for
// each draft of a form. It says what Check says, so that a draft without a bad
// line can be submitted.
func (s FormSpec) Progress(title string, a Answers, speakers []Speaker, f ProgressFacts) []CheckLine {
	reasons := s.Check(title, a, speakers, f.CheckFacts)
	var lines []CheckLine
	for _, g := range checkGroups {
		if s.asksAny(g) {
			lines = append(lines, s.groupLine(g, reasons, a))
		}
	}
	lines = append(lines, speakersLine(reasons, speakers), varietyLine(f.Warnings))
	if f.Gated {
		lines = append(lines, reasonLine("gate", "Your own submissions come first", "They are all in.", f.Gate))
	}
	return append(lines, windowLine(f), repliesLine(speakers))
}

// Passed counts the lines that do not keep the draft from being submitted.
func Passed(lines []CheckLine) int {
	return len(slices.DeleteFunc(slices.Clone(lines), func(l CheckLine) bool { return l.Mark == MarkBad }))
}

// PassedWords is the count in words: 7 of 9 checks pass.
func PassedWords(lines []CheckLine) string {
	return fmt.Sprintf("%d of %d checks pass", Passed(lines), len(lines))
}

// Anchor is the id on the page of what a JSON pointer points at: title,
// short_description, outcomes-3 (from 1, as people count), speakers-1; the id of a
// speaker's card stands for all it holds.
func Anchor(pointer string) string {
	parts := strings.Split(strings.TrimPrefix(strings.TrimPrefix(pointer, "/"), "answers/"), "/")
	if len(parts) < 2 {
		return parts[0]
	}
	i, err := strconv.Atoi(parts[1])
	if err != nil {
		return parts[0]
	}
	return parts[0] + "-" + strconv.Itoa(i+1)
}

func (s FormSpec) asksAny(g checkGroup) bool {
	return slices.ContainsFunc(s.withTitle(), func(f Field) bool { return groupOf(f).code == g.code })
}

// groupOf is the line a field belongs to; what fits nowhere is about the program.
func groupOf(f Field) checkGroup {
	for _, g := range checkGroups {
		if slices.Contains(g.keys, f.Key) {
			return g
		}
	}
	for _, g := range checkGroups {
		if g.part != "" && g.part == f.Part {
			return g
		}
	}
	return checkGroups[0]
}

// groupLine gathers the reasons that point into a group. A field the form does
// not have counts with the descriptions, so that no reason goes unseen.
func (s FormSpec) groupLine(g checkGroup, all []Reason, a Answers) CheckLine {
	var mine []Reason
	for _, r := range all {
		if strings.HasPrefix(r.Pointer, "/speakers") {
			continue
		}
		key, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(r.Pointer, "/"), "answers/"), "/")
		if f, _ := s.Field(key); groupOf(Field{Key: key, Part: f.Part}).code == g.code {
			mine = append(mine, r)
		}
	}
	good := ""
	if g.code == "outcomes" {
		good = Plural(len(filled(a["outcomes"])), "learning outcome") + "."
	}
	return reasonLine(g.code, g.label, good, mine)
}

// reasonLine is bad when there are reasons: the first is said, the others are counted.
func reasonLine(code, label, good string, reasons []Reason) CheckLine {
	if len(reasons) == 0 {
		return CheckLine{Code: code, Label: label, Mark: MarkGood, Detail: good}
	}
	detail := reasons[0].Detail
	if more := len(reasons) - 1; more > 0 {
		detail += fmt.Sprintf(" And %d more.", more)
	}
	return CheckLine{Code: code, Label: label, Mark: MarkBad, Detail: detail, Anchor: Anchor(reasons[0].Pointer)}
}

func speakersLine(all []Reason, speakers []Speaker) CheckLine {
	mine := slices.DeleteFunc(slices.Clone(all), func(r Reason) bool { return !strings.HasPrefix(r.Pointer, "/speakers") })
	active := Active(speakers)
	moderators := len(active) - len(speaking(active))
	good := Plural(len(active)-moderators, "speaker")
	if moderators > 0 {
		good += " and a moderator"
	}
	return reasonLine("speakers", "Speakers", good+".", mine)
}

func varietyLine(warnings []Warning) CheckLine {
	line := CheckLine{Code: "variety", Label: "Varied topics and presenters", Mark: MarkGood}
	said := make([]string, len(warnings))
	for i, w := range warnings {
		said[i], line.Mark = w.Detail, MarkWarn
	}
	if slices.ContainsFunc(warnings, func(w Warning) bool { return w.Blocks }) {
		line.Mark = MarkBad
	}
	line.Detail = strings.Join(said, " ")
	return line
}

// windowLine is good while the call is open, or a late grant holds.
func windowLine(f ProgressFacts) CheckLine {
	if f.Until != nil && f.Now.Before(*f.Until) && !f.Call.OpenAt(f.Now) {
		return CheckLine{
			Code: "window", Label: "The window is open", Mark: MarkGood,
			Detail: "For this proposal, until " + Deadline(*f.Until, f.Call.Zone) + ".",
		}
	}
	closed := f.Call.NotOpen(f.Now)
	if len(closed) > 0 {
		return reasonLine("window", "The window is not open", "", closed)
	}
	return CheckLine{
		Code: "window", Label: "The window is open", Mark: MarkGood,
		Detail: "Until " + Deadline(*f.Call.ClosesAt, f.Call.Zone) + ".",
	}
}

// repliesLine warns of speakers who have not agreed; a proposal can go in without.
func repliesLine(speakers []Speaker) CheckLine {
	var waiting []string
	active := Active(speakers)
	for i, sp := range active {
		if sp.Answer != Confirmed {
			waiting = append(waiting, sp.called(i+1))
		}
	}
	line := CheckLine{Code: "replies", Label: "Speakers have agreed", Mark: MarkGood}
	switch {
	case len(active) == 0:
		line.Mark, line.Anchor, line.Detail = MarkWarn, "speakers", "Nobody is named yet."
	case len(waiting) > 0:
		line.Mark, line.Anchor = MarkWarn, "speakers"
		line.Detail = fmt.Sprintf("%d of %d have: not yet %s. You can submit anyway.",
			len(active)-len(waiting), len(active), strings.Join(waiting, ", "))
	}
	return line
}
