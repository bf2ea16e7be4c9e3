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

// forumProposal submits a breakout in March and goes to the review phase.
func forumProposal(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, title string, speakers ...domain.Speaker) workflows.ProposalView {
	t.Helper()
	f.At("2027-03-10T12:00:00-06:00")
	if len(speakers) == 0 {
		speakers = []domain.Speaker{speakerNamed("Ignacio Prieto"), speakerNamed("Pia Holm")}
	}
	p := submitted(t, f, w, "forum-2027-breakouts", title, speakers...)
	f.At("2027-04-08T12:00:00-05:00")
	return p
}

// scored is a review with scores in the order of the default rubric.
func scored(scores ...int) domain.ReviewInput {
	in := domain.ReviewInput{Scores: map[string]int{}, Verdict: domain.VerdictYes}
	for i, s := range scores {
		in.Scores[domain.DefaultRubric()[i].ID] = s
	}
	return in
}

// addLeaders puts n more people on the Leadership Team.
func addLeaders(t *testing.T, f *sectiontest.Fixture, n int) []domain.Actor {
	t.Helper()
	var all []domain.Actor
	team := f.Group("leadership-team")
	for i := range n {
		p := domain.Person{ID: f.NewID(), Version: 1, Name: fmt.Sprintf("Reader %02d", i), Email: fmt.Sprintf("reader.%d@example.org", i), Institution: "Reading Room"}
		a, err := store.Write(t.Context(), f.Store, func(tx *store.Tx) (domain.Actor, error) {
			if err := tx.AddPerson(p); err != nil {
				return domain.Actor{}, err
			}
			term := domain.Term{ID: f.NewID(), Version: 1, GroupID: team.ID, PersonID: p.ID, Role: domain.TermMember, StartsOn: sectiontest.Starts, EndsOn: sectiontest.Ends}
			if err := tx.AddTerm(term); err != nil {
				return domain.Actor{}, err
			}
			return tx.ActorOf(p.ID, f.Today())
		})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

// TestReviewSaved follows one review: begun, complete, changed, never a second one.
func TestReviewSaved(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := forumProposal(t, f, w, "Interim leadership")
		chidi := f.Actor("Chidi Okonkwo")
		part := scored(5, 4, 5, 3)
		part.Autosaved = true
		r, err := w.SaveReview(t.Context(), chidi, p.Number, 0, part)
		if err != nil || r.State != domain.ReviewOpen || r.Score != nil || r.Version != 1 {
			t.Fatalf("begun: %+v, %v", r.Review, err)
		}
		r, err = w.SaveReview(t.Context(), chidi, p.Number, r.Version, scored(5, 4, 5, 3, 4, 4))
		if err != nil || r.Score == nil || *r.Score != 8125 || r.Version != 2 || !r.Complete() {
			t.Fatalf("complete: %+v, %v", r.Review, err)
		}
		again, err := w.SaveReview(t.Context(), chidi, p.Number, 0, scored(5, 4, 5, 3, 4, 4))
		if err != nil || again.Version != 2 {
			t.Fatalf("the same once more: version %d, %v", again.Version, err)
		}
		if _, err := w.SaveReview(t.Context(), chidi, p.Number, 1, scored(1, 1, 1, 1, 1, 1)); !domain.IsKind(err, domain.Stale) {
			t.Errorf("on an outdated copy: %v", err)
		}
		r, err = w.SaveReview(t.Context(), chidi, p.Number, 2, scored(5, 5, 5, 5, 5, 5))
		if err != nil || *r.Score != domain.FullScore {
			t.Fatalf("changed: %+v, %v", r.Review, err)
		}
		if is, err := w.Review(t.Context(), chidi, p.Number); err != nil || !cmp.Equal(r, is) {
			t.Errorf("saved, and then read: %v\n%s", err, cmp.Diff(r, is))
		}
		all, kept := reviewsOf(f, p.CallID), sectiontest.Read(f, func(tx *store.Tx) ([]domain.Review, error) { return tx.EarlierReviews(p.ID, chidi.ID) })
		if len(all) != 1 || len(kept) != 1 || *kept[0].Score != 8125 {
			t.Errorf("%d reviews, and kept %+v; want one, and what it said before", len(all), kept)
		}
	})
}

func reviewsOf(f *sectiontest.Fixture, callID string) []domain.ReviewScore {
	return sectiontest.Read(f, func(tx *store.Tx) ([]domain.ReviewScore, error) { return tx.ReviewScores(callID) })
}

// TestReviewRefused is who may not review, when, and what cannot be saved; the
// refusal changes nothing.
func TestReviewRefused(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := forumProposal(t, f, w, "Interim leadership")
		good := scored(3, 3, 3, 3, 3, 3)
		no := good
		no.Verdict = domain.VerdictNo
		for _, c := range []struct {
			who, at string
			in      domain.ReviewInput
			kind    domain.Kind
			code    string
		}{
			{"Ana Reyes", "", good, domain.Forbidden, "not_your_move"},
			{"Fay Nguyen", "", good, domain.Forbidden, "not_your_move"},
			{"Hollis Grant", "", good, domain.NotFound, "not_found"},
			{"Eli Marsh", "", good, domain.NotFound, "not_found"},
			{"Chidi Okonkwo", "2027-03-31T23:59:59-05:00", good, domain.Conflict, "review_not_open"},
			{"Chidi Okonkwo", "2027-04-19T00:00:00-05:00", good, domain.Conflict, "review_not_open"},
			{"Chidi Okonkwo", "", no, domain.Invalid, "comment_required"},
			{"Chidi Okonkwo", "", scored(6, 3, 3, 3, 3, 3), domain.Invalid, "out_of_range"},
			{"Chidi Okonkwo", "", domain.ReviewInput{Scores: map[string]int{"charm": 5}}, domain.Invalid, "unknown_criterion"},
			{"Chidi Okonkwo", "", domain.ReviewInput{Comment: "a\x00b"}, domain.Invalid, "not_utf8"},
		} {
			f.At("2027-04-08T12:00:00-05:00")
			if c.at != "" {
				f.At(c.at)
			}
			_, err := w.SaveReview(t.Context(), f.Actor(c.who), p.ID, 0, c.in)
			if !domain.IsKind(err, c.kind) || !domain.HasCode(err, c.code) {
				t.Errorf("%s at %s: %v, want %s", c.who, c.at, err, c.code)
			}
		}
		if all := reviewsOf(f, p.CallID); len(all) != 0 {
			t.Errorf("%v was kept all the same", all)
		}
		f.At("2027-04-18T23:59:59-05:00")
		if _, err := w.SaveReview(t.Context(), f.Actor("Chidi Okonkwo"), p.ID, 0, good); err != nil {
			t.Errorf("in the last second of the discussion: %v", err)
		}
	})
}

// TestSixtyReviewers lets sixty people save at once, each twice, and one of them
// sixty times: nothing is lost and nobody has two reviews.
func TestSixtyReviewers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Proposals{Base: f.Base}
		readers := addLeaders(t, f, 60)
		for round := range 3 {
			p := forumProposal(t, f, w, fmt.Sprintf("Round %d", round))
			won, lost := race(120, func(i int) error {
				in := scored(1+i/2%5, 4, 5, 3, 4, 4)
				_, err := w.SaveReview(t.Context(), readers[i/2], p.ID, 0, in)
				return err
			})
			if won != 120 {
				t.Fatalf("round %d: %d of 120 saved: %v", round, won, lost[0])
			}
			stats := sectiontest.Read(f, func(tx *store.Tx) (map[string]domain.ReviewStats, error) { return tx.ReviewTotals(p.CallID) })
			want := 0
			for i := range 60 {
				score, _ := domain.DefaultRubric().Score(scored(1+i%5, 4, 5, 3, 4, 4).Scores)
				want += score
			}
			if got := stats[p.ID]; got.Count != 60 || got.Sum != want {
				t.Fatalf("round %d: %d reviews of %d, want 60 of %d", round, got.Count, got.Sum, want)
			}
			won, lost = race(60, func(i int) error {
				_, err := w.SaveReview(t.Context(), readers[0], p.ID, 0, scored(1+i%5, 1, 1, 1, 1, 1))
				return err
			})
			if n := len(reviewsOf(f, p.CallID)); n != 60*(round+1) || won != 60 {
				t.Fatalf("round %d: %d reviews in all, %d of 60 saved, %v", round, n, won, lost)
			}
		}
	})
}

// TestRecused declares a conflict after a review was written: it counts no more,
// and the title is all that is left to see.
func TestRecused(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := forumProposal(t, f, w, "Interim leadership")
		chidi := f.Actor("Chidi Okonkwo")
		if _, err := w.SaveReview(t.Context(), chidi, p.ID, 0, scored(5, 5, 5, 5, 5, 5)); err != nil {
			t.Fatal(err)
		}
		before, err := w.Get(t.Context(), f.Actor("Ben Castellano"), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.Act(t.Context(), chidi, p.ID, domain.Recuse, workflows.Move{})
		if err != nil || v.Sight != domain.TitleOnly || v.Title == "" || len(v.Answers) != 0 {
			t.Fatalf("after recusing: %+v, %v", v, err)
		}
		for what, try := range map[string]func() error{
			"a second time": func() error { _, err := w.Act(t.Context(), chidi, p.ID, domain.Recuse, workflows.Move{}); return err },
		} {
			if err := try(); !domain.HasCode(err, "already_in_conflict") {
				t.Errorf("%s: %v", what, err)
			}
		}
		_, saving := w.SaveReview(t.Context(), chidi, p.ID, 0, scored(1, 1, 1, 1, 1, 1))
		_, reading := w.Reviews(t.Context(), chidi, p.ID)
		_, own := w.Review(t.Context(), chidi, p.ID)
		for _, err := range []error{saving, reading, own} {
			if !domain.IsKind(err, domain.Forbidden) || !domain.HasCode(err, "conflict_of_interest") {
				t.Errorf("in conflict: %v", err)
			}
		}
		stats := sectiontest.Read(f, func(tx *store.Tx) (map[string]domain.ReviewStats, error) { return tx.ReviewTotals(p.CallID) })
		if got := stats[p.ID]; got.Count != 0 || got.Recused != 1 {
			t.Errorf("%+v, want no review and one recusal", got)
		}
		after, err := w.Get(t.Context(), f.Actor("Ben Castellano"), p.ID)
		if err != nil || after.Version != before.Version || !after.UpdatedAt.Equal(before.UpdatedAt) {
			t.Errorf("reviewing shows to the group: version %d, then %d (%v)", before.Version, after.Version, err)
		}
		steps, err := w.History(t.Context(), f.Actor("Ben Castellano"), p.ID, workflows.HistoryFilter{Limit: 100})
		if err != nil || slices.ContainsFunc(steps, func(s domain.Step) bool { return s.Action.Quiet() }) {
			t.Errorf("the group's history tells of reviews: %v, %v", steps, err)
		}
	})
}

// TestReviewOfOwnSpeaker bars who speaks, by name or address, or works where a speaker
// does, from every review; not for a speaker who was replaced.
func TestReviewOfOwnSpeaker(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		chidi := f.Actor("Chidi Okonkwo")
		for _, c := range []struct {
			name, email, at string
			replaced, bars  bool
		}{
			{"Pia Holm", "pia@example.org", "Example University", false, false},
			{"chidi  OKONKWO", "c@example.org", "Example University", false, true},
			{"C. Okonkwo", strings.ToUpper(chidi.Email), "Example University", false, true},
			{"Pia Holm", "pia@example.org", "example public library", false, true},
			{chidi.Name, chidi.Email, chidi.Institution, true, false},
		} {
			s := domain.Speaker{Name: c.name, Email: c.email, Titles: []string{"Librarian"}, Affiliations: []string{"Reading Room", c.at}, Bio: "Writes about budgets."}
			p := forumProposal(t, f, w, "Budgets", speakerNamed("Ignacio Prieto"), s)
			if c.replaced {
				replaceSpeaker(t, f, p.ID)
			}
			_, saving := w.SaveReview(t.Context(), chidi, p.ID, 0, scored(4, 4, 4, 4, 4, 4))
			_, own := w.Review(t.Context(), chidi, p.ID)
			f.At("2027-04-17T12:00:00-05:00")
			_, reading := w.Reviews(t.Context(), chidi, p.ID)
			for what, err := range map[string]error{"saving": saving, "one's own": own, "reading": reading} {
				if bars := domain.HasCode(err, "conflict_of_interest"); bars != c.bars || !bars && err != nil {
					t.Errorf("%s beside %+v: %v", what, c, err)
				}
			}
		}
	})
}

// replaceSpeaker puts the first of a proposal's speakers in the second's place.
func replaceSpeaker(t *testing.T, f *sectiontest.Fixture, proposalID string) {
	t.Helper()
	_, err := store.Write(t.Context(), f.Store, func(tx *store.Tx) (struct{}, error) {
		all, err := tx.Speakers(proposalID)
		if err != nil {
			return struct{}{}, err
		}
		all[1].ReplacedBy, all[1].Version = all[0].ID, all[1].Version+1
		return struct{}{}, tx.ChangeSpeaker(all[1])
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestOthersAfterOwn reads the others' reviews before and after one's own, in
// each phase.
func TestOthersAfterOwn(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := forumProposal(t, f, w, "Interim leadership")
		if _, err := w.SaveReview(t.Context(), f.Actor("Vera Lindholm"), p.ID, 0, scored(2, 2, 2, 2, 2, 2)); err != nil {
			t.Fatal(err)
		}
		sees := func(who, at, code string) {
			t.Helper()
			f.At(at)
			got, err := w.Reviews(t.Context(), f.Actor(who), p.ID)
			if code != "" && !domain.HasCode(err, code) || code == "" && (err != nil || len(got.Reviews) == 0) {
				t.Errorf("%s at %s: %v %v, want %q", who, at, got.Reviews, err, code)
			}
		}
		sees("Chidi Okonkwo", "2027-04-08T12:00:00-05:00", "own_review_first")
		if _, err := w.SaveReview(t.Context(), f.Actor("Chidi Okonkwo"), p.ID, 0, scored(5, 5, 5, 5, 5, 5)); err != nil {
			t.Fatal(err)
		}
		sees("Chidi Okonkwo", "2027-04-08T12:00:00-05:00", "discussion_not_begun")
		sees("Chidi Okonkwo", "2027-04-15T00:00:00-05:00", "")
		sees("Dana Whitfield", "2027-04-15T00:00:00-05:00", "own_review_first")
		sees("Dana Whitfield", "2027-04-19T00:00:00-05:00", "")
		sees("Ana Reyes", "2027-04-19T00:00:00-05:00", "not_your_move")
		sees("Fay Nguyen", "2027-04-19T00:00:00-05:00", "not_your_move")
		sees("Kim Adeyemi", "2027-04-08T12:00:00-05:00", "")
	})
}

// TestOutdatedReviewersTold edits a text after it was reviewed: the next revision
// is another one, its reviewers are told once, and nobody is named.
func TestOutdatedReviewersTold(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := forumProposal(t, f, w, "Interim leadership")
		if _, err := w.SaveReview(t.Context(), f.Actor("Chidi Okonkwo"), p.ID, 0, scored(5, 5, 5, 5, 5, 5)); err != nil {
			t.Fatal(err)
		}
		until := domain.Date("2027-04-20")
		if _, err := (workflows.Calls{Base: f.Base}).Change(t.Context(), f.Actor("Fay Nguyen"), "forum-2027-breakouts", workflows.CallSettings{EditUntil: &until}); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			if _, err := w.Edit(t.Context(), f.Actor("Ana Reyes"), p.ID, workflows.Change{Title: text(fmt.Sprintf("Interim leadership, take %d", i))}); err != nil {
				t.Fatal(err)
			}
		}
		r, err := w.Review(t.Context(), f.Actor("Chidi Okonkwo"), p.ID)
		if err != nil || r.Revision >= r.Now {
			t.Errorf("reviewed revision %d of %d: %v", r.Revision, r.Now, err)
		}
		mails := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Mail, error) {
			return tx.Mails(store.MailFilter{Kind: domain.ReviewOutdated, Limit: 10})
		})
		if len(mails) != 1 || mails[0].Name != "Chidi Okonkwo" {
			t.Fatalf("told: %+v", mails)
		}
		for _, secret := range []string{"Ana Reyes", "New Leaders", "Ignacio"} {
			if strings.Contains(mails[0].Subject+mails[0].Body, secret) {
				t.Errorf("the mail names %q", secret)
			}
		}
	})
}

// TestChairInConflict: the vice chair acts for the Leadership chair when the
// chair speaks, is in the group, or declared a conflict; not otherwise.
func TestChairInConflict(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		free := forumProposal(t, f, w, "Free")
		speaks := forumProposal(t, f, w, "Speaks", speakerNamed("Dana Whitfield"))
		declared := forumProposal(t, f, w, "Declared")
		if _, err := w.Act(t.Context(), f.Actor("Dana Whitfield"), declared.ID, domain.Recuse, workflows.Move{}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			p    workflows.ProposalView
			want bool
		}{{free, false}, {speaks, true}, {declared, true}} {
			got, err := w.Get(t.Context(), f.Actor("Kim Adeyemi"), c.p.ID)
			if err != nil || got.Facts.ChairInConflict != c.want {
				t.Errorf("%s: the chair is in conflict: %v, %v", c.p.Title, got.Facts.ChairInConflict, err)
			}
		}
	})
}
