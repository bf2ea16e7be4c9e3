package workflows

import (
	"context"
	"errors"
	"regexp"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// Mailer hands one mail to the mail server. Its error may have a method
// Permanent() bool; when that says true, the mail is not tried again.
type Mailer interface {
	Send(ctx context.Context, m domain.Mail, link domain.MailLink) error
}

// Outbox sends the mails that other workflows wrote, and shows them to staff.
type Outbox struct {
	Base
	Links     MailLinks
	ShowLinks bool // the demo only: staff see live links
}

// MailLinks gives a mail's link. NotFound when what it opens is gone.
type MailLinks func(ctx context.Context, m domain.Mail) (domain.MailLink, error)

// ForMails makes the links of mails.
func (l Links) ForMails(s *store.Store) MailLinks {
	return func(ctx context.Context, m domain.Mail) (domain.MailLink, error) {
		return store.Read(ctx, s, func(tx *store.Tx) (domain.MailLink, error) { return l.forMail(tx, m) })
	}
}

func (l Links) forMail(tx *store.Tx, m domain.Mail) (domain.MailLink, error) {
	switch m.Link {
	case domain.LinkSignIn:
		return domain.MailLink{URL: l.SignInURL(m.LinkTo)}, nil
	case domain.LinkSpeaker:
		return l.forSpeaker(tx, m.LinkTo)
	case domain.LinkOrder:
		o, err := tx.LookAtOrder(domain.Actor{Clock: true}, m.LinkTo)
		return domain.MailLink{URL: l.OrderURL(o)}, err
	case domain.LinkQuote:
		q, err := tx.LookAtQuote(domain.Actor{Clock: true}, m.LinkTo)
		return domain.MailLink{URL: l.QuoteURL(q)}, err
	case domain.LinkSeat:
		seat, err := tx.Seat(m.LinkTo)
		return domain.MailLink{URL: l.SeatURL(seat)}, err
	}
	return domain.MailLink{URL: l.BaseURL + m.LinkTo}, nil
}

const (
	mailBatch = 10
	// mailLease has room for every mail of a batch to run into mailTimeout.
	mailLease   = 10 * time.Minute
	mailTimeout = 45 * time.Second
)

// SendDue sends up to ten mails that are due at the instant, outside any
// transaction, and tells how many went out and how many did not. When ctx ends it
// finishes the mail it is at and gives the others back. A nil Mailer sends nothing.
// err is about the database only.
func (w Outbox) SendDue(ctx context.Context, now time.Time, to Mailer) (sent, failed int, err error) {
	if to == nil {
		return 0, 0, nil
	}
	mails, err := store.Write(ctx, w.Store, func(tx *store.Tx) ([]domain.Mail, error) {
		return tx.ClaimMails(now, now.Add(mailLease), mailBatch)
	})
	if err != nil {
		return 0, 0, err
	}
	finish := context.WithoutCancel(ctx)
	var problems []error
	for _, m := range mails {
		if ctx.Err() != nil {
			problems = append(problems, w.release(finish, m))
			continue
		}
		ok, problem := w.send(finish, now, to, m)
		problems = append(problems, problem)
		if ok {
			sent++
		} else {
			failed++
		}
	}
	return sent, failed, errors.Join(problems...)
}

// SendAll sends batch after batch until nothing is due, by the workflow's clock:
// each batch takes its lease from the time at which it begins.
func (w Outbox) SendAll(ctx context.Context, to Mailer) (sent, failed int, err error) {
	for ctx.Err() == nil {
		s, f, problem := w.SendDue(ctx, w.Now(), to)
		sent, failed = sent+s, failed+f
		if problem != nil || s+f == 0 {
			return sent, failed, problem
		}
	}
	return sent, failed, nil
}

func (w Outbox) send(ctx context.Context, now time.Time, to Mailer, m domain.Mail) (bool, error) {
	if problem := w.hand(ctx, to, m); problem != nil {
		return false, w.giveBack(ctx, m, afterFailure(m, now, problem))
	}
	_, err := store.Write(ctx, w.Store, func(tx *store.Tx) (bool, error) { return tx.MarkSent(m, now) })
	return true, err
}

func (w Outbox) hand(ctx context.Context, to Mailer, m domain.Mail) error {
	limited, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	link, err := w.link(limited, m)
	if err != nil {
		return noLink{err}
	}
	return to.Send(limited, m, link)
}

// noLink keeps a mail that speaks of a link from going out without it.
type noLink struct{ error }

// Permanent tells that what the link opens is gone.
func (e noLink) Permanent() bool { return domain.IsKind(e.error, domain.NotFound) }

// afterFailure is how a mail stands after a failed attempt.
func afterFailure(m domain.Mail, now time.Time, problem error) domain.Mail {
	m.State, m.NextAt, m.Error = domain.MailWaiting, now.Add(domain.MailRetryAfter(m.Attempts)), withoutAddresses(problem.Error())
	var p interface{ Permanent() bool }
	if m.Attempts >= domain.MaxMailAttempts || errors.As(problem, &p) && p.Permanent() {
		m.State = domain.MailFailed
	}
	return m
}

// release gives back a mail that was claimed and not tried.
func (w Outbox) release(ctx context.Context, m domain.Mail) error {
	untried := m
	untried.State, untried.Attempts = domain.MailWaiting, m.Attempts-1
	return w.giveBack(ctx, m, untried)
}

func (w Outbox) giveBack(ctx context.Context, claimed, now domain.Mail) error {
	_, err := store.Write(ctx, w.Store, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.GiveBack(claimed, now) })
	return err
}

func (w Outbox) link(ctx context.Context, m domain.Mail) (domain.MailLink, error) {
	if m.Link == domain.NoLink {
		return domain.MailLink{}, nil
	}
	return w.Links(ctx, m)
}

var address = regexp.MustCompile(`[^\s<>"'(),:;]+@[^\s<>"'(),:;]+`)

// withoutAddresses is what a mail server said, cut to 300 characters, without
// anybody's address: staff see it, and it ends up in reports.
func withoutAddresses(said string) string {
	clean := []rune(oneLine(address.ReplaceAllString(said, "(address)")))
	return string(clean[:min(len(clean), 300)])
}

// MailView is a mail as staff see it. URL is its live link, in the demo only;
// otherwise LinkTo is kept back too, except for a page's path.
type MailView struct {
	domain.Mail
	URL string
}

// Page are mails, newest first, for staff and administrators. For others there
// is no outbox: NotFound.
func (w Outbox) Page(ctx context.Context, who domain.Actor, f store.MailFilter) ([]MailView, error) {
	if err := seesOutbox(who, "outbox"); err != nil {
		return nil, err
	}
	mails, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(f) })
	views := make([]MailView, len(mails))
	for i, m := range mails {
		views[i] = w.seen(ctx, m)
	}
	return views, err
}

// Counts are how many mails are in each state, for metrics and the page's head.
func (w Outbox) Counts(ctx context.Context) (map[domain.MailState]int, error) {
	return store.Read(ctx, w.Store, (*store.Tx).MailCounts)
}

// Retry makes a failed mail due again and answers how it stands now. NotFound
// for others than staff and administrators, Conflict when it has not failed.
func (w Outbox) Retry(ctx context.Context, who domain.Actor, id string) (MailView, error) {
	if err := seesOutbox(who, "mail"); err != nil {
		return MailView{}, err
	}
	m, err := store.Write(ctx, w.Store, func(tx *store.Tx) (domain.Mail, error) { return w.retry(tx, who, id) })
	if err != nil {
		return MailView{}, err
	}
	return w.seen(ctx, m), nil
}

func (w Outbox) retry(tx *store.Tx, who domain.Actor, id string) (domain.Mail, error) {
	m, err := tx.Mail(id)
	if err != nil {
		return m, err
	}
	now := w.Now()
	again, err := tx.RetryMail(id, now)
	if err != nil {
		return m, err
	}
	if !again {
		return m, domain.Refuse(domain.Because("", "not_failed", "Only a mail that failed can be sent again. This one is %s.", m.State))
	}
	err = tx.Audit(store.AuditLine{
		ID: w.NewID(), At: now, ActorID: who.ID, ActorName: who.Name,
		Action: "retry", Noun: "mail", SubjectID: id, Detail: string(m.Kind),
	})
	if err != nil {
		return m, err
	}
	return tx.Mail(id)
}

func (w Outbox) seen(ctx context.Context, m domain.Mail) MailView {
	v := MailView{Mail: m}
	if w.ShowLinks {
		link, _ := w.link(ctx, m) // what it opens may be gone; the mail is shown all the same
		v.URL = link.URL
	} else if m.Link != domain.LinkPage {
		v.LinkTo = ""
	}
	return v
}

func seesOutbox(who domain.Actor, noun string) error {
	if !who.Has(domain.Staff, domain.Admin) {
		return domain.NotThere(noun)
	}
	return nil
}
