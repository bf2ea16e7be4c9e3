package workflows_test

import (
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/workflows"
)

// till is what the tests do with the stipends of one webinar of six speakers.
type till struct {
	*testing.T
	f *sectiontest.Fixture
	w workflows.Stipends
	p workflows.ProposalView
}

func newTill(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, title string) *till {
	t.Helper()
	return &till{t, f, workflows.Stipends{Proposals: w}, acceptedWebinar(t, f, w, title)}
}

// designate gives a stipend to the speaker at a position, from 0 on.
func (t *till) designate(i int) domain.Stipend {
	t.Helper()
	s, err := t.w.Designate(t.Context(), t.f.Actor("Ben Castellano"), t.p.ID, t.p.Facts.Speakers[i].ID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var paidByCheck = domain.Input{On: "2027-03-03", TaxForm: domain.FormW9, Payment: domain.PaymentInput{Method: domain.ByCheck, Reference: "1042", PaidOn: "2027-03-03"}}

func (t *till) try(name string, s domain.Stipend, a domain.StipendAction, in domain.Input) error {
	t.Helper()
	_, err := t.w.ActOnStipend(t.Context(), t.f.Actor(name), s.ID, a, workflows.Move{Input: in})
	return err
}

func (t *till) do(name string, s domain.Stipend, actions ...domain.StipendAction) {
	t.Helper()
	for _, a := range actions {
		in := paidByCheck
		in.Reason = "A reason"
		if err := t.try(name, s, a, in); err != nil {
			t.Fatalf("%s by %s: %v", a, name, err)
		}
	}
}

func (t *till) wants(err error, code string) {
	t.Helper()
	if !domain.HasCode(err, code) {
		t.Errorf("answered %v, want %s", err, code)
	}
}

func (t *till) deliver(positions ...int) {
	t.Helper()
	var came []string
	for _, i := range positions {
		came = append(came, t.p.Facts.Speakers[i].ID)
	}
	if _, err := t.w.Act(t.Context(), t.f.Actor("Fay Nguyen"), t.p.ID, domain.MarkDelivered, workflows.Move{Input: domain.Input{Presented: came}}); err != nil {
		t.Fatal(err)
	}
}

func (t *till) now(s domain.Stipend) domain.Stipend {
	t.Helper()
	v, err := t.w.Get(t.Context(), t.f.Actor("Gus Petrakis"), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	return v.Stipend
}

// ready brings a stipend to where it can be approved.
func (t *till) ready(s domain.Stipend) {
	t.Helper()
	t.do("Ben Castellano", s, domain.AcceptMoney)
	t.do("Fay Nguyen", s, domain.NoteContract)
	t.do("Gus Petrakis", s, domain.NoteTaxForm)
}

func (t *till) checked() {
	t.Helper()
	for _, c := range sectiontest.Read(t.f, func(tx *store.Tx) ([]store.Finding, error) { return tx.Check(t.f.Now()) }) {
		if len(c.Broken) > 0 {
			t.Errorf("%s: %v", c.Name, c.Broken)
		}
	}
}

// TestStipendCases are the rows of the rulebook's table of cases, on both databases.
func TestStipendCases(t *testing.T) {
	for name, run := range map[string]func(t *till){
		"no-show":                     caseNoShow,
		"waived, and the fourth":      caseWaived,
		"employer is paid":            caseEmployer,
		"member of the group speaks":  caseMemberSpeaks,
		"replaced before the event":   caseReplaced,
		"sponsor pays":                caseSponsor,
		"cancelled before delivery":   caseCancelled,
		"paid twice":                  casePaidTwice,
		"check returned":              caseReturned,
		"no W-9":                      caseNoForm,
		"outside the US":              caseOutsideUS,
		"payment across the year end": caseYearEnd,
		"amount changed next year":    caseAmount,
		"cap for one person":          casePersonCap,
		"same human, two addresses":   caseTwins,
		"delivered stays delivered":   caseDelivered,
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
				l := newTill(t, f, w, "Case: "+name)
				run(l)
				l.checked()
			})
		})
	}
}

func caseNoShow(t *till) {
	one, two, three := t.designate(0), t.designate(1), t.designate(2)
	t.ready(one)
	t.ready(two)
	t.wants(t.try("Gus Petrakis", one, domain.ApproveMoney, domain.Input{}), "not_delivered")
	t.deliver(0, 3)
	if s := t.now(two); s.State != domain.StipendVoid || !s.Spent || s.VoidReason == "" {
		t.Errorf("the no-show is %+v", s)
	}
	t.wants(t.try("Gus Petrakis", two, domain.ApproveMoney, domain.Input{}), "not_from_here")
	_, err := t.w.Designate(t.Context(), t.f.Actor("Fay Nguyen"), t.p.ID, t.p.Facts.Speakers[3].ID)
	t.wants(err, "stipend_cap_reached") // three places are used up
	t.do("Gus Petrakis", one, domain.ApproveMoney, domain.PayMoney)
	if t.now(one).State != domain.StipendPaid || t.now(three).State != domain.StipendVoid {
		t.Error("who presented is not the only one paid")
	}
}

func caseWaived(t *till) {
	one, two := t.designate(0), t.designate(1)
	t.designate(2)
	_, err := t.w.Designate(t.Context(), t.f.Actor("Ben Castellano"), t.p.ID, t.p.Facts.Speakers[3].ID)
	t.wants(err, "stipend_cap_reached")
	t.do("Ben Castellano", two, domain.WaiveMoney)
	if four := t.designate(3); four.Slot != 2 || four.AmountCents != 15000 {
		t.Errorf("the fourth is %+v", four)
	}
	t.ready(one)
	t.deliver(0, 4)
	t.do("Gus Petrakis", one, domain.ApproveMoney, domain.PayMoney)
	_, err = t.w.Designate(t.Context(), t.f.Actor("Fay Nguyen"), t.p.ID, t.p.Facts.Speakers[4].ID)
	t.wants(err, "payments_begun")
}

func caseEmployer(t *till) {
	one := t.designate(0)
	if err := t.try("Ben Castellano", one, domain.AcceptMoney, domain.Input{Employer: " Hostos Community College "}); err != nil {
		t.Fatal(err)
	}
	t.do("Fay Nguyen", one, domain.NoteContract, domain.NoteTaxForm)
	t.deliver(0)
	t.do("Gus Petrakis", one, domain.ApproveMoney, domain.PayMoney)
	v, err := t.w.Get(t.Context(), t.f.Actor("Gus Petrakis"), one.ID)
	if err != nil || len(v.Payments) != 1 || v.Payments[0].PayeeName != "Hostos Community College" {
		t.Errorf("paid %+v %v", v.Payments, err)
	}
}

// caseMemberSpeaks has finance speak, and designate: neither approves (X21).
func caseMemberSpeaks(t *till) {
	one := t.designate(0)
	t.ready(one)
	t.deliver(0)
	gus := t.f.Actor("Gus Petrakis")
	gus.Email = "Linda.Park@example.org"
	_, err := t.w.ActOnStipend(t.Context(), gus, one.ID, domain.ApproveMoney, workflows.Move{})
	if !domain.IsKind(err, domain.Forbidden) || !domain.HasCode(err, "own_stipend") {
		t.Errorf("the payee approves: %v", err)
	}
	ben := t.f.Actor("Ben Castellano")
	ben.Roles = append(ben.Roles, domain.Finance)
	_, err = t.w.ActOnStipend(t.Context(), ben, one.ID, domain.ApproveMoney, workflows.Move{})
	if !domain.IsKind(err, domain.Forbidden) || !domain.HasCode(err, "own_designation") {
		t.Errorf("the designator approves: %v", err)
	}
	t.do("Gus Petrakis", one, domain.ApproveMoney)
}

func caseReplaced(t *till) {
	one := t.designate(0)
	t.ready(one)
	old := t.p.Facts.Speakers[0].ID
	m := workflows.Move{Input: domain.Input{SpeakerID: old, Speaker: &domain.Speaker{Name: "Wren Tate", Email: "wren@example.org"}}}
	after, err := t.w.Act(t.Context(), t.f.Actor("Fay Nguyen"), t.p.ID, domain.ReplaceSpeaker, m)
	if err != nil {
		t.Fatal(err)
	}
	if s := t.now(one); s.State != domain.StipendVoid || s.Spent {
		t.Errorf("the old one is %+v", s)
	}
	for _, sp := range domain.Active(after.Facts.Speakers) {
		if sp.Name == "Wren Tate" {
			s, err := t.w.Designate(t.Context(), t.f.Actor("Ben Castellano"), t.p.ID, sp.ID)
			if err != nil || s.Slot != 1 || s.AgreementOn != "" {
				t.Errorf("the new one is %+v %v", s, err)
			}
		}
	}
}

func caseSponsor(t *till) {
	t.designate(0)
	t.designate(1)
	t.designate(2)
	ben := t.f.Actor("Ben Castellano")
	s, err := t.w.DesignateFor(t.Context(), ben, t.p.ID, t.p.Facts.Speakers[3].ID, domain.FundedOutside)
	if err != nil || s.Slot != 0 || s.AmountCents != 0 {
		t.Fatalf("%+v %v", s, err)
	}
	_, err = t.w.DesignateFor(t.Context(), ben, t.p.ID, t.p.Facts.Speakers[0].ID, domain.FundedOutside)
	t.wants(err, "already_designated")
	t.wants(t.try("Gus Petrakis", s, domain.NoteTaxForm, paidByCheck), "funded_outside")
}

func caseCancelled(t *till) {
	one := t.designate(0)
	t.designate(1)
	t.ready(one)
	if _, err := t.w.Act(t.Context(), t.f.Actor("Fay Nguyen"), t.p.ID, domain.Cancel, workflows.Move{Input: domain.Input{Reason: "The presenter is ill"}}); err != nil {
		t.Fatal(err)
	}
	l, err := t.w.Ledger(t.Context(), t.f.Actor("Gus Petrakis"), workflows.StipendFilter{Year: "2026-27"})
	if err != nil || len(l.Lines) != 2 || len(l.Sums) != 1 || l.Sums[0].Stage != domain.StageVoid || l.Lines[0].VoidReason == "" {
		t.Errorf("%+v %v", l, err)
	}
}

func casePaidTwice(t *till) {
	one := t.designate(0)
	t.ready(one)
	t.deliver(0)
	t.do("Gus Petrakis", one, domain.ApproveMoney, domain.PayMoney)
	err := t.try("Gus Petrakis", one, domain.PayMoney, paidByCheck)
	t.wants(err, "not_from_here")
	if err != nil && !strings.Contains(err.Error(), "Possible now: return") {
		t.Errorf("does not say what is possible: %v", err)
	}
}

func caseReturned(t *till) {
	one := t.designate(0)
	t.ready(one)
	t.deliver(0)
	t.do("Gus Petrakis", one, domain.ApproveMoney, domain.PayMoney)
	early := domain.Input{On: "2027-03-02", Reason: "Lost"}
	t.wants(t.try("Gus Petrakis", one, domain.ReturnMoney, early), "before_payment")
	t.do("Gus Petrakis", one, domain.ReturnMoney)
	again := paidByCheck
	again.Payment.Reference = "1077"
	if err := t.try("Gus Petrakis", one, domain.PayMoney, again); err != nil {
		t.Fatal(err)
	}
	v, err := t.w.Get(t.Context(), t.f.Actor("Gus Petrakis"), one.ID)
	if err != nil || len(v.Payments) != 2 || v.Payments[0].State != domain.PaymentReturned || v.Payments[1].State != domain.PaymentGood {
		t.Errorf("%+v %v", v.Payments, err)
	}
	r, err := t.w.TaxReport(t.Context(), t.f.Actor("Gus Petrakis"), 2027)
	if err != nil || len(r.Lines) != 1 || r.Lines[0].Cents != 15000 || r.Lines[0].Payments != 1 {
		t.Errorf("the year-end list has %+v %v", r, err)
	}
}

func caseNoForm(t *till) {
	one := t.designate(0)
	t.do("Ben Castellano", one, domain.AcceptMoney)
	t.do("Fay Nguyen", one, domain.NoteContract)
	t.deliver(0)
	t.wants(t.try("Gus Petrakis", one, domain.ApproveMoney, domain.Input{}), "tax_form_missing")
	lines, err := t.w.Lines(t.Context(), t.f.Actor("Gus Petrakis"), workflows.StipendFilter{Stage: workflows.StageBlocked})
	if err != nil || len(lines) != 1 || !lines[0].Blocked() {
		t.Errorf("%+v %v", lines, err)
	}
}

func caseOutsideUS(t *till) {
	one := t.designate(0)
	t.ready(one)
	in := paidByCheck
	in.TaxForm = domain.FormW8BEN
	if err := t.try("Gus Petrakis", one, domain.NoteTaxForm, in); err != nil {
		t.Fatal(err)
	}
	t.deliver(0)
	got, err := t.w.ApproveAll(t.Context(), t.f.Actor("Gus Petrakis"), []string{one.ID})
	if err != nil || len(got) != 1 || len(got[0].Why) != 1 || got[0].Why[0].Code != "finance_hold" {
		t.Errorf("the batch answers %+v %v", got, err)
	}
	if err := t.try("Gus Petrakis", one, domain.ApproveMoney, domain.Input{Reason: "Treaty checked"}); err != nil {
		t.Error(err)
	}
}

// caseYearEnd pays on Dec 30 and on Jan 4: each counts in its calendar year.
func caseYearEnd(t *till) {
	one, two := t.designate(0), t.designate(1)
	t.ready(one)
	t.ready(two)
	t.deliver(0, 1)
	t.f.At("2028-01-05T12:00:00-06:00")
	t.do("Gus Petrakis", one, domain.ApproveMoney)
	t.do("Gus Petrakis", two, domain.ApproveMoney)
	for s, day := range map[string]domain.Date{one.ID: "2027-12-30", two.ID: "2028-01-04"} {
		in := domain.Input{Payment: domain.PaymentInput{Method: domain.ByTransfer, Reference: "T-" + string(day), PaidOn: day}}
		if _, err := t.w.ActOnStipend(t.Context(), t.f.Actor("Gus Petrakis"), s, domain.PayMoney, workflows.Move{Input: in}); err != nil {
			t.Fatal(err)
		}
	}
	for _, year := range []int{2027, 2028} {
		r, err := t.w.TaxReport(t.Context(), t.f.Actor("Gus Petrakis"), year)
		if err != nil || len(r.Lines) != 1 || r.Lines[0].Cents != 15000 {
			t.Errorf("%d: %+v %v", year, r, err)
		}
	}
}

func (t *till) set(change func(*domain.Settings)) {
	t.Helper()
	_, err := store.Write(t.Context(), t.f.Store, func(tx *store.Tx) (struct{}, error) {
		s, err := tx.Section(t.f.Section.ID)
		if err != nil {
			return struct{}{}, err
		}
		change(&s.Settings)
		s.Version++
		return struct{}{}, tx.PutSection(s)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func caseAmount(t *till) {
	one := t.designate(0)
	t.set(func(s *domain.Settings) { s.StipendCentsIn = map[domain.Year]int{"2026-27": 20000} })
	two := t.designate(1)
	if t.now(one).AmountCents != 15000 || two.AmountCents != 20000 {
		t.Errorf("%d and %d", t.now(one).AmountCents, two.AmountCents)
	}
}

func casePersonCap(t *till) {
	t.set(func(s *domain.Settings) { s.StipendPersonCap = 1 })
	t.designate(0)
	other := newTill(t.T, t.f, t.w.Proposals, "Another webinar")
	_, err := t.w.Designate(t.Context(), t.f.Actor("Ben Castellano"), other.p.ID, other.p.Facts.Speakers[0].ID)
	t.wants(err, "person_cap_reached")
	t.set(func(s *domain.Settings) { s.StipendPersonCap = 0 })
	other.designate(0) // the text is per webinar: both are paid
}

func caseTwins(t *till) {
	one := t.designate(0)
	linda := t.p.Facts.Speakers[0]
	twin := domain.Speaker{Name: linda.Name, Email: "another.address@example.org", Affiliations: linda.Affiliations}
	m := workflows.Move{Input: domain.Input{SpeakerID: t.p.Facts.Speakers[5].ID, Speaker: &twin}}
	after, err := t.w.Act(t.Context(), t.f.Actor("Fay Nguyen"), t.p.ID, domain.ReplaceSpeaker, m)
	if err != nil {
		t.Fatal(err)
	}
	for _, sp := range domain.Active(after.Facts.Speakers) {
		if sp.Email == "another.address@example.org" {
			if _, err := t.w.Designate(t.Context(), t.f.Actor("Ben Castellano"), t.p.ID, sp.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	v, err := t.w.Get(t.Context(), t.f.Actor("Gus Petrakis"), one.ID)
	if err != nil || len(v.Twins) != 1 {
		t.Errorf("no warning: %+v %v", v.Twins, err)
	}
}

func caseDelivered(t *till) {
	one := t.designate(0)
	t.deliver(0)
	for name, a := range map[string]domain.Action{"Fay Nguyen": domain.Cancel} {
		_, err := t.w.Act(t.Context(), t.f.Actor(name), t.p.ID, a, workflows.Move{Input: domain.Input{Reason: "Too late"}})
		t.wants(err, "already_delivered")
	}
	_, err := t.w.Act(t.Context(), t.f.Actor("Fay Nguyen"), t.p.ID, domain.MarkDelivered, workflows.Move{Input: domain.Input{Presented: []string{one.SpeakerID}}})
	t.wants(err, "already_delivered")
	t.wants(t.try("Ben Castellano", one, domain.VoidMoney, domain.Input{Reason: "No"}), "after_delivery")
	t.do("Fay Nguyen", one, domain.VoidMoney)
	if !t.now(one).Spent {
		t.Error("ended after delivery, and its place is free again")
	}
}
