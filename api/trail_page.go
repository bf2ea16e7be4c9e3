package api

import (
	"net/url"
	"slices"
	"strconv"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// shownOfTrail is how many steps, comments and versions a page shows at most.
const shownOfTrail = 50

// pageIn asks for a page of as many rows as a page of a proposal shows.
func pageIn(cursor string) listIn {
	n := shownOfTrail
	return listIn{Limit: &n, Cursor: cursor}
}

// trailAt is where the history and the discussion on a proposal's page begin; empty
// cursors: with the newest.
type trailAt struct{ ref, steps, comments string }

func trailOn(c *Call) trailAt {
	return trailAt{c.Param("ref"), c.QueryParam("steps"), c.QueryParam("comments")}
}

// The history on the page is in the order of the API; the discussion is not, since
// it is read from its newest end.
func (a trailAt) stepsMark() string    { return "history " + a.ref }
func (a trailAt) commentsMark() string { return "newest comments " + a.ref }

func (a trailAt) filter() (workflows.TrailFilter, error) {
	steps, err := after[lineKey](pageIn(a.steps), a.stepsMark())
	if err != nil {
		return workflows.TrailFilter{}, err
	}
	comments, err := after[lineKey](pageIn(a.comments), a.commentsMark())
	return workflows.TrailFilter{Steps: steps.cursor(), Comments: comments.cursor(), Limit: shownOfTrail + 1}, err
}

// href is the page's address, at one of its sections. It is the one that was asked
// for, by id or by number, since that is what cursors belong to.
func (a trailAt) href(section string) string {
	to, q := url.URL{Path: "/proposals/" + a.ref, Fragment: section}, url.Values{}
	for name, cursor := range map[string]string{"steps": a.steps, "comments": a.comments} {
		if cursor != "" {
			q.Set(name, cursor)
		}
	}
	to.RawQuery = q.Encode()
	return to.String()
}

// trail puts the history and the discussion on the page, with the ways to the rest.
func (v proposalView) trail(p *web.ProposalPage, at trailAt) error {
	steps, err := pageOf(v.Steps, pageIn(""), at.stepsMark(), v.historyItem, stepKey)
	if err != nil {
		return err
	}
	newestFirst := slices.Clone(v.Comments)
	slices.Reverse(newestFirst)
	comments, err := pageOf(newestFirst, pageIn(""), at.commentsMark(), v.commentItem, commentKey)
	if err != nil {
		return err
	}
	slices.Reverse(comments.Data)
	p.History, p.Steps = steps.Data, further("steps", at.steps, steps.NextCursor, func(cursor string) string {
		return trailAt{at.ref, cursor, at.comments}.href("history")
	})
	p.Comments, p.Said = comments.Data, further("comments", at.comments, comments.NextCursor, func(cursor string) string {
		return trailAt{at.ref, at.steps, cursor}.href("discussion")
	})
	return nil
}

// further are the ways from a page that began at a cursor, to the next one and back
// to the beginning.
func further(what, here string, next *string, href func(cursor string) string) web.Further {
	f := web.Further{What: what}
	if next != nil {
		f.Older = href(*next)
	}
	if here != "" {
		f.Newest = href("")
	}
	return f
}

func (v proposalView) commentItem(k workflows.CommentLine) web.CommentItem {
	return web.CommentItem{Who: k.AuthorName, At: k.At, Zone: v.zone(), Text: k.Text}
}

// historyItem is a step in words; an edit has the way to its differences.
func (v proposalView) historyItem(step domain.Step) web.HistoryItem {
	item := web.HistoryItem{What: step.Action.Past(), At: step.At, Zone: v.zone(), Key: step.From != step.To}
	if v.Sight != domain.Whole && step.ActorName == "" {
		return item
	}
	item.Detail, item.Reason, item.Rest = step.Detail, step.Reason, "by "+or2(step.ActorName, "Lectern")
	switch step.Action {
	case domain.Edit:
		item.What, item.Rest = "Version "+strconv.Itoa(step.Revision), "begun by "+step.ActorName
		item.Link = v.changes(step.Revision)
	case domain.Decide, domain.RecordOutcome:
		item.What = step.To.Label()
		item.Rest = "recorded " + item.Rest
	case domain.Submit:
		item.Rest += ", version " + strconv.Itoa(step.Revision)
	}
	return item
}

func (v proposalView) changes(revision int) *web.Link {
	if revision < 2 {
		return nil
	}
	return &web.Link{Label: "See changes", Href: "/proposals/" + v.Ref() + "/compare?from=" + strconv.Itoa(revision-1) + "&to=" + strconv.Itoa(revision)}
}
