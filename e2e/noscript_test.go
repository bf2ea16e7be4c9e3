package e2e

import (
	"strings"
	"testing"

	"lectern/e2e/browsertest"
)

// pasted is a page as people copy it, with two presenters on one line.
const pasted = `Asking for less: budgets that shrink well

Budgets shrink; services need not. This webinar shows how two libraries planned a smaller year with their staff and said openly what would go.

Learning Outcomes

• Participants will sort services by what they cost and what they carry, in order to decide before the year begins.
• Participants will plan a meeting about cuts, in order to keep the trust of their teams.
• Participants will write one page for their board, in order to be read.

Target Audience

Managers of small and mid-sized libraries

Paula Quist, Director, Fort Ames Public Library; Henrik Moe, Head of Access Services, Westfold University
`

// TestWithoutJavaScript sends every form from a browser that runs no scripts. A
// form on any page that a link leads to, or that this test comes by, and that it
// does not send, fails it.
func TestWithoutJavaScript(t *testing.T) {
	t.Parallel()
	log := newFormLog()
	t.Run("every form", func(t *testing.T) { sendEveryForm(t, log) })
	for _, form := range log.unsent() {
		t.Errorf("nobody sends the form %s", form)
	}
}

func sendEveryForm(t *testing.T, log *formLog) {
	t.Run("proposal", func(t *testing.T) {
		t.Parallel()
		d := play(t, "", "2026-09-18")
		d.crawl(t, log)
		d.log = log
		t.Run("sign-in", d.signInPlainly)
		t.Run("draft", d.draftPlainly)
		t.Run("paste", d.pastePlainly)
		t.Run("jury", d.juryPlainly)
		t.Run("account", d.accountPlainly)
	})
	t.Run("section", func(t *testing.T) {
		t.Parallel()
		d := play(t, "", "2027-03-03")
		d.crawl(t, log)
		d.log = log
		t.Run("webinar", d.webinarPlainly)
		t.Run("stipends by link", d.stipendLinksPlainly)
		t.Run("decisions", d.decisionsPlainly)
		t.Run("staff", d.staffPlainly)
		t.Run("sale", d.salePlainly)
		t.Run("ledger", d.ledgerPlainly)
		t.Run("people", d.peoplePlainly)
		t.Run("calls", d.callsPlainly)
		t.Run("bar", d.barPlainly)
	})
	t.Run("reviews", func(t *testing.T) {
		t.Parallel()
		d := play(t, "", "2027-04-08")
		d.crawl(t, log)
		d.log = log
		t.Run("desk", d.deskPlainly)
		t.Run("quotes", d.quotesPlainly)
		t.Run("offerings", d.offeringsPlainly)
	})
	t.Run("ranking", func(t *testing.T) {
		t.Parallel()
		d := play(t, "", "2027-04-21")
		d.log = log
		t.Run("ranking", d.rankPlainly)
	})
	t.Run("seats", func(t *testing.T) {
		t.Parallel()
		d := play(t, "", "2027-03-25")
		d.log = log
		t.Run("bought", d.buyPlainly)
	})
	t.Run("post", func(t *testing.T) {
		t.Parallel()
		d := settle(t, "LECTERN_SMTP_URL="+refusingPost(t))
		d.log = log
		t.Run("mails and dates", d.postPlainly)
	})
}

var plain = browsertest.Options{NoJS: true}

func (d *demo) signInPlainly(t *testing.T) {
	v := d.visit(t, "/sign-in", plain)
	v.write("Email address", "ben")
	v.need("asking with half an address", v.press("Email me a link"), 422)
	if got := v.value("[name=email]"); got != "ben" {
		t.Errorf("the address typed came back as %q", got)
	}
	v.write("Email address", "ben.castellano@example.org")
	v.need("asking for a link", v.press("Email me a link"), 200)
	v.saysIn("main", "ben.castellano@example.org")
	v.Goto(d.link("co_chair"))
	v.need("using a link", v.press("Sign in"), 200)
	v.saysIn("main", "New Leaders and Managers")
}

// draftPlainly takes a draft from its first line to a submission refused, and
// away again.
func (d *demo) draftPlainly(t *testing.T) {
	v := d.as(t, "co_chair", plain).at("/proposals/new")
	v.choose("Webinars 2026–27")
	v.write("Title", "A plain beginning")
	v.need("creating a draft", v.press("Create draft"), 200)
	edit := v.path()
	if !strings.HasSuffix(edit, "/edit") {
		t.Fatalf("a new draft opens %s", edit)
	}
	v.write("Learning outcomes, 1", "Participants will begin, in order to go on.")
	v.need("adding a line", v.press("Add another line: Learning outcomes"), 200)
	v.write("Short description", strings.Repeat("word ", 120))
	v.choose("Introductory")
	v.need("saving", v.press("Save and close"), 200)
	v.saysIn("main", "Saved", "A plain beginning")
	v.at(edit)
	v.speakersPlainly(edit)
	v.need("submitting what is not finished", v.press("Submit proposal"), 409)
	v.saysIn(".errors", "Short description")
	if got := v.value("[name=short_description]"); strings.Count(got, "word") != 120 {
		t.Errorf("the text came back with %d words", strings.Count(got, "word"))
	}
	v.need("changing the venue", v.press("Change venue"), 200)
	v.choose("ALA Annual 2027, sessions")
	v.need("changing the call", v.press("Change venue"), 200)
	v.saysIn("main", "ALA Annual 2027, sessions")
	v.at(strings.TrimSuffix(edit, "/edit"))
	v.need("an empty comment", v.press("Post comment"), 422)
	v.write("Add a comment", "Shall we keep it?")
	v.need("a comment", v.press("Post comment"), 200)
	v.saysIn("#discussion", "Shall we keep it?")
	v.need("comparing", v.at(strings.TrimSuffix(edit, "/edit")+"/compare?from=1&to=2").press("Compare"), 200)
	v.need("restoring a version", v.press("Restore version 1"), 200)
	v.saysIn("main", "version 1")
	v.at(strings.TrimSuffix(edit, "/edit"))
	v.need("the form to delete it", v.follow("Delete the draft"), 200)
	v.need("deleting it", v.press("Delete the draft"), 200)
	v.saysIn("main", "is deleted")
}

// speakersPlainly adds two, changes one, moves one, invites one, removes one.
func (v visitor) speakersPlainly(edit string) {
	v.t.Helper()
	for _, name := range []string{"Paula Quist", "Henrik Moe"} {
		v.need("the form of a speaker", v.press("Add a speaker"), 200)
		v.write("Name", name)
		v.write("Email", strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@example.org")
		v.need("adding "+name, v.press("Save speaker"), 200)
	}
	v.need("the form of a speaker", v.press("Edit: Paula Quist, 1"), 200)
	v.write("Titles", "Director")
	v.need("changing a speaker", v.press("Save speaker"), 200)
	v.saysIn("#speakers-1", "Paula Quist", "Director")
	v.need("moving a speaker", v.press("Move up: Henrik Moe, 2"), 200)
	v.saysIn("#speakers-1", "Henrik Moe")
	v.need("moving a speaker", v.press("Move down: Henrik Moe, 1"), 200)
	v.saysIn("#speakers-1", "Paula Quist")
	v.need("moving a speaker", v.press("Move up: Henrik Moe, 2"), 200)
	v.need("inviting a speaker", v.press("Invite: Paula Quist, 2"), 200)
	v.saysIn("main", "invitation to Paula Quist")
	v.need("the form of a speaker", v.press("Edit: Henrik Moe, 1"), 200)
	v.need("removing a speaker", v.press("Take off the program"), 200)
	v.saysIn("#speakers-1", "Paula Quist", "Invited")
	if v.path() != edit {
		v.t.Errorf("after the speakers one is at %s", v.path())
	}
}

func (d *demo) pastePlainly(t *testing.T) {
	v := d.as(t, "member", plain).at("/proposals/new")
	v.choose("Webinars 2026–27")
	v.need("pasting nothing", v.press("Read this text"), 422)
	v.choose("Webinars 2026–27")
	v.set(v.find("label", "Text", page), pasted)
	v.need("pasting", v.press("Read this text"), 200)
	if got := v.value("[name=title]"); got != "Asking for less: budgets that shrink well" {
		t.Errorf("the title read is %q", got)
	}
	if got := v.count("[name=speaker_name]"); got != 2 {
		t.Errorf("%d speakers were read", got)
	}
	v.need("back to the text", v.press("Back to the text"), 200)
	v.need("pasting", v.press("Read this text"), 200)
	v.need("making a draft of it", v.press("Create draft"), 200)
	p := d.titled("Asking for less: budgets that shrink well", "webinars-2026-27")
	if len(p.Answers["outcomes"]) != 3 || len(p.Speakers) != 2 {
		t.Errorf("the draft has %d outcomes and %d speakers", len(p.Answers["outcomes"]), len(p.Speakers))
	}
	v.at("/proposals/new")
	v.choose("Webinars 2026–27")
	v.set(v.find("label", "Text", page), pasted)
	v.need("pasting", v.press("Read this text"), 200)
	v.need("a draft with one more line", v.press("Add another line: Learning outcomes"), 200)
}

// juryPlainly submits, records what the jury's site and the jury said, carries
// forward, undoes that, and withdraws another.
func (d *demo) juryPlainly(t *testing.T) {
	v := d.as(t, "co_chair", plain)
	v.open(budgeting, "annual-2027-sessions")
	v.need("the editor", v.follow("Edit the text"), 200)
	v.write("Short description", short)
	v.write("Learning outcomes, 3", third)
	v.need("submitting", v.press("Submit proposal"), 200)
	v.need("a record without a reference", v.press("Record that it was sent"), 422)
	v.write("The reference it gave", "ALA27-1215")
	v.need("recording that it was sent", v.press("Record that it was sent"), 200)
	v.speakerAnswersPlainly()
	v.open(leading, "annual-2027-sessions")
	v.need("the form to withdraw", v.follow("Withdraw"), 200)
	v.need("withdrawing without a reason", v.press("Withdraw"), 422)
	v.write("Why", "The presenters changed their plans.")
	v.need("withdrawing", v.press("Withdraw"), 200)
	v.saysIn("main", "Withdrawn")
	v.need("bringing it back", v.press("Bring it back"), 200)
	v.saysIn("main", "Submitted")
	v.checklistPlainly()
	v.travel("2026-12-10")
	v.open(budgeting, "annual-2027-sessions")
	v.need("the form of the outcome", v.follow("Record the outcome"), 200)
	v.need("no outcome", v.press("Record the outcome"), 422)
	v.choose("Declined")
	v.write("Evidence", "Mail of ALA’s program office")
	v.need("recording the outcome", v.press("Record the outcome"), 200)
	v.choose("Webinars 2026–27")
	v.need("carrying forward", v.press("Carry forward"), 200)
	v.at(d.titled(budgeting, "annual-2027-sessions").path())
	v.need("undoing it", v.press("Undo the carry-forward"), 200)
	v.saysIn("main", "Declined")
	v.at("/groups/new-leaders-and-managers/activity")
	v.need("what happened", v.press("Show"), 200)
	v.saysIn("main", "Carry-forward undone")
}

// checklistPlainly ticks the first line of the month that people tick.
func (v visitor) checklistPlainly() {
	v.t.Helper()
	v.travel("2026-10-05")
	v.at("/groups/new-leaders-and-managers")
	before := v.count("[name=done]:checked")
	v.Click("[name=done]:not(:checked):not(:disabled)")
	v.need("saving the checklist", v.press("Save checklist"), 200)
	if got := v.count("[name=done]:checked"); got != before+1 {
		v.t.Errorf("%d lines are ticked, after %d", got, before)
	}
}

func (d *demo) accountPlainly(t *testing.T) {
	v := d.as(t, "member", plain).at("/account")
	v.pick("Time zone", "America/Denver")
	v.choose("Dark")
	v.need("saving the settings", v.press("Save settings"), 200)
	if v.count("html[data-theme=dark]") != 1 {
		t.Error("the page is not dark")
	}
	v.write("What it is for", "")
	v.need("a token for nothing", v.press("Make a token"), 422)
	v.write("What it is for", "A script")
	v.need("making a token", v.press("Make a token"), 200)
	v.saysIn("main", "Your new token")
	v.need("revoking it", v.press("Revokethe token: A script"), 200)
	v.saysIn("main", "no longer works")
	v.endSessionPlainly()
	v.need("signing out", v.press("Sign out"), 200)
	if v.path() != "/sign-in" {
		t.Errorf("signed out to %s", v.path())
	}
}

// webinarPlainly moves the stipends, and lets a speaker answer by their link.
func (d *demo) webinarPlainly(t *testing.T) {
	webinar := d.titled(budgeting, "webinars-2026-27")
	ben := d.as(t, "co_chair", plain).at(webinar.path())
	ben.need("accepting for somebody", ben.pressIn("#stipends", "Accepts, on their behalf: Ana Reyes"), 200)
	ben.need("waiving for somebody", ben.pressIn("#stipends", "Waives it: Ignacio Prieto"), 200)
	ben.saysIn("#stipends", "1 of 3 places used")
	staff := d.as(t, "staff", plain)
	staff.at(webinar.path())
	staff.need("designating", staff.pressIn("#stipends", "Designate for place 2: Hollis Granger"), 200)
	staff.unfold("End this stipend: Hollis Granger", "#stipends")
	staff.need("ending without a reason", staff.pressIn("#stipends", "End the stipend"), 422)
	staff.write("Why", "She is on the payroll.")
	staff.need("ending a stipend", staff.pressIn("#stipends", "End the stipend"), 200)
	staff.at("/proposals")
	staff.write("Search", "metrics")
	staff.need("searching", staff.press("Show"), 200)
	staff.saysIn("main", "Metrics your board will read")
	staff.speakerPlainly()
}

// openInvitation opens the newest link that a mail in the outbox asks a speaker with.
func (v visitor) openInvitation() {
	v.t.Helper()
	v.at("/staff/outbox")
	v.pick("Kind", "speaker_confirm")
	v.need("filtering the mails", v.press("Show"), 200)
	var href string
	v.Eval(`[...document.querySelectorAll('main table a')].map(a => a.getAttribute('href')).find(h => h.includes('/speaker-links/')) || ''`, &href)
	_, token, found := strings.Cut(href, "/speaker-links/")
	if !found {
		v.t.Fatalf("no invitation has a link: %s", v.text("main table"))
	}
	v.at("/speaker-links/" + token)
}

// speakerPlainly answers an invitation.
func (v visitor) speakerPlainly() {
	v.t.Helper()
	v.openInvitation()
	v.need("saying no", v.press("No, I cannot"), 200)
	v.saysIn("main", "You said no")
	v.need("saying yes", v.press("Yes, I will speak"), 200)
	v.saysIn("main", "You said yes")
	v.write("Titles", "Chief of Budgets")
	v.need("correcting the line", v.press("Save this line"), 200)
}

func (d *demo) peoplePlainly(t *testing.T) {
	v := d.as(t, "admin", plain).at("/groups/new-leaders-and-managers/people")
	v.date("Who was a member on", "2026-09-01")
	v.need("the roster of a day", v.press("Show"), 200)
	v.at("/groups/new-leaders-and-managers/people")
	v.need("the form of a person", v.follow("Add a person"), 200)
	v.write("Email address", "nobody")
	v.need("a person without a name", v.press("Add this person"), 422)
	if got := v.value("[name=email]"); got != "nobody" {
		t.Errorf("the address typed came back as %q", got)
	}
	v.write("Name", "Wanda Pell")
	v.write("Email address", "wanda.pell@example.org")
	v.need("adding a person", v.press("Add this person"), 200)
	v.saysIn("main", "Wanda Pell")
	v.at("/groups/human-resources-development/terms/new")
	v.pick("Person", v.option("Person", "Wanda Pell"))
	v.need("giving a term", v.press("Give a term"), 200)
	v.saysIn("main", "The term is given", "Wanda Pell")
	v.need("the form to end it", v.follow("End: Wanda Pell, Member"), 200)
	v.date("Last day as member", "2026-01-01")
	v.need("ending before the first day", v.press("End a term"), 422)
	v.date("Last day as member", "2027-03-31")
	v.need("ending the term", v.press("End a term"), 200)
	v.saysIn("main", "ends on Wed, Mar 31, 2027")
}

// option is the value of the option of a list that begins with a text.
func (v visitor) option(label, text string) string {
	v.t.Helper()
	var value string
	v.Eval(`[...document.querySelector(`+quoted(v.find("label", label, page))+`).options].find(o => o.textContent.startsWith(`+quoted(text)+`)).value`, &value)
	return value
}

func (d *demo) callsPlainly(t *testing.T) {
	v := d.as(t, "staff", plain).at("/staff/calls/forum-2027-breakouts")
	v.need("saving the phases as they are", v.press("Save the phases"), 200)
	v.at("/staff/calls/forum-2027-breakouts")
	v.date("New last day", "2027-03-01")
	v.need("extending backward", v.press("See who will be told"), 409)
	v.date("New last day", "2027-04-02")
	v.need("asking who will be told", v.press("See who will be told"), 200)
	v.saysIn("main", "Extend to Fri, Apr 2, 2027", "Ben Castellano")
	v.need("extending", v.press("Extend the window"), 200)
	v.saysIn("main", "Apr 2, 2027")
	v.date("Submitted proposals can be edited through", "2027-04-09")
	v.need("setting how long one can edit", v.press("Save"), 200)
	v.saysIn("main", "Apr 9, 2027")
	admin := d.as(t, "admin", plain).at("/staff/calls/forum-2027-breakouts")
	admin.write("Email of the guest reviewer", "nobody@example.org")
	admin.need("a guest who is not there", admin.press("Add"), 422)
	admin.write("Email of the guest reviewer", "noor.haddad@example.org")
	admin.need("adding a guest", admin.press("Add"), 200)
	admin.saysIn("main", "Noor Haddad")
	admin.need("removing a guest", admin.press("Remove: Noor Haddad"), 200)
}

func (d *demo) barPlainly(t *testing.T) {
	v := d.visit(t, "/demo", plain)
	v.become("vice_chair")
	v.saysIn("aside.demo", "Vera Lindholm")
	v.travel("2027-03-30")
	v.saysIn("aside.demo summary", "Mar 30, 2027")
	v.scene("Dec 10")
	v.saysIn("aside.demo summary", "Dec 10, 2026", "Ben Castellano")
	v.openBar()
	v.need("starting over", v.pressIn("aside.demo", "Start over"), 200)
	v.saysIn("main", "as it was at the beginning")
}
