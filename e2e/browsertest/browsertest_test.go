package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"lectern/internal/onhand"
)

const good = `<!doctype html><html lang="en"><head><title>A form</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/page.css"><script src="/page.js" defer></script></head>
<body><header><a href="/asked">About</a></header><main><h1>A form</h1>
<form method="post" action="/asked"><label for="title">Title</label> <input id="title" name="title" required>
<button>Save</button></form><p id="said">as sent</p></main></body></html>`

// bad has no language, an input without a label, gray text that cannot be read,
// an element wider than a telephone, and a style that the policy forbids.
const bad = `<!doctype html><html><head><title>Bad</title><link rel="icon" href="data:,"></head>
<body style="margin:0"><main><h1>Bad</h1><input name="x"><p class="faint">hardly there</p><div class="wide">wide</div></main>
<link rel="stylesheet" href="/page.css"></body></html>`

const css = `.faint { color: #bbb; background: #fff } .wide { width: 700px }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } a { color: #9cf } #said { color: #ff0 } }`

func site(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	give := func(path, kind, body string, status int) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, body)
		})
	}
	give("GET /good", "text/html", good, 200)
	give("GET /bad", "text/html", bad, 200)
	give("GET /page.css", "text/css", css, 200)
	give("GET /page.js", "text/javascript", "document.getElementById('said').textContent = 'by script'", 200)
	give("GET /throws.js", "text/javascript", "console.error('not today', 7); throw new Error('it broke')", 200)
	give("GET /throws", "text/html", `<!doctype html><link rel="icon" href="data:,"><script src="/throws.js"></script><img src="/absent.png" alt="">`, 200)
	give("GET /broken", "text/html", `<!doctype html><link rel="icon" href="data:,">broken`, 500)
	give("GET /asked", "text/html", `<!doctype html><link rel="icon" href="data:,"><h1>About</h1>`, 200)
	give("POST /asked", "text/html", `<!doctype html><link rel="icon" href="data:,"><h1>Refused</h1>`, 422)
	give("GET /cookie", "text/html", `<!doctype html><link rel="icon" href="data:,">cookie`, 200)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestPage_good(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{}, {Dark: true}, {Width: 390}, {Width: 320, Dark: true}} {
		t.Run(fmt.Sprintf("%+v", o), func(t *testing.T) {
			t.Parallel()
			p := Open(t, site(t)+"/good", o)
			p.Wait("h1")
			p.Axe()
			p.NoSidewaysScroll()
			if got := p.Text("#said"); got != "by script" {
				t.Errorf("with scripts the page says %q", got)
			}
			var dark bool
			p.Eval("getComputedStyle(document.getElementById('said')).color === 'rgb(255, 255, 0)'", &dark)
			if dark != o.Dark {
				t.Errorf("dark is %v", dark)
			}
		})
	}
}

func TestAxe_finds(t *testing.T) {
	t.Parallel()
	p := Open(t, site(t)+"/bad", Options{})
	p.Allow("Content Security Policy")
	path, ok := onhand.Axe(t)
	if !ok {
		t.Skip("axe-core is not installed")
	}
	var rules []string
	for _, v := range p.violations(path) {
		rules = append(rules, v.ID)
		if v.ID == "label" && !strings.Contains(v.String(), "[input]") {
			t.Errorf("the element is not told: %s", v)
		}
	}
	slices.Sort(rules)
	if diff := cmp.Diff([]string{"color-contrast", "html-has-lang", "label"}, rules); diff != "" {
		t.Error(diff)
	}
}

func TestNoSidewaysScroll_finds(t *testing.T) {
	t.Parallel()
	p := Open(t, site(t)+"/bad", Options{Width: 320})
	p.Allow("Content Security Policy")
	if diff := cmp.Diff([]string{"div.wide reaches 708 of 320 pixels"}, p.tooWide()); diff != "" {
		t.Error(diff)
	}
}

func TestComplaints(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		"/bad":    {"Content Security Policy"},
		"/throws": {"not today 7", "it broke", "/absent.png answered 404"},
		"/broken": {"/broken answered 500"},
		"/good":   nil,
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			p := Open(t, site(t)+path, Options{})
			p.settle()
			heard := p.watcher.complaints()
			p.Allow(want...)
			for _, words := range want {
				if !slices.ContainsFunc(heard, func(c string) bool { return strings.Contains(c, words) }) {
					t.Errorf("%q was not heard, but %q", words, heard)
				}
			}
			if len(heard) != len(want) {
				t.Errorf("heard %q", heard)
			}
		})
	}
}

func TestKeyboard(t *testing.T) {
	t.Parallel()
	p := Open(t, site(t)+"/good", Options{})
	p.Tab(1)
	if got, want := p.Focused(), `link "About"`; got != want {
		t.Errorf("the first stop is %s, want %s", got, want)
	}
	p.TabTo(`textbox "Title"`)
	p.Type("Maps & atlases")
	var typed string
	p.Eval("document.activeElement.value", &typed)
	if typed != "Maps & atlases" {
		t.Errorf("typed %q", typed)
	}
	p.Tab(1)
	p.Tab(-1)
	if got, want := p.Focused(), `textbox "Title"`; got != want {
		t.Errorf("Tab and Shift+Tab lead to %s, want %s", got, want)
	}
	p.Press(kb.End, kb.Backspace)
	p.Eval("document.activeElement.value", &typed)
	if typed != "Maps & atlase" {
		t.Errorf("after Backspace the field holds %q", typed)
	}
	p.TabTo(`button "Save"`)
	if status := p.Enter(); status != 422 || p.Text("h1") != "Refused" {
		t.Errorf("the form's answer was %d at %s", status, p.Location())
	}
}

func TestNoJS(t *testing.T) {
	t.Parallel()
	p := Open(t, site(t)+"/good", Options{NoJS: true})
	if got := p.Text("#said"); got != "as sent" {
		t.Errorf("without scripts the page says %q", got)
	}
	p.Fill("#title", "Atlases")
	if status := p.Follow("button"); status != 422 {
		t.Errorf("the form's answer was %d", status)
	}
}

func TestOffline(t *testing.T) {
	t.Parallel()
	p := Open(t, site(t)+"/good", Options{})
	const reach = "fetch('/page.js').then(() => true, () => false)"
	var before, cut, after bool
	p.Eval(reach, &before)
	p.Offline(true)
	p.Eval(reach+"", &cut)
	p.Offline(false)
	p.Eval(reach, &after)
	if !before || cut || !after {
		t.Errorf("reached: %v, then %v, then %v", before, cut, after)
	}
}

func TestPages_are_apart(t *testing.T) {
	t.Parallel()
	url := site(t) + "/cookie"
	p := Open(t, url, Options{})
	p.Eval("document.cookie = 'who=one'", nil)
	cookie := func(p *Page) (c string) { p.Eval("document.cookie", &c); return c }
	if got := cookie(p.Beside(url, Options{})); got != "who=one" {
		t.Errorf("the tab beside has %q", got)
	}
	if got := cookie(Open(t, url, Options{})); got != "" {
		t.Errorf("another page has %q", got)
	}
}

func TestScreenshot(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(ShotsVar, dir)
	p := Open(t, site(t)+"/good", Options{Width: 390})
	p.Screenshot("good 390/light")
	png, err := os.ReadFile(filepath.Join(dir, "good-390-light.png"))
	if err != nil || !strings.HasPrefix(http.DetectContentType(png), "image/png") {
		t.Errorf("%d bytes, %v", len(png), err)
	}
}

const endVar = "BROWSERTEST_END"

// TestEnd is the process that TestBrowserEnds kills.
func TestEnd(t *testing.T) {
	if os.Getenv(endVar) == "" {
		t.Skip("only inside TestBrowserEnds")
	}
	Open(t, "about:blank", Options{})
	fmt.Println("\nopen")
	select {}
}

func TestBrowserEnds(t *testing.T) {
	t.Parallel()
	onhand.Browser(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	tmp := t.TempDir()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestEnd$")
	child.Env = append(os.Environ(), endVar+"=kill", "TMPDIR="+tmp)
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for word := ""; word != "open"; {
		if _, err := fmt.Fscan(stdout, &word); err != nil {
			t.Fatalf("the child opened no browser: %v", err)
		}
	}
	if left := profiles(t, tmp); len(left) != 1 {
		t.Errorf("profiles while it runs: %q", left)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for len(profiles(t, tmp)) > 0 {
		select {
		case <-ctx.Done():
			t.Fatalf("the browser's profile outlives its test: %q", profiles(t, tmp))
		case <-tick.C:
		}
	}
}

func profiles(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "lectern-browser-*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}
