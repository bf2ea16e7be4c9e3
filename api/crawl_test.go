package api

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// A crawler opens as one person every address there is, and every link of the
// pages it gets.
type crawler struct {
	*plantedRound
	name    string // of the person; empty: somebody who is not signed in
	turn    int    // which of several that are alike is this person's
	cookie  string
	seen    map[string]bool
	queue   []string
	reached map[*route]bool // that answered with something
	check   func(path string, r counted)
}

// counted is an answer with how many statements it took.
type counted struct {
	reply
	statements int64
}

func (r *plantedRound) crawler(name string, check func(path string, r counted)) *crawler {
	c := &crawler{plantedRound: r, name: name, turn: slices.Index(everyone, name), seen: map[string]bool{}, reached: map[*route]bool{}, check: check}
	if name != "" {
		c.cookie = r.session(name)
	}
	return c
}

// run opens the addresses and what they link to.
func (c *crawler) run(addresses []string) {
	c.t.Helper()
	for _, a := range c.mine(addresses) {
		c.follow(a, "")
	}
	for len(c.queue) > 0 {
		path := c.queue[0]
		c.queue = c.queue[1:]
		c.open(path)
	}
}

// follow queues an address once; those that end the session or leave are left out.
func (c *crawler) follow(link, from string) {
	base, err := url.Parse("https://lectern.example.org" + from)
	if err != nil {
		return
	}
	to, err := base.Parse(link)
	if err != nil || to.Host != base.Host || strings.HasPrefix(to.Path, "/static/") {
		return
	}
	path := to.RequestURI()
	if to.Path == "/sign-in" {
		path = to.Path // where it leads on to is what was asked for
	}
	if len(c.seen) < 3000 && !c.seen[path] {
		c.seen[path] = true
		c.queue = append(c.queue, path)
	}
}

func (c *crawler) open(path string) {
	c.t.Helper()
	got := c.asks(path)
	if got.StatusCode >= http.StatusInternalServerError && path != "/readyz" { // where the tests' clock is not the database's
		c.t.Errorf("%s as %s: %d", path, c.name, got.StatusCode)
	}
	bare, _, _ := strings.Cut(path, "?")
	answered := got.StatusCode < http.StatusBadRequest || got.StatusCode == http.StatusConflict // 409: not open at this hour
	if at := c.routeOf(bare); at != nil && answered {
		c.reached[at] = true
	}
	c.check(path, got)
	if to := got.Header.Get("Location"); to != "" {
		c.follow(to, path)
	}
	if c.links && strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
		for _, link := range linksOf(got.body) {
			c.follow(link, path)
		}
	}
}

// asks sends a GET as the crawler's person: to a page with a session, to the API
// with a token.
func (c *crawler) asks(path string) counted {
	c.t.Helper()
	ctx, n := store.WithQueryCount(c.t.Context())
	req := httptest.NewRequestWithContext(ctx, get, "https://lectern.example.org"+path, nil)
	switch {
	case c.name != "" && strings.HasPrefix(path, apiRoot+"/"):
		req.Header.Set("Authorization", "Bearer "+c.token(c.name))
	case c.name != "":
		req.AddCookie(&http.Cookie{Name: "__Host-lectern", Value: c.cookie})
	}
	rec := httptest.NewRecorder()
	c.handler.ServeHTTP(rec, req)
	return counted{reply{Response: rec.Result(), t: c.t, body: rec.Body.Bytes()}, n.Load()}
}

// routeOf is the route that answers GET at an address, the most special one.
func (w *world) routeOf(path string) *route {
	var at *route
	for _, r := range w.server.all {
		if r.safe() && fits(r.address(), path) && (at == nil || strings.Count(r.address(), ":") < strings.Count(at.address(), ":")) {
			at = r
		}
	}
	return at
}

// linksOf are the addresses in a page: of links, and of forms that only ask.
func linksOf(page []byte) []string {
	var all []string
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil
	}
	for n := range doc.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "a":
			all = append(all, attrOf(n, "href"))
		case n.Data == "form" && !strings.EqualFold(attrOf(n, "method"), post):
			all = append(all, attrOf(n, "action"))
		}
	}
	return all
}

// addresses is the route table's GET addresses, filled with everything of the round.
func (r *plantedRound) addresses() []string {
	r.t.Helper()
	var all []string
	for _, at := range r.server.routes() {
		if at.safe() {
			all = append(all, r.filled(at.address())...)
		}
	}
	for _, query := range []string{"?state=submitted", "?state=draft", "?state=declined", "?venue=forum", "?call=" + forumCall, "?group=" + newLeaders, "?sort=title"} {
		all = append(all, "/proposals"+query, apiRoot+"/proposals"+query)
	}
	for i := range r.all {
		all = append(all, r.at(i+1)+"/compare?from=1&to=1")
	}
	return append(all, packetPath(r.packet)+"?format=csv", apiRoot+"/stipends/tax-report?year=2027", "/calls/"+forumCall+"/ranking?order=mean")
}

func packetPath(id string) string { return "/packets/" + id }

// filled is a route's address with each of its parameters replaced by everything
// that may stand there.
func (r *plantedRound) filled(address string) []string {
	r.t.Helper()
	all := []string{""}
	parts := strings.Split(strings.TrimPrefix(address, "/"), "/")
	for i, part := range parts {
		fill := []string{part}
		if strings.HasPrefix(part, ":") {
			fill = r.valuesOf(parts[:i], part, strings.Join(parts, "/"))
		}
		var longer []string
		for _, a := range all {
			for _, f := range fill {
				longer = append(longer, a+"/"+f)
			}
		}
		all = longer
	}
	return all
}

// valuesOf are the values of a parameter that stands after some parts of an address.
func (r *plantedRound) valuesOf(before []string, name, address string) []string {
	r.t.Helper()
	noun := before[len(before)-1]
	switch {
	case name == ":action" && before[0] == "proposals":
		var all []string
		for _, a := range domain.Actions() {
			all = append(all, string(a))
		}
		return all
	case name == ":action":
		return []string{"publish", "take-off-sale", "cancel", "reschedule", "record"}
	case name == ":year":
		return []string{"2026-27"}
	case name == ":venue":
		return []string{"forum", "webinar"}
	case noun == "proposals" && strings.Count(address, ":") > 1:
		return []string{r.all[0].ID, r.all[1].Number, r.all[2].Number, r.all[3].ID, r.all[4].ID}
	case noun == "proposals", noun == "review":
		return r.refs(before[0] == "api")
	}
	return r.known(noun, name)
}

// refs are the proposals, by id and by number in turn; the API has it the other
// way around than the pages.
func (r *plantedRound) refs(api bool) []string {
	all := []string{r.sale.ProposalID}
	for i, p := range r.all {
		if byID := (i%2 == 0) == api; byID || p.Number == "" {
			all = append(all, p.ID)
		} else {
			all = append(all, p.Number)
		}
	}
	return all
}

// mine are the addresses that the crawler's person opens: all, but for documents
// that only the office and those without an account render, and for the moves of
// the first three proposals, of which one stands for all, in turn, to who has no
// conflict with any. Links are followed all the same.
func (c *crawler) mine(addresses []string) []string {
	return slices.DeleteFunc(slices.Clone(addresses), func(a string) bool {
		if strings.HasSuffix(a, ".pdf") {
			return c.name != "" && !slices.Contains(theOffice, c.name)
		}
		parts := strings.Split(a, "/")
		if len(parts) != 4 || parts[1] != "proposals" || !slices.Contains(domain.Actions(), domain.Action(parts[3])) {
			return false
		}
		i := slices.IndexFunc(c.all[:3], func(p ProposalOut) bool { return p.ID == parts[2] || p.Number == parts[2] })
		return i >= 0 && i != c.turn%3 && inConflict[i+1] != c.name
	})
}

// known are the values of the parameters that stand for one thing of the world.
func (r *plantedRound) known(noun, name string) []string {
	r.t.Helper()
	ben := r.Actor("Ben Castellano")
	values := map[string][]string{
		"calls": {forumCall, "webinars-2026-27"}, "groups": {newLeaders, "leadership-team", "member-experience"}, "people": {r.Person("Ben Castellano").ID, r.Person("Dana Whitfield").ID},
		"packets": {r.packet}, "batches": {r.batch}, "tokens": {r.tokenID("Kim Adeyemi")}, "sign-in": {r.signIn}, "terms": {ben.Terms[0].ID},
		"offerings": {r.sale.Slug}, "seats": {r.seat}, "seat-links": {r.seat}, "claim": {r.server.Access.Links.ClaimCode(r.orderNow())}, "quotes": {r.quote.ID, r.quote.Number, r.asked},
		"stipends": {r.paid.ID}, "speaker-links": {strings.TrimPrefix(r.speakerLink(r.sale.ProposalID), "/speaker-links/")}, "speakers": {r.all[0].Speakers[0].ID, r.all[4].Speakers[0].ID},
		"orders": {r.order.ID, r.order.Number, r.order.Secret},
	}[noun]
	if values == nil {
		r.t.Errorf("nothing to put for %s after %s", name, noun)
	}
	return values
}

var numberAlone = regexp.MustCompile(`^[0-9.]+$`)

// A plantedWord is a word of the world and who may read it; where, when set, limits
// it to some addresses.
type plantedWord struct {
	word  string
	knows []string
	where func(path string) bool
}

// hiddenFrom are the words a person may not read.
func hiddenFrom(name string, all []plantedWord) []plantedWord {
	var hidden []plantedWord
	for _, p := range all {
		if !slices.Contains(p.knows, name) {
			hidden = append(hidden, p)
		}
	}
	return hidden
}

// said is all of an answer that somebody can read, its headers too, without what
// is made up anew for every answer.
func (r reply) said() string {
	text := html.UnescapeString(unkeyed(r.body))
	for _, name := range []string{"Location", "Content-Disposition", "ETag", "Link", "Last-Modified", "Content-Length"} {
		text += "\n" + name + ": " + strings.Join(r.Header.Values(name), " ")
	}
	return strings.ToLower(text)
}

// TestNothingLeaks opens every address of the route table and every link as
// everybody, while names are hidden and when decisions are staged, and looks for
// what that person may not know. On Postgres it opens the API's addresses at the
// first moment, all at the second, and follows no links: pages are the same there.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		nothingLeaks(t, storetest.SQLite(t), func(string) bool { return true }, true)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		api := func(address string) bool { return strings.HasPrefix(address, apiRoot) }
		nothingLeaks(t, storetest.Postgres(t), api, false)
	})
}

// nothingLeaks crawls at both moments: what early tells of an address is whether it
// is opened at the first, too.
func nothingLeaks(t *testing.T, s *store.Store, early func(address string) bool, links bool) {
	t.Helper()
	r := plant(newWorld(t, s, withOutbox))
	r.links = links
	reached := map[*route]bool{}
	r.At("2027-04-08T12:00:00-05:00")
	r.reviewed()
	r.needs(7)
	r.look("while names are hidden", r.hiddenNames(), reached, early)
	r.needs(2)
	r.At("2027-04-20T12:00:00-05:00")
	r.released()
	r.At("2027-05-10T12:00:00-05:00")
	r.published(4)
	for i := range 3 {
		r.staged(i + 1)
	}
	r.look("while decisions are staged", r.stagedWords(), reached, func(string) bool { return true })
	for _, at := range r.server.all {
		if links && at.safe() && !reached[at] && at.path != "/readyz" {
			t.Errorf("nobody was answered at %s", at.address())
		}
	}
}

// look crawls as everybody and then searches as everybody.
func (r *plantedRound) look(when string, all []plantedWord, reached map[*route]bool, opens func(address string) bool) {
	r.t.Helper()
	addresses := slices.DeleteFunc(r.addresses(), func(a string) bool { return !opens(a) })
	var mu sync.Mutex
	found := map[string]bool{}
	var crawlers sync.WaitGroup
	turn := make(chan struct{}, 4)
	for _, name := range everyone {
		hidden := hiddenFrom(name, all)
		c := r.crawler(name, nil)
		c.check = func(path string, got counted) {
			text := got.said()
			if path == "/metrics" {
				text = measure.ReplaceAllString(text, "")
			}
			mu.Lock()
			defer mu.Unlock()
			for _, p := range all {
				found[p.word] = found[p.word] || p.in(text)
			}
			for _, p := range hidden {
				if p.in(text) && (p.where == nil || p.where(path)) {
					r.t.Errorf("%s, %s (%d) tells %q %q", when, path, got.StatusCode, name, p.word)
				}
			}
		}
		crawlers.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			c.run(addresses)
			c.searches(hidden)
			mu.Lock()
			defer mu.Unlock()
			maps.Copy(reached, c.reached)
		})
		r.mailed(name, hidden)
	}
	crawlers.Wait()
	for _, p := range all {
		if opens("/") && !found[p.word] {
			r.t.Errorf("%s, nobody was told %q, which proves nothing", when, p.word)
		}
	}
}

// searches checks that looking for a word that the person may not know finds just
// what a word finds that is nowhere.
func (c *crawler) searches(hidden []plantedWord) {
	c.t.Helper()
	if c.name == "" {
		return
	}
	const nowhere = "xyzzyqux"
	for _, path := range []string{"/proposals?q=", apiRoot + "/proposals?q="} {
		ask := func(word string) string { return strings.ReplaceAll(unkeyed(c.asks(path+word).body), word, nowhere) }
		nothing := ask(nowhere)
		for _, p := range hidden {
			if p.where == nil && !numberAlone.MatchString(p.word) && ask(p.word) != nothing {
				c.t.Errorf("%s%s finds something for %q", path, p.word, c.name)
			}
		}
	}
}

// mailed checks every mail to a person.
func (r *plantedRound) mailed(name string, hidden []plantedWord) {
	r.t.Helper()
	if name == "" {
		return
	}
	for _, m := range r.mailsTo(name) {
		for _, p := range hidden {
			if p.where == nil && p.in(strings.ToLower(m.Subject+m.Body)) {
				r.t.Errorf("the mail %s tells %s %q", m.Kind, name, p.word)
			}
		}
	}
}

// oneTime is what stands before and after that which is made anew for each answer.
var oneTime = [][2]string{{`name="idempotency_key" value="`, `"`}, {`"request_id":"`, `"`}, {`give the reference <b class="num">`, `<`}}

// unkeyed is an answer without the keys and numbers that are made anew for each.
func unkeyed(page []byte) string {
	text := string(page)
	for _, mark := range oneTime {
		text = cut(text, mark[0], mark[1])
	}
	return text
}

// cut leaves out whatever stands between a beginning and an end.
func cut(text, begin, end string) string {
	var kept strings.Builder
	for {
		before, rest, found := strings.Cut(text, begin)
		kept.WriteString(before)
		if !found {
			return kept.String()
		}
		_, text, _ = strings.Cut(rest, end)
	}
}
