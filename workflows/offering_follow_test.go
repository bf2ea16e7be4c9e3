package workflows_test

import (
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/workflows"
)

// held gives a webinar as staff see it.
func held(t *testing.T, f *sectiontest.Fixture, id string) workflows.OfferingView {
	t.Helper()
	v, err := (workflows.Offerings{Base: f.Base}).Get(t.Context(), f.Actor("Fay Nguyen"), id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestDelivered marks a webinar as delivered from either side: offering and
// proposal agree, and stipends of those who did not present end.
func TestDelivered(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		sale := workflows.Offerings{Base: f.Base}
		for _, from := range []string{"offering", "proposal"} {
			v := onSale(t, f, "Held, from the "+from, 50)
			ben, fay := f.Actor("Ben Castellano"), f.Actor("Fay Nguyen")
			for _, s := range v.Speakers[:2] {
				if _, err := w.Designate(t.Context(), ben, v.ProposalID, s.ID); err != nil {
					t.Fatal(err)
				}
			}
			deliver := func(presented ...string) error {
				if from == "offering" {
					_, err := sale.Act(t.Context(), fay, v.ID, domain.DeliverOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Presented: presented}})
					return err
				}
				_, err := w.Act(t.Context(), fay, v.ProposalID, domain.MarkDelivered, workflows.Move{Input: domain.Input{Presented: presented}})
				return err
			}
			refused(t, deliver(v.Speakers[0].ID), domain.Conflict, "not_yet")
			f.At("2027-05-20T15:00:00-05:00")
			refused(t, deliver(), domain.Invalid, "required")
			if err := deliver(v.Speakers[0].ID); err != nil {
				t.Fatalf("from the %s: %v", from, err)
			}
			p, err := w.Get(t.Context(), fay, v.ProposalID)
			if err != nil || p.DeliveredAt == nil || p.Facts.Stipends[0].State != domain.StipendDesignated || p.Facts.Stipends[1].State != domain.StipendVoid {
				t.Errorf("from the %s: delivered %v, stipends %+v, %v", from, p.DeliveredAt, p.Facts.Stipends, err)
			}
			if o := held(t, f, v.ID); o.Status != domain.OfferingDelivered || o.DeliveredAt == nil {
				t.Errorf("from the %s: the webinar is %s", from, o.Status)
			}
			refused(t, deliver(v.Speakers[0].ID), domain.Conflict, map[string]string{"offering": "not_from_here", "proposal": "already_delivered"}[from])
		}
	})
}

// TestRecordingAfterwards: after delivery the recording can be set, and nothing else.
func TestRecordingAfterwards(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, _ workflows.Proposals) {
		w, fay := workflows.Offerings{Base: f.Base}, f.Actor("Fay Nguyen")
		v := onSale(t, f, "Recorded", 50)
		later := v.StartsAt.Add(time.Hour)
		at := &later
		_, err := w.Edit(t.Context(), fay, v.ID, workflows.OfferingChange{Version: v.Version, StartsAt: &at})
		refused(t, err, domain.Conflict, "reschedule_instead")
		f.At("2027-05-20T15:00:00-05:00")
		if v, err = w.Act(t.Context(), fay, v.ID, domain.DeliverOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Presented: []string{v.Speakers[0].ID}}}); err != nil {
			t.Fatal(err)
		}
		_, err = w.Edit(t.Context(), fay, v.ID, workflows.OfferingChange{Version: v.Version, Title: text("Another title")})
		refused(t, err, domain.Conflict, "delivered")
		if v, err = w.Edit(t.Context(), fay, v.ID, workflows.OfferingChange{Version: v.Version, RecordingURL: text("https://video.example.org/1")}); err != nil || v.RecordingURL == "" {
			t.Error(err)
		}
	})
}

// TestWebinarFollowsProposal: a cancelled proposal takes its webinar off sale, and
// the page names who presents now.
func TestWebinarFollowsProposal(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		v := onSale(t, f, "Follows", 50)
		act(t, f, w, "Ben Castellano", v.ProposalID, domain.DeclineToSpeak, domain.Input{SpeakerID: v.Speakers[1].ID})
		if o := held(t, f, v.ID); len(o.Presenters) != len(v.Presenters)-1 || o.Presenters[1].Name == v.Presenters[1].Name {
			t.Errorf("presenters %+v", o.Presenters)
		}
		act(t, f, w, "Fay Nguyen", v.ProposalID, domain.ReplaceSpeaker, domain.Input{SpeakerID: v.Speakers[0].ID, Speaker: &domain.Speaker{Name: "Wren Tate", Email: "wren@example.org", Titles: []string{"Director", "Ombuds liaison"}}, Agreed: "By mail"})
		if o := held(t, f, v.ID); o.Presenters[0].Name != "Wren Tate" || len(o.Presenters[0].Titles) != 2 {
			t.Errorf("presenters %+v", o.Presenters)
		}
		act(t, f, w, "Fay Nguyen", v.ProposalID, domain.Cancel, domain.Input{Reason: "No speakers left"})
		if o := held(t, f, v.ID); o.Status != domain.OfferingCancelled || o.Reason != "No speakers left" {
			t.Errorf("%s, %q", o.Status, o.Reason)
		}
		v = onSale(t, f, "Corrected", 50)
		act(t, f, w, "Kim Adeyemi", v.ProposalID, domain.CorrectDecision, domain.Input{Outcome: domain.OutcomeDeclined, NoFeedback: true, Reason: "The wrong line was read"})
		p, err := w.Get(t.Context(), f.Actor("Kim Adeyemi"), v.ProposalID)
		if o := held(t, f, v.ID); err != nil || (o.Status == domain.OfferingCancelled) != (p.State == domain.Declined) {
			t.Errorf("the proposal is %s, the webinar %s; %v", p.State, o.Status, err)
		}
		v = onSale(t, f, "Called off", 50)
		act(t, f, w, "Fay Nguyen", v.ProposalID, domain.CancelEvent, domain.Input{Reason: "No platform this year"})
		if o := held(t, f, v.ID); o.Status != domain.OfferingCancelled {
			t.Errorf("its event is off, and it is %s", o.Status)
		}
	})
}

// TestOfferingWalk tries every action from every status against the databases:
// the table's outcome, or a refusal, after which nothing has changed.
func TestOfferingWalk(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, _ workflows.Proposals) {
		sale, fay := workflows.Offerings{Base: f.Base}, f.Actor("Fay Nguyen")
		later := time.Date(2027, 6, 3, 18, 0, 0, 0, time.UTC)
		to := map[domain.OfferingStatus][]domain.OfferingAction{
			domain.OfferingPublished: nil, domain.OfferingClosed: {domain.CloseOffering}, domain.OfferingDelivered: {domain.DeliverOffering}, domain.OfferingCancelled: {domain.CancelOffering},
		}
		for status, way := range to {
			for _, a := range domain.OfferingActions() {
				if a == domain.EditOffering {
					continue
				}
				v := onSale(t, f, "Webinar "+string(status)+" "+string(a), 50)
				in := workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Reason: "Because", StartsAt: &later, Presented: []string{v.Speakers[0].ID}}}
				f.At("2027-05-20T15:00:00-05:00")
				for _, step := range way {
					if _, err := sale.Act(t.Context(), fay, v.ID, step, in); err != nil {
						t.Fatal(err)
					}
				}
				before := held(t, f, v.ID)
				after, err := sale.Act(t.Context(), fay, v.ID, a, in)
				if before.Has(a) != (err == nil) {
					t.Errorf("%s from %s: %v", a, status, err)
				}
				if err != nil {
					refused(t, err, domain.Conflict, "not_from_here")
					if now := held(t, f, v.ID); now.Version != before.Version || now.Status != status {
						t.Errorf("a refused %s changed %s to %s", a, status, now.Status)
					}
				} else if after.Version != before.Version+1 {
					t.Errorf("%s from %s: version %d after %d", a, status, after.Version, before.Version)
				}
			}
		}
	})
}
