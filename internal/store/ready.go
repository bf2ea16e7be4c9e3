package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// maxClockOffset is how far the database's clock may be from ours: windows
// close by ours, and several instances must agree.
const maxClockOffset = 2 * time.Second

// Ready tells why the store cannot serve now: the database does not answer, its
// schema is not the program's, or (Postgres) its clock differs from now() by
// more than two seconds. nil when it can.
func (s *Store) Ready(ctx context.Context, now func() time.Time) error {
	if err := s.Ping(ctx); err != nil {
		return fmt.Errorf("the database does not answer: %w", err)
	}
	lines, err := s.MigrationStatus(ctx)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if strings.HasPrefix(l, "pending") {
			return errors.New("the schema is not current")
		}
	}
	if !s.postgres {
		return nil
	}
	return s.clockAgrees(ctx, now)
}

func (s *Store) clockAgrees(ctx context.Context, now func() time.Time) error {
	var theirs time.Time
	before := now()
	if err := s.pools[0].QueryRowContext(ctx, "SELECT clock_timestamp()").Scan(&theirs); err != nil {
		return fmt.Errorf("ask the database for the time: %w", err)
	}
	after := now()
	if theirs.Before(before.Add(-maxClockOffset)) || theirs.After(after.Add(maxClockOffset)) {
		return fmt.Errorf("the database's clock is %v away from ours", theirs.Sub(after).Round(time.Millisecond))
	}
	return nil
}
