package e2e

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"lectern/internal/onhand"
)

// speakerAnswersPlainly records, as a chair, that one speaker comes and one does
// not; returns the proposal to its draft, and submits it again.
func (v visitor) speakerAnswersPlainly() {
	v.t.Helper()
	v.open(leading, "annual-2027-sessions")
	v.need("the form of a yes", v.follow("Confirm a speaker"), 200)
	v.need("a yes of nobody", v.press("Confirm a speaker"), 422)
	v.choose("Renata Ochoa")
	v.need("recording a yes", v.press("Confirm a speaker"), 200)
	v.need("the form of a no", v.follow("Record that a speaker declined"), 200)
	v.choose("Amara Holt")
	v.need("recording a no", v.press("Record that a speaker declined"), 200)
	v.need("back to the draft", v.press("Return to draft"), 200)
	v.saysIn("main", "Draft")
	v.need("submitting again", v.press("Submit proposal"), 200)
}

// endSessionPlainly ends a session on another device.
func (v visitor) endSessionPlainly() {
	v.t.Helper()
	v.demo.as(v.t, "member", plain)
	v.at("/account")
	before := v.count("form[action*='/account/sessions/']")
	v.need("ending a session elsewhere", v.press("End"), 200)
	if got := v.count("form[action*='/account/sessions/']"); got != before-1 {
		v.t.Errorf("of %d other sessions %d are left", before, got)
	}
}

// stipendLinksPlainly lets three speakers answer their stipends by their own links.
func (d *demo) stipendLinksPlainly(t *testing.T) {
	ben := d.as(t, "co_chair", plain)
	for _, name := range []string{"Renata Ochoa", "Camille Nordstrom"} {
		ben.open("A year of stay interviews", "webinars-2026-27")
		ben.need("designating "+name, ben.pressIn("#stipends", "Designate for place"), 200)
	}
	staff := d.as(t, "staff", plain)
	staff.open("The first ninety days of a supervisor", "webinars-2026-27")
	staff.need("designating one more", staff.pressIn("#stipends", "Designate for place"), 200)
	for _, answer := range []string{"Accept the stipend", "Waive it", "Accept it for my employer"} {
		staff.openStipend()
		if answer == "Accept it for my employer" {
			staff.unfold("Have it paid to my employer", page)
		}
		staff.need(answer, staff.press(answer), 200)
		if staff.count("#stipend form") != 0 {
			t.Errorf("after %q the link asks again", answer)
		}
	}
}

// openStipend opens the first link in the outbox that asks about a stipend.
func (v visitor) openStipend() {
	v.t.Helper()
	v.at("/staff/outbox")
	var hrefs []string
	v.Eval(`[...document.querySelectorAll('main table a')].map(a => a.getAttribute('href')).filter(h => h.includes('/speaker-links/'))`, &hrefs)
	for _, href := range hrefs {
		_, token, _ := strings.Cut(href, "/speaker-links/")
		if v.at("/speaker-links/" + token).count("#stipend form"); v.count("#stipend form") > 0 {
			return
		}
	}
	v.t.Fatalf("none of %d links asks about a stipend", len(hrefs))
}

// staffPlainly grants a late submission, decides, and cancels; an administrator
// corrects the decision; a chair replaces a speaker.
func (d *demo) staffPlainly(t *testing.T) {
	v := d.as(t, "admin", plain)
	v.at(d.titled("Small teams, shared calendars", "other-divisions-2026-27").path())
	v.need("the form of a late grant", v.follow("Grant late submission"), 200)
	v.need("a grant without a day", v.press("Grant late submission"), 422)
	v.date("Until the end of", "2027-04-30")
	v.write("Why", "The storm closed the library.")
	v.need("granting it", v.press("Grant late submission"), 200)
	v.become("staff")
	v.open("Reading the room online", "webinars-2026-27")
	v.need("the form of a decision", v.follow("Decide"), 200)
	v.need("no decision", v.press("Decide"), 422)
	v.choose("Declined")
	v.write("Feedback to the group", "Close to a webinar of last spring.")
	v.need("deciding", v.press("Decide"), 200)
	v.saysIn("main", "Declined")
	v.open("The first ninety days of a supervisor", "webinars-2026-27")
	v.need("the form to cancel", v.follow("Cancel"), 200)
	v.need("cancelling without a reason", v.press("Cancel"), 422)
	v.write("Why", "The speaker is ill.")
	v.need("cancelling", v.press("Cancel"), 200)
	v.saysIn("main", "Cancelled")
	admin := d.as(t, "admin", plain)
	admin.open("Reading the room online", "webinars-2026-27")
	admin.need("the form of a correction", admin.follow("Correct the decision"), 200)
	admin.choose("Accepted")
	admin.write("Why", "The wrong line was read.")
	admin.need("correcting", admin.press("Correct the decision"), 200)
	ben := d.as(t, "co_chair", plain)
	ben.open(budgeting, "webinars-2026-27")
	ben.need("the form to replace a speaker", ben.follow("Replace a speaker"), 200)
	ben.choose("Odalys Ferrer")
	ben.need("nobody in their place", ben.press("Replace a speaker"), 422)
	ben.write("New speaker", "Paula Quist")
	ben.need("replacing a speaker", ben.press("Replace a speaker"), 200)
	ben.saysIn("#stipends", "Paula Quist")
}

// postPlainly looks at a mail that the server refused, and sends it again;
// announces the first dates of a call that has none.
func (d *demo) postPlainly(t *testing.T) {
	v := d.visit(t, "/sign-in", plain)
	v.write("Email address", "kim@example.org")
	v.need("asking for a link", v.press("Email me a link"), 200)
	v.at(strings.TrimPrefix(d.link("admin"), d.URL))
	v.need("using a link", v.press("Sign in"), 200)
	end := time.Now().Add(patience)
	for v.at("/staff/outbox?state=failed").count("form[action$='/retry']") == 0 {
		if time.Now().After(end) {
			t.Fatalf("no mail failed: %s", v.text("main"))
		}
	}
	v.need("sending a mail again", v.press("Send again"), 200)
	v.saysIn("main", "again")
	v.at("/staff/calls/open-talks")
	v.need("dates that are none", v.press("Announce these dates"), 422)
	v.date("First day", "2026-10-01")
	v.date("Last day", "2026-10-31")
	v.need("announcing dates", v.press("Announce these dates"), 200)
	v.saysIn("main", "Oct 31, 2026")
	v.rolesPlainly()
}

// rolesPlainly names the first of the staff, and ends it, as a new section's
// administrator.
func (v visitor) rolesPlainly() {
	v.t.Helper()
	v.at("/")
	v.need("who has which role", v.follow("Name the staff, finance and the Core Forum Committee"), 200)
	v.write("Email address", "fay")
	v.need("a role for nobody", v.press("Give this role"), 422)
	v.saysIn(".errors", "Choose a role", "Write the name", "name@example.org")
	if got := v.value("[name=email]"); got != "fay" {
		v.t.Errorf("the address typed came back as %q", got)
	}
	v.pick("Role", "staff")
	v.write("Email address", "fay@example.org")
	v.write("Name", "Fay Nguyen")
	v.need("giving a role", v.press("Give this role"), 200)
	v.saysIn("main", "Fay Nguyen: Association staff.", "fay@example.org")
	v.need("ending the last administrator", v.press("End: Kim Adeyemi, Administrator"), 409)
	v.saysIn(".errors", "the last administrator")
	v.need("ending a role", v.press("End: Fay Nguyen, Association staff"), 200)
	v.saysIn("main", "Fay Nguyen is no longer: Association staff.")
}

// settle serves a new section, as an operator sets it up, with one more call that
// has no dates yet, and whose administrator is kim@example.org.
func settle(t *testing.T, settings ...string) *demo {
	t.Helper()
	onhand.Browser(t)
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	d := &demo{t: t, folder: t.TempDir()}
	address := freeAddress(t)
	d.URL = "http://" + address
	run := func(arguments ...string) *exec.Cmd {
		cmd := exec.Command(path, arguments...)
		cmd.Env = append([]string{"HOME=" + d.folder, "LECTERN_DATA=" + d.folder, "LECTERN_ADDR=" + address, "LECTERN_BASE_URL=" + d.URL}, settings...)
		return cmd
	}
	say := func(arguments ...string) string {
		out, err := run(arguments...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", arguments, err, out)
		}
		return string(out)
	}
	say("import", "section", d.openTalks())
	_, link, _ := strings.Cut(say("admin", "--email", "kim@example.org", "--name", "Kim Adeyemi"), d.URL)
	d.Personas = append(d.Personas, struct {
		Role, Token string
		SignInURL   string `json:"sign_in_url"`
	}{Role: "admin", SignInURL: d.URL + strings.Fields(link)[0]})
	cmd := run("serve")
	cmd.Stdout, cmd.Stderr = &d.said, &d.said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { d.stop(cmd, ended) })
	d.awaitHealth(ended)
	return d
}

// awaitHealth waits until the program answers.
func (d *demo) awaitHealth(ended <-chan struct{}) {
	d.t.Helper()
	end := time.Now().Add(patience)
	for time.Now().Before(end) {
		select {
		case <-ended:
			d.t.Fatalf("it ended: %s", d.said.String())
		default:
		}
		if answer, err := http.Get(d.URL + "/healthz"); err == nil {
			_ = answer.Body.Close()
			return
		}
	}
	d.t.Fatal("it does not answer")
}

// freeAddress is an address of this machine that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// openTalks writes the default section with a call that has no dates, and gives the file.
func (d *demo) openTalks() string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join(onhand.Root(), "domain", "section.yaml"))
	if err != nil {
		d.t.Fatal(err)
	}
	with := strings.Replace(string(text), "\ncalls:\n", "\ncalls:\n  - {slug: open-talks, name: Open talks, venue: webinar, format: webinar, year: 2026-27, zone: America/Chicago, form: webinar}\n", 1)
	file := filepath.Join(d.folder, "section.yaml")
	if err := os.WriteFile(file, []byte(with), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return file
}

// refusingPost is a mail server that knows nobody; it gives its address.
func refusingPost(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return refusal{}, nil }))
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Shutdown(context.WithoutCancel(t.Context())) })
	return "smtp://" + l.Addr().String()
}

// refusal refuses every address.
type refusal struct{}

func (refusal) Reset()                               {}
func (refusal) Logout() error                        { return nil }
func (refusal) Mail(string, *smtp.MailOptions) error { return nil }
func (refusal) Data(io.Reader) error                 { return nil }
func (refusal) Rcpt(string, *smtp.RcptOptions) error {
	return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
}
