package archtest

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// allowed lists, for every package, what it may import besides the standard
// library: a package of ours by its folder, another by its path or, with a
// slash at the end, all below it. Tests may import more.
var allowed = map[string][]string{
	"domain":          {"golang.org/x/text/"},
	"migrations":      {"github.com/pressly/goose/v3", "github.com/gofrs/flock"},
	"internal/store":  {"domain", "migrations", "gorm.io/", "modernc.org/sqlite", "modernc.org/sqlite/lib", "github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/"},
	"internal/intake": {"domain", "go.yaml.in/yaml/v3"},
	"internal/mail":   {"domain", "github.com/wneessen/go-mail"},
	"internal/jobs":   {},
	"internal/pdf":    {"domain", "codeberg.org/go-pdf/fpdf", "github.com/go-fonts/dejavu/"},
	"workflows":       {"domain", "internal/store", "internal/intake", "go.yaml.in/yaml/v3"}, // and the files people hand in
	"internal/demo":   {"domain", "workflows", "internal/store", "go.yaml.in/yaml/v3"},       // its story is in YAML
	"api/web": {
		"domain", "github.com/a-h/templ", "github.com/a-h/templ/", "github.com/yuin/goldmark", "github.com/yuin/goldmark/",
		"github.com/microcosm-cc/bluemonday",
	},
	"api": {
		"domain", "workflows", "api/web", "internal/pdf", "github.com/labstack/echo/v4", "github.com/labstack/echo/v4/", "github.com/go-playground/validator/v10",
		"github.com/getkin/kin-openapi/", "github.com/a-h/templ", "github.com/arran4/golang-ical", "github.com/google/uuid",
		"github.com/VictoriaMetrics/metrics", "golang.org/x/time/rate", "golang.org/x/text/",
	},
	"cmd/lectern": {
		"domain", "migrations", "workflows", "api", "api/web", "internal/", "github.com/alecthomas/kong", "github.com/google/uuid",
		"go.yaml.in/yaml/v3",
	},
	"internal/onhand":          {},
	"internal/pgtest":          {"internal/onhand", "github.com/jackc/pgx/v5"},
	"internal/store/storetest": {"internal/store", "internal/pgtest", "domain"},
	"internal/sectiontest":     {"domain", "internal/store", "workflows"},
	"e2e":                      {},
	"e2e/browsertest":          {"internal/onhand", "github.com/chromedp/"},
}

// standard lists what packages may not import of the standard library: the
// domain is pure, the workflows know no web, the store answers no requests.
var standard = map[string][]string{
	"domain":         {"context", "database/", "html/", "io/fs", "log", "log/", "math/rand", "net", "net/http", "net/http/", "os", "os/", "sync", "syscall", "testing"},
	"workflows":      {"database/", "html", "html/", "net/http", "net/http/", "os", "os/"},
	"internal/store": {"html", "html/", "net/http", "net/http/"},
	"api/web":        {"database/", "os", "os/"},
	"api":            {"database/", "os", "os/"},
}

// testOnly are packages that no program is built from.
var testOnly = []string{"internal/onhand", "internal/pgtest", "internal/store/storetest", "internal/sectiontest", "e2e/browsertest"}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, s := range ours(t) {
		complain(t, wrongImports(s))
	}
}

func wrongImports(s *source) []string {
	if s.test {
		return nil
	}
	may, listed := allowed[s.dir()]
	if !listed {
		return []string{s.at(s.tree, "say in allowed what the package %s may import", s.dir())}
	}
	var found []string
	for _, i := range s.tree.Imports {
		name, _ := strconv.Unquote(i.Path.Value)
		own := strings.TrimPrefix(name, "lectern/")
		switch {
		case own == name && !strings.Contains(strings.Split(name, "/")[0], "."):
			if covered(standard[s.dir()], name) {
				found = append(found, s.at(i, "%s must not import %s", s.dir(), name))
			}
		case !covered(may, own) || slices.Contains(testOnly, own) && !slices.Contains(testOnly, s.dir()):
			found = append(found, s.at(i, "%s must not import %s", s.dir(), own))
		}
	}
	return found
}

// covered tells whether a list has the name, or one that ends in a slash and begins it.
func covered(list []string, name string) bool {
	return slices.ContainsFunc(list, func(one string) bool {
		return name == one || strings.HasSuffix(one, "/") && strings.HasPrefix(name, one)
	})
}

func TestWrongImports(t *testing.T) {
	t.Parallel()
	for file, bad := range map[string]string{
		"domain/a.go":               "gorm.io/gorm",
		"domain/b.go":               "context",
		"domain/c.go":               "lectern/internal/store",
		"workflows/a.go":            "gorm.io/gorm",
		"workflows/b.go":            "net/http",
		"internal/store/a.go":       "lectern/workflows",
		"internal/mail/a.go":        "lectern/internal/store",
		"api/web/a.go":              "lectern/workflows",
		"api/a.go":                  "lectern/internal/store",
		"api/b.go":                  "gorm.io/gorm/clause",
		"cmd/lectern/a.go":          "gorm.io/gorm",
		"cmd/lectern/b.go":          "lectern/internal/pgtest",
		"internal/somewhere/a.go":   "strings",
		"internal/store/b.go":       "github.com/labstack/echo/v4",
		"internal/pgtest/a.go":      "lectern/internal/store",
		"migrations/a.go":           "gorm.io/gorm",
		"internal/intake/a.go":      "lectern/workflows",
		"e2e/browsertest/a.go":      "lectern/api",
		"internal/archtest/tree.go": "strings",
	} {
		s := written(t, file, "package a\nimport _ "+strconv.Quote(bad)+"\n")
		if len(wrongImports(s)) != 1 {
			t.Errorf("%s may import %s", file, bad)
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(allowed)) {
		s := written(t, dir+"/a.go", "package a\nimport \"strings\"\n")
		complain(t, wrongImports(s))
	}
}

func written(t *testing.T, name, text string) *source {
	t.Helper()
	s, err := parse(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
