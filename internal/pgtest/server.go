package pgtest

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"

	"lectern/internal/onhand"
)

// prefix begins the name of every database of ours, so that leftovers on a
// shared server can be told from other people's databases.
const prefix = "lectern_test_"

// server is a Postgres on which this process creates databases.
type server struct {
	admin     *url.URL // of the maintenance database
	key       int64    // this process's own number, part of its databases' names
	count     atomic.Int64
	templates sync.Map  // template name → func() (database name, error)
	empty     string    // how CREATE DATABASE makes an empty one
	held      *pgx.Conn // holds the advisory lock on key while the process lives
	lifeline  *os.File  // its closing, by whatever end of the process, ends the server
}

// attach uses a server that already runs. Databases a killed process left
// there are dropped first.
func attach(address string) (*server, error) {
	admin, err := parsed(address)
	if err != nil {
		return nil, err
	}
	var random [4]byte
	_, _ = rand.Read(random[:])
	s := &server{admin: admin, key: int64(binary.BigEndian.Uint32(random[:]))}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if s.held, err = pgx.Connect(ctx, address); err != nil {
		return nil, err
	}
	if _, err = s.held.Exec(ctx, "SELECT pg_advisory_lock($1)", s.key); err != nil {
		return nil, err
	}
	if s.empty, err = collation(ctx, s.held); err != nil {
		return nil, err
	}
	return s, s.sweep(ctx)
}

// collation makes new databases sort by the rules of English where the server
// can, as most installed ones do. SQLite sorts by bytes: a query that relies
// on the database's own order then shows it.
func collation(ctx context.Context, c *pgx.Conn) (string, error) {
	var icu bool
	err := c.QueryRow(ctx, `SELECT current_setting('server_version_num')::int >= 150000
		AND EXISTS (SELECT FROM pg_collation WHERE collname = 'en-US-x-icu')`).Scan(&icu)
	if err != nil || !icu {
		return "TEMPLATE template0 ENCODING 'UTF8'", err
	}
	return "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'", nil
}

// sweep drops the databases of processes that no longer hold their lock.
func (s *server) sweep(ctx context.Context) error {
	rows, err := s.held.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", prefix)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.dropOrphan(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) dropOrphan(ctx context.Context, name string) error {
	number, _, _ := strings.Cut(strings.TrimPrefix(name, prefix), "_")
	key, err := strconv.ParseInt(number, 10, 64)
	if err != nil || key == s.key {
		return nil
	}
	var free bool
	if err := s.held.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", key).Scan(&free); err != nil || !free {
		return err
	}
	if _, err := s.held.Exec(ctx, "DROP DATABASE IF EXISTS "+quoted(name)+" WITH (FORCE)"); err != nil {
		return err
	}
	_, err = s.held.Exec(ctx, "SELECT pg_advisory_unlock($1)", key)
	return err
}

// launch starts a server of our own. Everything it writes is in one temporary
// folder, which the lifeline's keeper removes.
func launch() (*server, error) {
	bin, err := onhand.FindPostgres()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(memory(), "lectern-pg-")
	if err != nil {
		return nil, err
	}
	r := runner{bin: bin, dir: dir}
	if r.account, err = ownAccount(dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	lifeline, err := r.keeper()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := r.boot(); err != nil {
		return nil, errors.Join(err, lifeline.Close())
	}
	query := url.Values{"host": {dir}, "sslmode": {"disable"}}
	s, err := attach((&url.URL{Scheme: "postgres", User: url.User("lectern"), Path: "/postgres", RawQuery: query.Encode()}).String())
	if err != nil {
		return nil, errors.Join(err, lifeline.Close())
	}
	s.lifeline = lifeline
	return s, nil
}

// runner runs Postgres's programs, as another account where we are root.
type runner struct {
	bin, dir string
	account  account
}

func (r runner) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	r.account.apply(cmd)
	return cmd
}

// keeper starts the process that waits until the lifeline closes, then stops
// the server and removes the folder. It is started before the server, so that
// no moment is without it, and holds none of our output open, for which go test
// would wait.
func (r runner) keeper() (lifeline *os.File, err error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = read.Close() }()
	cmd := r.command("/bin/sh", "-c", `cat; "$1"/pg_ctl -D "$2/data" -m immediate -s stop; cd / && rm -rf "$2"`,
		"keeper", r.bin, r.dir)
	cmd.Stdin = read
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return write, cmd.Process.Release()
}

// settings make the server quick and private: nothing in it outlives a test.
var settings = []string{
	"listen_addresses=''", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
	"wal_level=minimal", "max_wal_senders=0", "checkpoint_timeout=1h", "autovacuum=off",
	"max_connections=500", "shared_buffers=64MB", "timezone=UTC", "log_timezone=UTC",
}

// boot makes the server's files and starts it; pg_ctl returns when it answers.
func (r runner) boot() error {
	data := filepath.Join(r.dir, "data")
	initdb := r.command(filepath.Join(r.bin, "initdb"), "--pgdata", data, "--username", "lectern",
		"--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	options := "-k '" + r.dir + "' -c " + strings.Join(settings, " -c ")
	log := filepath.Join(r.dir, "log")
	startup := r.command(filepath.Join(r.bin, "pg_ctl"), "--pgdata", data, "--silent", "--wait", "--log", log, "--options", options, "start")
	if err := startup.Run(); err != nil {
		said, _ := os.ReadFile(log)
		return fmt.Errorf("pg_ctl start: %w\n%s", err, said)
	}
	return nil
}
