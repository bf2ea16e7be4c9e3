package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"lectern/migrations"
)

// ErrNotSQLite says that a command is for the embedded database only.
var ErrNotSQLite = errors.New("this is for the embedded database; Postgres has tools of its own")

// ErrThere says that a file is there already; nothing is written over.
var ErrThere = errors.New("is there already; nothing is written over")

// ErrNotLectern says that a file holds no database of Lectern.
var ErrNotLectern = errors.New("is not a database of Lectern")

// BackUp writes the SQLite database at a path into a new file, as it stands at one
// moment, while others read and write. ErrThere when the file is there.
func BackUp(ctx context.Context, database, file string) error {
	if IsPostgres(database) {
		return ErrNotSQLite
	}
	return copyOf(ctx, database, file)
}

// Restore makes a backup the database at a path where none is. It is looked at
// first: ErrNotLectern, migrations.ErrNewer, or what SQLite finds damaged in it.
// ErrThere when there is a database.
func Restore(ctx context.Context, file, database string) error {
	if IsPostgres(database) {
		return ErrNotSQLite
	}
	for _, rest := range []string{"-wal", "-shm"} {
		if err := absent(database + rest); err != nil { // of a database that was taken away by itself
			return err
		}
	}
	return copyOf(ctx, file, database)
}

func absent(path string) error {
	_, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("%s %w", path, ErrThere)
}

// copyOf writes a database of Lectern into a new file: under another name first,
// so that a file of its name is whole or not there.
func copyOf(ctx context.Context, from, to string) error {
	if err := absent(to); err != nil {
		return err
	}
	db, err := lookAt(ctx, from)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	half, err := os.CreateTemp(filepath.Dir(to), filepath.Base(to)+".*.half")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(half.Name()) }()
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", half.Name())
	if err := errors.Join(err, half.Sync(), half.Close()); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	if err := os.Link(half.Name(), to); errors.Is(err, fs.ErrExist) { // unlike a rename, a link replaces nothing
		return fmt.Errorf("%s %w", to, ErrThere)
	} else if err != nil {
		return err
	}
	return nil
}

// lookAt opens a file to be copied, once it is known to be a whole database of
// this or an older Lectern.
func lookAt(ctx context.Context, path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro&_pragma=busy_timeout(10000)&_pragma=trusted_schema(0)")
	if err != nil {
		return nil, err
	}
	if err := whole(ctx, db, path); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

func whole(ctx context.Context, db *sql.DB, path string) error {
	known, err := migrations.OfSQLite(ctx, db)
	if err != nil {
		return err
	}
	if !known {
		return fmt.Errorf("%s %w", path, ErrNotLectern)
	}
	var said string
	err = db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&said)
	if err == nil && said != "ok" {
		err = errors.New(said)
	}
	if err != nil {
		return fmt.Errorf("%s is damaged: %w", path, err)
	}
	return nil
}
