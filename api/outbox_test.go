package api

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// askOutbox calls a route's own part for somebody: what comes before is tested elsewhere.
func askOutbox(t *testing.T, o workflows.Outbox, who domain.Actor, method, query, id string) (string, error) {
	t.Helper()
	i := 0
	if method == post {
		i = 1
	}
	r := outboxRoutes(o)[i]
	ec := echo.New().NewContext(httptest.NewRequestWithContext(t.Context(), method, "/?"+query, http.NoBody), httptest.NewRecorder())
	ec.SetParamNames("id")
	ec.SetParamValues(id)
	a, err := r.run(&Call{Context: ec, Actor: who, route: r})
	return string(a.body), err
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 9, 18, 17, 0, 0, 0, time.UTC)
	o := workflows.Outbox{Base: workflows.Base{Store: storetest.SQLite(t), Now: func() time.Time { return noon }, NewID: func() string { return "audit" }}}
	_, err := store.Write(t.Context(), o.Store, func(tx *store.Tx) (struct{}, error) {
		var all []error
		for _, m := range []domain.Mail{
			{ID: "a", Kind: domain.OutcomeNotice, Link: domain.LinkPage, LinkTo: "/proposals/27-A-001", State: domain.MailWaiting},
			{ID: "b", Kind: domain.SignInLink, Link: domain.LinkSignIn, LinkTo: "secret-id", State: domain.MailFailed, Attempts: 8},
		} {
			m.Cause, m.To, m.NextAt, m.CreatedAt = m.ID, m.ID+"@example.org", noon, noon
			all = append(all, tx.Tell(m))
		}
		return struct{}{}, errors.Join(all...)
	})
	if err != nil {
		t.Fatal(err)
	}
	staff := domain.Actor{ID: "s", Roles: []domain.Role{domain.Staff}}

	first, err := askOutbox(t, o, staff, get, "limit=1", "")
	if err != nil || !strings.Contains(first, `"id":"b"`) || strings.Contains(first, "secret-id") || !strings.Contains(first, `"next_at":null`) {
		t.Errorf("first page (%v): %s", err, first)
	}
	_, cursor, _ := strings.Cut(first, `"next_cursor":"`)
	cursor, _, _ = strings.Cut(cursor, `"`)
	want := `{"data":[{"id":"a","kind":"outcome","to":"a@example.org","name":"","subject":"","body":"","link":"page","page":"/proposals/27-A-001","url":"",` +
		`"state":"waiting","attempts":0,"next_at":"2026-09-18T17:00:00Z","sent_at":null,"error":"","created_at":"2026-09-18T17:00:00Z"}],"next_cursor":null}` + "\n"
	second, err := askOutbox(t, o, staff, get, "limit=1&cursor="+cursor, "")
	if diff := cmp.Diff(want, second); diff != "" || err != nil {
		t.Errorf("second page (%v) (-want +got):\n%s", err, diff)
	}
	if _, err := askOutbox(t, o, staff, get, "state=lost", ""); !domain.HasCode(err, "not_an_option") {
		t.Errorf("an unknown state: %v", err)
	}
	if again, err := askOutbox(t, o, staff, post, "", "b"); err != nil || !strings.Contains(again, `"state":"waiting","attempts":0`) {
		t.Errorf("retry (%v): %s", err, again)
	}
	if _, err := askOutbox(t, o, staff, post, "", "b"); !domain.HasCode(err, "not_failed") {
		t.Errorf("retry of a waiting one: %v", err)
	}
	for _, method := range []string{get, post} {
		if _, err := askOutbox(t, o, domain.Actor{ID: "m"}, method, "", "b"); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("%s by a member: %v, want not found", method, err)
		}
	}
}
