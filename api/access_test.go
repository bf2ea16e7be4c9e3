package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

func signInMails(w *world) []domain.Mail {
	return slices.DeleteFunc(sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(store.MailFilter{Limit: 100}) }),
		func(m domain.Mail) bool { return m.Kind != domain.SignInLink })
}

// TestSignIn goes the whole way: address, mail, link, button, session, out.
func TestSignIn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.send(request{method: post, path: "/api/v1/sign-in-links", body: `{"email":"ana reyes"}`}).refused(422, "not_an_address")
		asked := w.send(request{method: post, path: "/api/v1/sign-in-links", body: `{"email":"Ana.Reyes@example.org","next":"/proposals"}`}).want(202)
		unknown := w.send(request{method: post, path: "/api/v1/sign-in-links", body: `{"email":"nobody@example.org"}`}).want(202)
		if string(asked.body) != string(unknown.body) {
			t.Errorf("a known address is answered %s, an unknown one %s", asked.body, unknown.body)
		}
		mails := signInMails(w)
		if len(mails) != 1 || mails[0].To != "ana.reyes@example.org" || mails[0].State != domain.MailWaiting {
			t.Fatalf("%+v, want one mail to Ana", mails)
		}
		link := w.server.Access.Links.SignInURL(mails[0].LinkTo)
		if strings.Contains(mails[0].Body, mails[0].LinkTo) {
			t.Error("the mail's text holds the link")
		}
		path := strings.TrimPrefix(link, "https://lectern.example.org")
		for range 2 { // looking does not use it up
			if page := w.send(request{method: get, path: path}).want(200); !strings.Contains(string(page.body), `action="/sign-in/link"`) {
				t.Errorf("no button: %s", page.body)
			}
		}
		form := url.Values{"token": {strings.TrimPrefix(path, "/sign-in/")}, "next": {"https://elsewhere.example.org/"}}.Encode()
		in := w.send(request{method: post, path: "/sign-in/link", form: true, body: form}).want(303)
		if got := in.Header.Get("Location"); got != "/proposals" {
			t.Errorf("sent on to %q", got)
		}
		cookie := in.Cookies()[0]
		if cookie.Name != "__Host-lectern" || !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" || cookie.MaxAge != 14*24*3600 {
			t.Errorf("cookie %+v", cookie)
		}
		var me meOut
		into(w.send(request{method: get, path: "/api/v1/me", cookie: cookie.Value}).want(200), &me)
		if me.Name != "Ana Reyes" || me.Today != "2026-09-18" || len(me.Terms) != 1 || !me.Terms[0].Current || me.Credential.Kind != domain.SessionCredential {
			t.Errorf("%+v", me)
		}
		if page := w.send(request{method: post, path: "/sign-in/link", form: true, body: form}).want(410); !strings.Contains(string(page.body), "no longer works") {
			t.Errorf("a used link: %s", page.body)
		}
		w.send(request{method: get, path: path}).want(410)
		w.send(request{method: post, path: "/sign-out", cookie: cookie.Value}).want(303)
		w.send(request{method: get, path: "/api/v1/me", cookie: cookie.Value}).refused(401, "sign_in_required")
	})
}

func TestSignIn_onlyOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		form := url.Values{"token": {w.linkFor("Ana Reyes", "")}}.Encode()
		got := make([]int, 20)
		var all sync.WaitGroup
		for i := range got {
			all.Go(func() {
				got[i] = w.send(request{method: post, path: "/sign-in/link", form: true, body: form}).StatusCode
			})
		}
		all.Wait()
		slices.Sort(got)
		if got[0] != 303 || got[1] != 410 || got[19] != 410 {
			t.Errorf("20 at once: %v, want one 303 and the others 410", got)
		}
		if n := len(sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.Credential, error) {
			return tx.Credentials(w.Person("Ana Reyes").ID, domain.SessionCredential, *w.real.Load())
		})); n != 1 {
			t.Errorf("%d sessions, want 1", n)
		}
	})
}

func TestSignIn_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	link := w.linkFor("Ana Reyes", "")
	other := workflows.Links{Keys: []string{"another key, which is 32 characters"}}
	id, _, _ := strings.Cut(link, ".")
	for name, token := range map[string]string{"none_of_ours": "abc", "forged": other.SignInToken(id), "no_mac": id + ".", "of_a_speaker": w.server.Access.Links.SpeakerToken(id, 1), "unknown_id": w.server.Access.Links.SignInToken("nothing")} {
		t.Run(name, func(t *testing.T) {
			w.send(request{method: get, path: "/sign-in/" + token}).want(410)
			w.send(request{method: post, path: "/sign-in/link", form: true, body: url.Values{"token": {token}}.Encode()}).want(410)
		})
	}
	w.later(15*time.Minute - time.Second)
	w.send(request{method: get, path: "/sign-in/" + link}).want(200)
	w.At("2027-01-01T00:00:00Z") // the demo's clock does not matter
	w.send(request{method: get, path: "/sign-in/" + link}).want(200)
	w.later(time.Second)
	w.send(request{method: get, path: "/sign-in/" + link}).want(410)
	page := w.send(request{method: post, path: "/sign-in", form: true, body: "email=ana.reyes&next=%2Fproposals"}).want(422)
	if body := string(page.body); !strings.Contains(body, `value="ana.reyes"`) || !strings.Contains(body, `value="/proposals"`) || !strings.Contains(body, "<title>Error:") {
		t.Errorf("what was typed is lost: %s", body)
	}
	for _, next := range []string{"//evil.example.org", "https://evil.example.org", `/\evil.example.org`, "evil", "/a\tb"} {
		if got := workflows.LocalPath(next); got != "" {
			t.Errorf("%q leads to %q", next, got)
		}
	}
}

// TestSession: 14 days, renewed when half of them are over.
func TestSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	secret := w.session("Ana Reyes")
	me := request{method: get, path: "/api/v1/me", cookie: secret}
	w.later(6 * 24 * time.Hour)
	if r := w.send(me).want(200); len(r.Cookies()) != 0 {
		t.Errorf("renewed on day 6: %v", r.Cookies())
	}
	w.later(2 * 24 * time.Hour)
	if r := w.send(me).want(200); len(r.Cookies()) != 1 || r.Cookies()[0].Value != secret || r.Cookies()[0].MaxAge != 14*24*3600 {
		t.Errorf("not renewed on day 8: %v", r.Cookies())
	}
	w.later(13 * 24 * time.Hour)
	w.send(me).want(200)
	w.later(14*24*time.Hour + time.Second)
	w.send(me).refused(401, "sign_in_required")
	r := w.send(request{method: get, path: "/api/v1/me", header: map[string]string{"Authorization": "Bearer " + w.session("Ana Reyes")}})
	r.refused(401, "token_unknown") // a session's secret is no token
	w.send(request{method: get, path: "/api/v1/me", cookie: w.token("Ana Reyes")}).refused(401, "sign_in_required")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		r := w.send(request{method: post, path: "/api/v1/tokens", as: "Ana Reyes", body: `{"name":"calendar","expires_at":"2026-09-20T17:00:00Z"}`}).want(201)
		var made tokenOut
		into(r, &made)
		if !strings.HasPrefix(made.Token, "lct_") || r.Header.Get("Location") != "/api/v1/tokens/"+made.ID || r.Header.Get("ETag") != `"1"` || !slices.Equal(made.Scopes, []domain.Scope{domain.ScopeRead}) {
			t.Errorf("%+v %v", made, r.Header)
		}
		by := func(method, path, body string) request {
			return request{method: method, path: path, body: body, header: map[string]string{"Authorization": "Bearer " + made.Token, "If-Match": "*"}}
		}
		w.send(by(get, "/api/v1/me", "")).want(200)
		w.send(by(post, "/api/v1/tokens", `{"name":"more"}`)).refused(403, "scope_missing")
		w.send(by(del, "/api/v1/tokens/"+made.ID, "")).refused(403, "scope_missing")
		w.server.Wait()
		var seen tokenOut
		into(w.send(request{method: get, path: "/api/v1/tokens/" + made.ID, as: "Ana Reyes"}).want(200), &seen)
		if seen.Token != "" || seen.LastUsed == nil || !seen.LastUsed.Equal(*w.real.Load()) {
			t.Errorf("%+v, want no secret and the last use", seen)
		}
		w.send(request{method: get, path: "/api/v1/tokens/" + made.ID, as: "Ben Castellano"}).refused(404, "not_found")
		w.send(request{method: del, path: "/api/v1/tokens/" + made.ID, as: "Ben Castellano", header: map[string]string{"If-Match": `"1"`}}).refused(404, "not_found")
		w.send(request{method: del, path: "/api/v1/tokens/" + made.ID, as: "Ana Reyes"}).refused(428, "if_match_required")
		w.send(request{method: del, path: "/api/v1/tokens/" + made.ID, as: "Ana Reyes", header: map[string]string{"If-Match": `"2"`}}).refused(412, "stale_version")
		w.send(request{method: del, path: "/api/v1/tokens/" + made.ID, as: "Ana Reyes", header: map[string]string{"If-Match": `x`}}).refused(400, "malformed_if_match")
		w.later(2*24*time.Hour - time.Second)
		w.send(by(get, "/api/v1/me", "")).want(200)
		w.later(time.Second)
		w.send(by(get, "/api/v1/me", "")).refused(401, "token_unknown")
		into(w.send(request{method: post, path: "/api/v1/tokens", as: "Ana Reyes", body: `{"name":"to revoke"}`}).want(201), &made)
		w.send(by(get, "/api/v1/me", "")).want(200)
		w.send(request{method: del, path: "/api/v1/tokens/" + made.ID, as: "Ana Reyes", header: map[string]string{"If-Match": `"1"`}}).want(204)
		w.send(by(get, "/api/v1/me", "")).refused(401, "token_unknown")
	})
}

func TestTokens_wrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	for body, want := range map[string]string{
		`{}`:                  "/name required",
		`{"name":" "}`:        "/name required",
		`{"name":"a\u0000b"}`: "/name nul_character",
		`{"name":"` + strings.Repeat("é", 101) + `","scopes":["admin"]}`: "/name too_long /scopes/0 not_an_option",
		`{"name":"a","expires_at":"2026-09-01T00:00:00Z"}`:               "/expires_at out_of_range",
		`{"name":"a","expires_at":"2028-09-01T00:00:00Z"}`:               "/expires_at out_of_range",
	} {
		p := w.send(request{method: post, path: "/api/v1/tokens", as: "Ana Reyes", body: body}).want(422)
		var said problemOut
		into(p, &said)
		var got []string
		for _, e := range said.Errors {
			got = append(got, e.Pointer, e.Code)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", body, got, want)
		}
	}
}

func TestTokens_pages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	for range 7 {
		w.send(request{method: post, path: "/api/v1/tokens", as: "Ana Reyes", body: `{"name":"a"}`}).want(201)
	}
	seen := map[string]bool{}
	cursor, pages := "", 0
	for ; pages < 10; pages++ {
		var page list[tokenOut]
		into(w.send(request{method: get, path: "/api/v1/tokens?limit=3&cursor=" + cursor, as: "Ana Reyes"}).want(200), &page)
		for _, x := range page.Data {
			seen[x.ID] = true
		}
		if page.NextCursor == nil {
			break
		}
		cursor = *page.NextCursor
	}
	if len(seen) != 8 || pages != 2 { // with the test's own token
		t.Errorf("%d tokens on %d pages", len(seen), pages+1)
	}
	w.send(request{method: get, path: "/api/v1/tokens?cursor=abc", as: "Ana Reyes"}).refused(400, "malformed_cursor")
	w.send(request{method: get, path: "/api/v1/tokens?limit=101", as: "Ana Reyes"}).refused(422, "out_of_range")
	w.send(request{method: get, path: "/api/v1/tokens?limit=0", as: "Ana Reyes"}).refused(422, "out_of_range")
	w.send(request{method: get, path: "/api/v1/tokens?limit=x", as: "Ana Reyes"}).refused(400, "malformed_parameter")
	w.send(request{method: get, path: "/api/v1/tokens?limt=5", as: "Ana Reyes"}).refused(400, "malformed_parameter")
	w.send(request{method: get, path: "/api/v1/tokens?cursor=a&cursor=b", as: "Ana Reyes"}).refused(400, "malformed_parameter")
	w.send(request{method: get, path: "/api/v1/tokens?cursor=%ff", as: "Ana Reyes"}).refused(400, "malformed_parameter")
	w.send(request{method: get, path: "/api/v1/tokens/%00", as: "Ana Reyes"}).refused(404, "not_found")
}

// TestIdentify_oneStatement: who asks is known after one statement, with all
// roles and terms (performance goal G8).
func TestIdentify_oneStatement(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for _, name := range []string{"Ben Castellano", "Fern Abbott", "Otto Lang", "Chidi Okonkwo"} {
			secret := w.token(name)
			ctx, n := store.WithQueryCount(t.Context())
			got, by, err := w.server.Access.Identify(ctx, secret)
			if err != nil {
				t.Fatal(err)
			}
			if n.Load() != 1 {
				t.Errorf("%s: %d statements, want 1", name, n.Load())
			}
			want := w.Actor(name)
			if got.ID != want.ID || got.Email != want.Email || !slices.Equal(got.Roles, want.Roles) || !slices.Equal(got.Terms, want.Terms) || got.Today != want.Today || by.Kind != domain.TokenCredential {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
	})
}

func TestAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	ana, other := w.session("Ana Reyes"), w.session("Ana Reyes")
	page := string(w.send(request{method: get, path: "/account", cookie: ana}).want(200).body)
	if strings.Count(page, "Firefox on Linux</bdi>") != 2 || strings.Contains(page, ana) {
		t.Errorf("sessions: %s", page)
	}
	w.send(request{method: post, path: "/account", cookie: ana, form: true, body: "version=1&zone=America%2FDenver&theme=dark"}).want(303)
	if p := sectiontest.Read(w.Fixture, func(tx *store.Tx) (domain.Person, error) { return tx.Person(w.Person("Ana Reyes").ID) }); p.Zone != "America/Denver" || p.Theme != "dark" || p.Version != 2 {
		t.Errorf("%+v", p)
	}
	w.send(request{method: post, path: "/account", cookie: ana, form: true, body: "version=1&zone=&theme="}).want(412)
	again := string(w.send(request{method: post, path: "/account", cookie: ana, form: true, body: "version=2&zone=Mars%2FCrater&theme=dark"}).want(422).body)
	if !strings.Contains(again, "Mars/Crater") {
		t.Error("what was typed is lost")
	}
	made := string(w.send(request{method: post, path: "/account/tokens", cookie: ana, form: true, body: "name=Calendar&scope=read&days=30"}).want(200).body)
	if !strings.Contains(made, "lct_secret-") {
		t.Error("the new token is not shown")
	}
	wrong := string(w.send(request{method: post, path: "/account/tokens", cookie: ana, form: true, body: "name=Kept&scope=read&days=many"}).want(422).body)
	if !strings.Contains(wrong, `value="Kept"`) || !strings.Contains(wrong, `value="many"`) {
		t.Error("what was typed is lost")
	}
	all := sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.Credential, error) {
		return tx.Credentials(w.Person("Ana Reyes").ID, domain.TokenCredential, *w.real.Load())
	})
	w.send(request{method: post, path: "/account/tokens/" + all[0].ID + "/revoke", cookie: w.session("Ben Castellano")}).want(404)
	w.send(request{method: post, path: "/account/tokens/" + all[0].ID + "/revoke", cookie: ana}).want(303)
	sessions := sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.Credential, error) {
		return tx.Credentials(w.Person("Ana Reyes").ID, domain.SessionCredential, *w.real.Load())
	})
	for _, c := range sessions {
		if w.send(request{method: get, path: "/account", cookie: other}).StatusCode == 200 {
			w.send(request{method: post, path: "/account/sessions/" + c.ID + "/end", cookie: ana}).want(303)
		}
	}
	w.send(request{method: get, path: "/account", cookie: other}).want(303)
}
