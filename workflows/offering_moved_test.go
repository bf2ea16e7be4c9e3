package workflows_test

import (
	"strings"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestMovedSpeakers: the speakers of a webinar that is moved are asked once more;
// who is designated for a stipend stays designated (the table of cases, rescheduled).
func TestMovedSpeakers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		ben, fay := w.Actor("Ben Castellano"), w.Actor("Fay Nguyen")
		speakers := func() []domain.Speaker {
			return sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.Speaker, error) { return tx.Speakers(w.offering.ProposalID) })
		}
		before := speakers()[0]
		stipends := workflows.Stipends{Proposals: workflows.Proposals{Base: w.Base}}
		designated, err := stipends.Designate(t.Context(), ben, w.offering.ProposalID, before.ID)
		if err != nil || before.Answer != domain.Confirmed {
			t.Fatalf("%+v, %v", before, err)
		}
		later := time.Date(2027, 5, 27, 18, 0, 0, 0, time.UTC)
		if _, err := (workflows.Offerings{Base: w.Base}).Act(t.Context(), fay, w.offering.ID, domain.RescheduleOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{StartsAt: &later, Reason: "The presenter is ill."}}); err != nil {
			t.Fatal(err)
		}
		after := speakers()[0]
		if after.Answer != domain.Invited || after.AnsweredAt != nil || after.LinkSerial != before.LinkSerial {
			t.Errorf("%+v", after)
		}
		told := map[string]bool{}
		for _, m := range w.mails(domain.SpeakerMoved) {
			told[m.To] = strings.Contains(m.Body, "Thu, May 27, 2027, 1:00 p.m. Central")
		}
		for _, sp := range domain.Active(speakers()) {
			if !told[sp.Email] {
				t.Errorf("%s is not told of the new time", sp.Name)
			}
		}
		if st, err := stipends.Get(t.Context(), fay, designated.ID); err != nil || st.State != domain.StipendDesignated {
			t.Errorf("%+v, %v", st.Stipend, err)
		}
		w.proven()
	})
}
