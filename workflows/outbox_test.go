package workflows_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
	"lectern/internal/mail"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

var noon = time.Date(2026, 9, 18, 17, 0, 0, 0, time.UTC)

// outboxOf is an outbox whose links show what they open, at noon.
func outboxOf(s *store.Store) workflows.Outbox {
	return workflows.Outbox{
		Base: workflows.Base{Store: s, Now: func() time.Time { return noon }, NewID: func() string { return "audit-1" }},
		Links: func(_ context.Context, m domain.Mail) (domain.MailLink, error) {
			return domain.MailLink{URL: "https://lectern.example.org/" + string(m.Link) + "/" + m.LinkTo}, nil
		},
	}
}

// letter is a mail that is due at noon.
func letter(id string) domain.Mail {
	return domain.Mail{
		ID: id, Cause: "cause-" + id, Kind: domain.OutcomeNotice, SubjectID: "about-" + id, To: id + "@example.org", Name: "Ana", Subject: "Accepted",
		Body: "It was accepted.", Link: domain.LinkPage, LinkTo: "proposals/" + id, State: domain.MailWaiting, NextAt: noon, CreatedAt: noon,
	}
}

func write(t *testing.T, s *store.Store, work func(tx *store.Tx) error) {
	t.Helper()
	if _, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, work(tx) }); err != nil {
		t.Fatal(err)
	}
}

func tell(t *testing.T, s *store.Store, mails ...domain.Mail) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		for _, m := range mails {
			if err := tx.Tell(m); err != nil {
				return err
			}
		}
		return nil
	})
}

func mailNow(t *testing.T, s *store.Store, id string) domain.Mail {
	t.Helper()
	m, err := store.Read(t.Context(), s, func(tx *store.Tx) (domain.Mail, error) { return tx.Mail(id) })
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// wantMail compares what changes while a mail is sent.
func wantMail(t *testing.T, s *store.Store, id string, state domain.MailState, attempts int, next time.Time) domain.Mail {
	t.Helper()
	m := mailNow(t, s, id)
	if m.State != state || m.Attempts != attempts || !m.NextAt.Equal(next) || m.State != domain.MailSending && m.LeaseUntil != nil {
		t.Errorf("%s is %s after %d attempts, next at %v, lease %v; want %s, %d, %v, none", id, m.State, m.Attempts, m.NextAt, m.LeaseUntil, state, attempts, next)
	}
	return m
}

func wantSent(t *testing.T, f *mail.Fake, links ...string) {
	t.Helper()
	var got []string
	for _, s := range f.Sent() {
		got = append(got, s.Link.URL)
	}
	if diff := cmp.Diff(links, got); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

func send(t *testing.T, w workflows.Outbox, now time.Time, to workflows.Mailer, sent, failed int) {
	t.Helper()
	s, f, err := w.SendDue(t.Context(), now, to)
	if err != nil || s != sent || f != failed {
		t.Errorf("at %v: %d sent, %d failed (%v), want %d and %d", now, s, f, err, sent, failed)
	}
}

func TestSendDue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, post := outboxOf(s), &mail.Fake{}
		later, plain := letter("later"), letter("plain")
		later.NextAt = noon.Add(time.Second)
		plain.Link, plain.NextAt = domain.NoLink, noon.Add(-time.Minute)
		tell(t, s, letter("b"), letter("a"), later, plain)

		send(t, w, noon, nil, 0, 0)
		send(t, w, noon, post, 3, 0)
		wantSent(t, post, "", "https://lectern.example.org/page/proposals/a", "https://lectern.example.org/page/proposals/b")
		send(t, w, noon, post, 0, 0)
		m := wantMail(t, s, "a", domain.MailSent, 1, noon)
		if m.SentAt == nil || !m.SentAt.Equal(noon) {
			t.Errorf("sent at %v, want noon", m.SentAt)
		}
		wantMail(t, s, "later", domain.MailWaiting, 0, later.NextAt)
	})
}

type final struct{ error }

func (final) Permanent() bool { return true }

func TestSendDueFails(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := outboxOf(s)
		post := &mail.Fake{Refuse: func(m domain.Mail) error {
			problem := fmt.Errorf("451 <%s> try\r\nlater, %s", m.To, strings.Repeat("é", 400))
			if m.ID == "gone" {
				return final{problem}
			}
			return problem
		}}
		tell(t, s, letter("gone"), letter("busy"))
		send(t, w, noon, post, 0, 2)
		if m := wantMail(t, s, "gone", domain.MailFailed, 1, noon.Add(time.Minute)); strings.Contains(m.Error, "@") || !strings.HasPrefix(m.Error, "451 <(address)> try later, é") || len([]rune(m.Error)) != 300 {
			t.Errorf("the error is %q", m.Error)
		}
		now := noon
		for attempt := 1; attempt < domain.MaxMailAttempts; attempt++ {
			next := now.Add(domain.MailRetryAfter(attempt))
			wantMail(t, s, "busy", domain.MailWaiting, attempt, next)
			send(t, w, next.Add(-time.Microsecond), post, 0, 0)
			send(t, w, next, post, 0, 1)
			now = next
		}
		wantMail(t, s, "busy", domain.MailFailed, domain.MaxMailAttempts, now.Add(domain.MailRetryAfter(domain.MaxMailAttempts)))
		send(t, w, now.AddDate(1, 0, 0), post, 0, 0)
	})
}

func TestSendDueSuperseded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := outboxOf(s)
		silence := func(id string) {
			write(t, s, func(tx *store.Tx) error { return tx.SupersedeAll([]string{"about-" + id}) })
		}
		post := &mail.Fake{Refuse: func(m domain.Mail) error {
			silence(m.ID) // while it is being sent
			if m.ID == "c" {
				return errors.New("451 try later")
			}
			return nil
		}}
		tell(t, s, letter("a"), letter("b"), letter("c"))
		silence("a")
		send(t, w, noon, post, 1, 1)
		wantMail(t, s, "a", domain.MailSuperseded, 0, noon)
		wantMail(t, s, "b", domain.MailSent, 1, noon) // it is out, so it says so
		if m := mailNow(t, s, "c"); m.State != domain.MailSuperseded {
			t.Errorf("c is %s, want superseded", m.State)
		}
		post.Refuse = nil
		send(t, w, noon.AddDate(1, 0, 0), post, 0, 0)
		wantSent(t, post, "https://lectern.example.org/page/proposals/b")
	})
}

// claim takes what is due as a sender does who dies afterwards.
func claim(t *testing.T, s *store.Store, now time.Time) []domain.Mail {
	t.Helper()
	mails, err := store.Write(t.Context(), s, func(tx *store.Tx) ([]domain.Mail, error) { return tx.ClaimMails(now, now.Add(time.Hour), 10) })
	if err != nil {
		t.Fatal(err)
	}
	return mails
}

func TestSendDueAfterADeadSender(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, post := outboxOf(s), &mail.Fake{}
		tell(t, s, letter("a"))
		dead := claim(t, s, noon)
		send(t, w, noon.Add(time.Hour-time.Microsecond), post, 0, 0)
		second := claim(t, s, noon.Add(time.Hour))
		if len(dead) != 1 || len(second) != 1 {
			t.Fatalf("claimed %d and %d, want 1 each", len(dead), len(second))
		}
		write(t, s, func(tx *store.Tx) error { // the first comes back to life
			back := dead[0]
			back.State = domain.MailWaiting
			if err := tx.GiveBack(dead[0], back); err != nil {
				return err
			}
			if ok, err := tx.MarkSent(dead[0], noon); ok || err != nil {
				t.Errorf("the dead sender marked it sent (%v)", err)
			}
			return nil
		})
		if m := mailNow(t, s, "a"); m.State != domain.MailSending || m.Attempts != 2 {
			t.Errorf("a is %s after %d attempts, want sending, 2", m.State, m.Attempts)
		}
		send(t, w, noon.Add(2*time.Hour), post, 1, 0)
		wantMail(t, s, "a", domain.MailSent, 3, noon)
	})
}

func TestSendDueWhenEverySenderDies(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		tell(t, s, letter("deadly"))
		now := noon
		for range domain.MaxMailAttempts {
			if got := claim(t, s, now); len(got) != 1 {
				t.Fatalf("claimed %d at %v, want 1", len(got), now)
			}
			now = now.Add(time.Hour)
		}
		if got := claim(t, s, now); len(got) != 0 {
			t.Errorf("claimed %d once more, want none", len(got))
		}
		if m := wantMail(t, s, "deadly", domain.MailFailed, domain.MaxMailAttempts, noon); m.Error == "" {
			t.Error("it does not say why it failed")
		}
	})
}

func TestSendDueStops(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, stop := context.WithCancel(t.Context())
		w := outboxOf(s)
		post := &mail.Fake{Refuse: func(domain.Mail) error { stop(); return nil }}
		tell(t, s, letter("a"), letter("b"), letter("c"))
		sent, failed, err := w.SendDue(ctx, noon, post)
		if sent != 1 || failed != 0 || err != nil {
			t.Errorf("%d sent, %d failed (%v), want the one begun", sent, failed, err)
		}
		wantMail(t, s, "a", domain.MailSent, 1, noon)
		wantMail(t, s, "b", domain.MailWaiting, 0, noon)
		wantMail(t, s, "c", domain.MailWaiting, 0, noon)
	})
}

func TestSendDueWithoutItsLink(t *testing.T) {
	t.Parallel()
	w, post := outboxOf(storetest.SQLite(t)), &mail.Fake{}
	w.Links = func(_ context.Context, m domain.Mail) (domain.MailLink, error) {
		if m.ID == "gone" {
			return domain.MailLink{}, domain.NotThere("speaker")
		}
		return domain.MailLink{}, errors.New("no database")
	}
	tell(t, w.Store, letter("gone"), letter("busy"))
	send(t, w, noon, post, 0, 2)
	wantSent(t, post)
	wantMail(t, w.Store, "gone", domain.MailFailed, 1, noon.Add(time.Minute))
	wantMail(t, w.Store, "busy", domain.MailWaiting, 1, noon.Add(time.Minute))
}

func TestLinksForMails(t *testing.T) {
	t.Parallel()
	f := sectiontest.New(t, storetest.SQLite(t))
	p := draft(t, f, "Ana Reyes", newLeaders, "annual-2027-sessions", "Budgets", speakerNamed("Pat Doe"))
	speaker := p.Facts.Speakers[0]
	act(t, f, workflows.Proposals{Base: f.Base}, "Ana Reyes", p.ID, domain.InviteSpeaker, domain.Input{SpeakerID: speaker.ID})
	speaker.LinkSerial++
	l := workflows.Links{BaseURL: "https://lectern.example.org", Keys: []string{"key"}}
	for _, c := range []struct {
		kind domain.LinkKind
		to   string
		want domain.MailLink
	}{
		{domain.LinkPage, "/proposals/27-A-001", domain.MailLink{URL: "https://lectern.example.org/proposals/27-A-001"}},
		{domain.LinkSignIn, "id", domain.MailLink{URL: l.SignInURL("id")}},
		{domain.LinkSpeaker, speaker.ID, domain.MailLink{URL: l.SpeakerURL(speaker), Until: f.Now().Add(60 * 24 * time.Hour), Zone: "America/Chicago"}},
	} {
		if got, err := l.ForMails(f.Store)(t.Context(), domain.Mail{Link: c.kind, LinkTo: c.to}); err != nil || got != c.want {
			t.Errorf("%s: %v (%v), want %v", c.kind, got, err, c.want)
		}
	}
	if _, err := l.ForMails(f.Store)(t.Context(), domain.Mail{Link: domain.LinkSpeaker, LinkTo: "gone"}); !domain.IsKind(err, domain.NotFound) {
		t.Errorf("a speaker who is gone: %v, want not found", err)
	}
}

func TestSendAllByEight(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const n = 60
		for i := range n {
			tell(t, s, letter(fmt.Sprintf("m%02d", i)))
		}
		post := &mail.Fake{}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, _, err := outboxOf(s).SendAll(t.Context(), post); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		times := map[string]int{}
		for _, m := range post.Sent() {
			times[m.Mail.ID]++
		}
		for i := range n {
			id := fmt.Sprintf("m%02d", i)
			if times[id] != 1 {
				t.Errorf("%s was sent %d times", id, times[id])
			}
			wantMail(t, s, id, domain.MailSent, 1, noon)
		}
	})
}

func TestOutboxPage(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := outboxOf(s)
		for i, id := range []string{"a", "b", "c"} {
			m := letter(id)
			m.CreatedAt = noon.Add(time.Duration(i/2) * time.Minute) // a and b at once, c after
			if id == "b" {
				m.Kind, m.Link, m.LinkTo = domain.SignInLink, domain.LinkSignIn, "sign-in-id"
			}
			tell(t, s, m)
		}
		staff := domain.Actor{ID: "s", Roles: []domain.Role{domain.Staff}}
		ids := func(f store.MailFilter) (got []string) {
			page, err := w.Page(t.Context(), staff, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page {
				got = append(got, m.ID)
				if m.URL != "" || m.ID == "b" && m.LinkTo != "" {
					t.Errorf("%s shows its link: %q, %q", m.ID, m.URL, m.LinkTo)
				}
			}
			return got
		}
		for _, c := range []struct {
			name   string
			filter store.MailFilter
			want   []string
		}{
			{"newest first", store.MailFilter{Limit: 2}, []string{"c", "b"}},
			{"next page", store.MailFilter{Limit: 2, After: &store.ListCursor{UpdatedAt: noon, ID: "b"}}, []string{"a"}},
			{"kind", store.MailFilter{Limit: 9, Kind: domain.SignInLink}, []string{"b"}},
			{"state", store.MailFilter{Limit: 9, State: domain.MailSent}, nil},
		} {
			if diff := cmp.Diff(c.want, ids(c.filter)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, diff)
			}
		}
		w.ShowLinks = true
		page, err := w.Page(t.Context(), staff, store.MailFilter{Limit: 9, Kind: domain.SignInLink})
		if err != nil || page[0].URL != "https://lectern.example.org/sign_in/sign-in-id" {
			t.Errorf("in the demo: %+v (%v), want the link", page, err)
		}
		if counts, err := w.Counts(t.Context()); err != nil || counts[domain.MailWaiting] != 3 {
			t.Errorf("counts %v (%v), want 3 waiting", counts, err)
		}
	})
}

func TestOutboxRetry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := outboxOf(s)
		post := &mail.Fake{Refuse: func(domain.Mail) error { return final{errors.New("550 no such mailbox")} }}
		tell(t, s, letter("a"))
		admin := domain.Actor{ID: "k", Name: "Kim", Roles: []domain.Role{domain.Admin}}
		if _, err := w.Retry(t.Context(), admin, "a"); !domain.HasCode(err, "not_failed") {
			t.Errorf("retry of a waiting one: %v, want not_failed", err)
		}
		send(t, w, noon, post, 0, 1)
		m, err := w.Retry(t.Context(), admin, "a")
		if err != nil || m.State != domain.MailWaiting || m.Attempts != 0 || m.Error != "" {
			t.Errorf("retried: %+v (%v)", m, err)
		}
		post.Refuse = nil
		send(t, w, noon, post, 1, 0)
		if _, err := w.Retry(t.Context(), admin, "nobody"); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("retry of none: %v, want not found", err)
		}
		lines, err := store.Read(t.Context(), s, func(tx *store.Tx) ([]store.AuditLine, error) { return tx.AuditPage(domain.Actor{}, nil, 9) })
		if err != nil || len(lines) != 1 || lines[0].Action != "retry" || lines[0].ActorID != "k" {
			t.Errorf("audit %+v (%v), want one retry by Kim", lines, err)
		}
	})
}

func TestOutboxIsForStaff(t *testing.T) {
	t.Parallel()
	w := outboxOf(storetest.SQLite(t))
	tell(t, w.Store, letter("a"))
	for _, c := range []struct {
		who  domain.Actor
		sees bool
	}{
		{domain.Actor{}, false},
		{domain.Actor{ID: "m"}, false},
		{domain.Actor{ID: "f", Roles: []domain.Role{domain.Finance, domain.ForumChair}}, false},
		{domain.Actor{ID: "s", Roles: []domain.Role{domain.Staff}}, true},
		{domain.Actor{ID: "k", Roles: []domain.Role{domain.Admin}}, true},
	} {
		_, err := w.Page(t.Context(), c.who, store.MailFilter{Limit: 1})
		_, again := w.Retry(t.Context(), c.who, "a")
		if domain.IsKind(err, domain.NotFound) == c.sees || domain.IsKind(again, domain.NotFound) == c.sees {
			t.Errorf("%+v: page %v, retry %v; sees %v", c.who, err, again, c.sees)
		}
	}
}
