package web

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"lectern/domain"
)

// EditPage is the editor of a proposal, made from its call's form.
type EditPage struct {
	Page
	Proposal  domain.Proposal
	Call      domain.Call
	VenueName string
	VenueNote string // who decides, and what follows
	Form      domain.FormSpec
	Fields    []FormAnswer // by the form, the title first
	Speakers  []EditSpeaker
	Sponsors  *EditSponsors // nil: the form does not ask for co-sponsors
	Checks    []domain.CheckLine
	Effect    SubmitEffect
	Summary   string          // heading of Reasons
	Reasons   []domain.Reason // what was refused; empty at first
	Saved     string          // Saved at 2:14 p.m.
	Changed   string          // last changed by Ana Reyes
	MaySubmit bool            // the person is one who submits
	Submitted bool            // edited after submission: no submit button
	ChangeTo  string          // address for another venue; empty: cannot be changed
}

// EditSponsors are the groups of the section that may sponsor a proposal too.
type EditSponsors struct {
	Groups []SponsorOption
	Began  []string // ids of those chosen when the editor was opened
	Each   bool     // it counts toward the duty of each of them
}

// SponsorOption is one group to tick.
type SponsorOption struct {
	ID     string
	Name   string
	Ticked bool
}

// EditSpeaker is a speaker in the editor's list.
type EditSpeaker struct {
	ID        string
	Name      string
	Line      string
	Moderates bool
	ToBeNamed bool
	Own       bool // on the group's roster
	Email     bool // an address is known
	Answer    domain.Answer
	First     bool
	Last      bool
	Errors    []string
}

// SubmitEffect is what submitting does to what the group owes.
type SubmitEffect struct {
	Duty    *domain.Duty // nil: nothing is owed there
	Counts  bool         // the format counts
	Already bool         // submitted, so it counts already
	Note    string
	Gate    []domain.Reason // what keeps the gate closed
}

func (e SubmitEffect) after() int {
	if e.Duty == nil || !e.Counts || e.Already {
		return e.now()
	}
	return e.Duty.Counted + 1
}

func (e SubmitEffect) now() int {
	if e.Duty == nil {
		return 0
	}
	return e.Duty.Counted
}

// Parts of the editor besides the speakers, in order.
var editParts = []struct{ id, title string }{
	{"about", "What it is about"}, {"run", "How it runs"}, {"agree", "Agreements"},
}

func (p EditPage) base() string { return "/proposals/" + p.Proposal.Ref() }

// part are the fields of one part; what names no part is about the program.
func (p EditPage) part(id string) []FormAnswer {
	var mine []FormAnswer
	for _, f := range p.Fields {
		at := f.Field.Part
		if at != "run" && at != "agree" {
			at = "about"
		}
		if at == id {
			mine = append(mine, f)
		}
	}
	return mine
}

// asked are the keys the form shows, so that a box left empty is told from a
// field that was not on the page.
func (p EditPage) asked() string {
	var keys []string
	for _, f := range p.Fields {
		keys = append(keys, f.Field.Key)
	}
	return strings.Join(keys, " ")
}

// BaseMarks are short marks of what each field said when the editor was opened.
// They come back with the text, so that two people's changes can be told apart.
func BaseMarks(fields []FormAnswer) string {
	marks := make([]string, len(fields))
	for i, f := range fields {
		marks[i] = f.Field.Key + "=" + ValueMark(f.Values)
	}
	return strings.Join(marks, " ")
}

// ValueMark is a short mark of values: the same for those that say the same.
func ValueMark(values []string) string {
	said := slices.Clone(values)
	for len(said) > 0 && said[len(said)-1] == "" {
		said = said[:len(said)-1]
	}
	sum := sha256.Sum256([]byte(strings.ReplaceAll(strings.Join(said, "\x00"), "\r\n", "\n")))
	return hex.EncodeToString(sum[:5])
}

// baseMarks are those of the page, kept as they were when a form comes back.
func (p EditPage) baseMarks() string { return BaseMarks(p.Fields) }

func (p EditPage) speakerSpan() string {
	s := p.Form.Speakers
	words := "up to " + domain.Plural(s.Max, "speaker")
	if s.Moderator {
		words += ", and a moderator"
	}
	if s.ToBeNamed {
		words += "; names may come later"
	}
	return words
}

func (s EditSpeaker) shown() string {
	switch {
	case s.Name != "":
		return s.Name
	case s.Moderates:
		return "Moderator, to be named"
	}
	return "To be named"
}

// ClashPage shows what two people did to one draft, field by field.
type ClashPage struct {
	Page
	Proposal domain.Proposal
	Who      string // who changed it since
	Version  int    // of what is saved now
	Clashes  []domain.FieldClash
	Sponsors *EditSponsors // as they were ticked
}

// settledBy is whose change stays of a field that only one of the two changed.
func settledBy(c domain.FieldClash) string {
	if slices.Equal(c.Base, c.Mine) {
		return "theirs"
	}
	return "mine"
}

// settled are the fields that need no choice, with whose change stays.
func (p ClashPage) settled() []Fact {
	var all []Fact
	for _, c := range p.Clashes {
		switch {
		case c.Conflict:
		case settledBy(c) == "mine":
			all = append(all, Fact{Term: c.Label, Text: "Yours: " + clashText(c.Mine)})
		default:
			all = append(all, Fact{Term: c.Label, Text: "Theirs: " + clashText(c.Theirs)})
		}
	}
	return all
}
