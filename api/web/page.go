package web

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"lectern/domain"
)

// Page is what every page has around its own content. Handlers fill it once per
// request; Layout writes it.
type Page struct {
	Title     string          // of the window, without "– Lectern"; may hold typed text
	HasErrors bool            // puts "Error: " before the title
	Crumbs    []Link          // the way here, without the page itself
	Nav       []NavLink       // at most 6; see NavFor
	Viewer    Viewer          // who is signed in; zero: nobody
	Theme     string          // light, dark, or empty for the system's
	Flash     []Notice        // what just happened
	Demo      *DemoBar        // only in the demonstration
	Section   string          // name of the section, for the foot; empty: left out
	Contact   string          // a role address, for the foot and the statements
	RequestID string          // for problem pages, to be quoted
	Scripts   []string        // more scripts by name, such as "autosave.js"
	Bar       templ.Component // an ActionBar at the lower edge; nil: none
	Hero      templ.Component // stands over the page in the header's color, with its h1; nil: none
	About     string          // what the page is about, for search engines; empty: left out
	Data      templ.Component // facts for programs that read the page; nil: none
}

// Link is a label with an address.
type Link struct {
	Label string
	Href  string
}

// NavLink is one link of the main navigation.
type NavLink struct {
	Link
	Current bool // this page is it, or lies under it
}

// Viewer is the person signed in.
type Viewer struct {
	Name string // empty: nobody is signed in
}

// SignedIn tells whether a person is signed in.
func (v Viewer) SignedIn() bool { return v.Name != "" }

// Initials are the first letters of the first and last word of a name, at most
// two: "AR" for Ana Reyes, "" for an empty name.
func Initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	if len(words) == 1 {
		return strings.ToUpper(string(first))
	}
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return strings.ToUpper(string([]rune{first, last}))
}

// NavFor is the main navigation of a person: at most 6 links. The active one is
// named by its address. Who is not signed in gets the webinars, and a way to sign
// in from Layout. Those who run the section come to its groups from the year board.
func NavFor(a domain.Actor, year domain.Year, active string) []NavLink {
	runs := a.Has(domain.Staff, domain.Admin)
	catalogue := Link{"Webinars", "/offerings"}
	if !a.SignedIn() {
		return []NavLink{{catalogue, catalogue.Href == active}}
	}
	links := []Link{{"Home", "/"}, {"Proposals", "/proposals"}}
	if len(a.Sections()) > 0 || len(a.GuestOf) > 0 {
		links = append(links, Link{"Review", "/review"})
	}
	if len(a.Groups()) > 0 || runs {
		links = append(links, Link{"Year board", "/years/" + string(year) + "/board"})
	}
	if a.Has(domain.ForumMember, domain.ForumChair) && len(links) < 4 {
		links = append(links, Link{"Packets", "/packets"})
	}
	if runs {
		links = append(links, Link{"Webinars", "/staff/offerings"}, Link{"Calls", "/staff/calls"}, Link{"Outbox", "/staff/outbox"})
	} else {
		links = append(links, Link{"Groups", "/groups"}, Link{"Calls", "/staff/calls"}, catalogue)
	}
	if a.Has(domain.Finance) {
		links = slices.Insert(links, min(len(links), maxNav-1), Link{"Stipends", "/staff/stipends"})
	}
	links = links[:min(len(links), maxNav)]
	nav := make([]NavLink, len(links))
	for i, l := range links {
		nav[i] = NavLink{Link: l, Current: l.Href == active}
	}
	return nav
}

// SaleTabsFor are the lists of a sale that the person may see: webinars, orders,
// quotes, stipends. The one at the active address is the present one.
func SaleTabsFor(a domain.Actor, active string) []NavLink {
	links := []Link{{"Orders", "/staff/orders"}, {"Quotes", "/staff/quotes"}, {"Stipends", "/staff/stipends"}}
	if a.Has(domain.Staff, domain.Admin) {
		links = slices.Insert(links, 0, Link{"Webinars", "/staff/offerings"})
	}
	tabs := make([]NavLink, len(links))
	for i, l := range links {
		tabs[i] = NavLink{Link: l, Current: l.Href == active}
	}
	return tabs
}

// maxNav is how many links the main navigation has at most.
const maxNav = 6

// windowTitle is the text of <title>. Typed text is isolated, so that a
// direction mark in it cannot turn the rest around.
func (p Page) windowTitle() string {
	title := "\u2068" + p.Title + "\u2069 – Lectern"
	if p.HasErrors {
		return "Error: " + title
	}
	return title
}

func (p Page) footLine() string {
	if p.Section == "" {
		return "Lectern"
	}
	return "Lectern, for the " + p.Section
}

// DemoBar is the bar of the demonstration: who you are, which day it is.
// It posts to /demo/persona (persona), /demo/clock (now, a date), /demo/scene
// (scene) and /demo/reset.
type DemoBar struct {
	Today    domain.Date
	From, To domain.Date // the days one can travel to
	Persona  string      // key of the persona acted as; empty: nobody
	Personas []DemoPersona
	Scenes   []DemoScene
	Back     string // address to come back to after a change; empty: the start
	Open     bool   // drawn open
}

// DemoPersona is somebody one can act as.
type DemoPersona struct {
	Key  string // what is posted
	Name string
	Role string // co-chair
}

// DemoScene is a persona on a day.
type DemoScene struct {
	Key     string // what is posted
	Label   string // Sep 18: one program short
	Current bool
}

func (p DemoPersona) roleAfter() string {
	if p.Role == "" {
		return ""
	}
	return ", " + p.Role
}

func (d DemoBar) persona() DemoPersona {
	for _, p := range d.Personas {
		if p.Key == d.Persona {
			return p
		}
	}
	return DemoPersona{Name: "not signed in"}
}
