package store

import (
	"context"
	"errors"
)

type dryRunKey struct{}

// errDryRun undoes the transaction of a dry run; nobody outside sees it.
var errDryRun = errors.New("dry run")

// WithDryRun returns a context under which Write answers what would happen and
// keeps nothing of it.
func WithDryRun(ctx context.Context) context.Context {
	return context.WithValue(ctx, dryRunKey{}, true)
}

// DryRun tells whether the context is that of a dry run.
func DryRun(ctx context.Context) bool { return ctx.Value(dryRunKey{}) != nil }

// orDryRun makes a transaction that went well end as a dry run does.
func orDryRun(ctx context.Context, err error) error {
	if err == nil && DryRun(ctx) {
		return errDryRun
	}
	return err
}

// settled takes back what orDryRun said, once the transaction is undone.
func settled(err error) error {
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}
