package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lectern/internal/onhand"
)

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func value[T any](t testing.TB, c *pgx.Conn, query string, args ...any) T {
	t.Helper()
	var v T
	if err := c.QueryRow(t.Context(), query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func TestURL(t *testing.T) {
	t.Parallel()
	one, two := connect(t, URL(t)), connect(t, URL(t))
	if _, err := one.Exec(t.Context(), "CREATE TABLE a (b text)"); err != nil {
		t.Fatal(err)
	}
	const tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
	if got := value[int](t, two, tables); got != 0 {
		t.Errorf("a new database has %d tables", got)
	}
	if got := value[string](t, one, "SHOW server_encoding"); got != "UTF8" {
		t.Errorf("encoding %s", got)
	}
	if os.Getenv(onhand.PostgresVar) != "" {
		return
	}
	if got := value[string](t, one, "SHOW listen_addresses"); got != "" {
		t.Errorf("the server listens on %q", got)
	}
}

func TestURL_is_dropped(t *testing.T) {
	t.Parallel()
	admin := connect(t, running(t).admin.String())
	var name string
	t.Run("a test with an open connection", func(t *testing.T) {
		name = value[string](t, connect(t, URL(t)), "SELECT current_database()")
	})
	if value[bool](t, admin, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name) {
		t.Errorf("%s is still there", name)
	}
}

func TestFromTemplate(t *testing.T) {
	t.Parallel()
	running(t)
	var made atomic.Int32
	migrate := func(url string) error {
		made.Add(1)
		ctx := context.Background()
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "CREATE TABLE a (b text); INSERT INTO a VALUES ('from the template')")
		return errors.Join(err, conn.Close(ctx))
	}
	t.Run("copies", func(t *testing.T) {
		for i := range 8 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				conn := connect(t, FromTemplate(t, "TestFromTemplate", migrate))
				if got := value[int](t, conn, "SELECT count(*) FROM a WHERE b = 'from the template'"); got != 1 {
					t.Errorf("%d rows of the template", got)
				}
				if got := value[int](t, conn, "WITH w AS (INSERT INTO a VALUES ('mine') RETURNING b) SELECT count(*) FROM a"); got != 1 {
					t.Errorf("%d rows before mine: another test writes here", got)
				}
			})
		}
	})
	if got := made.Load(); got != 1 {
		t.Errorf("the template was made %d times", got)
	}
}

// A process that was killed leaves its databases on a shared server; the next
// one drops them, and leaves alone those of a process that still lives.
func TestSweep(t *testing.T) {
	t.Parallel()
	admin := running(t).admin
	dead, err := attach(admin.String())
	if err != nil {
		t.Fatal(err)
	}
	orphan, err := dead.create("")
	if err != nil {
		t.Fatal(err)
	}
	living := value[string](t, connect(t, URL(t)), "SELECT current_database()")
	if err := dead.held.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	next, err := attach(admin.String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = next.held.Close(context.Background()) }()
	const exists = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
	if value[bool](t, next.held, exists, orphan) {
		t.Error("the dead process's database is still there")
	}
	if !value[bool](t, next.held, exists, living) {
		t.Error("a living process's database was dropped")
	}
}

const endVar = "PGTEST_END"

// TestEnd is the process that TestServerEnds starts: it says where its server
// is, waits to be told, and ends in one of the ways a test binary does.
func TestEnd(t *testing.T) {
	how := os.Getenv(endVar)
	if how == "" {
		t.Skip("only inside TestServerEnds")
	}
	fmt.Printf("\nserver %s\n", URL(t))
	_, _ = os.Stdin.Read(make([]byte, 1))
	switch how {
	case "exit":
		os.Exit(3)
	case "panic":
		go panic("in another goroutine, which no test can recover")
	}
	select {}
}

func TestServerEnds(t *testing.T) {
	t.Parallel()
	onhand.Postgres(t)
	for _, how := range []string{"exit", "panic", "kill"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			end(t, how)
		})
	}
}

func end(t *testing.T, how string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestEnd$")
	child.Env = append(os.Environ(), endVar+"="+how, onhand.PostgresVar+"=")
	stdin, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var url string
	for url == "" {
		var word string
		if _, err := fmt.Fscan(stdout, &word); err != nil {
			t.Fatalf("the child said no server: %v", err)
		}
		if strings.HasPrefix(word, "postgres:") {
			url = word
		}
	}
	conn := connect(t, url)
	dir := conn.Config().Host
	if how == "kill" {
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
	}
	_ = stdin.Close()
	_ = child.Wait()
	if _, err := conn.WaitForNotification(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("the server lives on after its process ended by %s: %v", how, err)
	}
	if !gone(ctx, dir) {
		t.Errorf("%s is still there", dir)
	}
}

// gone waits until a folder does not exist.
func gone(ctx context.Context, dir string) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
}
