// Package archtest keeps the house in order: which package may import which,
// the few things no code of ours does, what is written about every exported
// name, and what never stands in a file. It is only tests and needs only Go.
package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// root is the project's top folder, seen from this package's.
const root = "../.."

// A source is one Go file of ours.
type source struct {
	path      string // from the top folder, with slashes
	set       *token.FileSet
	tree      *ast.File
	lines     int
	test      bool
	generated bool
}

func (s *source) dir() string { return path.Dir(s.path) }

// at begins a complaint: where, as editors understand it.
func (s *source) at(n ast.Node, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", s.path, s.set.Position(n.Pos()).Line, fmt.Sprintf(format, args...))
}

// in tells whether the file is in one of the folders, or below it.
func (s *source) in(folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return s.dir() == f || strings.HasPrefix(s.dir(), f+"/") })
}

func parse(name string, text []byte) (*source, error) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &source{
		path: name, set: set, tree: tree, lines: bytes.Count(text, []byte("\n")),
		test: strings.HasSuffix(name, "_test.go"), generated: ast.IsGenerated(tree),
	}, nil
}

// sources reads all Go files of ours, once.
var sources = sync.OnceValues(func() ([]*source, error) {
	var all []*source
	err := walk(func(name string, text []byte) error {
		if path.Ext(name) != ".go" {
			return nil
		}
		s, err := parse(name, text)
		all = append(all, s)
		return err
	})
	return all, err
})

// ours reads all Go files, or fails the test: a tree that does not parse, or
// is not found, must not pass.
func ours(t *testing.T) []*source {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d Go files found from %s", len(all), root)
	}
	return all
}

// walk reads each text file of the project, leaving out what is not ours and
// what is not kept.
func walk(read func(name string, text []byte) error) error {
	apart := []string{".git", "node_modules", "third_party", "testdata", "shots", "dist"}
	return filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && slices.Contains(apart, e.Name()):
			return fs.SkipDir
		case e.Name() == ".git":
			return nil // a file where the folder belongs to another checkout
		case !e.Type().IsRegular() || e.Name() == "go.sum" || !kept(e.Name()):
			return nil
		}
		text, err := os.ReadFile(name)
		if os.IsNotExist(err) || bytes.IndexByte(text, 0) >= 0 { // just removed; a picture or a font
			return nil
		}
		inside, _ := filepath.Rel(root, name)
		return join(err, read, filepath.ToSlash(inside), text)
	})
}

func join(err error, read func(string, []byte) error, name string, text []byte) error {
	if err != nil {
		return err
	}
	return read(name, text)
}

// kept leaves out what .gitignore does, for a tree in which people work.
func kept(name string) bool {
	return !slices.Contains([]string{".db", ".db-shm", ".db-wal", ".test", ".prof", ".out", ".env", ".lock"}, path.Ext(name))
}

// complain reports what a rule finds.
func complain(t *testing.T, found []string) {
	t.Helper()
	for _, complaint := range found {
		t.Error(complaint)
	}
}
