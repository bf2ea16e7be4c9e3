package demo

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"lectern/domain"
)

var (
	//go:embed people.yaml
	peopleText []byte
	//go:embed proposals.yaml
	proposalsText []byte
	//go:embed offerings.yaml
	offeringsText []byte
	//go:embed story.yaml
	storyText []byte
	//go:embed buyers.yaml
	buyersText []byte
	//go:embed sales.yaml
	salesText []byte
	//go:embed members.csv
	membersText []byte
)

// story is a year of a section: who is in it, what they propose, and what happens.
type story struct {
	people      []person
	proposals   map[string]text
	offerings   map[string]onSale // by the proposal's key
	buyers      map[string]buyer
	events      []event           // in order
	ids         map[string]string // of the proposals that events create, by key
	sales       map[string]string // the ids of orders and quotes, by key
	carried     map[string]string // the key of the proposal a draft is carried from, by key
	fingerprint string
}

// text is a proposal as it is when finished.
type text struct {
	Group    string
	Call     string
	Title    string
	Answers  map[string]values
	Speakers []speaker
}

// speaker is one line of a program.
type speaker struct {
	Name  string
	Title values
	At    values // affiliations
	Bio   string
	Role  domain.SpeakerRole
}

// onSale is what a webinar on sale says beyond its proposal.
type onSale struct {
	Starts   moment
	Capacity int
	Captions string
	JoinURL  string `yaml:"join_url"`
}

// buyer is who orders seats: a library, and the person who does.
type buyer struct {
	Name    string
	At      string
	Address []string
	Member  string // the number on the list of members; empty: not a member
}

// event is one thing that happens.
type event struct {
	At        moment
	Who       string // a person's name, or "speaker": by their own link
	Do        string // a key of verbs
	On        string // a proposal
	As        string // the draft it is carried to
	Group     string
	Item      string // of the checklist
	Call      string
	Leave     []string // fields left out for now
	Text      map[string]values
	With      []string // co-sponsoring groups
	Speaker   string
	New       speaker
	Site      string
	Reference string
	Sent      domain.Date
	Outcome   domain.Outcome
	Decided   domain.Date
	Evidence  string
	Feedback  string
	Until     moment
	Scores    []int // of a review, in the rubric's order
	Verdict   domain.Verdict
	Votes     []int  // for, against, abstained, recused
	Place     int    // in a ranking; of the line: below how many it is drawn
	Say       string // a comment, or the reason
	Employer  string // is to be paid instead of the speaker
	Form      domain.TaxForm
	Presented []string // names
	Order     string   // an order or a quote, by a key of its own
	Replaces  string   // the order that a quote takes the place of
	Buyer     string   // a key of buyers
	Seats     string
	Unit      int  // cents of a quoted seat
	Total     int  // cents of all seats of a quote; instead of Unit
	Hold      bool // an offer holds its seats
	PO        string
	People    []string // lines of a pasted list
}

func byTime(a, b event) int { return a.At.Compare(b.At.Time) }

// called names an event for its ids and for messages.
func (e event) called() string {
	return strings.TrimSpace(e.Do + " " + e.On + " " + e.Speaker + e.Item + e.Order)
}

// values are the answers to a field: one, or a list.
type values []string

// UnmarshalYAML reads a single text as a list of one.
func (v *values) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*v = values{n.Value}
		return nil
	}
	return n.Decode((*[]string)(v))
}

// moment is an instant, written 2026-09-18 09:00 in the section's zone.
type moment struct{ time.Time }

// UnmarshalYAML reads the day and the time of day.
func (m *moment) UnmarshalYAML(n *yaml.Node) error {
	t, err := time.ParseInLocation("2006-01-02 15:04", n.Value, zone)
	if err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	m.Time = t.UTC()
	return nil
}

// readStory reads the story that comes with the program. An error is a mistake
// in its files.
func readStory() (*story, error) {
	s := &story{ids: map[string]string{}, sales: map[string]string{}, carried: map[string]string{}}
	var sales []event
	for _, part := range []struct {
		text []byte
		into any
	}{{peopleText, &s.people}, {proposalsText, &s.proposals}, {offeringsText, &s.offerings}, {buyersText, &s.buyers}, {storyText, &s.events}, {salesText, &sales}} {
		d := yaml.NewDecoder(bytes.NewReader(part.text))
		d.KnownFields(true)
		if err := d.Decode(part.into); err != nil {
			return nil, fmt.Errorf("read the demonstration: %w", err)
		}
	}
	for _, part := range [][]event{s.events, sales} {
		if !slices.IsSortedFunc(part, byTime) {
			return nil, errors.New("the demonstration's story is out of order")
		}
	}
	s.events = append(s.events, sales...)
	slices.SortStableFunc(s.events, byTime)
	sum := sha256.Sum256(slices.Concat(peopleText, proposalsText, offeringsText, buyersText, salesText, membersText, storyText, domain.DefaultSection))
	s.fingerprint = hex.EncodeToString(sum[:8])
	return s, s.index()
}

// index checks that the events are of known kinds, and works out
// the ids of what they create.
func (s *story) index() error {
	for _, e := range s.events {
		if _, known := verbs[e.Do]; !known {
			return fmt.Errorf("the demonstration's story: nobody can “%s”", e.Do)
		}
		switch e.Do {
		case "create":
			s.ids[e.On] = idOf(e.At.Time, e.called(), 0)
		case "hold", "ask":
			s.sales[e.Order] = idOf(e.At.Time, e.called(), 0)
		case "carry":
			s.carried[e.As] = e.On
		}
		if e.On != "" && s.ids[e.On] == "" && s.carried[e.On] == "" {
			return fmt.Errorf("the demonstration's story: %s comes before “%s” is there", e.called(), e.On)
		}
	}
	return nil
}

// between are the events after one instant and up to another.
func (s *story) between(after, to time.Time) []event {
	var some []event
	for _, e := range s.events {
		if e.At.After(after) && !e.At.After(to) {
			some = append(some, e)
		}
	}
	return some
}

// tellsAt tells whether something of the story happens at exactly the instant.
func (s *story) tellsAt(t time.Time) bool {
	return slices.ContainsFunc(s.events, func(e event) bool { return e.At.Equal(t) })
}

// alike is what every form asks and everybody answers alike.
var alike = map[string]values{
	"elsewhere": {"no"}, "recording_consent": {"yes"}, "code_of_conduct": {"yes"}, "not_a_pitch": {"yes"}, "feedback": {"yes"},
}

// answers are a finished proposal's answers to a form, without the fields that
// are left out.
func (t text) answers(form domain.FormSpec, leave []string) domain.Answers {
	a := domain.Answers{}
	for _, from := range []map[string]values{alike, t.Answers} {
		for key, v := range from {
			if _, asked := form.Field(key); asked && !slices.Contains(leave, key) {
				a[key] = v
			}
		}
	}
	return a
}

func (t text) speakers() []domain.Speaker {
	var all []domain.Speaker
	for _, s := range t.Speakers {
		all = append(all, domain.Speaker{Name: s.Name, Email: address(s.Name), Role: s.Role, Bio: s.Bio, Titles: s.Title, Affiliations: s.At})
	}
	return all
}
