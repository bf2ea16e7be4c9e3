package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"lectern/e2e/browsertest"
)

const (
	access   = "[name=access_plan]"
	room     = "[name=room]"
	alert    = "[data-save-alert]"
	status   = "[data-save-status]"
	restored = "[data-save-restore]"
)

// TestAutosave types into editors and breaks what can break: the connection,
// the session, and the peace between two who edit at once. No text is lost (X4).
func TestAutosave(t *testing.T) {
	t.Parallel()
	d := play(t, "", "2026-09-18")
	t.Run("saves", d.autosaves)
	t.Run("offline", d.offline)
	t.Run("signed out", d.signedOut)
	t.Run("two at once", d.twoAtOnce)
	t.Run("reload", d.reload)
}

// draft starts a draft of one's own and opens its editor.
func (d *demo) draft(t *testing.T, title string) visitor {
	v := d.as(t, "co_chair", browsertest.Options{}).at("/proposals/new")
	v.choose("ALA Annual 2027, sessions")
	v.write("Title", title)
	v.need("creating a draft", v.press("Create draft"), 200)
	return v
}

// until waits until a JavaScript expression is true.
func (v visitor) until(expression string) {
	v.t.Helper()
	v.Do(chromedp.Poll("(() => { try { return Boolean("+expression+") } catch { return false } })()", nil))
}

// untilSaid waits until the text of a selector holds words.
func (v visitor) untilSaid(selector, words string) {
	v.t.Helper()
	v.until(fmt.Sprintf("document.querySelector(%s).textContent.includes(%s)", quoted(selector), quoted(words)))
}

// untilKept waits until the server has an answer.
func (v visitor) untilKept(title, key, text string) {
	v.t.Helper()
	v.until(fmt.Sprintf("document.querySelector('[name=version]').value > 0 && !localStorage.length && document.querySelector(%s).value === %s", quoted("[name="+key+"]"), quoted(text)))
	if got := v.demo.titled(title, "annual-2027-sessions").Answers[key]; len(got) != 1 || got[0] != text {
		v.t.Errorf("%s is kept as %q, not %q", key, got, text)
	}
}

// untilVersion waits until the editor has saved a newer version than the one given.
func (v visitor) untilNewer(version string) {
	v.t.Helper()
	v.until("+document.querySelector('[name=version]').value > " + version)
}

func (d *demo) autosaves(t *testing.T) {
	v := d.draft(t, "Typed only")
	version := v.value("[name=version]")
	v.Fill(access, "Captions.")
	v.untilNewer(version)
	v.untilSaid(status, "Saved at ")
	v.untilKept("Typed only", "access_plan", "Captions.")
	if text := v.text(alert); text != "" {
		t.Errorf("after saving, the page warns: %s", text)
	}
	var at string
	v.Eval(`document.activeElement.name`, &at)
	if at != "access_plan" {
		t.Errorf("after saving, the focus is in %q", at)
	}
	version = v.value("[name=version]")
	v.Fill("[name=title]", "")
	v.untilNewer(version)
	v.untilSaid("#checks", "title")
}

func (d *demo) offline(t *testing.T) {
	v := d.draft(t, "In a tunnel")
	v.Allow("ERR_INTERNET_DISCONNECTED")
	v.Offline(true)
	v.Fill(access, "Typed in the tunnel.")
	v.untilSaid(alert, "kept on this device")
	v.until(`localStorage.length === 1`)
	if got := d.titled("In a tunnel", "annual-2027-sessions").Answers["access_plan"]; len(got) > 0 {
		t.Errorf("without a connection the server has %q", got)
	}
	version := v.value("[name=version]")
	v.Offline(false) // which the page hears
	v.untilNewer(version)
	v.until(`!document.querySelector('` + alert + `').textContent`)
	v.untilKept("In a tunnel", "access_plan", "Typed in the tunnel.")
}

func (d *demo) signedOut(t *testing.T) {
	v := d.draft(t, "After lunch")
	edit := v.path()
	other := v.beside("/account")
	// Signing out takes copies off the device; what is typed after it is kept anew.
	other.need("signing out", other.press("Sign out"), 200)
	v.Fill(access, "Typed after lunch.")
	v.untilSaid(alert, "You were signed out")
	other.become("co_chair")
	version := v.value("[name=version]")
	v.Click(v.find("button", "Try now", "main"))
	v.untilNewer(version)
	v.untilKept("After lunch", "access_plan", "Typed after lunch.")
	v.at(edit)
	if got := v.value(access); got != "Typed after lunch." {
		t.Errorf("the editor opens with %q", got)
	}
}

// twoAtOnce lets Ana save while Ben types: he is told, sees both texts, and
// chooses; what neither touched of the other's is kept.
func (d *demo) twoAtOnce(t *testing.T) {
	ben := d.draft(t, "Two pens")
	ana := d.as(t, "member", browsertest.Options{}).at(ben.path())
	version := ana.value("[name=version]")
	ana.Fill(access, "Ana: large print.")
	ana.Fill(room, "Ana: round tables.")
	ana.untilNewer(version)
	ana.untilSaid(status, "Saved at ")
	ana.need("saving", ana.press("Save and close"), 200)
	ben.Fill(access, "Ben: captions.")
	ben.untilSaid(alert, "Ana Reyes changed this while you were editing")
	if got := d.titled("Two pens", "annual-2027-sessions").Answers["access_plan"]; strings.Join(got, "") != "Ana: large print." {
		t.Errorf("Ana’s text became %q", got)
	}
	ben.need("saving over her", ben.press("Save and close"), 412)
	ben.saysIn("main", "Ana: large print.", "Ben: captions.", "Ana Reyes")
	ben.inspect("clash-co_chair")
	ben.Click(`[name="choose:access_plan"][value=mine]`)
	ben.need("choosing", ben.press("Save my choices"), 200)
	got := d.titled("Two pens", "annual-2027-sessions").Answers
	if strings.Join(got["access_plan"], "") != "Ben: captions." || strings.Join(got["room"], "") != "Ana: round tables." {
		t.Errorf("after the choice: %q and %q", got["access_plan"], got["room"])
	}
}

func (d *demo) reload(t *testing.T) {
	v := d.draft(t, "Closed too soon")
	edit := v.path()
	v.Allow("ERR_INTERNET_DISCONNECTED")
	v.Offline(true)
	v.Fill(access, "Typed and left.")
	v.untilSaid(alert, "kept on this device")
	v.Offline(false)
	v.Eval(`window.stop()`, nil)
	v.at("/privacy")
	v.at(edit)
	v.untilSaid(restored, "that was not saved")
	if got := v.value(access); got == "Typed and left." {
		return // it was saved on leaving: nothing to offer would be right too
	}
	v.Click(v.find("button", "Restore what you typed", "main"))
	version := v.value("[name=version]")
	v.untilNewer(version)
	v.untilKept("Closed too soon", "access_plan", "Typed and left.")
}
