package bench

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"lectern/api"
	"lectern/domain"
	"lectern/internal/store"
)

// rowsOf stands before the address of a page of which the bare server answers the
// rows as JSON, where Lectern has the page only.
const rowsOf = "/rows"

// A roundRow is a proposal of a round, for its desk and its ranking.
type roundRow struct {
	ID      string         `json:"id"`
	Number  string         `json:"number"`
	Title   string         `json:"title"`
	Group   string         `json:"group"`
	Verdict domain.Verdict `json:"verdict"`
	Reviews int            `json:"reviews"`
	Score   *int           `json:"score"` // one's own
}

// A round is what the statements of a desk or ranking give.
type round struct {
	rows    []roundRow
	scores  []domain.ReviewScore
	version int
	call    api.CallRef
	format  string
	item    *api.ProposalOut
}

// round asks everything that a desk or a ranking is made of, and reads it.
func (s *bareServer) round(ctx context.Context, asks []store.Statement) (round, error) {
	r := round{version: 1}
	for _, ask := range asks {
		if err := s.part(ctx, ask, &r); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (s *bareServer) part(ctx context.Context, ask store.Statement, r *round) error {
	var row roundRow
	var score domain.ReviewScore
	var kind string
	var document []byte
	switch {
	case strings.Contains(ask.SQL, "AS p_id"):
		item, err := s.proposal(ctx, ask)
		r.item = &item
		return err
	case strings.Contains(ask.SQL, "'judged', NULL"):
		return s.judging(ctx, ask)
	case strings.Contains(ask.SQL, "AS own_score"), strings.Contains(ask.SQL, "AS group_name"):
		return s.each(ctx, ask, map[string]any{
			"id": &row.ID, "number": &row.Number, "title": &row.Title, "group_name": &row.Group, "r_verdict": &row.Verdict, "reviews": &row.Reviews, "own_score": &row.Score,
		}, func() error {
			r.rows = append(r.rows, row)
			row.Score = nil
			return nil
		})
	case strings.Contains(ask.SQL, "AS recused"):
		return s.each(ctx, ask, map[string]any{
			"proposal_id": &score.ProposalID, "score": &score.Score, "state": &score.State, "abstained": &score.Abstained, "recused": &score.Recused,
		}, func() error {
			r.scores = append(r.scores, score)
			score.Score = nil
			return nil
		})
	case strings.Contains(ask.SQL, "'sponsor', c.proposal_id"):
		return s.each(ctx, ask, map[string]any{"kind": &kind, "list": &document}, func() error {
			var affiliations []string
			if kind != "speaker" {
				return nil
			}
			return json.Unmarshal(document, &affiliations)
		})
	}
	return s.each(ctx, ask, map[string]any{"c_id": &r.call.ID, "c_slug": &r.call.Slug, "c_name": &r.call.Name, "f_id": &r.format, "version": &r.version}, nil)
}

// ranking answers with the ranked list: texts and figures from the rows, places
// and balance as given.
func (s *bareServer) ranking(c echo.Context, p plan) (any, error) {
	r, err := s.round(c.Request().Context(), p.asks)
	if err != nil {
		return nil, err
	}
	out, places, stats := *p.board, make(map[string]api.RankedOut, len(r.rows)), domain.StatsByProposal(r.scores)
	out.Version, out.Call, out.Format, out.Data = r.version, r.call, r.format, make([]api.RankedOut, len(r.rows))
	for _, given := range p.board.Data {
		places[given.ID] = given
	}
	for _, row := range r.rows {
		at := places[row.ID]
		if at.Rank < 1 || at.Rank > len(out.Data) {
			return nil, errors.New("a proposal without a place")
		}
		out.Data[at.Rank-1] = api.RankedOut{
			ID: row.ID, Number: row.Number, Title: row.Title, Group: row.Group, Rank: at.Rank, Recommended: at.Recommended,
			Verdict: row.Verdict, Stats: statsOut(stats[row.ID]), Tied: at.Tied,
		}
	}
	return out, nil
}

func statsOut(s domain.ReviewStats) api.ReviewStatsOut {
	return api.ReviewStatsOut{
		Count: s.Count, Abstained: s.Abstained, Recused: s.Recused, Mean: s.Mean, Median: s.Median, Deviation: s.Deviation,
		Min: s.Min, Max: s.Max, Spread: s.Spread, Flagged: s.Flagged(),
	}
}

// reviews answers with what all said of a proposal, one's own first.
func (s *bareServer) reviews(c echo.Context, p plan) (any, error) {
	ctx, out := c.Request().Context(), api.ReviewsOut{Data: []api.ReviewOut{}}
	var r round
	var scores []int
	for _, ask := range p.asks {
		if !strings.Contains(ask.SQL, "FROM reviews r JOIN people") {
			if err := s.part(ctx, ask, &r); err != nil {
				return nil, err
			}
			continue
		}
		var one reviewRow
		if err := s.each(ctx, ask, one.places(), func() error {
			o, err := one.out(r.item.Number, r.item.Revision)
			o.Reviewer = one.name
			out.Data = append(out.Data, o)
			if o.Score != nil {
				scores = append(scores, *o.Score)
			}
			return err
		}); err != nil {
			return nil, err
		}
	}
	out.Stats = statsOut(domain.StatsOf(scores))
	own := slices.IndexFunc(out.Data, func(o api.ReviewOut) bool { return o.Reviewer == reader })
	first := out.Data[own]
	out.Data = slices.Insert(slices.Delete(out.Data, own, own+1), 0, first)
	return out, nil
}

// A reviewRow is a review as its columns are read.
type reviewRow struct {
	api.ReviewOut
	name   string
	scores []byte
}

func (r *reviewRow) places() map[string]any {
	return map[string]any{
		"version": &r.Version, "revision": &r.Revision, "scores": &r.scores, "score": &r.Score, "verdict": &r.Verdict, "comment": &r.Comment, "note": &r.Note,
		"abstained": &r.Abstained, "action": &r.Action, "state": &r.State, "updated_at": &r.UpdatedAt, "name": &r.name,
	}
}

func (r *reviewRow) out(number string, revision int) (api.ReviewOut, error) {
	o := r.ReviewOut
	o.Proposal, o.Outdated = number, o.Revision < revision
	r.Score = nil
	return o, json.Unmarshal(r.scores, &o.Scores)
}

// deskRows answers with the rows of a desk and the proposal on it.
func (s *bareServer) deskRows(c echo.Context, p plan) (any, error) {
	r, err := s.round(c.Request().Context(), p.asks)
	return map[string]any{"data": r.rows, "item": r.item}, err
}

// woven answers with a page: what it says around its rows is given, their numbers
// and titles are written into it. Or it sends on to where Lectern does.
func (s *bareServer) woven(c echo.Context, p plan) (any, error) {
	r, err := s.round(c.Request().Context(), p.asks)
	if err != nil {
		return nil, err
	}
	if p.to != "" {
		return redirection(p.to), nil
	}
	return p.page.with(r.rows)
}

// A weave is a page with places for numbers and titles.
type weave struct {
	rows  int
	size  int
	parts []thread
}

type thread struct {
	text   string // before the place
	row    int    // by number
	titled bool
	end    bool // there is no place
}

// newWeave finds where a page has its rows' numbers and titles.
func newWeave(text string, rows []roundRow) weave {
	type place struct {
		at, length, row int
		titled          bool
	}
	var all []place
	for i, r := range rows {
		for titled, word := range map[bool]string{false: r.Number, true: html.EscapeString(r.Title)} {
			for at := 0; ; {
				k := strings.Index(text[at:], word)
				if k < 0 {
					break
				}
				all = append(all, place{at + k, len(word), i, titled})
				at += k + len(word)
			}
		}
	}
	slices.SortFunc(all, func(a, b place) int { return a.at - b.at })
	w, at := weave{rows: len(rows), size: len(text)}, 0
	for _, p := range all {
		w.parts = append(w.parts, thread{text: text[at:p.at], row: p.row, titled: p.titled})
		at = p.at + p.length
	}
	w.parts = append(w.parts, thread{text: text[at:], end: true})
	return w
}

func (w weave) with(rows []roundRow) (htmlPage, error) {
	if len(rows) != w.rows {
		return nil, errors.New("not as many rows as the page has")
	}
	out := make([]byte, 0, w.size)
	for _, t := range w.parts {
		out = append(out, t.text...)
		switch {
		case t.end:
		case t.titled:
			out = append(out, html.EscapeString(rows[t.row].Title)...)
		default:
			out = append(out, rows[t.row].Number...)
		}
	}
	return out, nil
}

// save changes a review by the statements that Lectern changes it by, in one
// transaction, and answers with it, or sends on.
func (s *bareServer) save(c echo.Context, p plan) (any, error) {
	var in struct {
		Comment string `json:"comment"`
	}
	if c.Request().Method == http.MethodPost {
		in.Comment = c.FormValue("comment")
	} else if err := json.NewDecoder(c.Request().Body).Decode(&in); err != nil {
		return nil, err
	}
	var was reviewRow
	var number string
	var revision int
	ctx := c.Request().Context()
	err := s.writer.transaction(ctx, p.asks, func(tx bareTx, ask store.Statement) error {
		switch {
		case strings.Contains(ask.SQL, "AS p_id"):
			return tx.run(ctx, ask, map[string]any{"p_number": &number, "p_revision": &revision})
		case ofReviews.MatchString(ask.SQL):
			return tx.run(ctx, ask, was.places())
		}
		ask.Args = changed(ask, was.ReviewOut, in.Comment)
		return tx.run(ctx, ask, nil)
	})
	if err != nil || p.to != "" {
		return redirection(p.to), err
	}
	was.Version, was.Comment, was.UpdatedAt = was.Version+1, in.Comment, changedAt(p.asks)
	return was.out(number, revision)
}

var (
	ofReviews = regexp.MustCompile(`FROM reviews r WHERE r\.proposal_id = (?:\?|\$1) AND r\.person_id`)
	inserts   = regexp.MustCompile("^INSERT INTO [\"`]?(\\w+)[\"`]? \\(([^)]*)\\) VALUES")
	updates   = regexp.MustCompile("^UPDATE [\"`]?(\\w+)[\"`]? SET")
	binds     = regexp.MustCompile("[\"`]?(\\w+)[\"`]?\\s*=\\s*(?:\\?|\\$\\d+)")
)

// changedAt is when the review changes, by what it is changed by.
func changedAt(asks []store.Statement) time.Time {
	for _, ask := range asks {
		if m := updates.FindStringSubmatch(ask.SQL); m == nil || m[1] != "reviews" {
			continue
		}
		for i, m := range binds.FindAllStringSubmatch(ask.SQL, -1) {
			if at, ok := ask.Args[i].(time.Time); ok && m[1] == "updated_at" {
				return at
			}
		}
	}
	return time.Time{}
}

// changed are the arguments of a change of a review that was another one: a new
// row has an id of its own, a version is counted on.
func changed(ask store.Statement, was api.ReviewOut, comment string) []any {
	args := slices.Clone(ask.Args)
	if m := inserts.FindStringSubmatch(ask.SQL); m != nil {
		for i, column := range strings.Split(m[2], ",") {
			switch strings.Trim(column, "\"` ") {
			case "id":
				args[i] = uuid.NewString()
			case "version":
				args[i] = was.Version
			case "comment":
				args[i] = was.Comment
			}
		}
		return args
	}
	if m := updates.FindStringSubmatch(ask.SQL); m == nil || m[1] != "reviews" {
		return args
	}
	next := was.Version + 1
	for i, m := range binds.FindAllStringSubmatch(ask.SQL, -1) {
		switch m[1] {
		case "version":
			args[i], next = next, was.Version // first what is set, then what it was
		case "comment":
			args[i] = comment
		}
	}
	return args
}
