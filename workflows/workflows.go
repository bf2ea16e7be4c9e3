// Package workflows does what people ask for: each workflow loads the facts,
// lets domain decide, and keeps the outcome with its history and its mails in
// one transaction. No workflow talks to the network.
package workflows

import (
	"time"

	"lectern/internal/store"
)

// Base is what every workflow needs.
type Base struct {
	Store *store.Store
	Now   func() time.Time // the one clock, UTC
	NewID func() string    // UUIDv7
}
