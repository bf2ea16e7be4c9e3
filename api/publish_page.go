package api

import (
	"net/http"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) publishPage(c *Call) error {
	return s.showPublish(c, c.QueryParams()["proposal"], http.StatusOK, nil)
}

func (s *Server) showPublish(c *Call, only []string, status int, why []domain.Reason) error {
	l, err := s.decisionFlows().Preview(c.Ctx(), c.Actor, c.Param("slug"), only)
	if err != nil {
		return err
	}
	p := web.PublishPage{
		Page: c.frame("Publish decisions", web.Link{Label: "Decisions", Href: decisionsPath(l.Call.Slug)}), Call: l.Call, Mails: l.Preview.Mails(),
		Token: l.Preview.Token, Only: only, Blocked: blockedRows(l.Preview.Blocked), Reasons: why, Items: publishRows(l.Preview.Items),
	}
	p.HasErrors = len(why) > 0
	return c.show(status, web.Publish(p))
}

func publishRows(items []workflows.PublishItem) []web.PublishRow {
	var rows []web.PublishRow
	for _, i := range items {
		r := web.PublishRow{Number: i.Line.Number, Title: i.Line.Title, State: i.Line.State}
		if d := i.Line.Staged; d != nil {
			r.Outcome, r.Feedback, r.Bare = d.Outcome, d.Feedback, d.NoFeedback
			if d.NoFeedback {
				r.Feedback = "No feedback, as was said"
			}
		}
		for _, t := range i.Told {
			r.Told = append(r.Told, web.Told{Name: t.Name, Why: mailWords[t.Kind]})
		}
		rows = append(rows, r)
	}
	return rows
}

var mailWords = map[domain.NoticeKind]string{
	domain.OutcomeNotice: "The outcome, as a chair of the group", domain.SpeakerConfirm: "Asked to confirm, as a speaker", domain.CancelledNotice: "That it is cancelled",
}

// published publishes what the page before showed. When that is no longer so, it
// shows what would happen now, and does nothing.
func (s *Server) published(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	var done workflows.BatchView
	if err = domain.Refuse(why...); err == nil {
		done, err = s.decisionFlows().Publish(c.Ctx(), c.Actor, c.Param("slug"), form.Get("token"), form["proposal"])
	}
	if err != nil {
		status, reasons, ok := refused(err)
		if !ok {
			return err
		}
		return s.showPublish(c, form["proposal"], status, reasons)
	}
	c.flash(batchWords("Published", "decision", done))
	return c.see(decisionsPath(c.Param("slug")))
}

func batchWords(did, what string, b workflows.BatchView) string {
	words := did + " " + domain.Plural(b.Done, what) + "."
	if n := len(b.Refused); n > 0 {
		words += " With " + domain.Plural(n, "proposal") + " nothing was done; the reasons are below."
	}
	return words
}

func (s *Server) cancelEventPage(c *Call) error {
	return s.showCancelEvent(c, "", http.StatusOK, nil)
}

func (s *Server) showCancelEvent(c *Call, reason string, status int, why []domain.Reason) error {
	v, err := s.decisionFlows().PreviewCancel(c.Ctx(), c.Actor, domain.Year(c.Param("year")), c.Param("venue"))
	if err != nil {
		return err
	}
	p := web.CancelEventPage{
		Page: c.frame("Cancel "+v.Venue.Name, web.Link{Label: "Calls", Href: "/staff/calls?year=" + string(v.Year)}), Venue: v.Venue, Year: v.Year,
		Items: publishRows(v.Items), Mails: v.Mails(), Token: v.Token, Reason: reason, Batch: batchProgress(v.Last), Zone: s.zone(), Reasons: why,
	}
	p.HasErrors = len(why) > 0
	return c.show(status, web.CancelEvent(p))
}

// eventCancelled cancels an event as the page before showed.
func (s *Server) eventCancelled(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	var done workflows.BatchView
	if err = domain.Refuse(why...); err == nil {
		done, err = s.decisionFlows().CancelEvent(c.Ctx(), c.Actor, domain.Year(c.Param("year")), c.Param("venue"), form.Get("reason"), form.Get("token"))
	}
	if err != nil {
		status, reasons, ok := refused(err)
		if !ok {
			return err
		}
		return s.showCancelEvent(c, form.Get("reason"), status, reasons)
	}
	c.flash(batchWords("Cancelled", "proposal", done))
	return c.see(c.Request().URL.Path)
}
