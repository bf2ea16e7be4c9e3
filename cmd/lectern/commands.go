package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/google/uuid"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/workflows"
)

type settingsCommand struct{}

// Run prints the settings.
func (settingsCommand) Run(c Config, s streams) error { return c.print(s.out) }

type versionCommand struct{}

// Run prints the version that the build knows.
func (versionCommand) Run(s streams) error {
	_, err := fmt.Fprintln(s.out, "lectern", version())
	return err
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, kv := range info.Settings {
		if kv.Key == "vcs.revision" {
			return kv.Value
		}
	}
	return info.Main.Version
}

type lifecycleCommand struct{}

// Run prints the lifecycle as a Markdown table, generated from the moves.
func (lifecycleCommand) Run(s streams) error {
	_, err := fmt.Fprint(s.out, domain.LifecycleText())
	return err
}

type migrateCommand struct {
	What string `arg:"" optional:"" enum:"up,status" default:"up" help:"up or status"`
}

// Run brings the schema up to date, or tells where it stands.
func (m migrateCommand) Run(ctx context.Context, c Config, s streams) error {
	st, err := openStore(ctx, c, store.Options{NoMigrate: m.What == "status", JustOpen: m.What == "status"})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	lines, err := st.MigrationStatus(ctx)
	for _, l := range lines {
		_, _ = fmt.Fprintln(s.out, l)
	}
	return err
}

func openStore(ctx context.Context, c Config, o store.Options) (*store.Store, error) {
	if !store.IsPostgres(c.Database) {
		if err := ensureFolder(filepath.Dir(c.Database)); err != nil {
			return nil, err
		}
	}
	return store.Open(ctx, c.Database, o)
}

// base is what workflows need, on the real clock.
func base(st *store.Store) workflows.Base {
	return workflows.Base{Store: st, Now: realNow, NewID: newID}
}

func realNow() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func newID() string { return uuid.Must(uuid.NewV7()).String() }

type checkCommand struct{}

// Run proves the invariants, one line each; status 1 when one is broken.
func (checkCommand) Run(ctx context.Context, c Config, s streams) error {
	st, err := openStore(ctx, c, store.Options{NoMigrate: c.NoMigrate})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	return check(ctx, st, s)
}

func check(ctx context.Context, st *store.Store, s streams) error {
	findings, err := store.Read(ctx, st, func(tx *store.Tx) ([]store.Finding, error) { return tx.Check(realNow()) })
	if err != nil {
		return err
	}
	broken := false
	for _, f := range findings {
		word := "holds"
		if len(f.Broken) > 0 {
			word, broken = "BROKEN", true
		}
		_, _ = fmt.Fprintf(s.out, "%-6s %6d looked at: %s\n", word, f.Looked, f.Name)
		for _, b := range f.Broken {
			_, _ = fmt.Fprintln(s.out, "       ", b)
		}
	}
	if broken {
		return errBroken
	}
	return nil
}

// readInput reads a file, or standard input for "-", up to a limit.
func readInput(path string, s streams, limit int64) ([]byte, error) {
	if path == "-" {
		return readLimited(s.in, limit)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return readLimited(f, limit)
}
