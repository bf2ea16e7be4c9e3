package domain

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestLifecycleGolden compares docs/lifecycle.md with what the table says.
func TestLifecycleGolden(t *testing.T) {
	t.Parallel()
	const path = "../docs/lifecycle.md"
	if *update {
		if err := os.WriteFile(path, []byte(LifecycleText()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), LifecycleText()); diff != "" {
		t.Errorf("docs/lifecycle.md is not current; go test ./domain -run Golden -update writes it anew:\n%s", diff)
	}
}
