package workflows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

const forum = "forum-2027-breakouts"

// forumRound is n proposals of the new leaders at Core Forum, in May.
func forumRound(t *testing.T, f *sectiontest.Fixture, n int) []workflows.ProposalView {
	t.Helper()
	w := workflows.Proposals{Base: f.Base}
	f.At("2027-02-15T12:00:00-06:00")
	var all []workflows.ProposalView
	for i := range n {
		all = append(all, submitted(t, f, w, forum, fmt.Sprintf("Breakout %d", i), speakerNamed("Ignacio Prieto")))
	}
	f.At("2027-05-10T12:00:00-05:00")
	return all
}

func wish(p workflows.ProposalView, o domain.Outcome) domain.DecisionWish {
	return domain.DecisionWish{Ref: p.Number, Outcome: o, NoFeedback: o == domain.OutcomeDeclined, Reason: "The committee met on May 7."}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// outcomeMails are the mails about the outcome of proposals: who is told what, in words.
func outcomeMails(f *sectiontest.Fixture, kinds ...domain.NoticeKind) []string {
	mails := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(store.MailFilter{Limit: 5000}) })
	var all []string
	for _, m := range mails {
		if slices.Contains(kinds, m.Kind) {
			all = append(all, string(m.Kind)+" to "+m.To+": "+m.Subject)
		}
	}
	slices.Sort(all)
	return all
}

// TestStageAndPublish goes once through staging, looking and publishing: nothing
// of the proposal changes before, and just what was shown happens.
func TestStageAndPublish(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w, d := workflows.Proposals{Base: f.Base}, workflows.Decisions{Base: f.Base}
		p := forumRound(t, f, 3)
		ben, eli, fay := f.Actor("Ben Castellano"), f.Actor("Eli Marsh"), f.Actor("Fay Nguyen")
		page := func() workflows.ProposalPage {
			return must[workflows.ProposalPage](t)(w.Page(t.Context(), ben, p[0].ID, workflows.TrailFilter{Limit: 50}))
		}
		before := page()

		if _, err := d.Stage(t.Context(), ben, wish(p[0], domain.OutcomeAccepted)); !domain.IsKind(err, domain.Forbidden) {
			t.Errorf("a chair of the group staged: %v", err)
		}
		if _, err := d.Stage(t.Context(), fay, wish(p[0], domain.OutcomeAccepted)); !domain.IsKind(err, domain.Forbidden) {
			t.Errorf("staff staged at Core Forum: %v", err)
		}
		line := must[workflows.DecisionLine](t)(d.Stage(t.Context(), eli, wish(p[0], domain.OutcomeAccepted)))
		if line.Staged == nil || line.Staged.Outcome != domain.OutcomeAccepted || line.Staged.Version != 1 || line.State != domain.Submitted {
			t.Errorf("staged: %+v", line)
		}
		if diff := cmp.Diff(before, page()); diff != "" {
			t.Errorf("the group sees that a decision is staged:\n%s", diff)
		}
		if _, err := d.Stage(t.Context(), eli, wish(p[0], domain.OutcomeDeclined)); !domain.IsKind(err, domain.Stale) {
			t.Errorf("staged over an unseen decision: %v", err)
		}
		all := []domain.DecisionWish{wish(p[0], domain.OutcomeDeclined), wish(p[1], domain.OutcomeAlternate), wish(p[2], domain.OutcomeDeclined)}
		all[0].Version, all[2].NoFeedback = 1, false
		var refusal *domain.Error
		_, err := d.StageAll(t.Context(), eli, forum, all)
		if !domain.IsKind(err, domain.Invalid) || !asError(err, &refusal) || refusal.Reasons[0].Pointer != "/decisions/2/feedback" {
			t.Fatalf("a decline without feedback: %v", err)
		}
		dry := must[[]workflows.DecisionDifference](t)(d.StageAll(store.WithDryRun(t.Context()), eli, forum, all))
		if dry[0].Change != domain.DecisionChanged || dry[1].Change != domain.DecisionNew || len(dry[2].Why) != 1 {
			t.Errorf("the difference is %+v", dry)
		}
		all[2].Feedback = "Come back with numbers."
		if _, err := d.StageAll(t.Context(), eli, forum, all); err != nil {
			t.Fatal(err)
		}

		l := must[workflows.DecisionList](t)(d.List(t.Context(), fay, forum))
		if len(l.Lines) != 3 || len(l.Preview.Blocked) != 3 || l.Preview.Blocked[0].Why[0].Code != "not_publishing" {
			t.Fatalf("in May: %+v", l.Preview)
		}
		f.At("2027-06-15T12:00:00-05:00")
		l = must[workflows.DecisionList](t)(d.List(t.Context(), fay, forum))
		if len(l.Lines) != 3 || len(l.Preview.Items) != 3 || l.Preview.Mails() != 3 || !l.MayPublish || l.MayStage {
			t.Fatalf("%d lines, %d to publish with %d mails", len(l.Lines), len(l.Preview.Items), l.Preview.Mails())
		}
		changed := wish(p[1], domain.OutcomeAccepted)
		changed.Version = workflows.AnyVersion
		must[workflows.DecisionLine](t)(d.Stage(t.Context(), eli, changed))
		if _, err := d.Publish(t.Context(), fay, forum, l.Preview.Token, nil); !domain.HasCode(err, "preview_outdated") {
			t.Errorf("published what nobody looked at: %v", err)
		}
		l = must[workflows.DecisionList](t)(d.Preview(t.Context(), fay, forum, nil))
		done := must[workflows.BatchView](t)(d.Publish(t.Context(), fay, forum, l.Preview.Token, nil))
		if done.Done != 3 || done.Total != 3 || done.EndedAt == nil || len(done.Refused) != 0 {
			t.Errorf("published: %+v", done)
		}
		again := must[workflows.BatchView](t)(d.Publish(t.Context(), fay, forum, l.Preview.Token, nil))
		if again.ID != done.ID || again.Done != 3 {
			t.Errorf("published twice: %+v", again)
		}
		want := []string{
			"outcome to ben.castellano@example.org: Accepted: Breakout 1", "outcome to ben.castellano@example.org: Declined: Breakout 0",
			"outcome to ben.castellano@example.org: Declined: Breakout 2", "speaker_confirm to ignacio.prieto@example.org: Please confirm: Breakout 1",
		}
		if diff := cmp.Diff(want, outcomeMails(f, domain.OutcomeNotice, domain.SpeakerConfirm)); diff != "" {
			t.Errorf("the mails differ:\n%s", diff)
		}
		if l.Preview.Mails() != len(want) {
			t.Errorf("the preview said %d mails", l.Preview.Mails())
		}
		after := page()
		if after.State != domain.Declined || after.Version != before.Version+1 || after.Steps[0].Action != domain.PublishDecision || after.Facts.Decision == nil {
			t.Errorf("published: %s, version %d, %+v", after.State, after.Version, after.Steps[0])
		}
		if !after.May(domain.CarryForward) {
			t.Error("a declined proposal cannot be carried forward")
		}
	})
}

func asError(err error, into **domain.Error) bool {
	e, ok := err.(*domain.Error) //nolint:errorlint // returned bare
	*into = e
	return ok
}

// Who decides at the venue, and who is of the group too, sees nothing of their
// own group's decisions: not in the list, the preview, the log or by name.
func TestOwnGroupStaysUnseen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		d := workflows.Decisions{Base: f.Base}
		p := forumRound(t, f, 2)
		for _, name := range []string{"Fern Abbott", "Fay Nguyen", "Kim Adeyemi"} {
			joins(t, f, name, "new-leaders-and-managers")
		}
		if _, err := d.StageAll(t.Context(), f.Actor("Eli Marsh"), forum, []domain.DecisionWish{wish(p[0], domain.OutcomeAccepted)}); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"Fern Abbott", "Fay Nguyen", "Kim Adeyemi"} {
			who := f.Actor(name)
			l, err := d.List(t.Context(), who, forum)
			if err != nil || len(l.Lines) != 0 || len(l.Preview.Items) != 0 {
				t.Errorf("%s sees %+v: %v", name, l.Lines, err)
			}
			if _, err := d.Get(t.Context(), who, p[0].ID); !domain.IsKind(err, domain.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := d.PublishOne(t.Context(), who, p[0].ID, 0); !domain.HasCode(err, "nothing_staged") && !domain.IsKind(err, domain.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		log := must[[]workflows.AuditLine](t)(workflows.Audits{Base: f.Base}.Page(t.Context(), f.Actor("Kim Adeyemi"), nil, 100))
		if slices.ContainsFunc(log, func(l workflows.AuditLine) bool { return l.Noun == "decision" }) {
			t.Errorf("the log tells the group: %+v", log)
		}
	})
}

func joins(t *testing.T, f *sectiontest.Fixture, name, group string) {
	t.Helper()
	_, err := store.Write(t.Context(), f.Store, func(tx *store.Tx) (struct{}, error) {
		return struct{}{}, tx.AddTerm(domain.Term{
			ID: f.NewID(), Version: 1, GroupID: f.Group(group).ID, PersonID: f.Person(name).ID, Role: domain.TermMember, StartsOn: sectiontest.Starts, EndsOn: sectiontest.Ends,
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestStagedGoesWithTheProposal: what is withdrawn, returned, decided at once or
// edited since leaves no decision behind that could be published.
func TestStagedGoesWithTheProposal(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		d := workflows.Decisions{Base: f.Base}
		p := forumRound(t, f, 3)
		eli, ben, fay := f.Actor("Eli Marsh"), f.Actor("Ben Castellano"), f.Actor("Fay Nguyen")
		for i := range p {
			must[workflows.DecisionLine](t)(d.Stage(t.Context(), eli, wish(p[i], domain.OutcomeAccepted)))
		}
		f.At("2027-06-15T12:00:00-05:00")
		shown := must[workflows.DecisionList](t)(d.Preview(t.Context(), fay, forum, nil)).Preview
		must[workflows.ProposalView](t)(w.Act(t.Context(), ben, p[0].ID, domain.Withdraw, workflows.Move{Input: domain.Input{Reason: "No time"}}))
		if _, err := d.Publish(t.Context(), fay, forum, shown.Token, nil); !domain.HasCode(err, "preview_outdated") {
			t.Errorf("published with one of them withdrawn since: %v", err)
		}
		if all := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Decision, error) { return tx.Decisions(p[0].ID) }); len(all) != 0 {
			t.Errorf("a withdrawn proposal keeps %+v", all)
		}
		if _, err := d.Stage(t.Context(), eli, wish(p[0], domain.OutcomeAccepted)); err == nil {
			t.Error("a decision is staged on what was withdrawn")
		}
		must[workflows.ProposalView](t)(w.Act(t.Context(), fay, p[1].ID, domain.Decide, workflows.Move{Input: domain.Input{Outcome: domain.OutcomeAlternate, Reason: "By phone"}}))
		until := f.Now().AddDate(0, 0, 3)
		must[workflows.ProposalView](t)(w.Act(t.Context(), f.Actor("Dana Whitfield"), p[2].ID, domain.RequestChanges, workflows.Move{Input: domain.Input{Reason: "Say who it is for.", Until: &until}}))
		title := "Breakout 2, for new managers"
		if _, err := w.Edit(t.Context(), ben, p[2].ID, workflows.Change{Title: &title}); err != nil {
			t.Fatal(err)
		}
		l := must[workflows.DecisionList](t)(d.List(t.Context(), fay, forum))
		if len(l.Lines) != 2 || len(l.Preview.Items) != 0 || len(l.Preview.Blocked) != 1 || l.Preview.Blocked[0].Why[0].Code != "text_changed" {
			t.Errorf("left: %+v, blocked %+v", l.Lines, l.Preview.Blocked)
		}
		if _, err := d.PublishOne(t.Context(), fay, p[2].ID, 0); !domain.HasCode(err, "text_changed") {
			t.Errorf("published on older text: %v", err)
		}
		again := wish(p[2], domain.OutcomeAccepted)
		again.Version = 1
		if line := must[workflows.DecisionLine](t)(d.Stage(t.Context(), eli, again)); line.Staged.Revision != line.Revision || line.Staged.Version != 2 {
			t.Errorf("staged again: %+v", line.Staged)
		}
		if line := must[workflows.DecisionLine](t)(d.PublishOne(t.Context(), eli, p[2].ID, 2)); line.State != domain.Accepted || line.Staged != nil {
			t.Errorf("published: %+v", line)
		}
		if got := outcomeMails(f, domain.ChangesAsked); len(got) != 1 || !strings.Contains(got[0], "ben.castellano") {
			t.Errorf("of the changes were told: %v", got)
		}
	})
}

// TestRequestChanges: the committee reopens a proposal it does not read; editing
// is open until the date and not a second longer; the state stays.
func TestRequestChanges(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := forumRound(t, f, 1)[0]
		until := f.Now().AddDate(0, 0, 3)
		ask := workflows.Move{Input: domain.Input{Reason: "Say who it is for.", Until: &until}}
		for name, kind := range map[string]domain.Kind{"Ben Castellano": domain.Forbidden, "Fay Nguyen": domain.Forbidden, "Hollis Grant": domain.NotFound} {
			if _, err := w.Act(t.Context(), f.Actor(name), p.ID, domain.RequestChanges, ask); !domain.IsKind(err, kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		got, err := w.Act(t.Context(), f.Actor("Eli Marsh"), p.ID, domain.RequestChanges, ask)
		if err != nil || got.Title != "" || got.ReopenedUntil == nil {
			t.Fatalf("the committee is answered %+v: %v", got.Proposal, err)
		}
		title := "For new managers"
		if v, err := w.Edit(t.Context(), f.Actor("Ana Reyes"), p.ID, workflows.Change{Title: &title}); err != nil || v.State != domain.Submitted || v.Revision != p.Revision+1 {
			t.Errorf("edited: %s, version %d, %v", v.State, v.Revision, err)
		}
		f.At("2027-05-13T12:00:00-05:00")
		if _, err := w.Edit(t.Context(), f.Actor("Ana Reyes"), p.ID, workflows.Change{Title: &title}); !domain.HasCode(err, "not_editable") {
			t.Errorf("edited after the date: %v", err)
		}
	})
}
