package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) signInPage(c *Call) error {
	if c.Actor.SignedIn() {
		return c.see(home(c.QueryParam("next")))
	}
	return c.show(http.StatusOK, web.SignIn(web.SignInPage{Page: c.frame("Sign in"), Next: workflows.LocalPath(c.QueryParam("next"))}))
}

// home is a page of ours to go to, the first one if there is no other.
func home(next string) string {
	if path := workflows.LocalPath(next); path != "" {
		return path
	}
	return "/"
}

func (s *Server) signInAsked(c *Call) error {
	in := signInLinkIn{Email: strings.TrimSpace(c.typed("email")), Next: workflows.LocalPath(c.typed("next"))}
	err := domain.Refuse(check(&in)...)
	if err == nil {
		err = s.sendLink(c, in)
	}
	if status, why, ok := refused(err); ok {
		frame := c.frame("Sign in")
		frame.HasErrors = true
		return c.show(status, web.SignIn(web.SignInPage{Page: frame, Email: in.Email, Next: in.Next, Reasons: why}))
	}
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, web.SignInSent(web.SignInSentPage{Page: c.frame("Check your mail"), Email: in.Email}))
}

// linkPage stands between the mail and the sign-in, so that a program that opens
// every link of a mail does not use this one up.
func (s *Server) linkPage(c *Call) error {
	link, err := s.Access.CheckSignIn(c.Ctx(), c.Param("token"))
	if domain.IsKind(err, domain.Gone) {
		return s.linkExpired(c)
	}
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, web.LinkOpen(web.LinkOpenPage{Page: c.frame("Sign in"), Token: c.Param("token"), Next: link.Next}))
}

func (s *Server) linkExpired(c *Call) error {
	return c.show(http.StatusGone, web.LinkExpired(web.LinkExpiredPage{Page: c.frame("Link expired")}))
}

// linkUsed signs in. The page to open comes from the row, not from the form.
func (s *Server) linkUsed(c *Call) error {
	session, err := s.Access.SignIn(c.Ctx(), c.typed("token"), browser(c.Request()))
	if domain.IsKind(err, domain.Gone) {
		return s.linkExpired(c)
	}
	if err != nil {
		return err
	}
	s.setSession(c, session.Secret)
	return c.see(home(session.Next))
}

func (s *Server) signedOut(c *Call) error {
	s.dropSession(c)
	if c.Credential.Kind == domain.SessionCredential {
		if err := s.Access.End(c.Ctx(), c.Actor, domain.SessionCredential, c.Credential.ID); err != nil && !domain.IsKind(err, domain.NotFound) {
			return err
		}
	}
	return c.see("/sign-in")
}

func (s *Server) accountPage(c *Call) error { return s.showAccount(c, nil, func(*web.AccountPage) {}) }

// showAccount shows the account, as it is or, after err, with what was typed and
// every reason.
func (s *Server) showAccount(c *Call, err error, typed func(*web.AccountPage)) error {
	status, why, again := refused(err)
	if err != nil && !again {
		return err
	}
	p := web.AccountPage{
		Page: c.frame("Your account"), Reasons: why, Current: c.Credential.ID, Zones: zones, ZoneName: domain.ZoneName(s.Access.Zone.String()),
		Token: web.TokenForm{Scope: string(domain.ScopeRead), Days: "90"},
	}
	p.HasErrors = len(why) > 0
	if p.Person, err = s.Access.Person(c.Ctx(), c.Actor); err != nil {
		return err
	}
	if p.Sessions, err = s.Access.Credentials(c.Ctx(), c.Actor, domain.SessionCredential); err != nil {
		return err
	}
	if p.Tokens, err = s.Access.Credentials(c.Ctx(), c.Actor, domain.TokenCredential); err != nil {
		return err
	}
	p.Version, p.Theme, p.Zone = p.Person.Version, p.Person.Theme, p.Person.Zone
	if p.Zone == "" {
		p.Zone = s.Access.Zone.String()
	}
	typed(&p)
	return c.show(max(status, http.StatusOK), web.Account(p))
}

// zones are the time zones offered; others can be set through the program's API.
var zones = func() []domain.Option {
	var all []domain.Option
	for _, z := range []string{"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "UTC"} {
		all = append(all, domain.Option{Value: z, Label: domain.ZoneName(z)})
	}
	return all
}()

func (s *Server) accountSaved(c *Call) error {
	version, err := strconv.Atoi(c.typed("version"))
	if err != nil {
		return &fault{status: http.StatusBadRequest, code: "malformed_parameter", detail: "The form did not say which version of your account it was filled in for."}
	}
	zone, theme := c.typed("zone"), c.typed("theme")
	if _, err := s.Access.Choose(c.Ctx(), c.Actor, version, zone, theme); err != nil {
		return s.showAccount(c, err, func(p *web.AccountPage) { p.Person.Zone, p.Person.Theme = zone, theme })
	}
	c.flash("Your settings are saved.")
	return c.see("/account")
}

func (s *Server) sessionEnded(c *Call) error {
	if c.Param("id") == c.Credential.ID {
		return s.signedOut(c)
	}
	if err := s.Access.End(c.Ctx(), c.Actor, domain.SessionCredential, c.Param("id")); err != nil {
		return err
	}
	c.flash("That session is over.")
	return c.see("/account")
}

// tokenMade shows the page at once instead of sending the browser on: the secret
// is in no address and in no cookie.
func (s *Server) tokenMade(c *Call) error {
	form := web.TokenForm{Name: c.typed("name"), Scope: c.typed("scope"), Days: c.typed("days")}
	wish, err := s.wish(form)
	var made workflows.Token
	if err == nil {
		made, err = s.Access.MakeToken(c.Ctx(), c.Actor, wish)
	}
	if err != nil {
		return s.showAccount(c, err, func(p *web.AccountPage) { p.Token, p.Reasons = form, asForm(p.Reasons) })
	}
	return s.showAccount(c, nil, func(p *web.AccountPage) { p.NewToken = made.Secret })
}

// maxTokenDays is a year.
const maxTokenDays = 366

func (s *Server) wish(f web.TokenForm) (workflows.TokenWish, error) {
	days, err := strconv.Atoi(strings.TrimSpace(f.Days))
	if err != nil || days < 1 || days > maxTokenDays {
		return workflows.TokenWish{}, domain.Refuse(domain.Wrong("/days", "out_of_range", "Give the days as a number from 1 to %d.", maxTokenDays))
	}
	if !clean(f.Name) {
		return workflows.TokenWish{}, domain.Refuse(domain.Wrong("/name", "not_utf8", "The name holds characters that cannot be kept. Type it again."))
	}
	ends := s.realNow().Add(time.Duration(days) * 24 * time.Hour)
	return workflows.TokenWish{Name: f.Name, Scopes: []domain.Scope{domain.Scope(f.Scope)}, ExpiresAt: &ends}, nil
}

// asForm points at the fields of the form, which are named otherwise than those of the API.
func asForm(why []domain.Reason) []domain.Reason {
	why = slices.Clone(why)
	for i, r := range why {
		switch r.Pointer {
		case "/scopes":
			why[i].Pointer = "/scope"
		case "/expires_at":
			why[i].Pointer = "/days"
		}
	}
	return why
}

func (s *Server) tokenRevoked(c *Call) error {
	if err := s.Access.End(c.Ctx(), c.Actor, domain.TokenCredential, c.Param("id")); err != nil {
		return err
	}
	c.flash("The token no longer works.")
	return c.see("/account")
}
