package store_test

import (
	"context"
	"errors"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// TestTogether: several workflows are one transaction; a part that fails is undone
// alone, also one that the database refused, and nothing outlives the whole.
func TestTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		add := func(ctx context.Context, id string) error {
			_, err := store.Write(ctx, s, func(tx *store.Tx) (struct{}, error) {
				return struct{}{}, tx.AddPerson(domain.Person{ID: id, Version: 1, Name: id})
			})
			return err
		}
		there := func(ctx context.Context, id string) bool {
			_, err := store.Read(ctx, s, func(tx *store.Tx) (domain.Person, error) { return tx.Person(id) })
			return err == nil
		}
		broken := errors.New("broken")
		var left context.Context
		run := func(end func(context.Context) error) (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = broken
				}
			}()
			_, err = store.Together(t.Context(), s, func(ctx context.Context, _ *store.Tx) (struct{}, error) {
				left = ctx
				if err := errors.Join(add(ctx, "a"), add(store.WithDryRun(ctx), "dry")); err != nil {
					t.Error(err)
				}
				if add(ctx, "a") == nil {
					t.Error("the database took a row twice")
				}
				if err := add(ctx, "b"); err != nil || !there(ctx, "a") || !there(ctx, "b") || there(ctx, "dry") {
					t.Errorf("after a part that failed: %v", err)
				}
				return struct{}{}, end(ctx)
			})
			return err
		}
		if err := run(func(context.Context) error { return broken }); !errors.Is(err, broken) || there(t.Context(), "a") {
			t.Errorf("after an error: %v", err)
		}
		if err := run(func(context.Context) error { panic("broken") }); !errors.Is(err, broken) || there(t.Context(), "a") {
			t.Errorf("after a panic: %v", err)
		}
		if err := run(func(context.Context) error { return nil }); err != nil || !there(t.Context(), "a") || !there(t.Context(), "b") || there(t.Context(), "dry") {
			t.Errorf("kept: %v", err)
		}
		if err := add(left, "late"); err != nil || !there(left, "late") { // its transaction is over, so it has one of its own
			t.Error(err)
		}
	})
}
