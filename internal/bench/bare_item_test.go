package bench

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"lectern/api"
	"lectern/domain"
	"lectern/internal/store"
)

// item answers with one proposal, its speakers and, where Lectern looks, its
// stipends and what judging it depends on. The seed has no stipends and no co-sponsors.
func (s *bareServer) item(c echo.Context, p plan) (any, error) {
	ctx := c.Request().Context()
	out, err := s.proposal(ctx, p.asks[0])
	if err != nil {
		return nil, err
	}
	out.Actions, out.Sight, out.Stipends, out.CoSponsors = p.actions, p.sight, []api.StipendOut{}, []string{}
	for _, ask := range p.asks[1:] {
		switch {
		case strings.Contains(ask.SQL, "'judged'"):
			err = s.judging(ctx, ask)
		case strings.Contains(ask.SQL, "speakers"):
			out.Speakers, err = s.speakers(ctx, ask)
		default:
			err = s.each(ctx, ask, nil, unexpected)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// maybe are columns of rows that need not be there.
type maybe struct {
	site, reference, sentOn, by                                 *string
	outcome, source, decidedOn, feedback, evidence              *string
	parentID, parentNumber, parentState, childID, childNo, stay *string
}

func (s *bareServer) proposal(ctx context.Context, ask store.Statement) (api.ProposalOut, error) {
	var out api.ProposalOut
	rows, err := s.query(ctx, ask.SQL, ask.Args...)
	if err != nil {
		return out, err
	}
	defer func() { _ = rows.Close() }()
	var answers []byte
	var m maybe
	into, err := scanner(rows, map[string]any{
		"p_id": &out.ID, "p_version": &out.Version, "p_revision": &out.Revision, "p_number": &out.Number, "p_title": &out.Title,
		"p_state": &out.State, "p_venue_id": &out.Venue, "p_format_id": &out.Format, "p_year": &out.Year, "p_answers": &answers, "p_idea_id": &out.IdeaID,
		"p_submitted_at": &out.SubmittedAt, "p_late_until": &out.LateUntil, "p_updated_at": &out.UpdatedAt, "c_id": &out.Call.ID, "c_slug": &out.Call.Slug, "c_name": &out.Call.Name,
		"g_id": &out.Group.ID, "g_slug": &out.Group.Slug, "g_name": &out.Group.Name, "x_site": &m.site, "x_reference": &m.reference, "x_sent_on": &m.sentOn, "x_by_name": &m.by,
		"d_outcome": &m.outcome, "d_source": &m.source, "d_decided_on": &m.decidedOn, "d_feedback": &m.feedback, "d_evidence": &m.evidence,
		"u_id": &m.parentID, "u_number": &m.parentNumber, "u_state": &m.parentState, "k_id": &m.childID, "k_number": &m.childNo, "k_state": &m.stay,
	})
	if err != nil {
		return out, err
	}
	if !rows.Next() {
		return out, sql.ErrNoRows
	}
	if err := rows.Scan(into...); err != nil {
		return out, err
	}
	m.fill(&out)
	if err := json.Unmarshal(answers, &out.Answers); err != nil {
		return out, err
	}
	return out, rows.Err()
}

func (m maybe) fill(out *api.ProposalOut) {
	if m.site != nil {
		out.External = &api.ExternalOut{Site: *m.site, Reference: *m.reference, SentOn: domain.Date(*m.sentOn), By: *m.by}
	}
	if m.outcome != nil {
		out.Decision = &api.DecisionOut{Outcome: domain.Outcome(*m.outcome), Source: *m.source, DecidedOn: domain.Date(*m.decidedOn), Feedback: *m.feedback, Evidence: *m.evidence}
	}
	if m.parentID != nil {
		out.Parent = &api.ProposalRef{ID: *m.parentID, Number: *m.parentNumber, State: domain.State(*m.parentState)}
	}
	if m.childID != nil {
		out.Child = &api.ProposalRef{ID: *m.childID, Number: *m.childNo, State: domain.State(*m.stay)}
	}
}

func (s *bareServer) speakers(ctx context.Context, ask store.Statement) ([]api.SpeakerOut, error) {
	out := []api.SpeakerOut{}
	var one api.SpeakerOut
	var titles, affiliations []byte
	err := s.each(ctx, ask, map[string]any{
		"id": &one.ID, "version": &one.Version, "position": &one.Position, "role": &one.Role, "name": &one.Name,
		"to_be_named": &one.ToBeNamed, "email": &one.Email, "titles": &titles, "affiliations": &affiliations, "bio": &one.Bio, "staff_member": &one.StaffMember, "answer": &one.Answer,
	}, func() error {
		one.Titles, one.Affiliations = nil, nil
		err := errors.Join(json.Unmarshal(titles, &one.Titles), json.Unmarshal(affiliations, &one.Affiliations))
		out = append(out, one)
		return err
	})
	return out, err
}

// judging reads what judging depends on, of which the answer shows nothing but
// through the rules.
func (s *bareServer) judging(ctx context.Context, ask store.Statement) error {
	rows, err := s.query(ctx, ask.SQL, ask.Args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var kind, id, name, email, at string
	var starts, ends *time.Time
	var n int
	for rows.Next() {
		if err := rows.Scan(&kind, &starts, &ends, &id, &name, &email, &at, &n); err != nil {
			return err
		}
	}
	return rows.Err()
}

// unexpected is for rows that are not there.
func unexpected() error { return errors.New("rows where none were expected") }
