package bench

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"lectern/domain"
)

// A chunk is a part of the seed: rows for each table, in the order of columns.
type chunk map[string][][]any

// columns of the tables that are seeded.
var columns = map[string]string{
	"proposals": "id, version, revision, number, call_id, group_id, venue_id, format_id, year, state, title, answers, idea_id, parent_id, hops, " +
		"carried_from, created_by, created_at, updated_by, updated_at, submitted_at, gate_override, import_key",
	"speakers":             "id, version, proposal_id, position, role, name, to_be_named, email, titles, affiliations, bio, staff_member, answer, link_serial, replaced_by, stipend",
	"proposal_words":       "word, proposal_id",
	"revisions":            "proposal_id, number, title, answers, speakers, by_id, by_name, at, cause",
	"history":              "id, proposal_id, title, version, revision, action, from_state, to_state, actor_id, actor_name, at, reason, detail",
	"external_submissions": "proposal_id, site, reference, sent_on, by_id, by_name, at",
	"reviews":              "id, version, proposal_id, person_id, revision, scores, score, verdict, comment, note, abstained, action, state, created_at, updated_at",
	"decisions":            "id, proposal_id, revision, outcome, source, decided_on, evidence, feedback, no_feedback, reason, by_id, by_name, at, published_at",
}

// tables in the order in which their rows need each other.
var tables = []string{"proposals", "speakers", "proposal_words", "revisions", "history", "external_submissions", "decisions", "reviews"}

// years of the seed; the last is the section's current one.
const years = 20

// scribe invents proposals: the same for the same seed, spread over twenty
// years, the groups and the calls, oldest first.
type scribe struct {
	rnd       *rand.Rand
	groups    []string
	calls     [years][]domain.Call
	rounds    []domain.Call // under review, each with as many proposals as sizes says
	people    []domain.Person
	reviewers []domain.Person
	words     []string
	last      last
}

// last is the proposal before, which may be what the next was carried from.
type last struct{ id, state string }

func newScribe(groups []string, calls [years][]domain.Call) *scribe {
	s := &scribe{rnd: rand.New(rand.NewPCG(7, 11)), groups: groups, calls: calls}
	syllables := strings.Fields("lead er ship men tor bud get staff com mit tee change plan ning out reach cul ture team work shop data care ser vice li brar ian pro gram")
	for range 2500 {
		w := ""
		for range 2 + s.rnd.IntN(2) {
			w += syllables[s.rnd.IntN(len(syllables))]
		}
		s.words = append(s.words, w)
	}
	return s
}

// epoch is when the first proposal was written; the last one is a few hours old at the fixture's clock.
var epoch = time.Date(2007, 7, 1, 12, 0, 0, 0, time.UTC)

// write invents proposals from one number up to another, of n in all.
func (s *scribe) write(from, to, n int) chunk {
	c := chunk{}
	span := time.Date(2026, 9, 18, 8, 0, 0, 0, time.UTC).Sub(epoch)
	for i := from; i < to; i++ {
		at := epoch.Add(span / time.Duration(n) * time.Duration(i)).Add(time.Duration(s.rnd.IntN(1e6)) * time.Microsecond)
		s.proposal(c, i, i*years/n, at.Truncate(time.Microsecond))
	}
	return c
}

func (s *scribe) id(at time.Time) string {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], uint64(at.UnixMilli())<<16|7<<12|s.rnd.Uint64()&0xfff)
	binary.BigEndian.PutUint64(u[8:], s.rnd.Uint64()>>2|1<<63)
	return u.String()
}

// states with how many of a hundred proposals are in them.
var states = []struct {
	state string
	share int
}{
	{"draft", 8}, {"submitted", 14}, {"accepted", 38}, {"declined", 24}, {"alternate", 3}, {"carried_forward", 6}, {"withdrawn", 5}, {"cancelled", 2},
}

func (s *scribe) state() string {
	k := s.rnd.IntN(100)
	for _, x := range states {
		if k -= x.share; k < 0 {
			return x.state
		}
	}
	return "submitted"
}

func (s *scribe) proposal(c chunk, i, year int, at time.Time) {
	call, state := s.calls[year][s.rnd.IntN(len(s.calls[year]))], s.state()
	id := s.propose(c, i, call, state, at)
	if call.VenueID == reviewedVenue && state != "draft" {
		s.reviews(c, id, i, at)
	}
}

// propose writes a proposal with what belongs to it, and gives its id.
func (s *scribe) propose(c chunk, i int, call domain.Call, state string, at time.Time) string {
	id, by := s.id(at), s.people[s.rnd.IntN(len(s.people))]
	title, number, parent, idea, hops, from := s.text(70), fmt.Sprintf("%s-%s-%06d", call.Year[2:4], strings.ToUpper(call.VenueID[:1]), i), "", id, 0, ""
	submitted := any(at.Add(24 * time.Hour))
	switch {
	case state == "draft":
		number, submitted = "", nil
	case state == "carried_forward":
		from = "declined"
	}
	if s.last.state == "carried_forward" {
		parent, idea, hops = s.last.id, s.last.id, 1
	}
	s.last = last{id, state}
	tags := []string{s.word(), s.word(), s.word()}
	answers := document(map[string][]string{
		"short_description": {s.text(180)}, "full_description": {s.text(700)}, "outcomes": {s.text(90), s.text(80), s.text(85)},
		"audience": {s.text(120)}, "level": {"intermediate"}, "tags": tags,
	})
	c["proposals"] = append(c["proposals"], []any{
		id, 3, 1, number, call.ID, s.groups[s.rnd.IntN(len(s.groups))], call.VenueID, call.FormatID, string(call.Year), state,
		title, answers, idea, parent, hops, from, by.ID, at, by.ID, at, submitted, "", "",
	})
	names := s.speakers(c, id, at)
	for _, w := range domain.ProposalWords(title, names, tags) {
		c["proposal_words"] = append(c["proposal_words"], []any{w, id})
	}
	c["revisions"] = append(c["revisions"], []any{id, 1, title, answers, document(names), by.ID, by.Name, at, "submit"})
	s.steps(c, id, title, state, by, at)
	s.outcome(c, id, state, call, by, at)
	return id
}

func (s *scribe) speakers(c chunk, id string, at time.Time) []string {
	var names []string
	for k := range 1 + s.rnd.IntN(3) {
		name := capital(s.word()) + " " + capital(s.word())
		names = append(names, name)
		c["speakers"] = append(c["speakers"], []any{
			s.id(at), 1, id, k + 1, "speaker", name, false, strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.org",
			document([]string{"Head of " + s.word()}), document([]string{capital(s.word()) + " Public Library"}), s.text(250), false, "confirmed", 1, "", "",
		})
	}
	return names
}

func (s *scribe) steps(c chunk, id, title, state string, by domain.Person, at time.Time) {
	step := func(action, from, to string, version int) {
		c["history"] = append(c["history"], []any{s.id(at), id, title, version, 1, action, from, to, by.ID, by.Name, at.Add(time.Duration(version) * time.Hour), "", ""})
	}
	step("create", "none", "draft", 1)
	if state == "draft" {
		return
	}
	step("submit", "draft", "submitted", 2)
	if state == "accepted" || state == "declined" || state == "alternate" {
		step("decide", "submitted", state, 3)
	}
}

func (s *scribe) outcome(c chunk, id, state string, call domain.Call, by domain.Person, at time.Time) {
	if state != "draft" && call.VenueID == "annual" {
		c["external_submissions"] = append(c["external_submissions"], []any{id, "the submission site", "REF-" + id[len(id)-6:], at.Format(time.DateOnly), by.ID, by.Name, at})
	}
	if state == "accepted" || state == "declined" || state == "alternate" {
		c["decisions"] = append(c["decisions"], []any{s.id(at), id, 1, state, "inside", at.Format(time.DateOnly), "", s.text(200), false, "", by.ID, by.Name, at, at})
	}
}

func (s *scribe) word() string { return s.words[s.rnd.IntN(len(s.words))] }

// text is about as many characters of words.
func (s *scribe) text(length int) string {
	var t strings.Builder
	t.WriteString(capital(s.word()))
	for t.Len() < length {
		t.WriteByte(' ')
		t.WriteString(s.word())
	}
	return t.String()
}

func capital(w string) string { return strings.ToUpper(w[:1]) + w[1:] }

func document(v any) string {
	text, _ := json.Marshal(v) // texts: cannot fail
	return string(text)
}
