package store_test

import (
	"slices"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// scene is a section with an accepted webinar with stipends, a carried proposal and a packet.
func scene(t *testing.T, s *store.Store) *sectiontest.Fixture {
	t.Helper()
	f := sectiontest.New(t, s)
	w := workflows.Proposals{Base: f.Base}
	answers := domain.Answers{
		"short_description": {"Gain."}, "full_description": {"What happens."}, "audience": {"Managers"}, "level": {"intro"}, "outcomes": {"One", "Two", "Three"},
		"tags": {"budget"}, "interaction_plan": {"Tables."}, "elsewhere": {"no"}, "access_plan": {"Large print."}, "room": {"Tables."},
		"recording_consent": {"yes"}, "code_of_conduct": {"yes"}, "not_a_pitch": {"yes"},
	}
	webinar := answers.Clone()
	delete(webinar, "room")
	webinar["length"], webinar["preferred_dates"] = []string{"60"}, []string{"2027-05-20", "2027-05-27"}
	declined := make1(t, f, w, "annual-2027-sessions", answers)
	do(t, f, w, "Ben Castellano", declined, domain.RecordOutcome, workflows.Move{Input: domain.Input{Outcome: domain.OutcomeDeclined, DecidedOn: "2026-09-18", Evidence: "Notice"}})
	f.At("2027-01-20T12:00:00-06:00")
	do(t, f, w, "Ben Castellano", declined, domain.CarryForward, workflows.Move{Call: "webinars-2026-27"})
	accepted := make1(t, f, w, "webinars-2026-27", webinar)
	do(t, f, w, "Fay Nguyen", accepted, domain.Decide, workflows.Move{Input: domain.Input{Outcome: domain.OutcomeAccepted}})
	p, err := w.Get(t.Context(), f.Actor("Ben Castellano"), accepted)
	if err != nil {
		t.Fatal(err)
	}
	for _, sp := range p.Facts.Speakers {
		if _, err := w.Designate(t.Context(), f.Actor("Ben Castellano"), accepted, sp.ID); err != nil {
			t.Fatal(err)
		}
	}
	payFirst(t, f, w, accepted, p.Facts.Speakers)
	packet := domain.Packet{ID: f.NewID(), SectionID: f.Section.ID, VenueID: "forum", Year: "2026-27", Number: 1, ReleasedName: "Dana Whitfield", ReleasedAt: f.Now()}
	if _, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.AddPacket(packet) }); err != nil {
		t.Fatal(err)
	}
	return f
}

// payFirst delivers the webinar and pays the first of its three stipends.
func payFirst(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, accepted string, speakers []domain.Speaker) {
	t.Helper()
	in := domain.Input{On: "2027-01-20", TaxForm: domain.FormW9, Payment: domain.PaymentInput{Method: domain.ByCheck, Reference: "1042", PaidOn: "2027-01-20"}}
	for _, sp := range speakers {
		in.Presented = append(in.Presented, sp.ID)
	}
	do(t, f, w, "Fay Nguyen", accepted, domain.MarkDelivered, workflows.Move{Input: in})
	all := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Stipend, error) { return tx.Stipends(accepted) })
	for _, a := range []struct {
		who string
		do  domain.StipendAction
	}{
		{"Ben Castellano", domain.AcceptMoney},
		{"Fay Nguyen", domain.NoteContract},
		{"Gus Petrakis", domain.NoteTaxForm},
		{"Gus Petrakis", domain.ApproveMoney},
		{"Gus Petrakis", domain.PayMoney},
	} {
		if _, err := w.ActOnStipend(t.Context(), f.Actor(a.who), all[0].ID, a.do, workflows.Move{Input: in}); err != nil {
			t.Fatalf("%s: %v", a.do, err)
		}
	}
}

const stipendColumns = `id, version, proposal_id, speaker_id, payee, employer, funded_by, slot, amount_cents, state, spent, designated_by, designated_at,
	answered_at, agreement_on, agreement_by, tax_form_on, tax_form_by, tax_form, hold, presented, approved_by, approved_at, void_reason, updated_at`

func dropped(trigger string) string { return "DROP TRIGGER " + trigger }

func make1(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, call string, a domain.Answers) string {
	t.Helper()
	var speakers []domain.Speaker
	for _, n := range []string{"Linda Park", "Susanne Vale", "Marta Ruiz"} {
		speakers = append(speakers, domain.Speaker{Name: n, Email: sectiontest.Email(n), Titles: []string{"Librarian"}, Affiliations: []string{"Example"}, Bio: "Writes."})
	}
	p, err := w.Create(t.Context(), f.Actor("Ana Reyes"), workflows.Draft{Group: "new-leaders-and-managers", Call: call, Title: "About " + call, Answers: a, Speakers: speakers})
	if err != nil {
		t.Fatal(err)
	}
	do(t, f, w, "Ben Castellano", p.ID, domain.Submit, workflows.Move{})
	return p.ID
}

func do(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, name, id string, a domain.Action, m workflows.Move) {
	t.Helper()
	if _, err := w.Act(t.Context(), f.Actor(name), id, a, m); err != nil {
		t.Fatalf("%s: %v", a, err)
	}
}

// A damage breaks one invariant of the check.
type damage struct {
	name     string
	sql      []string
	postgres []string // instead of sql, where the databases differ
}

var damages = []damage{
	{
		name: "packets of a venue and year are numbered without a gap",
		sql: []string{`INSERT INTO packets (id, section_id, venue_id, year, number, note, content, released_by, released_name, released_at)
			SELECT 'k3', section_id, venue_id, year, 3, 'More.', content, released_by, released_name, released_at FROM packets`},
	},
	{
		name: "every proposal is where its history says", sql: []string{"UPDATE proposals SET state = 'withdrawn' WHERE state = 'accepted'"},
		postgres: []string{"ALTER TABLE proposals DISABLE TRIGGER proposals_lifecycle", "UPDATE proposals SET state = 'withdrawn' WHERE state = 'accepted'"},
	},
	{
		name: "every step of history is in the lifecycle",
		sql: []string{ // without what ties it to the table of steps
			"CREATE TABLE damaged AS SELECT * FROM history", "DROP TABLE history", "ALTER TABLE damaged RENAME TO history", "UPDATE history SET action = 'jump' WHERE action = 'submit'",
		},
		postgres: []string{"ALTER TABLE history DROP CONSTRAINT history_action_from_state_to_state_fkey", "UPDATE history SET action = 'jump' WHERE action = 'submit'"},
	},
	{name: "quotas equal a recount", sql: []string{"UPDATE proposals SET year = '2030-31' WHERE state = 'accepted'"}}, // another year than its call's
	{name: "every proposal has its current revision", sql: []string{"DELETE FROM revisions"}},
	{name: "at most one child for each proposal carried forward", sql: []string{
		"DROP INDEX proposals_one_child",
		"UPDATE proposals SET parent_id = (SELECT id FROM proposals WHERE state = 'carried_forward') WHERE state = 'accepted'",
	}},
	{name: "what is carried forward has a child", sql: []string{"UPDATE proposals SET parent_id = '' WHERE parent_id <> ''"}},
	{name: "one decision in force for each decided proposal", sql: []string{"UPDATE decisions SET superseded_at = published_at"}},
	{name: "one mail for each cause, address and kind", sql: []string{"DROP INDEX outbox_once", "UPDATE outbox SET cause = 'same', kind = 'receipt', address = 'a@example.org'"}},
	{name: "one person and one place once for each webinar's stipends", sql: []string{"DROP INDEX stipends_live_slot", "UPDATE stipends SET slot = 1"}},
	{name: "at most three stipends for each webinar", sql: []string{
		"DROP INDEX stipends_live_slot", "DROP INDEX stipends_live_payee",
		`INSERT INTO stipends (` + stipendColumns + `) SELECT id || '2', ` + strings.TrimPrefix(stipendColumns, "id, ") + ` FROM stipends WHERE state = 'designated'`,
		`INSERT INTO stipends (` + stipendColumns + `) SELECT id || '3', ` + strings.TrimPrefix(stipendColumns, "id, ") + ` FROM stipends WHERE state = 'designated'`,
	}},
	{name: "at most one good payment for each stipend", sql: []string{
		"DROP INDEX stipend_payments_good", dropped("stipend_payments_due"),
		"INSERT INTO stipend_payments SELECT id || '2', stipend_id, payee_key, payee_name, amount_cents, method, reference, paid_on, state, by_id, by_name, at, returned_on, return_reason, returned_by FROM stipend_payments",
	}},
	{name: "good payments are the stipends that are paid, in cents", sql: []string{dropped("stipends_fixed"), "UPDATE stipends SET amount_cents = 14000 WHERE state = 'paid'"}},
	{name: "what is approved or paid was delivered, presented and approved by somebody else", sql: []string{"UPDATE proposals SET delivered_at = NULL"}},
	{name: "stipends only on accepted webinars", sql: []string{"UPDATE venues SET stipends = FALSE"}},
	{name: "the database knows the lifecycle of this program", sql: []string{"INSERT INTO lifecycle (action, from_state, to_state) VALUES ('jump', 'draft', 'accepted')"}},
}

// TestCheck_complete: an invariant that no test breaks may prove nothing.
func TestCheck_complete(t *testing.T) {
	t.Parallel()
	for _, found := range checked(scene(t, storetest.SQLite(t))) {
		if !slices.ContainsFunc(slices.Concat(damages, saleDamages, quoteDamages), func(d damage) bool { return d.name == found.Name }) {
			t.Errorf("no test breaks %q", found.Name)
		}
	}
}

// TestCheck breaks each invariant, with what guards it taken away first, and sees it named.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range damages {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				f := scene(t, s)
				if all := checked(f); !slices.ContainsFunc(all, func(x store.Finding) bool { return x.Name == c.name && x.Looked > 0 }) {
					t.Errorf("%q is not looked at: %+v", c.name, all)
				}
				if broken := brokenNames(t, f); len(broken) > 0 {
					t.Fatalf("broken before anything was broken: %v", broken)
				}
				statements := slices.Clone(c.sql)
				for i, sql := range statements {
					if s.Postgres() && strings.HasPrefix(sql, "DROP TRIGGER") {
						statements[i] = sql + " ON " + strings.TrimPrefix(sql[:strings.LastIndex(sql, "_")], "DROP TRIGGER ")
					}
				}
				if s.Postgres() && c.postgres != nil {
					statements = c.postgres
				} else if c.postgres != nil {
					statements = append([]string{"DROP TRIGGER proposals_lifecycle"}, c.sql...)
				}
				for _, sql := range statements {
					if _, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.Exec(sql) }); err != nil {
						t.Fatalf("%s: %v", sql, err)
					}
				}
				if broken := brokenNames(t, f); !slices.Contains(broken, c.name) {
					t.Errorf("broke %q, and the check names %v", c.name, broken)
				}
			})
		})
	}
}

func checked(f *sectiontest.Fixture) []store.Finding {
	return sectiontest.Read(f, func(tx *store.Tx) ([]store.Finding, error) { return tx.Check(f.Now()) })
}

func brokenNames(t *testing.T, f *sectiontest.Fixture) []string {
	t.Helper()
	var names []string
	for _, c := range checked(f) {
		if len(c.Broken) > 0 {
			names = append(names, c.Name)
		}
	}
	return names
}

// TestRawChangesAreRefused: the database is the last guard of what the table of
// moves and the caps say, whoever writes.
func TestRawChangesAreRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		scene(t, s)
		for name, sql := range map[string]string{
			"proposals_lifecycle":                "UPDATE proposals SET state = 'draft' WHERE state = 'accepted'",
			"proposals_lifecycle, at birth":      "INSERT INTO proposals SELECT id || 'x', version, revision, '27-W-999', call_id, group_id, venue_id, format_id, year, 'accepted', title, answers, idea_id, '', 0, '', created_by, created_at, updated_by, updated_at, submitted_at, late_until, reopened_until, gate_override, delivered_at, '' FROM proposals WHERE state = 'accepted'",
			"proposals_lifecycle, no such state": "UPDATE proposals SET state = 'shelved' WHERE state = 'draft'",
			"proposals_submitted":                "UPDATE proposals SET submitted_at = NULL, number = '' WHERE state = 'accepted'",
			"proposals_one_child":                "UPDATE proposals SET parent_id = (SELECT id FROM proposals WHERE state = 'carried_forward') WHERE state = 'accepted'",
			"stipends_slot":                      "UPDATE stipends SET slot = 4 WHERE slot = 3",
			"stipends_funding":                   "UPDATE stipends SET slot = 0 WHERE slot = 3",
			"stipends_spent":                     "UPDATE stipends SET spent = TRUE WHERE slot = 3",
			"stipends_fixed":                     "UPDATE stipends SET amount_cents = 20000 WHERE slot = 3",
			"stipends_paid":                      "UPDATE stipends SET state = 'approved' WHERE state = 'paid'",
			"stipends_begin":                     "INSERT INTO stipends (" + stipendColumns + ") SELECT id || 'x', version, proposal_id, speaker_id, 'other', '', 'section', 1, 15000, 'accepted', FALSE, designated_by, designated_at, NULL, '', '', '', '', '', '', NULL, '', NULL, '', updated_at FROM stipends WHERE slot = 2",
			"stipend_payments_fixed":             "UPDATE stipend_payments SET amount_cents = 1",
			"stipend_payments_fixed, the date":   "UPDATE stipend_payments SET paid_on = '2026-12-30'",
			"stipend_payments_due":               "INSERT INTO stipend_payments SELECT id || 'x', (SELECT id FROM stipends WHERE slot = 2), payee_key, payee_name, amount_cents, method, reference, paid_on, state, by_id, by_name, at, returned_on, return_reason, returned_by FROM stipend_payments",
			"stipends_live_slot":                 "UPDATE stipends SET slot = 1 WHERE slot = 2",
			"stipends_lifecycle":                 "UPDATE stipends SET state = 'paid' WHERE slot = 2",
			"stipends_selected":                  "INSERT INTO stipends (" + stipendColumns + ") SELECT id || 'y', version, (SELECT id FROM proposals WHERE state = 'draft'), speaker_id, 'other', '', 'section', 1, 15000, 'designated', FALSE, designated_by, designated_at, NULL, '', '', '', '', '', '', NULL, '', NULL, '', updated_at FROM stipends WHERE slot = 2",
		} {
			_, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.Exec(sql) })
			want, _, _ := strings.Cut(name, ",")
			if got := store.Constraint(err); got != want {
				t.Errorf("%s: refused by %q (%v)", name, got, err)
			}
		}
		if _, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) {
			return struct{}{}, tx.Exec("UPDATE history SET action = 'jump'")
		}); err == nil {
			t.Error("history took a step that the lifecycle does not have")
		}
	})
}
