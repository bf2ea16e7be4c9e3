package store_test

import (
	"fmt"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// TestStageSQL tries the ledger's filters on every combination of what a stage
// depends on: a stipend is found by its own stage and by no other.
func TestStageSQL(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, one := range everyStipend() {
			for stage, condition := range store.StageSQL {
				for _, delivered := range []bool{true, false} {
					want := one.Stage(delivered) == stage || stage == store.StageBlocked && one.Blocked(delivered)
					if got := holds(t, s, condition, one, delivered); got != want {
						t.Errorf("%s of %+v, delivered %t: found %t, want %t", stage, one, delivered, got, want)
					}
				}
			}
		}
	})
}

func everyStipend() []domain.Stipend {
	var all []domain.Stipend
	for _, state := range domain.StipendStates() {
		for _, by := range []domain.Funding{domain.FundedHere, domain.FundedOutside} {
			if by == domain.FundedOutside && (state == domain.StipendApproved || state == domain.StipendPaid) {
				continue // the database does not take these
			}
			for i := range 8 {
				s := domain.Stipend{State: state, FundedBy: by}
				if i&1 != 0 {
					s.AgreementOn = "2027-03-01"
				}
				if i&2 != 0 {
					s.TaxFormOn = "2027-03-01"
				}
				if i&4 != 0 {
					s.Hold = "Outside the US."
				}
				all = append(all, s)
			}
		}
	}
	return all
}

func holds(t *testing.T, s *store.Store, condition string, one domain.Stipend, delivered bool) bool {
	t.Helper()
	at := "NULL"
	if delivered {
		at = "'2027-03-01'"
	}
	sql := fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT '%s' AS funded_by, '%s' AS state, '%s' AS agreement_on, '%s' AS tax_form_on, '%s' AS hold) t,
		(SELECT %s AS delivered_at) p WHERE (%s)`, one.FundedBy, one.State, one.AgreementOn, one.TaxFormOn, one.Hold, at, condition)
	n, err := store.Read(t.Context(), s, func(tx *store.Tx) (int, error) { return tx.Count(sql) })
	if err != nil {
		t.Fatal(err)
	}
	return n == 1
}
