package api

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

const annualCall = "annual-2027-sessions"

// visit sends what a browser without scripts sends: a GET, or a form with its
// session cookie.
func (w *world) visit(name, path string, form url.Values) reply {
	w.t.Helper()
	r := request{method: get, path: path}
	if form != nil {
		r.method, r.form, r.body = post, true, form.Encode()
	}
	if name != "" {
		r.cookie = w.session(name)
	}
	return w.send(r)
}

// to checks that the answer sends the browser on, and gives where to.
func (r reply) to() string {
	r.t.Helper()
	r.want(http.StatusSeeOther)
	return r.Header.Get("Location")
}

// has checks that a page says something.
func (r reply) has(all ...string) reply {
	r.t.Helper()
	for _, text := range all {
		if !strings.Contains(string(r.body), text) {
			r.t.Errorf("the page (%d) does not have %q", r.StatusCode, text)
		}
	}
	return r
}

func (r reply) hasNot(all ...string) reply {
	r.t.Helper()
	for _, text := range all {
		if strings.Contains(string(r.body), text) {
			r.t.Errorf("the page (%d) has %q", r.StatusCode, text)
		}
	}
	return r
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(version|asked|base)" value="([^"]*)"`)

// editorForm is the form of the editor as the page has it, with answers typed in.
func (w *world) editorForm(name, ref string, answers domain.Answers) url.Values {
	w.t.Helper()
	page := w.visit(name, "/proposals/"+ref+"/edit", nil).want(200)
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(string(page.body), -1) {
		form.Set(m[1], m[2])
	}
	p := w.proposal(ref)
	form.Set("title", p.Title)
	for key, values := range p.Answers {
		form[key] = values
	}
	for key, values := range answers {
		form[key] = values
	}
	return form
}

func (w *world) proposal(ref string) workflows.ProposalView {
	w.t.Helper()
	v, err := w.server.Proposals.Get(w.t.Context(), w.Actor("Kim Adeyemi"), ref)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func TestProposalByForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben = "Ben Castellano"
	w.visit(ben, "/proposals/new?group="+newLeaders, nil).want(200).has("ALA Annual 2027, sessions", "Create draft")
	w.visit(ben, "/proposals/new", url.Values{"group": {newLeaders}, "title": {"Typed <b>"}}).want(422).has("Choose a call.", "Typed &lt;b&gt;")
	at := w.visit(ben, "/proposals/new", url.Values{"group": {newLeaders}, "call": {annualCall}, "title": {"Budgeting"}}).to()
	id := strings.TrimSuffix(strings.TrimPrefix(at, "/proposals/"), "/edit")

	form := w.editorForm(ben, id, answersFor(annualCall))
	form.Set("do", "speaker-new")
	if got := w.visit(ben, at, form).to(); got != "/proposals/"+id+"/speakers/new" {
		t.Errorf("adding a speaker goes to %s", got)
	}
	if got := w.proposal(id).Answers.Text("full_description"); got != "What happens." {
		t.Errorf("the button did not save first: %q", got)
	}
	w.visit(ben, "/proposals/"+id+"/speakers/new", url.Values{"email": {"x@example.org"}}).want(422).has("Write the name", "x@example.org")
	w.visit(ben, "/proposals/"+id+"/speakers/new", url.Values{"name": {"Ignacio Prieto"}, "email": {"ip@example.org"}, "titles": {"Budget Officer\r\nAuthor"}, "affiliations": {"Tri-County"}, "bio": {"Bio."}}).to()
	if sp := w.proposal(id).Facts.Speakers[0]; len(sp.Titles) != 2 || sp.Titles[1] != "Author" {
		t.Errorf("titles one a line: %q", sp.Titles)
	}
	w.visit(ben, "/proposals/"+id+"/speakers/new", url.Values{"name": {"Ana Reyes"}, "email": {"ar@example.org"}, "bio": {"Bio."}}).to()
	second := w.proposal(id).Facts.Speakers[1].ID
	for do, lead := range map[string]string{"speaker-up:" + second: "Ana Reyes", "speaker-invite:" + second: "Ana Reyes"} {
		form = w.editorForm(ben, id, nil)
		form.Set("do", do)
		w.visit(ben, at, form).to()
		_ = lead
	}
	if sp := domain.Active(w.proposal(id).Facts.Speakers)[0]; sp.Name != "Ana Reyes" || sp.Answer != domain.Invited {
		t.Errorf("first is %s, %q", sp.Name, sp.Answer)
	}

	form = w.editorForm(ben, id, domain.Answers{"outcomes": {"One.", "", ""}})
	form.Set("do", "submit")
	w.visit(ben, at, form).want(422).has("to fix before you submit", `href="#outcomes`)
	form = w.editorForm(ben, id, answersFor(annualCall))
	form.Set("do", "submit")
	page := w.visit(ben, at, form).to()
	if w.proposal(id).State != domain.Submitted || page != "/proposals/27-A-001" {
		t.Fatalf("submitted to %s: %s", page, w.proposal(id).State)
	}
	w.visit(ben, page, nil).want(200).has("Ready, not yet sent to ALA", "Copy for ALA", "ALA Annual 2026–27, 1 of 2", "Why?")

	sent := page + "/record-external-submission"
	w.visit(ben, sent, url.Values{"site": {"ALA"}, "reference": {""}, "sent_on": {"2026-09-18"}}).want(422).has("Give the reference")
	w.visit(ben, sent, url.Values{"site": {"ALA"}, "reference": {"ALA27-1"}, "sent_on": {"2026-09-18"}}).to()
	w.visit(ben, page, nil).want(200).has("Sent, reference ALA27-1").hasNot("not yet sent")
	w.visit(ben, page+"/withdraw", nil).want(200).has("Why")
	w.visit(ben, page+"/withdraw", url.Values{"reason": {" "}}).want(422).has("Say why.")
	w.visit(ben, page+"/edit", nil).want(409).has("A submitted proposal stays as it is")
	w.visit(ben, page+"/comments", url.Values{"comment": {""}}).want(422).has("Write a comment first.")
	w.visit(ben, page+"/comments", url.Values{"comment": {"<script>alert(1)</script> **good**"}}).to()
	w.visit(ben, page, nil).has("<strong>good</strong>").hasNot("<script>alert(1)")
	w.visit(ben, page+"/no-such-move", url.Values{}).want(404)
	w.visit(ben, page+"/document", nil).want(200).has("Learning outcomes", "Tri-County")
}

// What somebody cannot do, the page says who can; what nobody can now, it says why.
func TestLifeSaysByWhom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	p := w.drafted("Ben Castellano", newLeaders, annualCall, "Whose move")
	others := func(name string) string {
		_, after, _ := strings.Cut(string(w.visit(name, "/proposals/"+p.ID, nil).want(200).body), `<ul class="others"`)
		list, _, _ := strings.Cut(after, "</ul>")
		return regexp.MustCompile(`\s+`).ReplaceAllString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(list, " "), " ")
	}
	wants := func(name string, has, hasNot []string) {
		t.Helper()
		got := others(name)
		for _, text := range has {
			if !strings.Contains(got, text) {
				t.Errorf("%s is not told %q: %s", name, text, got)
			}
		}
		for _, text := range hasNot {
			if strings.Contains(got, text) {
				t.Errorf("%s is told %q: %s", name, text, got)
			}
		}
	}
	wants("Ana Reyes", []string{"Submit proposal the group’s chairs"}, []string{"Edit the text"})
	wants("Ben Castellano", nil, []string{"Submit proposal", "Withdraw"})
	w.visit("Ana Reyes", "/proposals/"+p.ID, nil).has("It can become submitted or withdrawn, by others or later.", `class="edge can"`).hasNot("edge can yours")
	w.visit("Ben Castellano", "/proposals/"+p.ID, nil).has("You can make it submitted.", "edge can yours")
	p = w.acted("Ben Castellano", p.ID, "submit", nil)
	wants("Ana Reyes", []string{"Withdraw the group’s chairs", "Record the outcome the group’s chairs, the Leadership Team or association staff", "Record that it was sent the group’s chairs or association staff"}, nil)
	wants("Fay Nguyen", []string{"Withdraw the group’s chairs", "Return to draft the group’s chairs"}, []string{"Record the outcome", "Carry forward"})
	w.visit("Fay Nguyen", "/proposals/"+p.ID, nil).has("You can make it accepted, declined or alternate.")
	w.At("2026-12-12T11:00:00-06:00")
	wants("Fay Nguyen", []string{"Withdraw"}, []string{"Return to draft"}) // its window is closed: nobody can
}

func TestCarryByForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben = "Ben Castellano"
	p := w.drafted(ben, newLeaders, annualCall, "Carry me")
	p = w.acted(ben, p.ID, "submit", nil)
	w.At("2026-12-12T11:00:00-06:00")
	page := "/proposals/" + p.Number
	outcome := url.Values{"outcome": {"declined"}, "decided_on": {"2026-12-10"}, "evidence": {"Mail"}, "feedback": {"Well <i>written</i>."}}
	w.visit(ben, page+"/record-outside-outcome", outcome).to()
	w.visit(ben, page, nil).want(200).has("Webinars 2026–27", "Will be asked:", "Preferred dates", "Well &lt;i&gt;written&lt;/i&gt;.", `value="webinars-2026-27" checked`)
	w.visit(ben, page+"/carry-forward", url.Values{}).want(422).has("Choose where to carry it.")
	w.visit(ben, page+"/carry-forward", url.Values{"call": {annualCall}}).want(409).has("ALA Annual 2027, sessions closed on")
	child := w.visit(ben, page+"/carry-forward", url.Values{"call": {"webinars-2026-27"}}).to()
	w.visit(ben, child, nil).want(200).has("Carry me", "Ignacio Prieto")
	w.visit(ben, strings.TrimSuffix(child, "/edit"), nil).want(200).has("Where this came from", page)
	w.visit(ben, page, nil).want(200).has("Carried forward", "Undo the carry-forward")
	w.visit(ben, page+"/undo-carry-forward", url.Values{"version": {strconv.Itoa(w.proposal(p.ID).Version)}}).to()
	if got := w.proposal(p.ID).State; got != domain.Declined {
		t.Errorf("undone: %s", got)
	}
}

// A draft is its group's: nobody else learns that it is there (X8).
func TestOthersDraftIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	p := w.drafted("Ben Castellano", newLeaders, annualCall, "Secret plans")
	for _, who := range []string{"Hollis Grant", "Otto Lang", "Fay Nguyen", "Dana Whitfield"} {
		for _, at := range []string{"", "/edit", "/versions", "/compare", "/document", "/change-call", "/speakers/new", "/withdraw"} {
			w.visit(who, "/proposals/"+p.ID+at, nil).want(404).hasNot("Secret plans")
		}
		for _, at := range []string{"/edit", "/comments", "/submit", "/designate", "/autosave", "/restore", "/delete"} {
			w.visit(who, "/proposals/"+p.ID+at, url.Values{"asked": {"title"}, "title": {"x"}, "comment": {"x"}, "revision": {"1"}}).want(404)
		}
		w.visit(who, "/proposals?q=secret", nil).want(200).hasNot("Secret plans").has("Nothing matches")
	}
}

// Two people change one draft: nothing of either is lost (X4).
func TestClashPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben, ana = "Ben Castellano", "Ana Reyes"
	p := w.drafted(ben, newLeaders, annualCall, "Two editors")
	at := "/proposals/" + p.ID + "/edit"
	mine := w.editorForm(ben, p.ID, domain.Answers{"audience": {"Mine alone"}, "full_description": {"Both, mine"}})
	theirs := w.editorForm(ana, p.ID, domain.Answers{"room": {"Theirs alone"}, "full_description": {"Both, theirs"}})
	theirs.Set("do", "save")
	w.visit(ana, at, theirs).to()
	auto := w.send(request{method: post, path: "/proposals/" + p.ID + "/autosave", cookie: w.session(ben), form: true, body: mine.Encode(), header: map[string]string{"Accept": "application/json"}})
	if auto.want(412); !strings.Contains(string(auto.body), ana+" changed this") {
		t.Errorf("autosave: %s", auto.body)
	}
	mine.Set("do", "save")
	clash := w.visit(ben, at, mine).want(412).has(ana+" changed this", "You both changed this.", "Yours: Mine alone", "Theirs: Theirs alone", "Both, mine", "Both, theirs", "Mine alone", "Theirs alone")
	if n := strings.Count(string(clash.body), `type="radio"`); n != 2 {
		t.Errorf("%d choices for the one field that both changed", n)
	}
	if got := w.proposal(p.ID).Answers.Text("full_description"); got != "Both, theirs" {
		t.Fatalf("saved over theirs: %q", got)
	}
	version := hiddenField.FindStringSubmatch(string(clash.body))[2]
	choices := url.Values{
		"do": {"resolve"}, "version": {version}, "clash": {"full_description", "audience", "room"},
		"choose:full_description": {"mine"}, "mine:full_description": {"Both, mine"}, "choose:audience": {"mine"}, "mine:audience": {"Mine alone"}, "choose:room": {"theirs"}, "mine:room": {"Round tables."},
	}
	w.visit(ben, at, choices).to()
	got := w.proposal(p.ID).Answers
	if got.Text("full_description") != "Both, mine" || got.Text("audience") != "Mine alone" || got.Text("room") != "Theirs alone" {
		t.Errorf("chosen: %v", got)
	}
	w.visit(ben, "/proposals/"+p.ID+"/compare", nil).want(200).has("<del>", "<ins>")
}

// A change of somebody else that touches no text of mine does not stop my save.
func TestSaveOverAnotherPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben = "Ben Castellano"
	p := w.drafted(ben, newLeaders, annualCall, "One editor")
	mine := w.editorForm(ben, p.ID, domain.Answers{"audience": {"Everybody"}})
	w.visit("Ana Reyes", "/proposals/"+p.ID+"/speakers/new", url.Values{"name": {"New Speaker"}}).to()
	mine.Set("do", "save")
	w.visit(ben, "/proposals/"+p.ID+"/edit", mine).to()
	if got := w.proposal(p.ID).Answers.Text("audience"); got != "Everybody" {
		t.Errorf("saved %q", got)
	}
}

// Two people change different parts of one draft: both stay, and nobody is asked.
func TestSaveBesideAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben, ana = "Ben Castellano", "Ana Reyes"
	p := w.drafted(ben, newLeaders, annualCall, "Two parts")
	at := "/proposals/" + p.ID + "/edit"
	mine := w.editorForm(ben, p.ID, domain.Answers{"audience": {"Mine"}})
	theirs := w.editorForm(ana, p.ID, domain.Answers{"room": {"Theirs"}})
	theirs.Set("title", "Two parts, named anew")
	for _, form := range []url.Values{mine, theirs} {
		form.Set("do", "save")
	}
	w.visit(ana, at, theirs).to()
	w.visit(ben, at, mine).to()
	if got := w.proposal(p.ID); got.Answers.Text("audience") != "Mine" || got.Answers.Text("room") != "Theirs" || got.Title != "Two parts, named anew" {
		t.Errorf("saved %q %v", got.Title, got.Answers)
	}
}

// Groups are ticked as co-sponsors in the editor, by two people at once too (X25).
func TestCoSponsorsByForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben, ana = "Ben Castellano", "Ana Reyes"
	p := w.drafted(ben, newLeaders, annualCall, "Together")
	at := "/proposals/" + p.ID
	hr, best, own := w.Group("human-resources-development"), w.Group("management-best-practices"), w.Group(newLeaders)
	w.visit(ben, at+"/edit", nil).want(200).has("Groups of this section", hr.ID, best.Name).hasNot(`name="co_sponsors" value="` + own.ID)
	edit := func(who, began string, full string, ticked ...string) url.Values {
		form := w.editorForm(who, p.ID, domain.Answers{"full_description": {full}, "in_name_only": {"yes"}})
		form["co_sponsors"], form["co_sponsors_began"] = ticked, []string{began}
		form.Set("do", "save")
		return form
	}
	first, second := edit(ben, "", "Same", hr.ID), edit(ana, "", "Same", best.ID, best.ID)
	w.visit(ben, at+"/edit", first).to()
	w.visit(ana, at+"/edit", second).to()
	w.visit(ben, at, nil).want(200).has("Co-sponsors", hr.Name+", "+best.Name, "Co-sponsors in name only?")
	drop, clash := edit(ben, hr.ID+" "+best.ID, "Ben’s", hr.ID), edit(ana, hr.ID+" "+best.ID, "Ana’s", best.ID)
	w.visit(ben, at+"/edit", drop).to()
	page := w.visit(ana, at+"/edit", clash).want(412).has(`name="co_sponsors" value="` + best.ID)
	resolve := url.Values{
		"do": {"resolve"}, "version": {hiddenField.FindStringSubmatch(string(page.body))[2]}, "clash": {"full_description"}, "choose:full_description": {"theirs"},
		"co_sponsors": clash["co_sponsors"], "co_sponsors_began": clash["co_sponsors_began"],
	}
	w.visit(ana, at+"/edit", resolve).to()
	w.visit(ben, at, nil).want(200).hasNot(hr.Name, best.Name) // each took one away
	w.as(ben, patch, "/proposals/"+p.ID, map[string]any{"co_sponsors": []string{own.Slug}}).want(428)
	refused := w.visit(ben, at+"/edit", edit(ben, "", "Ben’s", own.ID)).want(422)
	refused.has("leads this proposal")
}

func TestAutosave(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben = "Ben Castellano"
	p := w.drafted(ben, newLeaders, annualCall, "Autosaved")
	form := w.editorForm(ben, p.ID, domain.Answers{"short_description": {strings.Repeat("word ", 130)}, "recording_consent": nil})
	send := func(cookie string) reply {
		return w.send(request{method: post, path: "/proposals/" + p.ID + "/autosave", cookie: cookie, form: true, body: form.Encode(), header: map[string]string{"Accept": "application/json"}})
	}
	r := send(w.session(ben)).want(200)
	if body := string(r.body); !strings.Contains(body, `"saved":"Saved at noon"`) || !strings.Contains(body, "Shorten the short description by 30 words") {
		t.Errorf("answer: %s", body)
	}
	if got := w.proposal(p.ID).Answers; len(strings.Fields(got.Text("short_description"))) != 130 || got.Text("recording_consent") != "" {
		t.Errorf("saved %v", got)
	}
	send("").want(401)
	form.Set("version", strconv.Itoa(w.proposal(p.ID).Version))
	form.Set("full_description", "a\x00b")
	send(w.session(ben)).want(400)
}

// Titles and texts stay text on every page (X20).
func TestTypedMarkupStaysText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben, evil = "Ben Castellano", `<script>alert("x")</script><img src=x onerror=alert(1)>`
	p := w.drafted(ben, newLeaders, annualCall, evil)
	answers := domain.Answers{"full_description": {evil + " [x](javascript:alert(1))"}, "audience": {evil}, "outcomes": {evil, evil, evil}}
	form := w.editorForm(ben, p.ID, answers)
	form.Set("do", "save")
	w.visit(ben, "/proposals/"+p.ID+"/edit", form).to()
	name := evil
	if _, err := w.server.Proposals.AddSpeaker(t.Context(), w.Actor(ben), p.ID, 0, workflows.SpeakerChange{Name: &name}); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"/proposals", "/proposals/" + p.ID, "/proposals/" + p.ID + "/edit", "/proposals/" + p.ID + "/document", "/proposals/" + p.ID + "/compare", "/proposals/" + p.ID + "/versions", "/proposals/" + p.ID + "/delete", "/proposals/" + p.ID + "/change-call"} {
		w.visit(ben, at, nil).want(200).hasNot("<script>alert", "<img", `href="javascript`)
	}
}

func TestPasteByForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben = "Ben Castellano"
	text := "Leading quietly\n\nA session about leading from the middle.\n\nLearning Outcomes\n• Participants will prepare one question.\n• Participants will close a meeting.\n\nTarget Audience: Anybody in a meeting\n\nPresenters\nAna Reyes, Access Services Manager, Lakeshore University\n\nPricing\n$49"
	form := url.Values{"group": {newLeaders}, "call": {annualCall}, "text": {text}}
	w.visit(ben, "/proposals/paste", form).want(200).has("Leading quietly", "2 learning outcomes", "1 speaker", "Access Services Manager", "What we left out", "$49", "Nothing is saved yet")
	if lines, _ := w.server.Proposals.List(t.Context(), w.Actor(ben), store.ProposalFilter{Limit: 10}); len(lines) != 0 {
		t.Fatal("pasting saved something")
	}
	w.visit(ben, "/proposals/paste", url.Values{"group": {newLeaders}, "call": {annualCall}, "text": {"  "}}).want(422).has("Paste a text first.")
	draft := url.Values{
		"group": {newLeaders}, "call": {annualCall}, "pasted": {"1"}, "asked": {"title outcomes audience"}, "title": {"Leading quietly, corrected"}, "outcomes": {"One.", "Two."}, "audience": {"Anybody"},
		"speaker_name": {"Ana Reyes", ""}, "speaker_titles": {"Manager\r\nAuthor", "left out"}, "speaker_affiliations": {"Lakeshore", ""}, "speaker_email": {"", ""},
	}
	at := w.visit(ben, "/proposals/new", draft).to()
	v := w.proposal(strings.TrimSuffix(strings.TrimPrefix(at, "/proposals/"), "/edit"))
	if v.Title != "Leading quietly, corrected" || len(v.Answers["outcomes"]) != 2 || len(v.Facts.Speakers) != 1 || len(v.Facts.Speakers[0].Titles) != 2 {
		t.Errorf("drafted: %+v %+v", v.Proposal, v.Facts.Speakers)
	}
}

// The page of a proposal takes six statements, the list two, whatever is in them.
func TestProposalPageStatements(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		const ben = "Ben Castellano"
		count := func(what string, most int64, work func(context.Context, domain.Actor) error) {
			t.Helper()
			actor := w.Actor(ben)
			if err := work(t.Context(), actor); err != nil { // forms never change and are read once
				t.Fatalf("%s: %v", what, err)
			}
			ctx, n := store.WithQueryCount(t.Context())
			if err := work(ctx, actor); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if n.Load() > most {
				t.Errorf("%s: %d statements, at most %d", what, n.Load(), most)
			}
		}
		page := func(ref string) func(context.Context, domain.Actor) error {
			return func(ctx context.Context, a domain.Actor) error {
				_, err := w.server.Proposals.Page(ctx, a, ref, workflows.TrailFilter{Limit: shownOfTrail})
				return err
			}
		}
		p := w.drafted(ben, newLeaders, annualCall, "Counted")
		count("draft", 6, page(p.ID))
		w.acted(ben, p.ID, "submit", nil)
		count("submitted", 6, page(p.ID))
		w.At("2026-12-12T11:00:00-06:00")
		w.acted(ben, p.ID, "record-outside-outcome", map[string]any{"outcome": "declined", "decided_on": "2026-12-10", "evidence": "Mail"})
		count("declined", 6, page(p.ID))
		var gated ProposalOut
		into(w.as(ben, post, "/proposals", map[string]any{"group": newLeaders, "call": "other-divisions-2026-27", "title": "Gated"}).want(201), &gated)
		count("gated draft", 6, page(gated.ID))
		webinar := w.drafted(ben, newLeaders, "webinars-2026-27", "Webinar")
		w.acted(ben, webinar.ID, "submit", nil)
		w.acted("Fay Nguyen", webinar.ID, "decide", map[string]any{"outcome": "accepted"})
		count("accepted webinar", 6, page(webinar.ID))
		count("list", 2, func(ctx context.Context, a domain.Actor) error {
			l, err := w.server.Proposals.ListPage(ctx, a, workflows.ProposalFilter{GroupRef: newLeaders, Limit: 26})
			if len(l.Lines) != 3 {
				t.Errorf("%d lines", len(l.Lines))
			}
			return err
		})
	})
}
