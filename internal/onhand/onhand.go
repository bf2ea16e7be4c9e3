// Package onhand finds what tests may use on this machine and the project does
// not bring along: a Postgres server, a browser, axe-core, html-validate, the folder
// of real input files. What is absent skips the test in plain words, or fails it where
// LECTERN_TEST_REQUIRE names it, so that a build server cannot skip by mistake.
package onhand

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Environment variables that tests read. Programs read none of them.
const (
	// RequireVar lists, with commas, what must not be skipped: postgres, browser, data.
	RequireVar = "LECTERN_TEST_REQUIRE"
	// PostgresVar is the postgres:// URL of a running server on which tests
	// may create and drop databases, used instead of a throw-away one.
	PostgresVar = "LECTERN_TEST_POSTGRES"
	// BrowserVar is the path of the Chromium to drive.
	BrowserVar = "LECTERN_TEST_BROWSER"
	// AxeVar is the path of axe.min.js.
	AxeVar = "LECTERN_TEST_AXE"
	// DataVar is the folder of real input files.
	DataVar = "LECTERN_TEST_DATA"
)

// A part is something a test needs: its name, the name in RequireVar with which it
// has to be there, and how it is found. The error says in plain words what to
// install or set.
type part struct {
	name, within string
	find         func() (string, error)
}

var (
	postgres  = part{"postgres", "postgres", FindPostgres}
	browser   = part{"browser", "browser", FindBrowser}
	axe       = part{"axe", browser.name, findAxe}
	validator = part{"html-validate", browser.name, findValidator}
	data      = part{"data", "data", findData}
)

// Postgres gives the folder of the newest installed Postgres server's
// programs (postgres, initdb, pg_ctl), or skips the test.
func Postgres(t testing.TB) string { t.Helper(); return postgres.need(t) }

// Browser gives the path of an installed Chromium or Chrome, or skips the test.
func Browser(t testing.TB) string { t.Helper(); return browser.need(t) }

// Axe gives the path of axe.min.js. Where it is absent and LECTERN_TEST_REQUIRE
// contains browser, the test fails; otherwise ok is false, the log says why, and
// the test goes on with what it can look at without axe.
func Axe(t testing.TB) (path string, ok bool) {
	t.Helper()
	path, err := axe.find()
	if err == nil {
		return path, true
	}
	axe.mayBeAbsent(t, err)
	t.Logf("not looked at with axe: %v", err)
	return "", false
}

// Validator gives the path of html-validate's program, which node runs, or skips the
// test; where LECTERN_TEST_REQUIRE contains browser, it fails.
func Validator(t testing.TB) string { t.Helper(); return validator.need(t) }

// Data gives the path of a file or folder in the folder of real input files,
// or skips the test, which its name then reports.
func Data(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(data.need(t), filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s is set, but %s is not in it: %v", DataVar, name, err)
	}
	return path
}

func (p part) need(t testing.TB) string {
	t.Helper()
	path, err := p.find()
	if err != nil {
		p.mayBeAbsent(t, err)
		t.Skipf("not run without %s: %v", p.name, err)
	}
	return path
}

// mayBeAbsent fails the test where RequireVar asks for the part.
func (p part) mayBeAbsent(t testing.TB, why error) {
	t.Helper()
	switch {
	case !Required(p.within):
	case p.name == p.within:
		t.Fatalf("%s requires %s: %v", RequireVar, p.name, why)
	default:
		t.Fatalf("%s requires %s, which needs %s: %v", RequireVar, p.within, p.name, why)
	}
}

// Required tells whether RequireVar names a part, so that its tests must run.
func Required(name string) bool {
	return slices.Contains(strings.Split(os.Getenv(RequireVar), ","), name)
}

// Absent lists, one plain sentence each, what tests will skip on this machine.
func Absent() []string {
	var absent []string
	for _, p := range []part{postgres, browser, axe, validator, data} {
		if p.name == postgres.name && os.Getenv(PostgresVar) != "" {
			continue
		}
		if _, err := p.find(); err != nil {
			absent = append(absent, fmt.Sprintf("what needs %s is skipped: %v", p.name, err))
		}
	}
	return absent
}

// FindPostgres gives the folder Postgres gives, or an error that says what to do.
func FindPostgres() (string, error) {
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.SortFunc(installed, func(a, b string) int { return majorOf(a) - majorOf(b) })
	if n := len(installed); n > 0 {
		return filepath.Dir(installed[n-1]), nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errors.New("no Postgres server is installed here, and " + PostgresVar + " names none")
}

// majorOf reads 17 from /usr/lib/postgresql/17/bin/initdb, 0 where no number stands.
func majorOf(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}

// FindBrowser gives the path Browser gives, or an error that says what to do.
func FindBrowser() (string, error) {
	if path := os.Getenv(BrowserVar); path != "" {
		_, err := os.Stat(path)
		return path, err
	}
	for _, name := range []string{
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
		"/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("neither Chromium nor Chrome is installed here, and " + BrowserVar + " names none")
}

func findAxe() (string, error) {
	path := os.Getenv(AxeVar)
	if path == "" {
		path = filepath.Join(Root(), "e2e", "node_modules", "axe-core", "axe.min.js")
	}
	if _, err := os.Stat(path); err != nil {
		return "", errors.New("axe-core is not here: run make axe, which needs npm, or set " + AxeVar)
	}
	return path, nil
}

func findValidator() (string, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", errors.New("node, which runs it, is not installed here")
	}
	path := filepath.Join(Root(), "e2e", "node_modules", "html-validate", "bin", "html-validate.mjs")
	if _, err := os.Stat(path); err != nil {
		return "", errors.New("it is not here: run make axe, which needs npm")
	}
	return path, nil
}

func findData() (string, error) {
	path := os.Getenv(DataVar)
	if path == "" {
		return "", errors.New(DataVar + " does not say where the real input files are")
	}
	_, err := os.Stat(path)
	return path, err
}

// Root is the project's top folder: the nearest one upward with a go.mod.
// Empty where there is none.
func Root() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}
