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

func TestLinks(t *testing.T) {
	t.Parallel()
	old := workflows.Links{BaseURL: "https://lectern.example.org", Keys: workflows.SplitKeys("the old key")}
	rotated := workflows.Links{BaseURL: old.BaseURL, Keys: workflows.SplitKeys("the new key, the old key,")}
	later := workflows.Links{Keys: workflows.SplitKeys("the new key")}
	signIn, speaker := old.SignInToken("id"), old.SpeakerToken("id", 3)
	for name, l := range map[string]workflows.Links{"same_key": old, "rotated": rotated} {
		if id, ok := l.SignInID(signIn); !ok || id != "id" {
			t.Errorf("%s: sign-in %q %v", name, id, ok)
		}
		if id, serial, ok := l.SpeakerID(speaker); !ok || id != "id" || serial != 3 {
			t.Errorf("%s: speaker %q %d %v", name, id, serial, ok)
		}
	}
	if _, ok := later.SignInID(signIn); ok {
		t.Error("a key that was taken out still works")
	}
	if _, ok := later.SignInID(rotated.SignInToken("id")); !ok {
		t.Error("the newest key does not sign")
	}
	for _, forged := range []string{"", ".", "id", "id.", "id." + strings.Repeat("A", 43), strings.Replace(signIn, "id", "ie", 1), signIn + "x", speaker} {
		if _, ok := old.SignInID(forged); ok {
			t.Errorf("%q signs in", forged)
		}
	}
	for _, forged := range []string{"", "id.3", strings.Replace(speaker, ".3.", ".4.", 1), strings.Replace(speaker, ".3.", ".03.", 1), signIn} {
		if _, _, ok := old.SpeakerID(forged); ok {
			t.Errorf("%q speaks", forged)
		}
	}
	if _, ok := (workflows.Links{}).SignInID((workflows.Links{}).SignInToken("id")); ok {
		t.Error("without a key everything works")
	}
}

// TestAskSignIn_sameWork: the time an answer takes does not tell whether an
// address is known: the same number of statements, and one commit.
func TestAskSignIn_sameWork(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Access{
			Base: f.Base, RealNow: f.Now, NewSecret: f.NewID, Zone: time.UTC, LinkLife: time.Minute, SessionLife: time.Hour,
			Links: workflows.Links{Keys: []string{"key"}},
		}
		statements := func(email string) int64 {
			ctx, n := store.WithQueryCount(t.Context())
			if err := w.AskSignIn(ctx, email, ""); err != nil {
				t.Fatal(err)
			}
			return n.Load()
		}
		known, unknown := statements("ana.reyes@example.org"), statements("nobody@example.org")
		if known != unknown {
			t.Errorf("%d statements for a known address, %d for an unknown one", known, unknown)
		}
		mails := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(store.MailFilter{Limit: 10}) })
		if len(mails) != 1 || mails[0].Kind != domain.SignInLink {
			t.Errorf("mails %+v, want one", mails)
		}
		if statements("Ana.Reyes@example.org "); sectiontest.Read(f, func(tx *store.Tx) (domain.Mail, error) { return tx.Mail(mails[0].ID) }).State != domain.MailSuperseded {
			t.Error("the earlier mail would still be sent")
		}
	})
}
