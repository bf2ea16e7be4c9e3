package mail

import (
	"context"
	"sync"

	"lectern/domain"
)

// Sent is one message that a Fake took.
type Sent struct {
	Mail domain.Mail
	Link domain.MailLink
}

// Fake is a mail server for tests. Refuse, when set, says which mails fail. It is
// safe for concurrent use.
type Fake struct {
	Refuse func(m domain.Mail) error

	mu   sync.Mutex
	sent []Sent
}

// Send keeps a mail, or gives the error that Refuse has for it.
func (f *Fake) Send(_ context.Context, m domain.Mail, link domain.MailLink) error {
	if f.Refuse != nil {
		if err := f.Refuse(m); err != nil {
			return err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent = append(f.sent, Sent{m, link})
	return nil
}

// Sent are the mails so far, in the order they came.
func (f *Fake) Sent() []Sent {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Sent(nil), f.sent...)
}
