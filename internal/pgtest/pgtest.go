// Package pgtest gives tests databases on a throw-away Postgres server. The
// server is started once per test process, listens on a Unix socket in a
// temporary folder only, does not wait for the disk, and ends with the process,
// however that ends.
package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lectern/internal/onhand"
)

// patience bounds every single step of making or dropping a database.
const patience = 30 * time.Second

// URL gives the postgres:// URL of a fresh, empty database, dropped when the
// test ends. Where no Postgres is installed the test is skipped, or fails if
// LECTERN_TEST_REQUIRE contains postgres.
func URL(t testing.TB) string {
	t.Helper()
	return running(t).database(t, "")
}

// FromTemplate gives the postgres:// URL of a fresh copy of a template
// database, dropped when the test ends; a copy takes about 50 ms. The template
// is made once per test process and name: migrate fills the empty database at
// the given URL and must leave no connection open. Skips and fails as URL does.
func FromTemplate(t testing.TB, name string, migrate func(url string) error) string {
	t.Helper()
	s := running(t)
	made, _ := s.templates.LoadOrStore(name, sync.OnceValues(func() (string, error) { return s.template(migrate) }))
	template, err := made.(func() (string, error))()
	if err != nil {
		t.Fatalf("make the template database %s: %v", name, err)
	}
	return s.database(t, template)
}

var start = sync.OnceValues(func() (*server, error) {
	if address := os.Getenv(onhand.PostgresVar); address != "" {
		return attach(address)
	}
	return launch()
})

func running(t testing.TB) *server {
	t.Helper()
	if os.Getenv(onhand.PostgresVar) == "" {
		onhand.Postgres(t) // skips or fails in this test, not in the shared start
	}
	s, err := start()
	if err != nil {
		t.Fatalf("start Postgres: %v", err)
	}
	return s
}

// template makes a database and lets migrate fill it.
func (s *server) template(migrate func(url string) error) (string, error) {
	name, err := s.create("")
	if err != nil {
		return "", err
	}
	return name, migrate(s.url(name))
}

func (s *server) database(t testing.TB, template string) string {
	t.Helper()
	name, err := s.create(template)
	if err != nil {
		t.Fatalf("create a database: %v", err)
	}
	t.Cleanup(func() {
		if err := s.exec("DROP DATABASE IF EXISTS " + quoted(name) + " WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return s.url(name)
}

// create makes a database from a template; empty: an empty database.
func (s *server) create(template string) (string, error) {
	name := fmt.Sprintf("%s%d_%d", prefix, s.key, s.count.Add(1))
	how := s.empty
	if template != "" {
		how = "TEMPLATE " + quoted(template)
	}
	return name, s.exec("CREATE DATABASE " + quoted(name) + " " + how)
}

// exec runs one statement on a connection of its own: databases are created
// and dropped outside transactions, from many tests at once.
func (s *server) exec(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.admin.String())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

func (s *server) url(database string) string {
	u := *s.admin
	u.Path = "/" + database
	return u.String()
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// parsed is url.Parse with an error that does not repeat a password.
func parsed(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("%s is not a postgres:// URL", onhand.PostgresVar)
	}
	return u, nil
}
