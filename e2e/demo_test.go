package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"lectern/internal/onhand"
)

// patience bounds what the program may take to build, to start or to answer.
const patience = 2 * time.Minute

// programFolder is where the program is built once; TestMain removes it.
var programFolder string

func TestMain(m *testing.M) {
	var err error
	if programFolder, err = os.MkdirTemp("", "lectern-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(programFolder)
	os.Exit(code)
}

// program builds the program as it is given away, and gives its path.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(programFolder, "lectern")
	build := exec.Command("go", "build", "-o", path, "./cmd/lectern")
	build.Dir, build.Env = onhand.Root(), append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
})

// demo is a demonstration that runs for one test, with data of its own.
type demo struct {
	t        testing.TB
	URL      string
	Personas []struct {
		Role      string
		Token     string
		SignInURL string `json:"sign_in_url"`
	}
	said   bytes.Buffer // what the program wrote
	folder string       // where its data is
	log    *formLog     // of the forms there are; nil: not kept
	source sources      // of the pages that were looked at
	desk   *visitor     // the browser that tours share; nil: no tour yet
}

// play starts the demonstration on a day, and stops it when the test ends. The
// database is a postgres:// URL; empty: an SQLite file of its own.
func play(t testing.TB, database, day string) *demo {
	t.Helper()
	onhand.Browser(t) // skip before anything is built
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	arguments := []string{"demo", "--addr", "127.0.0.1:0", "--data", folder, "--now", day}
	if database != "" {
		arguments = append(arguments, "--database", database)
	}
	d := &demo{t: t, folder: folder}
	cmd := exec.Command(path, arguments...)
	cmd.Env = []string{"HOME=" + folder, "LECTERN_WRITES_PER_MINUTE=100000"}
	cmd.Stdout, cmd.Stderr = &d.said, &d.said
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the demonstration: %v", err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { d.stop(cmd, ended) })
	d.await(filepath.Join(folder, "demo.json"), ended)
	return d
}

// await waits until the demonstration has written where it is, and reads it.
func (d *demo) await(path string, ended <-chan struct{}) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		text, err := os.ReadFile(path)
		if err == nil && json.Unmarshal(text, d) == nil {
			return
		}
		select {
		case <-ended:
			d.t.Fatalf("the demonstration ended: %s", d.said.String())
		case <-ctx.Done():
			d.t.Fatalf("the demonstration does not start: %v", err)
		case <-tick.C:
		}
	}
}

// stop ends the demonstration as Ctrl-C does. That it ends by itself before, or
// panics, fails the test.
func (d *demo) stop(cmd *exec.Cmd, ended <-chan struct{}) {
	if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		d.t.Errorf("stop the demonstration: %v", err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
		_ = cmd.Process.Signal(syscall.SIGKILL)
		<-ended
		d.t.Error("the demonstration did not stop when told to")
	}
	if code := cmd.ProcessState.ExitCode(); code != 0 || strings.Contains(d.said.String(), "panic") {
		d.t.Errorf("the demonstration ended with %d: %s", code, d.said.String())
	}
}

// token is a persona's, for the API.
func (d *demo) token(role string) string {
	d.t.Helper()
	for _, p := range d.Personas {
		if p.Role == role {
			return p.Token
		}
	}
	d.t.Fatalf("there is no persona %q", role)
	return ""
}

// link is the address of a persona's sign-in link.
func (d *demo) link(role string) string {
	d.t.Helper()
	for _, p := range d.Personas {
		if p.Role == role {
			return p.SignInURL
		}
	}
	d.t.Fatalf("there is no persona %q", role)
	return ""
}

// proposal is what the tests read of a proposal over the API.
type proposal struct {
	ID, Number, Title, State string
	Version                  int
	Answers                  map[string][]string
	Call                     struct{ Slug string }
	Parent, Child            *struct{ Number, State string }
	Speakers                 []struct{ ID, Name, Answer string }
	Stipends                 []struct {
		Place int
		State string
	}
}

// proposals are all proposals, as the administrator reads them.
func (d *demo) proposals() []proposal {
	d.t.Helper()
	var page struct{ Data []proposal }
	d.get("/api/v1/proposals?limit=100", &page)
	return page.Data
}

// titled finds the one proposal of a title in a call.
func (d *demo) titled(title, call string) proposal {
	d.t.Helper()
	for _, p := range d.proposals() {
		if p.Title == title && p.Call.Slug == call {
			var all proposal
			d.get("/api/v1/proposals/"+p.ID, &all)
			return all
		}
	}
	d.t.Fatalf("there is no proposal %q in %s", title, call)
	return proposal{}
}

// path is the page of a proposal.
func (p proposal) path() string {
	if p.Number != "" {
		return "/proposals/" + p.Number
	}
	return "/proposals/" + p.ID
}

// speaker is the id of the speaker of a name.
func (p proposal) speaker(name string) string {
	for _, s := range p.Speakers {
		if s.Name == name {
			return s.ID
		}
	}
	return ""
}

// get asks the API as the administrator.
func (d *demo) get(path string, into any) {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, d.URL+path, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+d.token("admin"))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		d.t.Fatalf("GET %s answered %s", path, answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		d.t.Fatalf("GET %s: %v", path, err)
	}
}
