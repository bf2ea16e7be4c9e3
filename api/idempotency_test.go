package api

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

func keyed(as, key, body string) request {
	return request{method: post, path: "/api/v1/tokens", as: as, body: body, header: map[string]string{"Idempotency-Key": key}}
}

func written[T any](w *world, work func(*store.Tx) (T, error)) T {
	w.t.Helper()
	out, err := store.Write(w.t.Context(), w.Store, work)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func tokensOf(w *world, name string) int {
	return len(sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.Credential, error) {
		return tx.Credentials(w.Person(name).ID, domain.TokenCredential, *w.real.Load())
	}))
}

func TestIdempotency(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		first := w.send(keyed("Ana Reyes", "k-1", `{"name":"a"}`)).want(201)
		again := w.send(keyed("Ana Reyes", "k-1", `{"name":"a"}`)).want(201)
		if string(first.body) != string(again.body) || first.Header.Get("Idempotent-Replayed") != "" || again.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s\n%s", first.body, again.body)
		}
		for _, h := range []string{"Location", "ETag", "Content-Type"} {
			if first.Header.Get(h) == "" || first.Header.Get(h) != again.Header.Get(h) {
				t.Errorf("%s: %q and %q", h, first.Header.Get(h), again.Header.Get(h))
			}
		}
		w.send(keyed("Ana Reyes", "k-1", `{"name":"b"}`)).refused(422, "idempotency_key_reused")
		w.send(keyed("Ana Reyes", "k-2", `{"name":"a"}`)).want(201)
		if got := w.send(keyed("Ben Castellano", "k-1", `{"name":"a"}`)).want(201); string(got.body) == string(first.body) {
			t.Error("one person's key gives another's answer")
		}
		w.send(keyed("Ana Reyes", "with space", `{"name":"a"}`)).refused(400, "malformed_idempotency_key")
		if n := tokensOf(w, "Ana Reyes"); n != 3 { // with the test's own
			t.Errorf("%d tokens, want 3", n)
		}
		kept := written(w, func(tx *store.Tx) (store.Answer, error) {
			there, _, err := tx.ReserveAnswer(store.Answer{Principal: w.Person("Ana Reyes").ID, Route: "POST /api/v1/tokens", Key: "k-1"})
			return there, err
		})
		if kept.Status != 201 || strings.Contains(kept.Body, "lct_") || strings.Contains(kept.Body, "name") {
			t.Errorf("an answer is kept readable: %+v", kept)
		}
		w.later(24*time.Hour + time.Second)
		if w.send(keyed("Ana Reyes", "k-1", `{"name":"a"}`)).want(201).Header.Get("Idempotent-Replayed") != "" {
			t.Error("an answer is given again after a day")
		}
	})
}

// TestIdempotency_refused: a refusal changed nothing and frees the key.
func TestIdempotency_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	w.send(keyed("Ana Reyes", "k", `{}`)).want(422)
	w.send(keyed("Ana Reyes", "k", `{"name":"a"}`)).want(201)
}

// TestIdempotency_atOnce: of ten requests with one key that come at once, one does
// its work, and all get its answer; twenty keys do it twenty times.
func TestIdempotency_atOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.token("Ana Reyes")
		const keys, times = 20, 10
		var bodies [keys][times]string
		var replayed atomic.Int64
		var all sync.WaitGroup
		for k := range keys {
			for i := range times {
				all.Go(func() {
					r := w.send(keyed("Ana Reyes", fmt.Sprint("k-", k), `{"name":"a"}`))
					if r.StatusCode != 201 {
						t.Errorf("key %d: %d %s", k, r.StatusCode, r.body)
					}
					if r.Header.Get("Idempotent-Replayed") == "true" {
						replayed.Add(1)
					}
					bodies[k][i] = string(r.body)
				})
			}
		}
		all.Wait()
		distinct := map[string]bool{}
		for k := range keys {
			for i := range times {
				distinct[bodies[k][i]] = true
				if bodies[k][i] != bodies[k][0] {
					t.Errorf("key %d has two answers", k)
				}
			}
		}
		if n := tokensOf(w, "Ana Reyes") - 1; len(distinct) != keys || n != keys || replayed.Load() != keys*(times-1) {
			t.Errorf("%d answers, %d tokens, %d replays; want %d, %d, %d", len(distinct), n, replayed.Load(), keys, keys, keys*(times-1))
		}
	})
}

// TestIdempotency_waits: a request that comes while the first with its key is at
// work waits for it and gets its answer; the work is done once.
func TestIdempotency_waits(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		began, end := make(chan struct{}, 2), make(chan struct{})
		var ran atomic.Int64
		slow := endpoint(post, "/slow", "", func(*Call, struct{}) (meOut, error) {
			ran.Add(1)
			began <- struct{}{}
			<-end
			return meOut{Name: "slow"}, nil
		})
		w := newWorld(t, s, withRoute(slow))
		w.token("Ana Reyes")
		w.token("Ben Castellano") // Identify must not wait for the writer
		var all sync.WaitGroup
		var answers [2]reply
		for i := range answers {
			all.Go(func() {
				answers[i] = w.send(request{method: post, path: "/api/v1/slow", as: "Ana Reyes", header: map[string]string{"Idempotency-Key": "k"}})
			})
		}
		select {
		case <-began:
		case <-time.After(20 * time.Second):
			t.Error("no request began")
		}
		w.send(request{method: get, path: "/api/v1/me", as: "Ben Castellano"}).want(200) // reading goes on
		close(end)
		all.Wait()
		a, b := answers[0].want(200), answers[1].want(200)
		if ran.Load() != 1 || string(a.body) != string(b.body) || a.Header.Get("Idempotent-Replayed") == b.Header.Get("Idempotent-Replayed") {
			t.Errorf("ran %d times: %s and %s", ran.Load(), a.body, b.body)
		}
	})
}

// TestIdempotency_crash lets a request die at each point after its effect: nothing
// of it stays, and the key is free.
func TestIdempotency_crash(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var w *world
		faults := map[string]func(c *Call) error{
			"panic":   func(*Call) error { panic("broken") },
			"error":   func(*Call) error { return errors.New("broken") },
			"refusal": func(*Call) error { return domain.Refuse(domain.Because("", "no", "No.")) },
			"busy":    func(*Call) error { return workflows.ErrBusy },
			"no answer": func(c *Call) error { // the key's row is gone, so the answer cannot be kept
				_, err := store.Write(c.Ctx(), s, func(tx *store.Tx) (struct{}, error) {
					return struct{}{}, tx.DropAnswer(store.Answer{Principal: c.principal(), Route: "POST /api/v1/fragile", Key: "k", At: *w.real.Load()})
				})
				return err
			},
			"timeout": func(c *Call) error {
				ctx, cancel := context.WithCancel(c.Ctx())
				cancel()
				_, err := w.server.Access.MakeToken(ctx, c.Actor, workflows.TokenWish{Name: "late"})
				return err
			},
		}
		var fault func(*Call) error
		fragile := endpoint(post, "/fragile", "", func(c *Call, _ struct{}) (nothing, error) {
			for range 2 { // several writes, and a read of what they wrote
				if _, err := w.server.makeToken(c, tokenIn{Name: "half"}); err != nil {
					return nothing{}, err
				}
			}
			all, err := w.server.listTokens(c, listIn{})
			if err != nil || len(all.Data) != 3 {
				t.Errorf("%d tokens to be seen: %v", len(all.Data), err)
			}
			return nothing{}, fault(c)
		})
		w = newWorld(t, s, withRoute(fragile))
		w.token("Ana Reyes")
		send := request{method: post, path: "/api/v1/fragile", as: "Ana Reyes", header: map[string]string{"Idempotency-Key": "k"}}
		for name, f := range faults {
			fault = f
			if r := w.send(send); r.StatusCode < 400 {
				t.Errorf("%s: answered %d", name, r.StatusCode)
			}
			if n := tokensOf(w, "Ana Reyes"); n != 1 {
				t.Errorf("%s: %d tokens stayed", name, n-1)
			}
		}
		fault = func(*Call) error { return nil }
		if r := w.send(send).want(200); r.Header.Get("Idempotent-Replayed") != "" || tokensOf(w, "Ana Reyes") != 3 {
			t.Errorf("after the faults: %v, %d tokens", r.Header, tokensOf(w, "Ana Reyes"))
		}
		w.send(send).want(200)
		if n := tokensOf(w, "Ana Reyes"); n != 3 {
			t.Errorf("the repeat did it again: %d tokens", n)
		}
	})
}

// TestIdempotency_required: a route that moves money or seats takes no POST without a key.
func TestIdempotency_required(t *testing.T) {
	t.Parallel()
	paid := endpoint(post, "/paid", "", func(*Call, struct{}) (nothing, error) { return nothing{}, nil }).needsKey()
	form := page(post, "/paid", func(c *Call) error { return c.see("/") }).needsKey()
	w := newWorld(t, storetest.SQLite(t), func(s *Server) { s.extra = append(s.extra, paid, form) })
	w.send(request{method: post, path: "/api/v1/paid", as: "Ana Reyes"}).refused(400, "idempotency_key_required")
	w.send(request{method: post, path: "/api/v1/paid", as: "Ana Reyes", header: map[string]string{"Idempotency-Key": "k"}}).want(200)
	w.send(request{method: post, path: "/paid", cookie: w.session("Ana Reyes"), form: true, body: "n=1"}).want(400)
	w.send(request{method: post, path: "/paid", cookie: w.session("Ana Reyes"), form: true, body: "n=1&idempotency_key=k"}).want(303)
	doc, err := describeAPI([]*route{paid})
	if err != nil {
		t.Fatal(err)
	}
	if p := doc.Paths.Value("/paid").Post.Parameters.GetByInAndName("header", "Idempotency-Key"); p == nil || !p.Required {
		t.Error("the description does not say that the key is required")
	}
}

// keyIn is the one-time key of the form on a page that is sent to an address.
func keyIn(t *testing.T, page reply, action string) string {
	t.Helper()
	_, form, found := strings.Cut(string(page.body), `action="`+action+`"`)
	_, key, keyed := strings.Cut(form, `name="idempotency_key" value="`)
	key, _, _ = strings.Cut(key, `"`)
	if !found || !keyed || key == "" {
		t.Fatalf("the page has no form with a key to %s", action)
	}
	return key
}

// TestForm_once: a form that is sent twice does its work once and leads to the same
// page; changed and sent again it asks first; refused, it is free.
func TestForm_once(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		cookie := w.session("Ana Reyes")
		key := keyIn(t, w.send(request{method: get, path: "/proposals/new", cookie: cookie}).want(200), "/proposals/new")
		form := url.Values{"group": {w.Group("new-leaders-and-managers").Slug}, "call": {"annual-2027-sessions"}, "title": {"Clicked twice"}, keyField: {key}}
		send := func(form url.Values) reply {
			return w.send(request{method: post, path: "/proposals/new", cookie: cookie, form: true, body: form.Encode()})
		}
		drafts := func() int {
			var all list[ProposalLine]
			into(w.as("Ana Reyes", get, "/proposals?limit=100", nil).want(200), &all)
			return len(all.Data)
		}
		wrong := url.Values{"group": form["group"], "title": form["title"], keyField: {key}}
		send(wrong).want(422)
		before := drafts()
		var all sync.WaitGroup
		var answers [6]reply
		for i := range answers {
			all.Go(func() { answers[i] = send(form) })
		}
		all.Wait()
		for _, r := range answers {
			r.want(303)
			if r.Header.Get("Location") != answers[0].Header.Get("Location") || len(r.Header.Values("Set-Cookie")) != len(answers[0].Header.Values("Set-Cookie")) {
				t.Errorf("one click leads to %s, one to %s", answers[0].Header.Get("Location"), r.Header.Get("Location"))
			}
		}
		if n := drafts() - before; n != 1 {
			t.Errorf("%d drafts of one form", n)
		}
		form.Set("title", "Clicked <again>")
		asks := send(form).want(422)
		first := strings.ReplaceAll(answers[0].Header.Get("Location"), "&", "&amp;")
		if page := string(asks.body); !strings.Contains(page, "Clicked &lt;again&gt;") || !strings.Contains(page, `href="`+first+`"`) || drafts()-before != 1 {
			t.Errorf("a changed form is answered %s", page)
		}
		form.Set(keyField, keyIn(t, asks, "/proposals/new"))
		if r := send(form).want(303); r.Header.Get("Location") == answers[0].Header.Get("Location") || drafts()-before != 2 {
			t.Errorf("sent as another one it leads to %s", r.Header.Get("Location"))
		}
	})
}

func TestCursor(t *testing.T) {
	t.Parallel()
	type key struct{ Name, ID string }
	three := 3
	in := listIn{Limit: &three}
	rows := make([]key, 4)
	for i := range rows {
		rows[i] = key{fmt.Sprint("Zoë <", i), "id"}
	}
	same := func(k key) key { return k }
	page, err := pageOf(rows, in, "filter a", same, same)
	if err != nil || len(page.Data) != 3 || page.NextCursor == nil {
		t.Fatalf("%+v %v", page, err)
	}
	in.Cursor = *page.NextCursor
	if from, err := after[key](in, "filter a"); err != nil || *from != rows[2] {
		t.Errorf("%+v %v", from, err)
	}
	if _, err := after[key](in, "filter b"); err == nil {
		t.Error("a cursor works with other filters")
	}
	if page, err = pageOf(rows[:3], in, "filter a", same, same); err != nil || page.NextCursor != nil {
		t.Errorf("the last page has a cursor: %+v %v", page, err)
	}
	if page, _ = pageOf([]key(nil), in, "", same, same); page.Data == nil {
		t.Error("an empty list is null")
	}
}
