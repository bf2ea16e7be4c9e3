package api

import (
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// MailOut is a mail as staff see it: never with a live link, except in the
// demonstration.
type MailOut struct {
	ID        string            `json:"id"`
	Kind      domain.NoticeKind `json:"kind"`
	To        string            `json:"to"`
	Name      string            `json:"name"`
	Subject   string            `json:"subject"`
	Body      string            `json:"body"` // paragraphs, plain text
	Link      domain.LinkKind   `json:"link"` // what the link opens: "", sign_in, speaker, page
	Page      string            `json:"page"` // the path, when it opens a page that needs a sign-in
	URL       string            `json:"url"`  // the link itself, in the demonstration only
	State     domain.MailState  `json:"state"`
	Attempts  int               `json:"attempts"`
	NextAt    *time.Time        `json:"next_at"` // the next attempt, while it waits
	SentAt    *time.Time        `json:"sent_at"`
	Error     string            `json:"error"` // of the last attempt, without addresses
	CreatedAt time.Time         `json:"created_at"`
}

type mailFilters struct {
	State domain.MailState  `query:"state" json:"state" validate:"omitempty,oneof=waiting sending sent failed superseded"`
	Kind  domain.NoticeKind `query:"kind" json:"kind" validate:"max=40"`
}

type listMailsIn struct {
	listIn
	mailFilters
}

// mails are the handlers of the outbox.
type mails struct{ workflows.Outbox }

func outboxRoutes(o workflows.Outbox) []*route {
	m := mails{o}
	return []*route{
		endpoint(get, "/outbox", "Mails and where they stand, newest first; for staff and administrators", m.list),
		endpoint(post, "/outbox/:id/retry", "Send a mail again that failed", m.retry),
	}
}

func (m mails) list(c *Call, in listMailsIn) (list[MailOut], error) {
	key, err := after[lineKey](in.listIn, in.mailFilters)
	if err != nil {
		return list[MailOut]{}, err
	}
	f := workflows.MailFilter{State: in.State, Kind: in.Kind, Limit: in.limit() + 1}
	if key != nil {
		f.After = &workflows.Cursor{UpdatedAt: key.At, ID: key.ID}
	}
	rows, err := m.Page(c.Ctx(), c.Actor, f)
	if err != nil {
		return list[MailOut]{}, err
	}
	return pageOf(rows, in.listIn, in.mailFilters, mailOut, func(v workflows.MailView) lineKey { return lineKey{v.CreatedAt, v.ID} })
}

func (m mails) retry(c *Call, in byID) (MailOut, error) {
	v, err := m.Retry(c.Ctx(), c.Actor, in.ID)
	return mailOut(v), err
}

func mailOut(v workflows.MailView) MailOut {
	out := MailOut{
		ID: v.ID, Kind: v.Kind, To: v.To, Name: v.Name, Subject: v.Subject, Body: v.Body, Link: v.Link, URL: v.URL,
		State: v.State, Attempts: v.Attempts, SentAt: v.SentAt, Error: v.Error, CreatedAt: v.CreatedAt,
	}
	if v.Link == domain.LinkPage {
		out.Page = v.LinkTo
	}
	if v.State == domain.MailWaiting {
		next := v.NextAt
		out.NextAt = &next
	}
	return out
}
