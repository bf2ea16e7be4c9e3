package api

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

const outboxLines = 50

var mailStates = []domain.MailState{domain.MailWaiting, domain.MailSending, domain.MailSent, domain.MailFailed, domain.MailSuperseded}

// mailFilter reads the filters of the address; what is none of them is left out.
func mailFilter(state, kind string) workflows.MailFilter {
	known := domain.MailState(state)
	if !slices.Contains(mailStates, known) {
		known = ""
	}
	f := workflows.MailFilter{Limit: outboxLines + 1, State: known}
	if slices.ContainsFunc(domain.Notices, func(n domain.Notice) bool { return n.Kind == domain.NoticeKind(kind) }) {
		f.Kind = domain.NoticeKind(kind)
	}
	return f
}

func (s *Server) outboxPage(c *Call) error {
	f := mailFilter(c.QueryParam("state"), c.QueryParam("kind"))
	if at, err := time.Parse(time.RFC3339Nano, c.QueryParam("before")); err == nil {
		f.After = workflows.MailAfter(at, c.QueryParam("id"))
	}
	mails, err := s.Outbox.Page(c.Ctx(), c.Actor, f)
	if err != nil {
		return err
	}
	counts, err := s.Outbox.Counts(c.Ctx())
	if err != nil {
		return err
	}
	p := web.OutboxPage{Page: c.frame("Outbox"), Zone: s.zone(), Now: s.now(), Counts: counts, State: f.State, Kind: f.Kind, Demo: s.Outbox.ShowLinks}
	if len(mails) > outboxLines {
		mails = mails[:outboxLines]
		last := mails[outboxLines-1]
		p.Next = outboxHref(f.State, f.Kind, url.Values{"before": {last.CreatedAt.UTC().Format(time.RFC3339Nano)}, "id": {last.ID}})
	}
	for _, m := range mails {
		p.Mails = append(p.Mails, web.OutboxMail{Mail: m.Mail, URL: localPart(m.URL)})
	}
	return c.show(http.StatusOK, web.Outbox(p))
}

// localPart is an address of ours without the host, so that the demonstration's
// links work under whatever name it is reached.
func localPart(address string) string {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return ""
	}
	return u.RequestURI()
}

func outboxHref(state domain.MailState, kind domain.NoticeKind, more url.Values) string {
	q := url.Values{}
	if state != "" {
		q.Set("state", string(state))
	}
	if kind != "" {
		q.Set("kind", string(kind))
	}
	for name, values := range more {
		q[name] = values
	}
	if len(q) == 0 {
		return "/staff/outbox"
	}
	return "/staff/outbox?" + q.Encode()
}

func (s *Server) mailRetried(c *Call) error {
	m, err := s.Outbox.Retry(c.Ctx(), c.Actor, c.Param("id"))
	if err != nil {
		return err
	}
	c.flash("“" + m.Subject + "” will be sent to " + m.Name + " again.")
	f := mailFilter(c.typed("state"), c.typed("kind"))
	return c.see(outboxHref(f.State, f.Kind, nil))
}
