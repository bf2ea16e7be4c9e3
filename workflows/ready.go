package workflows

import (
	"context"
	"time"

	"lectern/internal/store"
)

// Ready tells why Lectern cannot serve now, in words for its operator; nil when
// it can. The clock compared with the database's is the real one.
func (w Access) Ready(ctx context.Context) error {
	return w.Store.Ready(ctx, func() time.Time { return w.RealNow() })
}

// DryRun returns a context under which workflows answer what would happen and
// change nothing.
func DryRun(ctx context.Context) context.Context { return store.WithDryRun(ctx) }

// ErrBusy is the error of a database that could not finish in time: try again.
var ErrBusy = store.ErrBusy
