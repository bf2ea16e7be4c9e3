package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lectern/internal/pgtest"
)

// lectern runs a command against a database in a folder of the test.
type lectern struct {
	t   *testing.T
	env []string
}

func newLectern(t *testing.T, database string) lectern {
	t.Helper()
	dir := t.TempDir()
	if database == "" {
		database = filepath.Join(dir, "lectern.db")
	}
	return lectern{t, []string{"LECTERN_DATA=" + dir, "LECTERN_DATABASE=" + database, "LECTERN_SECRET=" + strings.Repeat("k", 40)}}
}

func (l lectern) run(want int, args ...string) (out, errs string) {
	l.t.Helper()
	var o, e bytes.Buffer
	if got := run(l.t.Context(), args, l.env, strings.NewReader(""), &o, &e); got != want {
		l.t.Fatalf("lectern %s: status %d, want %d\n%s%s", strings.Join(args, " "), got, want, o.String(), e.String())
	}
	return o.String(), e.String()
}

func (l lectern) says(text string, args ...string) {
	l.t.Helper()
	if out, errs := l.run(0, args...); !strings.Contains(out, text) {
		l.t.Errorf("lectern %s says %q %q, not %q", strings.Join(args, " "), out, errs, text)
	}
}

// TestCommands goes the way of an operator on a new server, on both databases.
func TestCommands(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(*testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { t.Helper(); return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLectern(t, database(t))
			l.says("0003_access.sql", "migrate")
			l.says("applied", "migrate", "status")
			l.says("created", "import", "section", "default")
			l.says("created 0, updated 0", "import", "section", "default")
			l.says("/sign-in/", "admin", "--email", "kim@example.org", "--name", "Kim Adeyemi")
			l.says("/sign-in/", "sign-in", "--email", "KIM@example.org ")
			l.says("lct_", "token", "--email", "kim@example.org", "--name", "a script", "--scope", "read")
			if _, errs := l.run(1, "sign-in", "--email", "nobody@example.org"); !strings.Contains(errs, "not_found") {
				t.Errorf("an unknown address gives %q", errs)
			}
			l.says("holds", "check")
			l.says("number", "export", "proposals")
			l.says(`"lectern_proposals"`, "export", "proposals", "--format", "json")
		})
	}
}

// TestBackupCommand takes a database away and brings it back; of Postgres it names the tool.
func TestBackupCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, database := filepath.Join(dir, "copy.db"), filepath.Join(dir, "data", "lectern.db")
	l := newLectern(t, database)
	l.says("created", "import", "section", "default")
	l.says("whole", "backup", file)
	if _, errs := l.run(1, "backup", file); !strings.Contains(errs, "nothing is written over") {
		t.Errorf("over a file: %q", errs)
	}
	if _, errs := l.run(1, "restore", file); !strings.Contains(errs, "move the database away") {
		t.Errorf("over a database: %q", errs)
	}
	if err := os.RemoveAll(filepath.Dir(database)); err != nil {
		t.Fatal(err)
	}
	if _, errs := l.run(1, "backup", filepath.Join(dir, "other.db")); errs == "" {
		t.Error("a database that is not there was backed up")
	}
	l.says("restored", "restore", file)
	l.says("created 0, updated 0", "import", "section", "default")
	l.says("holds", "check")
	away := newLectern(t, "postgres://127.0.0.1/lectern?password=hush")
	for command, tool := range map[string]string{"backup": "pg_dump --format=custom --file=f", "restore": "pg_restore"} {
		if _, errs := away.run(1, command, "f"); !strings.Contains(errs, tool) || strings.Contains(errs, "hush") {
			t.Errorf("%s of Postgres: %q", command, errs)
		}
	}
}

// TestImportCommand names every bad line, and acts as a chair of the group.
func TestImportCommand(t *testing.T) {
	t.Parallel()
	l := newLectern(t, "")
	l.run(0, "import", "section", "default")
	file := filepath.Join(t.TempDir(), "talks.csv")
	if err := os.WriteFile(file, []byte("number,id,state,call,group,title,answer.full_description\n,1,draft,other-divisions-2026-27,member-experience,First,Text\n,2,draft,no-such-call,no-such-group,Second,Text\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said, _ := l.run(1, "import", "proposals", file)
	for _, want := range []string{"line 2: Member Experience", "[no_chair]", "line 3: Name the call with its slug.", "nothing was imported: 2 lines refused"} {
		if !strings.Contains(said, want) {
			t.Errorf("without %q: %q", want, said)
		}
	}
	if said, _ := l.run(1, "import", "proposals", file, "--call", "other-divisions-2026-27"); !strings.Contains(said, "line 3: Name the group with its slug.") {
		t.Errorf("without a group: %q", said)
	}
	if _, errs := l.run(1, "import", "proposals", file, "--call", "x"); !strings.Contains(errs, "Name the call") {
		t.Errorf("without a call: %q", errs)
	}
	scores := filepath.Join(t.TempDir(), "scores.csv")
	if err := os.WriteFile(scores, []byte("number,reviewer,clarity,outcomes,relevance,innovation,engagement,variety\n27-F-001,nobody@example.org,5,4,5,3,4,4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, _ := l.run(1, "import", "scores", scores, "--call", "forum-2027-breakouts"); !strings.Contains(said, "line 2: Nobody here has the address nobody@example.org. [unknown_reviewer] /reviewer") || !strings.Contains(said, "nothing was imported: 1 line refused") {
		t.Errorf("scores of nobody: %q", said)
	}
	if _, errs := l.run(1, "import", "scores", file, "--call", "forum-2027-breakouts"); !strings.Contains(errs, "missing_column") {
		t.Errorf("scores without columns: %q", errs)
	}
	if _, errs := l.run(1, "import", "section", file); errs == "" {
		t.Error("a CSV was taken for a section")
	}
}

// TestUsage: a wrong call is status 2 and says how; help is not a failure.
func TestUsage(t *testing.T) {
	t.Parallel()
	l := newLectern(t, "")
	l.says("demo", "--help")
	if _, errs := l.run(2, "no-such-command"); !strings.Contains(errs, "no-such-command") {
		t.Errorf("a wrong command gives %q", errs)
	}
	l.run(2, "admin")
	if _, errs := l.run(1, "admin", "--email", "not an address"); !strings.Contains(errs, "name@example.org") {
		t.Errorf("an administrator without an address: %q", errs)
	}
	if _, errs := l.run(1, "export", "proposals", "--year", "2026"); !strings.Contains(errs, "2026-27") {
		t.Errorf("a year that is none: %q", errs)
	}
	l.says("lectern", "version")
	l.says("| draft | submit | submitted |", "lifecycle")
	l.says(`"openapi"`, "openapi")
}

// TestSettings: secrets are masked, read from files, and checked.
func TestSettings(t *testing.T) {
	t.Parallel()
	l := newLectern(t, "postgres://app:pa55word@db.example.org/lectern")
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(strings.Repeat("s", 40)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l.env = append(l.env, "LECTERN_SECRET_FILE="+file, "LECTERN_SMTP_URL=smtp://u:hunter2@mail.example.org")
	out, _ := l.run(0, "config")
	for _, secret := range []string{"pa55word", "hunter2", "kkkk", "ssss"} {
		if strings.Contains(out, secret) {
			t.Errorf("config prints %q", secret)
		}
	}
	if !strings.Contains(out, "(set)") || !strings.Contains(out, "db.example.org") {
		t.Errorf("config prints %s", out)
	}
	l = newLectern(t, "")
	l.env = append(l.env, "LECTERN_SECRET=short")
	if _, errs := l.run(1, "config"); !strings.Contains(errs, "32") {
		t.Errorf("a short secret gives %q", errs)
	}
}

// TestDemo starts the demonstration, asks it something, and stops it.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	var out, errs safeBuffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"demo", "--addr", "127.0.0.1:0", "--data", dir, "--now", "2027-03-03"}, nil, strings.NewReader(""), &out, &errs)
	}()
	var d played
	for deadline := time.After(time.Minute); ; {
		raw, err := os.ReadFile(filepath.Join(dir, "demo.json"))
		if err == nil && json.Unmarshal(raw, &d) == nil {
			break
		}
		select {
		case <-deadline:
			t.Fatalf("no demo.json: %s", errs.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
	if len(d.Personas) != 10 || d.Now.Format(time.DateOnly) != "2027-03-03" {
		t.Errorf("%d personas on %s", len(d.Personas), d.Now)
	}
	for _, p := range d.Personas {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+"/api/v1/me", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+p.Token)
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK || !strings.Contains(string(body), p.Name) {
			t.Errorf("%s: %d %s", p.Name, res.StatusCode, body)
		}
	}
	stop()
	if status := <-ended; status != 0 {
		t.Errorf("stopped with status %d: %s", status, errs.String())
	}
}
