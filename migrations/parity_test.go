package migrations_test

import (
	"context"
	"database/sql"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"lectern/domain"
	"lectern/internal/pgtest"
	"lectern/migrations"
)

// TestSameFiles compares the two folders: the same names, and the same text but
// for what the databases call by another name and for triggers.
func TestSameFiles(t *testing.T) {
	t.Parallel()
	lite, pg := read(t, "sqlite"), read(t, "postgres")
	for name, text := range lite {
		if diff := cmp.Diff(plain(text), plain(pg[name])); diff != "" {
			t.Errorf("%s differs (-sqlite +postgres):\n%s", name, diff)
		}
		delete(pg, name)
	}
	for name := range pg {
		t.Errorf("%s is for Postgres only", name)
	}
}

func read(t *testing.T, folder string) map[string]string {
	t.Helper()
	files, err := migrations.Files(folder)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("no migrations in %s: %v", folder, err)
	}
	texts := map[string]string{}
	for _, n := range names {
		text, err := fs.ReadFile(files, n)
		if err != nil {
			t.Fatal(err)
		}
		texts[n] = string(text)
	}
	return texts
}

var (
	statements = regexp.MustCompile(`(?s)-- \+goose StatementBegin.*?-- \+goose StatementEnd\n`)
	pgTrigger  = regexp.MustCompile(`(?m)^CREATE TRIGGER .*\n`)
	pgDrop     = regexp.MustCompile(`(?m)^DROP FUNCTION .*\n`)
)

func plain(s string) string {
	for _, r := range []*regexp.Regexp{statements, pgTrigger, pgDrop} {
		s = r.ReplaceAllString(s, "")
	}
	return strings.NewReplacer("TIMESTAMPTZ", "TIMESTAMP", ` COLLATE "C"`, "").Replace(s)
}

// TestSameSchema migrates both databases and compares what they made of it.
func TestSameSchema(t *testing.T) {
	t.Parallel()
	lite := openLite(t)
	pg := openPostgres(t, pgtest.URL(t))
	for _, q := range []struct{ what, lite, pg string }{
		{
			"columns", `SELECT m.name || '.' || c.name || CASE c."notnull" WHEN 1 THEN ' not null' ELSE '' END
			FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
			`SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
			FROM information_schema.columns WHERE table_schema = 'public'`,
		},
		{
			"primary keys", `SELECT m.name || '(' || group_concat(c.name, ',') || ')' FROM sqlite_master m JOIN (SELECT * FROM sqlite_master) s ON s.name = m.name
			JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.pk > 0 AND m.name NOT LIKE 'sqlite_%' GROUP BY m.name`,
			`SELECT c.relname || '(' || string_agg(a.attname, ',' ORDER BY a.attnum) || ')' FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey) JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
			WHERE i.indisprimary GROUP BY c.relname`,
		},
		{
			"named indexes", `SELECT i.name || CASE l."unique" WHEN 1 THEN ' unique' ELSE '' END || CASE l.partial WHEN 1 THEN ' partial' ELSE '' END
			FROM sqlite_master i JOIN pragma_index_list(i.tbl_name) l ON l.name = i.name WHERE i.type = 'index' AND i.sql IS NOT NULL`,
			`SELECT c.relname || CASE WHEN i.indisunique THEN ' unique' ELSE '' END || CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END
			FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public' WHERE NOT i.indisprimary`,
		},
		{"triggers", `SELECT name FROM sqlite_master WHERE type = 'trigger'`, `SELECT tgname FROM pg_trigger WHERE NOT tgisinternal`},
		{
			"foreign keys", `SELECT m.name || ' -> ' || f."table" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.seq = 0`,
			`SELECT c.relname || ' -> ' || r.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid WHERE k.contype = 'f'`,
		},
	} {
		got, want := lines(t, lite, q.lite), lines(t, pg, q.pg)
		if len(got) == 0 {
			t.Errorf("no %s found", q.what)
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("%s differ (-sqlite +postgres):\n%s", q.what, diff)
		}
	}
}

func openLite(t *testing.T) *sql.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parity.db")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := migrations.SQLite(t.Context(), db, path); err != nil {
		t.Fatal(err)
	}
	return db
}

func openPostgres(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := migrations.Postgres(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

func lines(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%v in %s", err, query)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(s, "goose") {
			all = append(all, s)
		}
	}
	slices.Sort(all)
	return all
}

// TestStatesInSchema compares the CHECK lists of both dialects with the domain's states.
func TestStatesInSchema(t *testing.T) {
	t.Parallel()
	list := regexp.MustCompile(`CONSTRAINT (proposals|stipends)_state CHECK \(state IN \(([^)]*)\)\)`)
	want := map[string]string{"proposals": quoted(domain.States()), "stipends": quoted(domain.StipendStates())}
	for _, folder := range []string{"sqlite", "postgres"} {
		for _, m := range list.FindAllStringSubmatch(read(t, folder)["0002_proposals.sql"], -1) {
			if m[2] != want[m[1]] {
				t.Errorf("%s of %s: the schema has %s, the domain has %s", m[1], folder, m[2], want[m[1]])
			}
		}
	}
}

func quoted[S ~string](states []S) string {
	all := make([]string, len(states))
	for i, s := range states {
		all[i] = "'" + string(s) + "'"
	}
	return strings.Join(all, ", ")
}

// TestStartAtOnce lets six processes' worth of starts meet on one new database.
func TestStartAtOnce(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "once.db")
		atOnce(t, "sqlite", "file:"+path+"?_pragma=busy_timeout(10000)", func(ctx context.Context, db *sql.DB) error {
			return migrations.SQLite(ctx, db, path)
		})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		atOnce(t, "pgx", pgtest.URL(t), migrations.Postgres)
	})
}

func atOnce(t *testing.T, driver, url string, migrate func(context.Context, *sql.DB) error) {
	t.Helper()
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			db, err := sql.Open(driver, url)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = db.Close() }()
			if err := migrate(t.Context(), db); err != nil {
				t.Errorf("one of six starts failed: %v", err)
			}
		})
	}
	all.Wait()
}

// TestNewerSchema refuses a database that a newer program wrote.
func TestNewerSchema(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "newer.db")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := migrations.SQLite(t.Context(), db, path); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := migrations.SQLite(t.Context(), db, path); !strings.Contains(err.Error(), migrations.ErrNewer.Error()) {
		t.Errorf("a newer schema gave %v", err)
	}
}
