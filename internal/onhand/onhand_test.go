package onhand

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestSaysWhatIsSkipped tells, on the terminal of `go test ./...`, what this
// machine cannot run: go test itself hides whatever passing tests print.
func TestSaysWhatIsSkipped(t *testing.T) {
	absent := Absent()
	for _, sentence := range absent {
		t.Log(sentence)
	}
	if len(absent) == 0 {
		return
	}
	out, err := terminal()
	if err != nil {
		t.Logf("no terminal to say it on: %v", err)
		return
	}
	defer func() { _ = out.Close() }()
	if _, err := fmt.Fprintf(out, "note: %s\n", strings.Join(absent, "\nnote: ")); err != nil {
		t.Error(err)
	}
}

// terminal opens the error output of the go command that runs this test.
func terminal() (*os.File, error) {
	if runtime.GOOS == "linux" {
		return os.OpenFile(fmt.Sprintf("/proc/%d/fd/2", os.Getppid()), os.O_WRONLY|os.O_APPEND, 0)
	}
	return os.OpenFile("/dev/tty", os.O_WRONLY, 0)
}

// verdict records how a test that needs a part ends; Skipf and Fatalf panic
// with themselves to leave it, as the real ones leave by Goexit.
type verdict struct {
	testing.TB
	skipped, failed string
}

func (v *verdict) Helper() {}

func (v *verdict) Skipf(format string, args ...any) {
	v.skipped = fmt.Sprintf(format, args...)
	panic(v)
}

func (v *verdict) Fatalf(format string, args ...any) {
	v.failed = fmt.Sprintf(format, args...)
	panic(v)
}

func ask(p part) (path string, v *verdict) {
	v = &verdict{}
	defer func() {
		if r := recover(); r != nil && r != v {
			panic(r)
		}
	}()
	return p.need(v), v
}

func TestNeed(t *testing.T) {
	absent := part{"postgres", "postgres", func() (string, error) { return "", errors.New("none is installed") }}
	present := part{"postgres", "postgres", func() (string, error) { return "/there", nil }}

	t.Run("absent and not required", func(t *testing.T) {
		t.Setenv(RequireVar, "browser")
		if _, v := ask(absent); v.failed != "" || v.skipped != "not run without postgres: none is installed" {
			t.Errorf("skipped %q, failed %q", v.skipped, v.failed)
		}
	})
	t.Run("absent and required", func(t *testing.T) {
		t.Setenv(RequireVar, "postgres,browser")
		if _, v := ask(absent); v.skipped != "" || !strings.Contains(v.failed, "none is installed") {
			t.Errorf("skipped %q, failed %q", v.skipped, v.failed)
		}
	})
	t.Run("absent, and what it belongs to is required", func(t *testing.T) {
		t.Setenv(RequireVar, "browser")
		reader := part{"html-validate", "browser", func() (string, error) { return "", errors.New("run make axe") }}
		if _, v := ask(reader); v.skipped != "" || v.failed != "LECTERN_TEST_REQUIRE requires browser, which needs html-validate: run make axe" {
			t.Errorf("skipped %q, failed %q", v.skipped, v.failed)
		}
		t.Setenv(RequireVar, "html-validate")
		if _, v := ask(reader); v.failed != "" || v.skipped != "not run without html-validate: run make axe" {
			t.Errorf("skipped %q, failed %q", v.skipped, v.failed)
		}
	})
	t.Run("present", func(t *testing.T) {
		t.Setenv(RequireVar, "postgres,browser")
		if path, v := ask(present); path != "/there" || v.failed+v.skipped != "" {
			t.Errorf("path %q, skipped %q, failed %q", path, v.skipped, v.failed)
		}
	})
}

func TestData(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(DataVar, dir)
	if err := os.WriteFile(filepath.Join(dir, "talks.csv"), []byte("title\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := Data(t, "talks.csv"), filepath.Join(dir, "talks.csv"); got != want {
		t.Errorf("Data = %q, want %q", got, want)
	}
}

func TestMajorOf(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{
		"/usr/lib/postgresql/9/bin/initdb":  9,
		"/usr/lib/postgresql/17/bin/initdb": 17,
		"/usr/local/bin/initdb":             0,
	} {
		if got := majorOf(path); got != want {
			t.Errorf("majorOf(%q) = %d, want %d", path, got, want)
		}
	}
}
