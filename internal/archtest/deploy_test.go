package archtest

import (
	"go/ast"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// composition is what we look at of docker-compose.yml.
type composition struct {
	Services map[string]struct {
		Build, Image, User string
		Privileged         bool
		Environment        map[string]string
		Ports, Volumes     []string
		Healthcheck        struct{ Test []string }
		DependsOn          map[string]struct{ Condition string } `yaml:"depends_on"`
	}
	Volumes map[string]any
}

func composed(t *testing.T) composition {
	t.Helper()
	var c composition
	if err := yaml.Unmarshal([]byte(text(t, "docker-compose.yml")), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCompose(t *testing.T) {
	t.Parallel()
	c := composed(t)
	if len(c.Services) != 3 || c.Services["lectern"].Build != "." {
		t.Fatalf("services: %v", c.Services)
	}
	for name, s := range c.Services {
		if s.Privileged {
			t.Errorf("%s is privileged", name)
		}
		if s.Build == "" && !pinned(s.Image) {
			t.Errorf("%s: image %s is not held to a version", name, s.Image)
		}
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s: port %s is reachable from other machines", name, port)
			}
		}
		for on, d := range s.DependsOn {
			needed, there := c.Services[on]
			if !there || d.Condition == "service_healthy" && len(needed.Healthcheck.Test) == 0 {
				t.Errorf("%s waits for %s, which never becomes healthy", name, on)
			}
		}
		for _, v := range s.Volumes {
			volume, _, _ := strings.Cut(v, ":")
			if _, kept := c.Volumes[volume]; !kept {
				t.Errorf("%s: volume %s is not declared", name, volume)
			}
		}
	}
}

// What one service is told of another must be what the other is told of itself.
func TestCompose_agrees(t *testing.T) {
	t.Parallel()
	c := composed(t)
	lectern, postgres := c.Services["lectern"].Environment, c.Services["postgres"].Environment
	want := "postgres://" + postgres["POSTGRES_USER"] + ":" + postgres["POSTGRES_PASSWORD"] + "@postgres:5432/" + postgres["POSTGRES_DB"] + "?sslmode=disable"
	if diff := cmp.Diff(want, lectern["LECTERN_DATABASE"]); diff != "" {
		t.Error(diff)
	}
	if lectern["LECTERN_SMTP_URL"] != "smtp://mailpit:1025" {
		t.Errorf("mail goes to %s", lectern["LECTERN_SMTP_URL"])
	}
	_, standby, _ := strings.Cut(strings.Trim(lectern["LECTERN_SECRET"], "${}"), ":-")
	if len(standby) < 32 {
		t.Errorf("the secret for one machine has %d characters; Lectern wants 32", len(standby))
	}
}

// pinned tells whether an image names a version, which begins with a number.
func pinned(image string) bool {
	return regexp.MustCompile(`^[a-z0-9/-]+:v?[0-9]+(\.[0-9]+)*$`).MatchString(image)
}

func TestPinned(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]bool{"postgres:17": true, "a/b:v1.27": true, "postgres": false, "postgres:latest": false} {
		if pinned(image) != want {
			t.Errorf("pinned(%s) = %v", image, !want)
		}
	}
}

func TestDockerfile(t *testing.T) {
	t.Parallel()
	instructions := dockerfile(t)
	var from, user []string
	for _, i := range instructions {
		switch word, rest, _ := strings.Cut(i, " "); word {
		case "FROM":
			from, user = append(from, strings.Fields(rest)[0]), nil
		case "USER":
			user = append(user, rest)
		case "RUN":
			if strings.Contains(rest, "go build") && !strings.Contains(rest, "CGO_ENABLED=0") {
				t.Errorf("not one static file: %s", rest)
			}
		}
	}
	if diff := cmp.Diff([]string{"golang:" + goVersion(t), "scratch"}, from); diff != "" {
		t.Error(diff)
	}
	if len(user) != 1 || strings.HasPrefix(user[0], "0") || strings.HasPrefix(user[0], "root") {
		t.Errorf("the program runs as %q", user)
	}
	for _, want := range []string{"VOLUME /data", `ENTRYPOINT ["/lectern"]`, `CMD ["serve"]`} {
		if !slices.Contains(instructions, want) {
			t.Errorf("no %s", want)
		}
	}
	folders := copied(instructions)
	if len(folders) == 0 {
		t.Error("nothing is copied")
	}
	for _, name := range folders {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			t.Errorf("copies %s, which is not there", name)
		}
	}
}

// dockerfile gives the instructions, without comments.
func dockerfile(t *testing.T) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(text(t, "Dockerfile")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// copied lists what is copied from the checkout.
func copied(instructions []string) []string {
	var names []string
	for _, i := range instructions {
		words := strings.Fields(i)
		if words[0] == "COPY" && !strings.HasPrefix(words[1], "--") {
			names = append(names, words[1:len(words)-1]...)
		}
	}
	return names
}

// goVersion is the module's own, without the patch number: 1.26.
func goVersion(t *testing.T) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(text(t, "go.mod"))
	if found == nil {
		t.Fatal("go.mod names no version of Go")
	}
	return found[1]
}

// All packages that the program is built from reach the image.
func TestDockerignore(t *testing.T) {
	t.Parallel()
	lines := strings.Split(text(t, ".dockerignore"), "\n")
	if lines[0] != "*" {
		t.Fatal("it begins by leaving out all")
	}
	for dir := range allowed {
		top, _, _ := strings.Cut(dir, "/")
		if top != "e2e" && !slices.Contains(lines, "!"+top) {
			t.Errorf("%s does not reach the image", top)
		}
	}
}

// A setting that the program does not know would be silently without effect.
func TestDeploymentKnowsItsSettings(t *testing.T) {
	t.Parallel()
	known := settings(t)
	for _, file := range []string{"Dockerfile", "docker-compose.yml", "SECURITY.md"} {
		used := regexp.MustCompile(`LECTERN_[A-Z_]+`).FindAllString(text(t, file), -1)
		if len(used) == 0 {
			t.Errorf("%s sets nothing", file)
		}
		for _, name := range used {
			if !slices.Contains(known, name) {
				t.Errorf("%s uses %s, which is no setting", file, name)
			}
		}
	}
}

// settings reads the names of all settings where the program has them: the tags
// of one struct. A secret one has a second name that ends in _FILE.
func settings(t *testing.T) []string {
	t.Helper()
	s := written(t, "cmd/lectern/config.go", text(t, "cmd/lectern/config.go"))
	var known []string
	ast.Inspect(s.tree, func(n ast.Node) bool {
		if f, ok := n.(*ast.Field); ok && f.Tag != nil {
			raw, _ := strconv.Unquote(f.Tag.Value)
			tag := reflect.StructTag(raw)
			if name := tag.Get("env"); name != "" {
				known = append(known, name)
				if tag.Get("secret") != "" {
					known = append(known, name+"_FILE")
				}
			}
		}
		return true
	})
	if len(known) < 8 {
		t.Fatalf("only %q found", known)
	}
	return known
}
