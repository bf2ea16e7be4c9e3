package e2e

import (
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"
)

// formLog is what forms there are, and which of them were sent. A form stands for
// each of its buttons: the editor has many.
type formLog struct {
	mu   sync.Mutex
	seen map[string]string // to the page it was seen on
	sent map[string]bool
}

func newFormLog() *formLog { return &formLog{seen: map[string]string{}, sent: map[string]bool{}} }

// note takes down the forms of a page, and the button that is about to be pressed,
// which the finder has marked; an empty mark is no button.
func (l *formLog) note(path, page, mark string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for button, marked := range buttons(page) {
		if _, known := l.seen[button]; !known {
			l.seen[button] = path
		}
		if mark != "" && slices.Contains(marked, mark) {
			l.sent[button] = true
		}
	}
}

// unsent are the forms that were seen and not sent, with the page of each.
func (l *formLog) unsent() []string {
	var all []string
	for button, path := range l.seen {
		if !l.sent[button] {
			all = append(all, button+" (on "+path+")")
		}
	}
	slices.Sort(all)
	return all
}

// buttons are the buttons of a page's forms, by what they send, with their marks.
func buttons(page string) map[string][]string {
	all := map[string][]string{}
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return all
	}
	byID := map[string]*html.Node{}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" {
			byID[attribute(n, "id")] = n
		}
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "button" || attribute(n, "type") == "button" || attribute(n, "aria-hidden") == "true" {
			continue
		}
		form := byID[attribute(n, "form")]
		if attribute(n, "form") == "" {
			form = formAround(n)
		}
		if form != nil && attribute(form, "method") != "dialog" {
			key := sends(n, form)
			all[key] = append(all[key], attribute(n, "data-found"))
		}
	}
	return all
}

func formAround(n *html.Node) *html.Node {
	for p := range n.Ancestors() {
		if p.Data == "form" {
			return p
		}
	}
	return nil
}

// sends names what a button sends: method and address, without what makes one
// proposal, group, call or person another, and the button's own word.
func sends(button, form *html.Node) string {
	action := attribute(form, "action")
	if own := attribute(button, "formaction"); own != "" {
		action = own
	}
	action, _, _ = strings.Cut(action, "?")
	action, _, _ = strings.Cut(action, "#")
	said := strings.ToUpper(attribute(form, "method")) + " " + named.ReplaceAllString(action, "$1$2/:x")
	if attribute(button, "name") == "do" {
		do, _, _ := strings.Cut(attribute(button, "value"), ":")
		said += " " + do
	}
	if attribute(form, "action") != "" && hasField(form, "sure") {
		said += " sure"
	}
	return said
}

// named are the parts of addresses that name one thing of many.
var named = regexp.MustCompile(`(/groups|/calls|/venues|/speaker-links|/offerings|/orders|/quotes|/seats|/claim)/[^/]+|(/proposals|/stipends|/sessions|/tokens|/outbox|/terms|/speakers|/people|/guests|/review|/access-requests)/(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d\d-[A-Z]-\d+)`)

func hasField(form *html.Node, name string) bool {
	for n := range form.Descendants() {
		if n.Data == "input" && attribute(n, "name") == name {
			return true
		}
	}
	return false
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// alike is how many pages of one kind are opened as each persona: enough to meet
// every state, and not each of a year's proposals in each of its views.
const alike = 12

// kindOf is a path without what makes one page of a kind another.
func kindOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return digits.ReplaceAllString(named.ReplaceAllString(path, "$1$2/:x"), "/:x")
}

var digits = regexp.MustCompile(`/[^/]*\d[^/]*`)

// crawl goes, as every persona and as nobody, to every kind of page that links
// lead to, to all proposals among them, and takes down the forms there are.
func (d *demo) crawl(t *testing.T, log *formLog) {
	t.Helper()
	asked := 0
	for _, token := range append(d.tokens(), "") {
		queue, known, kinds := []string{"/", "/demo", "/sign-in"}, map[string]bool{}, map[string]int{}
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			kind := kindOf(path)
			if known[path] || kinds[kind] == alike && kind != "/proposals/:x" {
				continue
			}
			known[path] = true
			kinds[kind]++
			asked++
			page := d.fetch(t, token, path)
			log.note(path, page, "")
			queue = append(queue, links(page)...)
		}
	}
	if asked < 300 {
		t.Errorf("the links lead to %d pages only", asked)
	}
}

func (d *demo) tokens() []string {
	var all []string
	for _, p := range d.Personas {
		all = append(all, p.Token)
	}
	return all
}

// fetch is the text of a page; an error page too has forms.
func (d *demo) fetch(t *testing.T, token, path string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := ours.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// ours goes where we lead, but not to other sites.
var ours = &http.Client{CheckRedirect: func(next *http.Request, before []*http.Request) error {
	if next.URL.Host != before[0].URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}}

// links are the pages of ours that a page leads to. Of those with a query only the
// comparisons are other pages.
func links(page string) []string {
	var all []string
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil
	}
	for n := range doc.Descendants() {
		href := attribute(n, "href")
		if n.Data != "a" || !strings.HasPrefix(href, "/") || strings.HasPrefix(href, "/static/") {
			continue
		}
		href, _, _ = strings.Cut(href, "#")
		if path, _, asks := strings.Cut(href, "?"); asks && !strings.HasSuffix(path, "/compare") {
			href = path
		}
		if !strings.HasSuffix(href, ".csv") {
			all = append(all, href)
		}
	}
	return all
}
