package domain

import (
	"fmt"
	"slices"
	"strings"
)

// Warning is a hint that keeps nobody from submitting, unless the section set it so.
type Warning struct {
	Code   string // same_lead, same_topic, like_title, own_speakers_only, stipend_places
	Detail string // a sentence that names the other proposals
	Rule   string // the rule behind it, a key of Rules
	Blocks bool   // the section made it a condition (R4)
}

// ProposalBrief is a proposal as far as it is compared with its group's others.
type ProposalBrief struct {
	ID     string
	Ref    string // the number people use
	IdeaID string // proposals of one idea are not compared with each other
	State  State
	Title  string
	Tags   []string
	Lead   Speaker // the first speaker
}

// WarningFacts are what the warnings look at.
type WarningFacts struct {
	Form            FormSpec
	Proposal        ProposalBrief
	Speakers        []Speaker
	Others          []ProposalBrief // of the same group and program year; drafts and withdrawn ones are passed over
	Roster          []string        // who belongs to the group, from RosterOf
	OwnSpeakersOnly string          // Settings.OwnSpeakersOnly: warn or block
}

// Warnings are the soft rules that a proposal touches, always in the same order:
// the same lead speaker or topic in all of the group's submissions of the year
// (R3), a near-equal title (R3), speakers from the own roster only (R4), more
// speakers than there are stipends (R9).
func Warnings(f WarningFacts) []Warning {
	var all []Warning
	for _, warn := range []func(WarningFacts) (Warning, bool){sameLead, sameTopic, likeTitle, ownSpeakersOnly, stipendPlaces} {
		if w, ok := warn(f); ok {
			all = append(all, w)
		}
	}
	return all
}

// compared are the others that count: submitted, and not of the same idea.
func (f WarningFacts) compared() []ProposalBrief {
	return slices.DeleteFunc(slices.Clone(f.Others), func(o ProposalBrief) bool {
		sameIdea := o.IdeaID != "" && o.IdeaID == f.Proposal.IdeaID
		return o.ID == f.Proposal.ID || sameIdea || !o.State.Counts()
	})
}

func sameLead(f WarningFacts) (Warning, bool) {
	others := f.compared()
	lead := f.Proposal.Lead
	differs := func(o ProposalBrief) bool { return !samePerson(lead, o.Lead) }
	if len(others) == 0 || slices.ContainsFunc(others, differs) {
		return Warning{}, false
	}
	return Warning{
		Code: "same_lead", Rule: "R3",
		Detail: fmt.Sprintf("%s is the first speaker here and in everything else you submitted this year: %s.", lead.Name, titlesOf(others)),
	}, true
}

func sameTopic(f WarningFacts) (Warning, bool) {
	others := f.compared()
	shared := slices.DeleteFunc(slices.Clone(f.Proposal.Tags), func(tag string) bool {
		return blank(tag) || slices.ContainsFunc(others, func(o ProposalBrief) bool { return !slices.Contains(o.Tags, tag) })
	})
	if len(others) == 0 || len(shared) == 0 {
		return Warning{}, false
	}
	return Warning{
		Code: "same_topic", Rule: "R3",
		Detail: fmt.Sprintf("The topic “%s” is here and in everything else you submitted this year: %s.", f.Form.OptionLabel("tags", shared[0]), titlesOf(others)),
	}, true
}

func likeTitle(f WarningFacts) (Warning, bool) {
	alike := slices.DeleteFunc(f.compared(), func(o ProposalBrief) bool { return !AlikeTitles(f.Proposal.Title, o.Title) })
	if len(alike) == 0 {
		return Warning{}, false
	}
	return Warning{
		Code: "like_title", Rule: "R3",
		Detail: fmt.Sprintf("The title is nearly the same as that of %s. If it is another program, say so in the title.", titlesOf(alike)),
	}, true
}

func ownSpeakersOnly(f WarningFacts) (Warning, bool) {
	if !OwnSpeakersOnly(f.Speakers, f.Roster) {
		return Warning{}, false
	}
	return Warning{
		Code: "own_speakers_only", Rule: "R4", Blocks: f.OwnSpeakersOnly == "block",
		Detail: "All speakers are members of your own group. Add one from outside.",
	}, true
}

// OwnSpeakersOnly tells whether all speakers belong to the group (R4). Moderators
// and speakers to be named say nothing either way. The roster is that of RosterOf.
func OwnSpeakersOnly(speakers []Speaker, roster []string) bool {
	named := slices.DeleteFunc(speaking(Active(speakers)), func(s Speaker) bool { return blank(s.Name) })
	outside := func(s Speaker) bool { return !onRoster(s, roster) }
	return len(named) > 0 && !slices.ContainsFunc(named, outside)
}

// RosterOf are the folded names and addresses of a group's people, as R4 compares
// them. An interest group is open to all: its members are nobody's roster.
func RosterOf(kind GroupKind, people []Person) []string {
	if kind == InterestGroup {
		return nil
	}
	var roster []string
	for _, p := range people {
		roster = append(roster, foldedName(p.Name))
		if p.Email != "" {
			roster = append(roster, FoldEmail(p.Email))
		}
	}
	return roster
}

func stipendPlaces(f WarningFacts) (Warning, bool) {
	n, places := len(speaking(Active(f.Speakers))), f.Form.Speakers.WarnAbove
	if places == 0 || n <= places {
		return Warning{}, false
	}
	return Warning{
		Code: "stipend_places", Rule: "R9",
		Detail: fmt.Sprintf("You name %s. Up to %d can be paid a stipend; it is never split.", Plural(n, "speaker"), places),
	}, true
}

// speaking are those of the speakers who speak, not moderate.
func speaking(all []Speaker) []Speaker {
	return slices.DeleteFunc(slices.Clone(all), func(s Speaker) bool { return s.Role == Moderates })
}

// samePerson compares addresses where both are known, and names otherwise.
func samePerson(a, b Speaker) bool {
	if a.Email != "" && b.Email != "" {
		return FoldEmail(a.Email) == FoldEmail(b.Email)
	}
	return !blank(a.Name) && foldedName(a.Name) == foldedName(b.Name)
}

func onRoster(s Speaker, roster []string) bool {
	return slices.Contains(roster, foldedName(s.Name)) || s.Email != "" && slices.Contains(roster, FoldEmail(s.Email))
}

// foldedName is a name as names are compared: its SearchWords, one space between them.
func foldedName(name string) string {
	var room [folding]byte
	return string(appendFolded(room[:0], name))
}

func titlesOf(all []ProposalBrief) string {
	said := make([]string, len(all))
	for i, p := range all {
		said[i] = "“" + p.Title + "”"
		if p.Ref != "" {
			said[i] += " (" + p.Ref + ")"
		}
	}
	return strings.Join(said, ", ")
}

// OptionLabel is how people read a value of a choice; the value itself when the
// form has no such option.
func (s FormSpec) OptionLabel(key, value string) string {
	f, _ := s.Field(key)
	for _, o := range f.Options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// AlikeTitles tells whether two titles are near-equal. Case, accents, punctuation,
// plural s and small words do not count; of the words that are left, three
// quarters must be shared (Dice: twice the shared ones over all of both).
func AlikeTitles(a, b string) bool {
	left, right := wordsOfTitle(a), wordsOfTitle(b)
	if len(left) == 0 || len(right) == 0 {
		return false
	}
	shared := 0
	for _, w := range left {
		if slices.Contains(right, w) {
			shared++
		}
	}
	return 8*shared >= 3*(len(left)+len(right))
}

var smallWords = strings.Fields("a an and as at by for from how in into is it its of on or our that the their to we what when with you your")

func wordsOfTitle(title string) []string {
	var kept []string
	for _, w := range SearchWords(title) {
		if len(w) > 3 && !strings.HasSuffix(w, "ss") {
			w = strings.TrimSuffix(w, "s")
		}
		if !slices.Contains(smallWords, w) && !slices.Contains(kept, w) {
			kept = append(kept, w)
		}
	}
	return kept
}
