package api

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
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
		if string(first.body) != string(again.body) || first.Header.Get("Idempotent-Replay") != "" || again.Header.Get("Idempotent-Replay") != "true" {
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
		if w.send(keyed("Ana Reyes", "k-1", `{"name":"a"}`)).want(201).Header.Get("Idempotent-Replay") != "" {
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

func TestIdempotency_atOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.token("Ana Reyes")
		var made, waiting, other atomic.Int64
		bodies := make([]string, 20)
		var all sync.WaitGroup
		for i := range bodies {
			all.Go(func() {
				r := w.send(keyed("Ana Reyes", "k", `{"name":"a"}`))
				switch {
				case r.StatusCode == 201:
					made.Add(1)
					bodies[i] = string(r.body)
				case r.StatusCode == 409 && r.Header.Get("Retry-After") != "":
					waiting.Add(1)
				default:
					other.Add(1)
				}
			})
		}
		all.Wait()
		distinct := map[string]bool{}
		for _, b := range bodies {
			if b != "" {
				distinct[b] = true
			}
		}
		if made.Load() < 1 || other.Load() != 0 || len(distinct) != 1 || tokensOf(w, "Ana Reyes") != 2 {
			t.Errorf("%d answered with %d answers, %d told to wait, %d otherwise, %d tokens", made.Load(), len(distinct), waiting.Load(), other.Load(), tokensOf(w, "Ana Reyes"))
		}
	})
}

// TestIdempotency_inProgress: while the first is at work, others wait; when it
// died, one takes over. A panic frees the key.
func TestIdempotency_inProgress(t *testing.T) {
	t.Parallel()
	began, end := make(chan struct{}), make(chan struct{})
	slow := endpoint(post, "/slow", "", func(*Call, struct{}) (nothing, error) {
		began <- struct{}{}
		<-end
		return nothing{}, nil
	})
	fragile := endpoint(post, "/fragile", "", func(*Call, struct{}) (nothing, error) { panic("broken") })
	w := newWorld(t, storetest.SQLite(t), withRoute(slow), withRoute(fragile))
	w.token("Ana Reyes")
	send := func(path string) *sync.WaitGroup {
		var one sync.WaitGroup
		one.Go(func() {
			w.send(request{method: post, path: path, as: "Ana Reyes", header: map[string]string{"Idempotency-Key": "k"}})
		})
		return &one
	}
	started := func() {
		t.Helper()
		select {
		case <-began:
		case <-time.After(20 * time.Second):
			close(end)
			t.Fatal("the request did not begin")
		}
	}
	first := send("/api/v1/slow")
	started()
	w.send(request{method: post, path: "/api/v1/slow", as: "Ana Reyes", header: map[string]string{"Idempotency-Key": "k"}}).refused(409, "idempotency_in_progress")
	w.later(3 * time.Minute)
	second := send("/api/v1/slow")
	started() // it took over
	close(end)
	first.Wait()
	second.Wait()
	for range 2 {
		w.send(request{method: post, path: "/api/v1/fragile", as: "Ana Reyes", header: map[string]string{"Idempotency-Key": "k"}}).refused(500, "internal")
	}
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
