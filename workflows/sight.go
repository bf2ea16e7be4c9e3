package workflows

import (
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// masked is the view with everything taken out that the person must not learn.
// All that shows one proposal comes through here.
func (v ProposalView) masked() ProposalView {
	if v.Sight == domain.Whole {
		return v
	}
	v.Crew = domain.CrewOf(v.Facts.Speakers)
	v.Proposal, v.Facts = nameless(v.Proposal), namelessFacts(v.Facts)
	if v.Sight == domain.TitleOnly {
		v.Proposal, v.Facts, v.Crew = titleOnly(v.Proposal), titleOnlyFacts(v.Facts), domain.Crew{}
		v.Actions = slices.DeleteFunc(v.Actions, func(a domain.Allowed[domain.Action]) bool {
			return a.Action != domain.SaveReview && a.Action != domain.Recuse
		})
	}
	return v
}

func nameless(p domain.Proposal) domain.Proposal {
	p.GroupID, p.CreatedBy, p.UpdatedBy, p.ImportKey, p.GateOverride = "", "", "", "", ""
	p.Answers = p.Answers.Clone()
	for _, key := range domain.NamingFields {
		delete(p.Answers, key)
	}
	return p
}

func namelessFacts(f domain.Facts) domain.Facts {
	f.Group = domain.Group{SectionID: f.Group.SectionID}
	f.Speakers, f.SponsorSlugs, f.Sponsors, f.Declared, f.Roster, f.Chairs, f.Siblings = nil, nil, nil, nil, nil, nil, nil
	f.Standing, f.External, f.Places, f.RecommendedNote = domain.Standing{}, nil, 0, ""
	return f
}

// titleOnly keeps of a proposal what its address and its place in a list say.
func titleOnly(p domain.Proposal) domain.Proposal {
	return domain.Proposal{
		ID: p.ID, Version: p.Version, Number: p.Number, CallID: p.CallID, VenueID: p.VenueID, FormatID: p.FormatID, Year: p.Year,
		State: p.State, Title: p.Title, Answers: domain.Answers{}, SubmittedAt: p.SubmittedAt, UpdatedAt: p.UpdatedAt,
	}
}

func titleOnlyFacts(f domain.Facts) domain.Facts {
	return domain.Facts{
		Actor: f.Actor, Now: f.Now, Section: f.Section, Group: f.Group, Call: f.Call, Venue: f.Venue, Form: f.Form,
		Phases: f.Phases, Conflict: f.Conflict, Judged: f.Judged, NamesHidden: f.NamesHidden,
	}
}

// maskedTrail is what the person may know of how a proposal came about.
func maskedTrail(v ProposalView, t store.Trail) store.Trail {
	switch v.Sight {
	case domain.Whole:
		if !v.Facts.Actor.SeesDrafts(v.GroupID, v.Facts.Group.SectionID) {
			t.Kin = slices.DeleteFunc(t.Kin, func(k store.Kin) bool { return k.ID != v.ID && (!k.Submitted || k.State == domain.Draft) })
		}
		return t
	case domain.TitleOnly:
		return store.Trail{}
	}
	out := store.Trail{Steps: maskedSteps(v, t.Steps), Ways: maskedSteps(v, t.Ways), Cut: t.Cut}
	for _, k := range t.Kin {
		k.GroupID = ""
		out.Kin = append(out.Kin, k)
	}
	return out
}

func maskedSteps(v ProposalView, steps []domain.Step) []domain.Step {
	if v.Sight == domain.Whole {
		return steps
	}
	var out []domain.Step
	for _, s := range steps {
		if s.From == domain.Nowhere || s.Action == domain.InviteSpeaker || v.Sight == domain.TitleOnly {
			continue
		}
		if s.ActorID != v.Facts.Actor.ID {
			s.ActorID, s.ActorName, s.Reason, s.Detail = "", "", "", ""
		}
		out = append(out, s)
	}
	return out
}

func maskedRevisions(v ProposalView, all []domain.Revision) []domain.Revision {
	if v.Sight == domain.Whole {
		return all
	}
	var out []domain.Revision
	for _, r := range all {
		if v.Sight == domain.TitleOnly {
			continue
		}
		r.Speakers, r.ByID, r.ByName, r.Answers = nil, "", "", nameless(domain.Proposal{Answers: r.Answers}).Answers
		out = append(out, r)
	}
	return out
}
