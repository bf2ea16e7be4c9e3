package workflows_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/workflows"
)

// TestOnePayment lets two officers, and more, pay the same stipend at once.
func TestOnePayment(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		for round := range rounds {
			l := newTill(t, f, w, fmt.Sprintf("Pay %d", round))
			one := l.designate(0)
			l.ready(one)
			l.deliver(0)
			l.do("Gus Petrakis", one, domain.ApproveMoney)
			won, lost := race(12, func(i int) error {
				in := paidByCheck
				in.Payment.Reference = fmt.Sprint(i)
				return l.try("Gus Petrakis", one, domain.PayMoney, in)
			})
			if won != 1 {
				t.Fatalf("round %d: %d of 12 paid", round, won)
			}
			allConflict(t, lost, "not_from_here", "stale_version", "already_paid")
			l.checked()
		}
	})
}

// TestPaymentsFromAFile reads check numbers back: all or none, and the same file
// again changes nothing.
func TestPaymentsFromAFile(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		l := newTill(t, f, w, "=HYPERLINK(\"a file\")")
		one, two := l.designate(0), l.designate(1)
		l.ready(one)
		l.ready(two)
		l.deliver(0, 1)
		gus := f.Actor("Gus Petrakis")
		if _, err := l.w.ApproveAll(t.Context(), gus, []string{one.ID, two.ID}); err != nil {
			t.Fatal(err)
		}
		file := func(second string) []byte {
			return []byte("stipend,method,reference,paid_on\n" + one.ID + ",check,1042,2027-03-03\n" + two.ID + ",check," + second + "\n")
		}
		_, err := l.w.ImportPayments(t.Context(), gus, file("1043,2027-03-04"))
		l.wants(err, "in_the_future")
		if err == nil || !strings.Contains(err.Error(), "Line 3") || l.now(one).State != domain.StipendApproved {
			t.Fatalf("a bad line: %v, and the good one is %s", err, l.now(one).State)
		}
		for _, want := range []workflows.Recorded{{Paid: 2}, {Unchanged: 2}} {
			got, err := l.w.ImportPayments(t.Context(), gus, file("1043,2027-03-03"))
			if err != nil || got != want {
				t.Errorf("%+v %v, want %+v", got, err, want)
			}
		}
		lines, err := l.w.Lines(t.Context(), gus, workflows.StipendFilter{Live: true})
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := workflows.WriteCSV(&out, workflows.LedgerTable(lines, "America/Chicago")); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), `"'=HYPERLINK`) {
			t.Errorf("a title is a formula: %s", out.String())
		}
		if got, err := l.w.ImportPayments(t.Context(), gus, []byte(out.String())); err != nil || got != (workflows.Recorded{Unchanged: 2}) {
			t.Errorf("the ledger's own file: %+v %v", got, err)
		}
		l.checked()
	})
}

// TestWhoSeesTheLedger has others than finance, staff and administrators find nothing.
func TestWhoSeesTheLedger(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		l := newTill(t, f, w, "Whose money")
		one := l.designate(0)
		for name, ledger := range map[string]bool{"Gus Petrakis": true, "Fay Nguyen": true, "Kim Adeyemi": true, "Ben Castellano": false, "Dana Whitfield": false, "Otto Lang": false} {
			_, err := l.w.Ledger(t.Context(), f.Actor(name), workflows.StipendFilter{Year: "2026-27"})
			if ledger == domain.IsKind(err, domain.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
			_, err = l.w.Get(t.Context(), f.Actor(name), one.ID)
			if item := ledger || name == "Ben Castellano"; item == domain.IsKind(err, domain.NotFound) {
				t.Errorf("%s opens one: %v", name, err)
			}
		}
		l.wants(l.try("Otto Lang", one, domain.VoidMoney, domain.Input{Reason: "No"}), "not_found")
	})
}

// TestPapersReminder asks for papers 30, 14 and 3 days before the webinar, while
// they are missing: once each.
func TestPapersReminder(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		l := newTill(t, f, w, "Papers") // preferred: May 20 or 27
		one, two := l.designate(0), l.designate(1)
		l.do("Ben Castellano", one, domain.AcceptMoney)
		l.ready(two)
		r := workflows.Reminders{Base: f.Base}
		mails := func() (n int) {
			for _, m := range sectiontest.Read(f, func(tx *store.Tx) ([]domain.Mail, error) {
				return tx.Mails(store.MailFilter{Kind: domain.StipendPapers, Limit: 50})
			}) {
				if m.State == domain.MailWaiting && m.To == "linda.park@example.org" {
					n++
				} else if m.To != "linda.park@example.org" {
					t.Errorf("%s is asked for papers", m.To)
				}
			}
			return n
		}
		for _, day := range []struct {
			at   string
			want int
		}{
			{"2027-04-19T12:00:00-05:00", 0},
			{"2027-04-20T12:00:00-05:00", 1},
			{"2027-04-21T12:00:00-05:00", 1},
			{"2027-05-06T12:00:00-05:00", 1}, // the earlier one dies unsent
			{"2027-05-17T12:00:00-05:00", 1},
		} {
			f.At(day.at)
			if err := r.Papers(t.Context(), f.Now()); err != nil {
				t.Fatal(err)
			}
			if n := mails(); n != day.want {
				t.Errorf("%s: %d wait, want %d", day.at, n, day.want)
			}
		}
		next, found, err := r.NextDue(t.Context(), f.Now().Add(-40*24*time.Hour))
		if err != nil || !found || next.After(f.Now()) {
			t.Errorf("next due %s %t %v", next, found, err)
		}
		l.do("Fay Nguyen", one, domain.NoteContract, domain.NoteTaxForm)
		if n := mails(); n != 0 {
			t.Errorf("the papers are here and %d reminders wait", n)
		}
	})
}

// TestNewLink gives a speaker of an accepted webinar a new link: the old one ends,
// what they answered stays (X22).
func TestNewLink(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		l := newTill(t, f, w, "A leaked link")
		id := l.p.Facts.Speakers[0].ID
		in := workflows.Move{Input: domain.Input{SpeakerID: id}}
		if _, err := w.Act(t.Context(), f.Actor("Ben Castellano"), l.p.ID, domain.Confirm, in); err != nil {
			t.Fatal(err)
		}
		before := sectiontest.Read(f, func(tx *store.Tx) (domain.Speaker, error) { return tx.Speaker(id) })
		if _, err := w.Act(t.Context(), f.Actor("Fay Nguyen"), l.p.ID, domain.InviteSpeaker, in); err != nil {
			t.Fatal(err)
		}
		after := sectiontest.Read(f, func(tx *store.Tx) (domain.Speaker, error) { return tx.Speaker(id) })
		if after.LinkSerial != before.LinkSerial+1 || after.Answer != domain.Confirmed {
			t.Errorf("%+v", after)
		}
	})
}

// TestDeliverOnSale delivers what is on sale with its proposal, from either side;
// not before it has taken place.
func TestDeliverOnSale(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		sale, fay := workflows.Offerings{Base: f.Base}, f.Actor("Fay Nguyen")
		for _, fromSale := range []bool{true, false} {
			f.At("2027-03-03T12:00:00-06:00")
			o := onSale(t, f, fmt.Sprintf("Delivered %t", fromSale), 10)
			p, err := w.Get(t.Context(), fay, o.ProposalID)
			if err != nil {
				t.Fatal(err)
			}
			came := []string{p.Facts.Speakers[0].ID}
			deliver := func() error {
				if fromSale {
					_, err := sale.Act(t.Context(), fay, o.ID, domain.DeliverOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Presented: came}})
					return err
				}
				_, err := w.Act(t.Context(), fay, p.ID, domain.MarkDelivered, workflows.Move{Input: domain.Input{Presented: came}})
				return err
			}
			if err := deliver(); !domain.HasCode(err, "not_yet") {
				t.Errorf("before it took place: %v", err)
			}
			f.At("2027-05-21T12:00:00-05:00")
			if err := deliver(); err != nil {
				t.Fatal(err)
			}
			p, _ = w.Get(t.Context(), fay, o.ProposalID)
			if o, err = sale.Get(t.Context(), fay, o.ID); err != nil || o.Status != domain.OfferingDelivered || !p.Delivered() {
				t.Errorf("%s, delivered %t, %v", o.Status, p.Delivered(), err)
			}
		}
	})
}
