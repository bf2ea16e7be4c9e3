package archtest

import (
	"go/ast"
	"go/token"
	"path"
	"strings"
	"testing"
)

// longest is how many lines a file of Go or of a page may have.
const longest = 450

func TestEveryPackageIsExplained(t *testing.T) {
	t.Parallel()
	explained := map[string]bool{}
	for _, s := range ours(t) {
		explained[s.dir()] = explained[s.dir()] || s.tree.Doc.Text() != ""
	}
	for dir, ok := range explained {
		if !ok && !onlyTests(t, dir) {
			t.Errorf("%s: no file has a comment that begins with Package %s", dir, path.Base(dir))
		}
	}
}

func onlyTests(t *testing.T, dir string) bool {
	for _, s := range ours(t) {
		if s.dir() == dir && !s.test {
			return false
		}
	}
	return true
}

func TestEveryExportedNameIsExplained(t *testing.T) {
	t.Parallel()
	for _, s := range ours(t) {
		complain(t, unexplained(s))
	}
}

// unexplained lists the exported names of a file that have no comment. One
// comment may stand for a group of constants or variables. A program's own
// names are not for others, and a generated file's are explained at their source.
func unexplained(s *source) []string {
	if s.test || s.generated || s.tree.Name.Name == "main" {
		return nil
	}
	var found []string
	for _, d := range s.tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc.Text() == "" && receiverExported(d) {
				found = append(found, s.at(d, "say what %s does", d.Name.Name))
			}
		case *ast.GenDecl:
			found = append(found, unexplainedSpecs(s, d)...)
		}
	}
	return found
}

func receiverExported(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	kind := d.Recv.List[0].Type
	for {
		switch k := kind.(type) {
		case *ast.StarExpr:
			kind = k.X
		case *ast.IndexExpr:
			kind = k.X
		case *ast.Ident:
			return k.IsExported()
		default:
			return true
		}
	}
}

func unexplainedSpecs(s *source, d *ast.GenDecl) []string {
	var found []string
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() && spec.Doc.Text() == "" && d.Doc.Text() == "" {
				found = append(found, s.at(spec, "say what a %s is", spec.Name.Name))
			}
		case *ast.ValueSpec:
			bare := d.Doc.Text() == "" && spec.Doc.Text() == "" && spec.Comment.Text() == ""
			if bare && exportsAny(spec) && !continues(d, spec) {
				found = append(found, s.at(spec, "say what %s is", spec.Names[0].Name))
			}
		}
	}
	return found
}

func exportsAny(spec *ast.ValueSpec) bool {
	for _, n := range spec.Names {
		if n.IsExported() {
			return true
		}
	}
	return false
}

// continues tells whether a spec belongs to a group whose first one is explained.
func continues(d *ast.GenDecl, spec *ast.ValueSpec) bool {
	first, ok := d.Specs[0].(*ast.ValueSpec)
	return ok && d.Tok != token.IMPORT && first != spec && (first.Doc.Text() != "" || first.Comment.Text() != "")
}

func TestUnexplained(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"func F() {}":                      1,
		"// F does.\nfunc F() {}":          0,
		"func f() {}":                      0,
		"type T struct{}":                  1,
		"type t struct{}\nfunc (t) M() {}": 0,
		"// T is.\ntype T[K any] struct{}\nfunc (*T[K]) M() {}": 1,
		"const A = 1":                           1,
		"// Kinds.\nconst (\n A = 1\n B = 2\n)": 0,
		"const A = 1 // one":                    0,
		"var ErrGone, x = 1, 2":                 1,
	} {
		if got := unexplained(written(t, "domain/a.go", "package a\n"+text+"\n")); len(got) != want {
			t.Errorf("%q: found %q, want %d", text, got, want)
		}
	}
}

func TestNoFileIsTooLong(t *testing.T) {
	t.Parallel()
	for _, s := range ours(t) {
		if s.lines > longest && !s.generated {
			t.Errorf("%s has %d lines; over %d it usually holds two things", s.path, s.lines, longest)
		}
	}
}

// machine lists what would tie the project to one machine or one network. Each
// is written in two pieces, so that this file does not have it.
var machine = []string{"/wo" + "rk/", "/ro" + "ot/", "/tm" + "p/", "proxy" + ".golang.org", "registry" + ".npmjs.org", "GO" + "PROXY"}

// vague are words in a file's name that do not say what it holds.
var vague = []string{"util", "helper", "manager", "common", "misc"}

func TestNoFileKnowsAMachine(t *testing.T) {
	t.Parallel()
	read := 0
	err := walk(func(name string, text []byte) error {
		read++
		complain(t, mentions(name, string(text)))
		return nil
	})
	if err != nil || read < 50 {
		t.Errorf("%d files read: %v", read, err)
	}
}

func mentions(name, text string) []string {
	var found []string
	for _, word := range machine {
		if strings.Contains(text, word) {
			found = append(found, name+" mentions "+word)
		}
	}
	for _, word := range vague {
		if strings.Contains(name, word) && path.Ext(name) == ".go" {
			found = append(found, name+": "+word+" does not say what it holds")
		}
	}
	return found
}

func TestMentions(t *testing.T) {
	t.Parallel()
	for _, word := range machine {
		if got := mentions("docs/a.md", "see "+word+"here"); len(got) != 1 {
			t.Errorf("%s: found %q", word, got)
		}
	}
	if got := mentions("domain/date_util.go", "package domain"); len(got) != 1 {
		t.Errorf("date_util.go: found %q", got)
	}
	if got := mentions("domain/date.go", "a workshop's root"); len(got) != 0 {
		t.Errorf("found %q", got)
	}
}
