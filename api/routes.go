package api

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"lectern/domain"
)

// apiRoot is where the JSON API lives.
const apiRoot = "/api/v1"

// routes is every address Lectern answers. JSON routes stand under /api/v1 and
// are described in openapi.json from their types; pages stand outside it.
func (s *Server) routes() []*route {
	return slices.Concat(
		s.accessRoutes(), s.sectionRoutes(), s.sectionPages(), s.demoRoutes(),
		s.proposalRoutes(), s.proposalPages(), s.speakerLinkRoutes(),
		s.reviewRoutes(), s.deskPages(), s.phaseRoutes(),
		s.recommendationRoutes(), s.rankingPages(), s.packetRoutes(), s.packetPages(),
		s.decisionRoutes(), s.decisionPages(),
		s.offeringRoutes(), s.orderRoutes(), s.orderPages(), s.quoteRoutes(), s.quotePages(),
		s.stipendRoutes(), s.stipendPages(),
		outboxRoutes(s.Outbox), s.auditRoutes(),
	)
}

func (s *Server) accessRoutes() []*route {
	return []*route{
		// access
		endpoint(get, "/me", "Who you are, with your roles and terms", s.me),
		endpoint(post, "/sign-in-links", "Ask for a one-time sign-in link by mail", s.askSignIn).open().answers(http.StatusAccepted),
		endpoint(post, "/sign-out", "End the session this request came with", s.signOut).answers(http.StatusNoContent),
		endpoint(get, "/tokens", "Your API tokens", s.listTokens),
		endpoint(post, "/tokens", "Make an API token; its secret is shown only now", s.makeToken).answers(http.StatusCreated),
		endpoint(get, "/tokens/:id", "One of your API tokens", s.getToken),
		endpoint(del, "/tokens/:id", "Revoke an API token", s.revokeToken),

		page(get, "/sign-in", s.signInPage).open(),
		page(post, "/sign-in", s.signInAsked).open(),
		page(get, "/sign-in/:token", s.linkPage).open(),
		page(post, "/sign-in/link", s.linkUsed).open(),
		page(post, "/sign-out", s.signedOut).open(),
		page(get, "/account", s.accountPage),
		page(post, "/account", s.accountSaved),
		page(post, "/account/sessions/:id/end", s.sessionEnded),
		page(post, "/account/tokens", s.tokenMade),
		page(post, "/account/tokens/:id/revoke", s.tokenRevoked),

		// for programs
		page(get, apiRoot+"/openapi.json", s.openAPI).open(),
		page(get, "/healthz", s.alive).open(),
		page(get, "/readyz", s.ready).open(),
		page(get, "/metrics", s.metricsText).open(),
	}
}

const (
	get   = http.MethodGet
	post  = http.MethodPost
	put   = http.MethodPut
	patch = http.MethodPatch
	del   = http.MethodDelete
)

// A route is one method at one address.
type route struct {
	method  string
	path    string // as Echo writes it, /tokens/:id; of JSON routes without /api/v1
	summary string
	in, out reflect.Type // of JSON routes
	status  int          // of the answer when all goes well
	public  bool         // needs no sign-in
	large   bool         // takes a file: the import limit holds, not the body limit
	free    bool         // not counted by the rate limit
	keyed   bool         // a POST must bring an idempotency key: money or seats move
	repeats bool         // a POST runs each time, whatever key it brings
	before  func(*Call)  // runs first, outside of the key's transaction; nil: nothing
	run     func(*Call) (answer, error)
	page    func(*Call) error
}

// page is a route that writes its answer itself: a page, or a file.
func page(method, path string, do func(*Call) error) *route {
	return &route{method: method, path: path, page: do}
}

// open lets people in who are not signed in.
func (r *route) open() *route { r.public = true; return r }

// answers sets the status of the answer when all goes well.
func (r *route) answers(status int) *route { r.status = status; return r }

// takesFile lets a request be as large as an import.
func (r *route) takesFile() *route { r.large = true; return r }

// unlimited takes a route out of the rate limit for writes.
func (r *route) unlimited() *route { r.free = true; return r }

// needsKey makes a POST refuse to run without an idempotency key: a program's
// header, or the hidden field of a form (web.OnceKey). For all that moves money or
// seats.
func (r *route) needsKey() *route { r.keyed = true; return r }

// repeatable takes a POST out of the once of idempotency keys, and so out of their
// transaction: what it does may be done again, or does not bear one transaction.
func (r *route) repeatable() *route { r.repeats = true; return r }

// first lets something be done first, in transactions of its own.
func (r *route) first(do func(*Call)) *route { r.before = do; return r }

func (r *route) json() bool { return r.run != nil }

func (r *route) address() string {
	if r.json() {
		return apiRoot + r.path
	}
	return r.path
}

// scope is what a token must cover.
func (r *route) scope() domain.Scope {
	if r.safe() {
		return domain.ScopeRead
	}
	return domain.ScopeWrite
}

func (r *route) safe() bool { return r.method == get }

// forPrograms tells whether errors at an address are answered as JSON.
func forPrograms(path string) bool {
	return strings.HasPrefix(path, "/api/") || path == "/api" || path == "/healthz" || path == "/readyz" || path == "/metrics"
}
