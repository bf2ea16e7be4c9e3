package archtest

import (
	"go/ast"
	"strings"
	"testing"
)

// TestForbidden looks for what no code of ours does.
func TestForbidden(t *testing.T) {
	t.Parallel()
	for _, s := range ours(t) {
		complain(t, forbidden(s))
	}
}

// selectors that no code uses, and why. Of a package's name only what the
// package itself gives is meant.
var selectors = map[string]string{
	"time.Now":             "take the time from the Now field",
	"time.Since":           "take the time from the Now field",
	"time.Until":           "take the time from the Now field",
	"http.DefaultClient":   "it has no time limit",
	"http.Get":             "it has no time limit",
	"http.Head":            "it has no time limit",
	"http.Post":            "it has no time limit",
	"http.PostForm":        "it has no time limit",
	"http.DefaultServeMux": "it is shared by everything",
}

// methods that no code calls, and why.
var methods = map[string]string{
	"AutoMigrate": "write SQL in migrations",
	"Or":          "GORM flattens it; write the OR in one Where",
}

func forbidden(s *source) []string {
	if s.test {
		return nil
	}
	var found []string
	for _, i := range s.tree.Imports {
		if strings.HasPrefix(i.Path.Value, `"math/rand`) {
			found = append(found, s.at(i, "math/rand: randomness comes in, or from crypto/rand"))
		}
	}
	ast.Inspect(s.tree, func(n ast.Node) bool {
		if why := wrong(s, n); why != "" {
			found = append(found, s.at(n, "%s", why))
		}
		return true
	})
	return found
}

func wrong(s *source, n ast.Node) string {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		return wrongSelector(s, n)
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && methods[f.Sel.Name] != "" && !isPackage(f.X, "cmp") {
			return "." + f.Sel.Name + "(: " + methods[f.Sel.Name]
		}
	case *ast.AssignStmt:
		return wrongAssignment(s, n)
	case *ast.CompositeLit:
		return wrongProposal(s, n)
	}
	return ""
}

func isPackage(x ast.Expr, name string) bool {
	from, ok := x.(*ast.Ident)
	return ok && from.Name == name
}

func wrongSelector(s *source, n *ast.SelectorExpr) string {
	from, ok := n.X.(*ast.Ident)
	if !ok {
		return ""
	}
	name := from.Name + "." + n.Sel.Name
	why := selectors[name]
	if why == "" || strings.HasPrefix(name, "time.") && s.in("cmd") {
		return ""
	}
	return name + ": " + why
}

// Only the domain moves a proposal: the other layers have it moved. They may
// copy a state that a row has, name the one before the first, and keep the
// states of mails.
func wrongAssignment(s *source, n *ast.AssignStmt) string {
	if s.in("domain") {
		return ""
	}
	for i, left := range n.Lhs {
		field, ok := left.(*ast.SelectorExpr)
		if ok && field.Sel.Name == "State" && (len(n.Rhs) != len(n.Lhs) || !harmless(n.Rhs[i])) {
			return "only domain sets a State"
		}
	}
	return ""
}

func wrongProposal(s *source, n *ast.CompositeLit) string {
	kind, ok := n.Type.(*ast.SelectorExpr)
	if !ok || kind.Sel.Name != "Proposal" || s.in("domain") {
		return ""
	}
	for _, e := range n.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "State" && !harmless(pair.Value) {
			return "only domain makes a proposal in a State"
		}
	}
	return ""
}

func harmless(state ast.Expr) bool {
	from, ok := state.(*ast.SelectorExpr)
	return ok && (from.Sel.Name == "State" || from.Sel.Name == "Nowhere" || strings.HasPrefix(from.Sel.Name, "Mail"))
}

func TestForbidden_finds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, body string
		found      int
	}{
		{"workflows/a.go", `p.State = "submitted"`, 1},
		{"internal/store/a.go", `row.Title, row.State = "a", "b"`, 1},
		{"domain/a.go", `p.State = to`, 0},
		{"workflows/a_test.go", `p.State = "submitted"`, 0},
		{"workflows/a.go", `if p.State == "draft" { return }`, 0},
		{"workflows/a.go", `_ = domain.Proposal{ID: "a", State: "accepted"}`, 1},
		{"workflows/a.go", `_ = domain.Proposal{ID: "a"}`, 0},
		{"workflows/a.go", `child.Version, child.State = 1, domain.Draft`, 1},
		{"workflows/a.go", `p.State, err = next(p)`, 1},
		{"workflows/a.go", `_ = domain.Proposal{State: domain.Nowhere}`, 0},
		{"internal/store/a.go", `_ = domain.Proposal{State: row.State}`, 0},
		{"internal/store/a.go", `r.State = domain.MailSending`, 0},
		{"workflows/a.go", `_ = time.Now()`, 1},
		{"api/a.go", `now := time.Now; _ = now`, 1},
		{"cmd/lectern/a.go", `_ = time.Now()`, 0},
		{"internal/store/a.go", `_ = time.Since(t)`, 1},
		{"internal/store/a.go", `db.AutoMigrate(&row{})`, 1},
		{"internal/store/a.go", `db.Where("a").Or("b")`, 1},
		{"internal/store/a.go", `_ = cmp.Or(a, b)`, 0},
		{"internal/mail/a.go", `http.DefaultClient.Do(r)`, 1},
		{"internal/mail/a.go", `http.Get("a")`, 1},
		{"api/a.go", `header.Get("a")`, 0},
	} {
		s := written(t, c.file, "package a\nfunc f() {\n"+c.body+"\n}\n")
		if got := forbidden(s); len(got) != c.found {
			t.Errorf("%s in %s: found %q, want %d", c.body, c.file, got, c.found)
		}
	}
	if got := forbidden(written(t, "domain/a.go", "package a\nimport \"math/rand/v2\"\n")); len(got) != 1 {
		t.Errorf("math/rand/v2: found %q", got)
	}
}
