package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"lectern/internal/store"
)

type backupCommand struct {
	File string `arg:"" help:"A new file."`
}

// Run writes the database into a new file, as it stands at one moment.
func (b backupCommand) Run(ctx context.Context, c Config, s streams) error {
	if store.IsPostgres(c.Database) {
		return fmt.Errorf("a Postgres database has its own tool, which also works while Lectern runs: pg_dump --format=custom --file=%s DATABASE, with the address in LECTERN_DATABASE", b.File)
	}
	if err := store.BackUp(ctx, c.Database, b.File); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(s.out, "%s is whole as of now.\n", b.File)
	if c.Secret == "" {
		_, _ = fmt.Fprintf(s.out, "Keep a copy of %s too: it signs the links in mails.\n", filepath.Join(filepath.Dir(c.Database), "secret"))
	}
	return nil
}

type restoreCommand struct {
	File string `arg:"" help:"A file that backup wrote."`
}

// Run makes a backup the database where none is.
func (r restoreCommand) Run(ctx context.Context, c Config, s streams) error {
	if store.IsPostgres(c.Database) {
		return fmt.Errorf("a Postgres database has its own tool: pg_restore --clean --if-exists --dbname=DATABASE %s, with the address in LECTERN_DATABASE, while no Lectern runs", r.File)
	}
	if err := ensureFolder(filepath.Dir(c.Database)); err != nil {
		return err
	}
	err := store.Restore(ctx, r.File, c.Database)
	if errors.Is(err, store.ErrThere) {
		return fmt.Errorf("%w. Stop Lectern and move the database away first, with the files -wal and -shm beside it", err)
	}
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(s.out, "%s is restored. serve brings its schema up to date.\n", c.Database)
	return nil
}
