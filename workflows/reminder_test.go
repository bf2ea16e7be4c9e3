package workflows_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

func instant(t *testing.T, rfc3339 string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

// runAt does what is due, twice, because the second time there must be nothing.
func runAt(t *testing.T, f *sectiontest.Fixture, rfc3339 string) {
	t.Helper()
	f.At(rfc3339)
	for range 2 {
		if err := (workflows.Reminders{Base: f.Base}).Run(t.Context(), f.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

// told are the mails of a kind so far, oldest first: "address: subject".
func told(f *sectiontest.Fixture, k domain.NoticeKind) []domain.Mail {
	mails := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(store.MailFilter{Kind: k, Limit: 100}) })
	slices.Reverse(mails)
	return mails
}

func wantTold(t *testing.T, f *sectiontest.Fixture, k domain.NoticeKind, want ...string) {
	t.Helper()
	var got []string
	for _, m := range told(f, k) {
		got = append(got, fmt.Sprintf("%s %s: %s", m.State, strings.TrimSuffix(m.To, "@example.org"), m.Subject))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s mails (-want +got):\n%s", k, diff)
	}
}

// draft makes a draft of the new leaders, or of another group by its chair.
func draft(t *testing.T, f *sectiontest.Fixture, who, group, call, title string, speakers ...domain.Speaker) workflows.ProposalView {
	t.Helper()
	p, err := (workflows.Proposals{Base: f.Base}).Create(t.Context(), f.Actor(who), workflows.Draft{Group: group, Call: call, Title: title, Speakers: speakers})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const newLeaders = "new-leaders-and-managers"

func TestWindowReminders(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		f.At("2026-09-01T12:00:00-04:00")
		one := draft(t, f, "Ana Reyes", newLeaders, "annual-2027-sessions", "Budgets in plain words")
		draft(t, f, "Hollis Grant", "human-resources-development", "annual-2027-sessions", "Hiring well")
		submitted(t, f, workflows.Proposals{Base: f.Base}, "annual-2027-sessions", "In already", speakerNamed("Pat Doe"))

		runAt(t, f, "2026-09-07T23:59:59-04:00")
		wantTold(t, f, domain.WindowReminder)
		runAt(t, f, "2026-09-08T00:00:00-04:00") // 14 days before the midnight that ends September 21
		subject := ": ALA Annual 2027, sessions closes on Mon, Sep 21, 2026"
		wantTold(t, f, domain.WindowReminder, "waiting ben.castellano"+subject, "waiting hollis.grant"+subject)
		ben := told(f, domain.WindowReminder)[0]
		want := "ALA Annual 2027, sessions closes on Mon, Sep 21, 2026, 11:59 p.m. Eastern. A draft cannot be submitted after that.\n\nNot submitted yet:\n\n- “Budgets in plain words”"
		if diff := cmp.Diff(want, ben.Body); diff != "" {
			t.Errorf("body (-want +got):\n%s", diff)
		}
		if ben.LinkTo != "/proposals/"+one.ID || ben.Link != domain.LinkPage {
			t.Errorf("links to %s %s", ben.Link, ben.LinkTo)
		}

		draft(t, f, "Mira Solberg", "member-experience", "annual-2027-sessions", "Late idea")
		runAt(t, f, "2026-09-10T12:00:00-04:00") // a new draft is no reason to remind
		if got := told(f, domain.WindowReminder); len(got) != 2 {
			t.Errorf("%d mails between two reminders, want the 2 from before", len(got))
		}

		draft(t, f, "Ana Reyes", newLeaders, "annual-2027-sessions", "Second idea")
		runAt(t, f, "2026-09-21T08:00:00-04:00") // the one 3 days before was missed; the nearest goes out alone
		got := told(f, domain.WindowReminder)
		if len(got) != 5 || got[0].State != domain.MailSuperseded || got[2].State != domain.MailWaiting {
			t.Fatalf("%d mails, first %s; want 5, the earlier ones superseded", len(got), got[0].State)
		}
		i := slices.IndexFunc(got[2:], func(m domain.Mail) bool { return m.Name == "Ben Castellano" })
		if m := got[2+i]; !strings.Contains(m.Body, "- “Budgets in plain words”\n\n- “Second idea”") || m.LinkTo != "/proposals?state=draft" {
			t.Errorf("Ben reads %q, link %s; want both drafts", m.Body, m.LinkTo)
		}
		runAt(t, f, "2026-09-22T00:00:00-04:00")
		if again := told(f, domain.WindowReminder); len(again) != 5 {
			t.Errorf("%d mails after the end, want 5", len(again))
		}
	})
}

func TestWindowRemindersAfterAnExtension(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		draft(t, f, "Ana Reyes", newLeaders, "annual-2027-sessions", "Budgets in plain words")
		runAt(t, f, "2026-09-21T09:00:00-04:00")
		c := f.Call("annual-2027-sessions")
		closes := instant(t, "2026-09-26T00:00:00-04:00")
		c.ClosesAt, c.Version = &closes, c.Version+1
		write(t, s, func(tx *store.Tx) error { return tx.ChangeCall(c) })

		runAt(t, f, "2026-09-21T10:00:00-04:00") // 14 days before the new end is over too: it says the new day
		runAt(t, f, "2026-09-23T00:00:00-04:00")
		runAt(t, f, "2026-09-25T00:00:00-04:00")
		was, is := "superseded ben.castellano: ALA Annual 2027, sessions closes on Mon, Sep 21, 2026", "ben.castellano: ALA Annual 2027, sessions closes on Fri, Sep 25, 2026"
		wantTold(t, f, domain.WindowReminder, was, "superseded "+is, "superseded "+is, "waiting "+is)
	})
}

func TestSpeakerReminders(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Proposals{Base: f.Base}
		f.At("2026-09-01T12:00:00-04:00")
		p := draft(t, f, "Ana Reyes", newLeaders, "annual-2027-sessions", "Budgets", speakerNamed("Pat Doe"), speakerNamed("Sam Roe"), speakerNamed("Unasked"))
		act := func(a domain.Action, in domain.Input) {
			t.Helper()
			if _, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, a, workflows.Move{Input: in}); err != nil {
				t.Fatal(err)
			}
		}
		for _, x := range p.Facts.Speakers[:2] {
			act(domain.InviteSpeaker, domain.Input{SpeakerID: x.ID})
		}
		runAt(t, f, "2026-09-08T11:59:59-04:00")
		wantTold(t, f, domain.SpeakerReminder)
		runAt(t, f, "2026-09-08T12:00:00-04:00")
		words := ": Still waiting for your answer: Budgets"
		wantTold(t, f, domain.SpeakerReminder, "waiting pat.doe"+words, "waiting sam.roe"+words)
		if m := told(f, domain.SpeakerReminder)[0]; m.Link != domain.LinkSpeaker || m.LinkTo != p.Facts.Speakers[0].ID {
			t.Errorf("links to %s %s, want Pat’s own link", m.Link, m.LinkTo)
		}

		write(t, s, func(tx *store.Tx) error { // Pat answers
			pat, err := tx.Speaker(p.Facts.Speakers[0].ID)
			if err != nil {
				return err
			}
			pat.Answer, pat.Version = domain.Confirmed, pat.Version+1
			return tx.ChangeSpeaker(pat)
		})
		runAt(t, f, "2026-09-15T12:00:00-04:00")
		wantTold(t, f, domain.SpeakerReminder, "waiting pat.doe"+words, "superseded sam.roe"+words, "waiting sam.roe"+words)
	})
}

func TestSpeakerRemindersEndWithTheProposal(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Proposals{Base: f.Base}
		p, err := w.Create(t.Context(), f.Actor("Ana Reyes"), workflows.Draft{
			Group: newLeaders, Call: "annual-2027-sessions", Title: "Budgets",
			Answers: complete("annual-2027-sessions"), Speakers: []domain.Speaker{speakerNamed("Pat Doe")},
		})
		if err != nil {
			t.Fatal(err)
		}
		act := func(a domain.Action, in domain.Input) {
			t.Helper()
			if _, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, a, workflows.Move{Input: in}); err != nil {
				t.Fatal(err)
			}
		}
		act(domain.InviteSpeaker, domain.Input{SpeakerID: p.Facts.Speakers[0].ID})
		act(domain.Submit, domain.Input{})
		runAt(t, f, "2026-09-26T12:00:00-05:00") // the window is over, and the answer still matters
		words := "pat.doe: Still waiting for your answer: Budgets"
		wantTold(t, f, domain.SpeakerReminder, "waiting "+words)
		act(domain.Withdraw, domain.Input{Reason: "We wait a year with this."})
		runAt(t, f, "2026-10-03T12:00:00-05:00")
		wantTold(t, f, domain.SpeakerReminder, "superseded "+words)
	})
}

func TestSpeakerRemindersOfADeadDraft(t *testing.T) {
	t.Parallel()
	f := sectiontest.New(t, storetest.SQLite(t))
	p := draft(t, f, "Ana Reyes", newLeaders, "annual-2027-sessions", "Budgets", speakerNamed("Pat Doe"))
	_, err := (workflows.Proposals{Base: f.Base}).Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.InviteSpeaker,
		workflows.Move{Input: domain.Input{SpeakerID: p.Facts.Speakers[0].ID}})
	if err != nil {
		t.Fatal(err)
	}
	runAt(t, f, "2026-09-30T12:00:00-04:00") // nobody can submit it any more
	wantTold(t, f, domain.SpeakerReminder)
}

func TestUndecidedNudge(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Proposals{Base: f.Base}
		first := submitted(t, f, w, "annual-2027-sessions", "Budgets", speakerNamed("Pat Doe"))
		submitted(t, f, w, "annual-2027-sessions", "Hiring", speakerNamed("Pat Doe"))
		gone := submitted(t, f, w, "annual-2027-sessions", "Gone", speakerNamed("Pat Doe"))
		if _, err := w.Act(t.Context(), f.Actor("Ben Castellano"), gone.ID, domain.Withdraw, workflows.Move{Input: domain.Input{Reason: "We wait a year with this."}}); err != nil {
			t.Fatal(err)
		}
		runAt(t, f, "2026-12-14T23:59:59-06:00")
		wantTold(t, f, domain.UndecidedNudge)
		runAt(t, f, "2026-12-15T00:00:00-06:00")
		wantTold(t, f, domain.UndecidedNudge, "waiting ben.castellano: Have you heard from ALA Annual?")
		if m := told(f, domain.UndecidedNudge)[0]; !strings.Contains(m.Body, "- “Budgets” "+first.Number+"\n\n- “Hiring” ") || strings.Contains(m.Body, "Gone") || m.LinkTo != "/proposals?state=submitted" {
			t.Errorf("body %q, link %s", m.Body, m.LinkTo)
		}
		runAt(t, f, "2026-12-31T23:00:00-06:00")
		wantTold(t, f, domain.UndecidedNudge, "waiting ben.castellano: Have you heard from ALA Annual?")
	})
}

func TestUndecidedNudgeIsOver(t *testing.T) {
	t.Parallel()
	f := sectiontest.New(t, storetest.SQLite(t))
	submitted(t, f, workflows.Proposals{Base: f.Base}, "annual-2027-sessions", "Budgets", speakerNamed("Pat Doe"))
	runAt(t, f, "2027-01-01T00:00:00-06:00")
	wantTold(t, f, domain.UndecidedNudge)
}

func TestRemindersByEight(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		draft(t, f, "Ana Reyes", newLeaders, "annual-2027-sessions", "Budgets")
		f.At("2026-09-21T12:00:00-04:00")
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := (workflows.Reminders{Base: f.Base}).Run(t.Context(), f.Now()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := told(f, domain.WindowReminder); len(got) != 1 {
			t.Errorf("%d mails, want 1", len(got))
		}
	})
}

func TestNextDue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := workflows.Reminders{Base: workflows.Base{Store: s}}
		if at, there, err := w.NextDue(t.Context(), noon); there || err != nil {
			t.Errorf("without a section: %v, %v (%v)", at, there, err)
		}
		f := sectiontest.New(t, s)
		p := draft(t, f, "Ana Reyes", newLeaders, "annual-2027-sessions", "Budgets", speakerNamed("Pat Doe"))
		_, err := (workflows.Proposals{Base: f.Base}).Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.InviteSpeaker,
			workflows.Move{Input: domain.Input{SpeakerID: p.Facts.Speakers[0].ID}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		at := f.Now()
		for range 11 {
			next, there, err := w.NextDue(t.Context(), at)
			if !there || err != nil || !next.After(at) {
				t.Fatalf("after %v: %v, %v (%v)", at, next, there, err)
			}
			at = next
			got = append(got, at.Format("2006-01-02 15:04"))
		}
		want := []string{
			"2026-09-19 04:00", // Annual sessions close in 3 days
			"2026-09-21 04:00", // and in 1
			"2026-09-22 04:00", // closed
			"2026-09-25 17:00", // the speaker, 7 days
			"2026-10-02 17:00", // 14 days
			"2026-11-05 05:00", // pre-conferences, 14 days, in winter time
			"2026-11-16 05:00", "2026-11-18 05:00", "2026-11-19 05:00",
			"2026-12-15 06:00", // the nudge, Central
			"2027-01-18 06:00", // webinars
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("instants (-want +got):\n%s", diff)
		}
	})
}

func TestNextDueInTheGrace(t *testing.T) {
	t.Parallel()
	f := sectiontest.New(t, storetest.SQLite(t))
	c := f.Call("annual-2027-sessions")
	c.Grace, c.Version = 15, c.Version+1
	write(t, f.Store, func(tx *store.Tx) error { return tx.ChangeCall(c) })
	at, there, err := workflows.Reminders{Base: f.Base}.NextDue(t.Context(), *c.ClosesAt)
	if want := instant(t, "2026-09-22T00:15:00-04:00"); !there || err != nil || !at.Equal(want) {
		t.Errorf("%v, %v (%v), want the end of the grace, %v", at, there, err, want)
	}
}

func TestExpire(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		who := f.Person("Ana Reyes").ID
		now := noon
		write(t, s, func(tx *store.Tx) error {
			for id, ends := range map[string]time.Time{"long-over": now.Add(-24 * time.Hour), "over": now, "good": now.Add(time.Microsecond)} {
				if err := tx.AddSignIn(domain.SignIn{ID: id, PersonID: who, Next: "/", CreatedAt: now, ExpiresAt: ends}); err != nil {
					return err
				}
				m := letter(id)
				m.Kind, m.Link, m.LinkTo = domain.SignInLink, domain.LinkSignIn, id
				if err := tx.Tell(m); err != nil {
					return err
				}
				c := domain.Credential{ID: id, Kind: domain.SessionCredential, PersonID: who, Hash: id, CreatedAt: now, ExpiresAt: ends}
				if err := tx.AddCredential(c); err != nil {
					return err
				}
			}
			return nil
		})
		gone, err := workflows.Reminders{Base: f.Base}.Expire(t.Context(), now)
		if want := (store.Expired{SignIns: 1, Credentials: 2}); err != nil || gone != want {
			t.Errorf("removed %+v (%v), want %+v", gone, err, want)
		}
		for id, want := range map[string]domain.MailState{"long-over": domain.MailSuperseded, "over": domain.MailSuperseded, "good": domain.MailWaiting} {
			if m := mailNow(t, s, id); m.State != want {
				t.Errorf("the mail of %s is %s, want %s", id, m.State, want)
			}
		}
	})
}
