package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"lectern/domain"
)

// withChildren gives a component its children, as @Part { … } does.
func withChildren(part, children templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return part.Render(templ.WithChildren(ctx, children), w)
	})
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func elements(t *testing.T, page string) []*html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

func TestPages(t *testing.T) {
	t.Parallel()
	for name, page := range samplePages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := elements(t, render(t, page))
			checkIDs(t, all)
			checkLabels(t, all)
			checkPolicy(t, all)
			checkHeadings(t, all)
		})
	}
}

// checkIDs finds ids used twice, and references to ids that are not there.
func checkIDs(t *testing.T, all []*html.Node) {
	t.Helper()
	seen := map[string]bool{}
	for _, n := range all {
		if id := attr(n, "id"); id != "" {
			if seen[id] {
				t.Errorf("id %q is there twice", id)
			}
			seen[id] = true
		}
	}
	for _, n := range all {
		refs := attr(n, "aria-describedby") + " " + attr(n, "aria-labelledby") + " " + attr(n, "for") + " " + attr(n, "popovertarget") + " " + attr(n, "data-count") + " " + attr(n, "data-copy")
		if h := attr(n, "href"); strings.HasPrefix(h, "#") && strings.Contains(attr(n.Parent.Parent.Parent, "class"), "errors") {
			refs += " " + h[1:]
		}
		for _, id := range strings.Fields(refs) {
			if !seen[id] {
				t.Errorf("<%s> points at id %q, which is not there", n.Data, id)
			}
		}
	}
}

// TestForms_once finds forms that could do their work twice. What signs in or out,
// sets what is set already, or only asks, may be sent again.
func TestForms_once(t *testing.T) {
	t.Parallel()
	again := regexp.MustCompile(`action="/(demo/|sign-in|sign-out|account")|"/extend"\) } novalidate`)
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d pages: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "<form") && strings.Contains(line, `method="post"`) && !again.MatchString(line) && strings.TrimSpace(lines[i+1]) != "@OnceKey()" {
				t.Errorf("%s:%d: put @OnceKey() first into %s", file, i+1, line)
			}
		}
	}
}

func checkLabels(t *testing.T, all []*html.Node) {
	t.Helper()
	labels := map[string]bool{}
	for _, n := range all {
		if n.Data == "label" {
			labels[attr(n, "for")] = true
		}
	}
	for _, n := range all {
		control := n.Data == "textarea" || n.Data == "select" || n.Data == "input" && attr(n, "type") != "hidden"
		if control && !within(n, "label") && attr(n, "aria-label") == "" && (attr(n, "id") == "" || !labels[attr(n, "id")]) {
			t.Errorf("<%s name=%q> has no label", n.Data, attr(n, "name"))
		}
	}
}

func within(n *html.Node, tag string) bool {
	for p := range n.Ancestors() {
		if p.Data == tag {
			return true
		}
	}
	return false
}

// checkPolicy finds what the content security policy would refuse.
func checkPolicy(t *testing.T, all []*html.Node) {
	t.Helper()
	for _, n := range all {
		if n.Data == "style" || n.Data == "script" && attr(n, "src") == "" && attr(n, "type") != "application/ld+json" {
			t.Errorf("inline <%s>", n.Data)
		}
		for _, a := range n.Attr {
			outside := (a.Key == "src" || a.Key == "action") && strings.HasPrefix(a.Val, "http")
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || outside || strings.HasPrefix(a.Val, "javascript:") {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
}

// checkHeadings wants one h1 a page, and at most one filled button.
func checkHeadings(t *testing.T, all []*html.Node) {
	t.Helper()
	h1, primary := 0, 0
	for _, n := range all {
		if n.Data == "h1" {
			h1++
		}
		if strings.Contains(" "+attr(n, "class")+" ", " primary ") {
			primary++
		}
	}
	if h1 != 1 || primary > 1 {
		t.Errorf("%d h1 and %d filled buttons, want 1 and at most 1", h1, primary)
	}
}

func TestTypedTextStaysText(t *testing.T) {
	t.Parallel()
	page := render(t, samplePages()["parts"])
	for _, want := range []string{"<title>\u2068A title with \u202e a direction mark &lt;script&gt;", "value=\"Budgeting &lt;b&gt;&#34;now&#34;", ">\n\none two three", `value="expert" checked`, `type="text" value="soon"`, "7 of 5 words"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestWindowTitle(t *testing.T) {
	t.Parallel()
	if got := (Page{Title: "Sign in", HasErrors: true}).windowTitle(); got != "Error: \u2068Sign in\u2069 – Lectern" {
		t.Errorf("got %q", got)
	}
}

func TestNav(t *testing.T) {
	t.Parallel()
	admin := NavFor(domain.Actor{ID: "1", Roles: []domain.Role{domain.Admin}}, "2026-27", "/staff/outbox")
	if len(admin) != 6 || !admin[5].Current || admin[2].Href != "/years/2026-27/board" {
		t.Errorf("admin: %v", admin)
	}
	if member := NavFor(domain.Actor{ID: "1"}, "2026-27", "/"); len(member) != 5 {
		t.Errorf("member: %v", member)
	}
	if nobody := NavFor(domain.Actor{}, "2026-27", "/offerings"); len(nobody) != 1 || !nobody[0].Current {
		t.Errorf("nobody: %v", nobody)
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	sprite, err := files.ReadFile("static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	var all []Mark
	for _, s := range domain.States() {
		all = append(all, StateMark(s))
	}
	for _, s := range domain.StipendStates() {
		all = append(all, StipendMark(s))
	}
	for _, a := range []domain.Answer{domain.NotAsked, domain.Invited, domain.Confirmed, domain.DeclinedTo} {
		all = append(all, AnswerMark(a))
	}
	for _, s := range domain.OfferingStatuses() {
		all = append(all, OfferingMark(s))
	}
	for _, m := range all {
		if m.Label == "" || !strings.Contains(string(sprite), fmt.Sprintf("id=%q", m.Icon)) {
			t.Errorf("%+v lacks a label or an icon", m)
		}
	}
}

func TestIconsExist(t *testing.T) {
	t.Parallel()
	sprite, err := files.ReadFile("static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`icons\.[0-9a-f]{8}\.svg#([a-z0-9-]*)`)
	for name, page := range samplePages() {
		for _, m := range used.FindAllStringSubmatch(render(t, page), -1) {
			if !strings.Contains(string(sprite), fmt.Sprintf("id=%q", m[1])) {
				t.Errorf("%s: no icon %q", name, m[1])
			}
		}
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"emphasis":       {"**a** and *b*", "<p><strong>a</strong> and <em>b</em></p>\n"},
		"list":           {"- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"},
		"numbers":        {"3. three", "<ol start=\"3\">\n<li>three</li>\n</ol>\n"},
		"quote":          {"> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"},
		"line break":     {"a\nb", "<p>a<br>\nb</p>\n"},
		"code":           {"`x<y`", "<p><code>x&lt;y</code></p>\n"},
		"heading stays":  {"# Big", "<p># Big</p>\n"},
		"link":           {"[a](https://example.org/x)", "<p><a href=\"https://example.org/x\" rel=\"nofollow\">a</a></p>\n"},
		"mail link":      {"[a](mailto:a@example.org)", "<p><a href=\"mailto:a@example.org\" rel=\"nofollow\">a</a></p>\n"},
		"script link":    {"[a](javascript:alert(1))", "<p>a</p>\n"},
		"image is link":  {"![a](https://example.org/x.png)", "<p>!<a href=\"https://example.org/x.png\" rel=\"nofollow\">a</a></p>\n"},
		"open bracket":   {"a [b ![c", "<p>a [b ![c</p>\n"},
		"rule stays":     {"---", "<p>---</p>\n"},
		"script is text": {"<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
		"attribute":      {"<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>\n"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := render(t, Markdown(tc.in)); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func get(url, encoding, match string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, url, nil)
	r.Header.Set("Accept-Encoding", encoding)
	r.Header.Set("If-None-Match", match)
	w := httptest.NewRecorder()
	Static().ServeHTTP(w, r)
	return w.Result()
}

func TestStatic(t *testing.T) {
	t.Parallel()
	url := Asset("lectern.css")
	if !regexp.MustCompile(`^/static/lectern\.[0-9a-f]{8}\.css$`).MatchString(url) {
		t.Fatalf("address %q", url)
	}
	plain, small := get(url, "", ""), get(url, "br, gzip", "")
	css, err := io.ReadAll(plain.Body)
	if err != nil || !strings.Contains(string(css), "url("+Asset("source-sans.woff2")+")") {
		t.Errorf("the style sheet does not name the hashed font: %v", err)
	}
	z, err := gzip.NewReader(small.Body)
	if err != nil {
		t.Fatal(err)
	}
	if unzipped, err := io.ReadAll(z); err != nil || !bytes.Equal(unzipped, css) {
		t.Errorf("gzip holds something else: %v", err)
	}
	for name, want := range map[string]string{"Cache-Control": "public, max-age=31536000, immutable", "Content-Type": "text/css; charset=utf-8", "Content-Encoding": "gzip", "Vary": "Accept-Encoding"} {
		if got := small.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if plain.Header.Get("Content-Encoding") != "" || get(url, "gzip;q=0", "").Header.Get("Content-Encoding") != "" {
		t.Error("gzip was sent to a reader who did not ask for it")
	}
	if got := get(url, "", plain.Header.Get("ETag")).StatusCode; got != http.StatusNotModified {
		t.Errorf("the same ETag answers %d", got)
	}
	for _, missing := range []string{"/static/lectern.css", "/static/lectern.00000000.css", "/static/", "/static/../web.go"} {
		if got := get(missing, "", "").StatusCode; got != http.StatusNotFound {
			t.Errorf("%s answers %d", missing, got)
		}
	}
	for name, a := range static().byName {
		if a.kind == "" {
			t.Errorf("%s has no content type", name)
		}
	}
}

// sent is how many bytes of a file travel.
func sent(name string) int {
	a := static().byName[name]
	if a.small != nil {
		return len(a.small)
	}
	return len(a.plain)
}

func TestByteBudget(t *testing.T) {
	t.Parallel()
	css, js := sent("lectern.css"), sent("lectern.js")+sent("autosave.js")
	first := css + js + sent("icons.svg") + sent("favicon.svg") + sent("source-sans.woff2") + sent("source-serif.woff2") + len(squeeze([]byte(render(t, samplePages()["parts"]))))
	t.Logf("CSS %d, JavaScript %d, first visit %d bytes", css, js, first)
	if css > 12_000 || js > 10_000 || first > 90_000 {
		t.Errorf("CSS %d of 12,000, JavaScript %d of 10,000, first visit %d of 90,000 bytes", css, js, first)
	}
}

func TestLifeEdges(t *testing.T) {
	t.Parallel()
	path := []domain.State{domain.Draft, domain.Submitted}
	went, can := 0, 0
	for _, e := range LifeEdges(path, []domain.State{domain.Withdrawn, domain.CarriedForward}) {
		if e.Went {
			went++
		}
		if e.Can {
			can++
		}
	}
	if went != 1 || can != 1 {
		t.Errorf("%d walked and %d possible, want 1 and 1", went, can)
	}
	for r := range routes {
		if !strings.Contains(fmt.Sprint(domain.Passages()), fmt.Sprintf("%s %s}", r[0], r[1])) {
			t.Errorf("the map has a way from %s to %s, the lifecycle has none", r[0], r[1])
		}
	}
}

func TestDutyTone(t *testing.T) {
	t.Parallel()
	d := domain.Duty{Required: 2, OpensAt: ptr(at("2026-08-01T04:00:00Z")), ClosesAt: ptr(at("2026-09-22T04:00:00Z"))}
	tests := map[string]string{"2026-07-31T00:00:00Z": "", "2026-08-02T00:00:00Z": "", "2026-09-18T00:00:00Z": "warn", "2026-09-22T04:00:00Z": "bad"}
	for now, want := range tests {
		if got := dutyTone(d, at(now)); got != want {
			t.Errorf("%s: %q, want %q", now, got, want)
		}
	}
	d.Counted = 2
	if got := dutyTone(d, at("2026-10-01T00:00:00Z")); got != "good" {
		t.Errorf("done: %q", got)
	}
	if got := daysLeft(*d.ClosesAt, sampleNow, eastern); got != "3 days left" {
		t.Errorf("days left: %q", got)
	}
}

// The number of a proposal is kept on one line wherever it is said, with its text
// as it is, and all of it escaped.
func TestSaid(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "",
		"Two-step & <b>":                  "Two-step &amp; &lt;b&gt;",
		"“A” (27-A-002), then 27-W-1001.": `“A” (<span class="nowrap">27-A-002</span>), then <span class="nowrap">27-W-1001</span>.`,
		"<27-A-002>":                      `&lt;<span class="nowrap">27-A-002</span>&gt;`,
	} {
		var b strings.Builder
		if err := said(text).Render(t.Context(), &b); err != nil || b.String() != want {
			t.Errorf("%q becomes %q, want %q (%v)", text, b.String(), want, err)
		}
	}
}
