package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"lectern/internal/onhand"
)

// sources are pages as they came over the network, by name.
type sources struct {
	sync.Mutex
	pages map[string]string
}

// keep keeps the source of the page that is open.
func (s *sources) keep(v visitor, name string) {
	v.t.Helper()
	var text string
	v.Eval(`fetch(location.href).then(r => r.text())`, &text)
	s.Lock()
	defer s.Unlock()
	if s.pages == nil {
		s.pages = map[string]string{}
	}
	s.pages[name] = text
}

// validRules are html-validate's standard, less what is a matter of taste, roles
// that some readers need on styled lists, and the autocomplete of hidden fields: off
// keeps Firefox from giving a form that was sent its used key again.
const validRules = `{"root": true, "extends": ["html-validate:standard"], "rules": {"doctype-style": "off", "no-redundant-role": "off", "no-trailing-whitespace": "off", "attribute-boolean-style": "off", "void-style": "off", "valid-autocomplete": "off"}}`

// valid reads all sources with html-validate.
func (s *sources) valid(t *testing.T) {
	t.Helper()
	t.Run("valid HTML", func(t *testing.T) {
		script := onhand.Validator(t)
		folder := t.TempDir()
		for name, page := range s.pages {
			if err := os.WriteFile(filepath.Join(folder, name+".html"), []byte(page), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(folder, ".htmlvalidate.json"), []byte(validRules), 0o600); err != nil {
			t.Fatal(err)
		}
		check := exec.Command("node", script, "--config", filepath.Join(folder, ".htmlvalidate.json"), "--formatter", "text", folder)
		said, err := check.CombinedOutput()
		if len(s.pages) < 10 {
			t.Errorf("only %d pages were read", len(s.pages))
		}
		if err != nil {
			t.Errorf("%d pages: %v\n%s", len(s.pages), err, fmt.Sprintf("%.6000s", said))
		}
	})
}
