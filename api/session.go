package api

import (
	"encoding/base64"
	"net/http"
	"strings"

	"lectern/api/web"
	"lectern/domain"
)

// cookieName: the prefix makes browsers refuse the cookie from anywhere but this
// very host over TLS; plain http, for the demonstration, cannot have it.
func (s *Server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

func (s *Server) sessionSecret(r *http.Request) string {
	cookie, err := r.Cookie(s.cookieName("lectern"))
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (s *Server) setSession(c *Call, secret string) {
	s.setCookie(c, "lectern", secret, int(s.Access.SessionLife.Seconds()))
}

func (s *Server) dropSession(c *Call) { s.setCookie(c, "lectern", "", -1) }

func (s *Server) setCookie(c *Call, name, value string, seconds int) {
	c.SetCookie(&http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: seconds,
		Secure: s.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

const flashCookie = "lectern-flash"

// flash says something on the next page that is shown.
func (c *Call) flash(text string) {
	c.flashed = text
	c.s.setCookie(c, flashCookie, base64.RawURLEncoding.EncodeToString([]byte(text)), 60)
}

func (c *Call) takeFlash() []web.Notice {
	cookie, err := c.Cookie(c.s.cookieName(flashCookie))
	if err != nil {
		return nil
	}
	c.s.setCookie(c, flashCookie, "", -1)
	text, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || len(text) == 0 || !clean(string(text)) {
		return nil
	}
	return []web.Notice{{Tone: "good", Title: string(text)}}
}

// frame is what is around every page, for the person asking. Active is the
// address in the main navigation that this page is, or lies under.
func (c *Call) frame(title string, crumbs ...web.Link) web.Page {
	p := web.Page{Title: title, Crumbs: crumbs, Theme: c.Actor.Theme, Viewer: web.Viewer{Name: c.Actor.Name}, Flash: c.takeFlash()}
	p.Nav = web.NavFor(c.Actor, domain.YearOf(c.Actor.Today), c.underNav())
	p.Section, p.Contact = c.s.sectionFoot(c.Ctx())
	if c.s.DemoBar != nil {
		p.Demo = c.s.DemoBar(c)
	}
	return p
}

// underNav is the address of the navigation's entry under which the request lies.
func (c *Call) underNav() string {
	at, active := c.Request().URL.Path, ""
	under := func(href string) bool { return at == href || href != "/" && strings.HasPrefix(at, href+"/") }
	links := web.NavFor(c.Actor, domain.YearOf(c.Actor.Today), "")
	for _, l := range links {
		if under(l.Href) {
			active = l.Href
		}
	}
	if active == "" && (under("/staff/orders") || under("/staff/stipends")) {
		return "/staff/offerings" // of whom the menu has no entry for
	}
	return active
}

// see sends a browser on to another page after a form: a path of ours.
func (c *Call) see(path string) error { return c.Redirect(http.StatusSeeOther, path) }

// typed is what was typed into a field of the form that was sent. What cannot be
// kept is refused where the text is checked.
func (c *Call) typed(name string) string { return c.FormValue(name) }

// browser names the browser for the list of sessions: Firefox on Linux.
func browser(r *http.Request) string {
	agent := r.UserAgent()
	pick := func(otherwise string, names ...[2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return otherwise
	}
	name := pick("A browser", [2]string{"Edg", "Edge"}, [2]string{"Firefox", "Firefox"}, [2]string{"Chrom", "Chrome"}, [2]string{"Safari", "Safari"})
	system := pick("", [2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"}, [2]string{"Android", "Android"}, [2]string{"Windows", "Windows"},
		[2]string{"Mac OS", "Mac"}, [2]string{"Linux", "Linux"})
	if system == "" {
		return name
	}
	return name + " on " + system
}
