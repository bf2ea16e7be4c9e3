package intake

import (
	"testing"

	"lectern/domain"
)

func TestReadDecisions(t *testing.T) {
	t.Parallel()
	rows, err := ReadDecisions([]byte("Number;Title;Outcome;Feedback;No_Feedback\r\n27-F-001;One;ACCEPTED; Welcome. ;\r\n27-F-002;Two;declined;;Yes\r\n27-F-003;Three;;;\r\n"))
	if err != nil || len(rows) != 3 {
		t.Fatalf("%+v: %v", rows, err)
	}
	want := []domain.DecisionWish{{Ref: "27-F-001", Outcome: domain.OutcomeAccepted, Feedback: "Welcome."}, {Ref: "27-F-002", Outcome: domain.OutcomeDeclined, NoFeedback: true}, {Ref: "27-F-003"}}
	for i, r := range rows {
		if r.DecisionWish != want[i] || r.Line != i+2 {
			t.Errorf("line %d: %+v, want %+v", r.Line, r.DecisionWish, want[i])
		}
	}
	for file, code := range map[string]string{
		"number,result\n27-F-001,accepted\n":       "missing_column",
		"number,outcome\n27-F-001,maybe\n":         "not_an_option",
		"number,outcome\n,accepted\n":              "required",
		"number,outcome\n27-F-001,accepted,more\n": "ragged_row",
	} {
		if _, err := ReadDecisions([]byte(file)); !domain.HasCode(err, code) {
			t.Errorf("%q: %v, want %s", file, err, code)
		}
	}
}
