package mail

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
)

var update = flag.Bool("update", false, "write the golden files")

var head = Letterhead{Section: "Leadership and Management Section", Contact: "lms@example.org"}

// letters has one mail for every occasion, with the kinds of text that can be in one.
func letters() map[domain.NoticeKind]domain.Mail {
	said := map[domain.NoticeKind]struct{ subject, body string }{
		domain.SignInLink:           {"Sign in to Lectern", "You asked to sign in."},
		domain.SpeakerInvitation:    {"You are invited to speak: Budgets in plain words", "Ben Okafor of Budgeting and Finance Committee names you as a speaker in a proposal: “Budgets in plain words”, for Webinars 2026–27.\n\nPlease say with the link below whether you agree. You need no account."},
		domain.SpeakerConfirm:       {"Please confirm: <script>alert(1)</script>", "“<script>alert(1)</script>” was accepted for Webinars 2026–27. You are named as a speaker."},
		domain.SpeakerReminder:      {"Still waiting for your answer: \u202eesrever", "You are named as a speaker of “\u202eesrever” (Webinars 2026–27) and have not answered yet."},
		domain.SpeakerMoved:         {"Moved to another time, please confirm: Budgets in plain words", "“Budgets in plain words” was moved. It now starts on Thu, May 27, 2027, 1:00 p.m. Central.\n\nPlease say with the link below whether you will speak then. A stipend you were designated for stays yours."},
		domain.AllDeclined:          {"All speakers declined: ספריות וניהול", "No speaker of “ספריות וניהול” (27-W-006) is left. Replace them, or ask to cancel it."},
		domain.Receipt:              {"Submitted: Tom & Jerry's \"library\" (27-A-014)", "Ben Okafor submitted “Tom & Jerry's \"library\"” to ALA Annual 2027, sessions.\n\nThis is what was submitted:\n\nTitle: Tom & Jerry's \"library\"\n\nLearning outcomes: Read a budget\n- Defend a budget"},
		domain.OutcomeNotice:        {"Declined: Budgets in plain words", "“Budgets in plain words” (27-A-014), submitted to ALA Annual 2027, sessions, was decided: declined.\n\nFeedback: Say more about “who” should come, and <why>."},
		domain.CorrectionNotice:     {"Corrected: Budgets in plain words", "The decision on “Budgets in plain words” (27-A-014) was corrected. It is now: accepted.\n\nReason: The notice was read wrongly."},
		domain.CancelledNotice:      {"Cancelled: Budgets in plain words", "“Budgets in plain words” (27-W-006) was cancelled.\n\nReason: The presenter left."},
		domain.CarriedNotice:        {"Carried forward: Budgets in plain words", "Ben Okafor carried “Budgets in plain words” (27-A-014) forward to Webinars 2026–27."},
		domain.LateWithdrawal:       {"Withdrawn: Budgets in plain words", "“Budgets in plain words” (27-A-014) was withdrawn after its window closed."},
		domain.WindowExtended:       {"More time: Webinars 2026–27", "Webinars 2026–27 now closes on Sun, Feb 7, 2027, 11:59 p.m. Central."},
		domain.WindowReminder:       {"Webinars 2026–27 closes on Sun, Jan 31, 2027", "Webinars 2026–27 closes on Sun, Jan 31, 2027, 11:59 p.m. Central. A draft cannot be submitted after that.\n\nNot submitted yet:\n\n- “Budgets in plain words”\n\n- “مكتبات”"},
		domain.UndecidedNudge:       {"Have you heard from ALA Annual?", "These proposals of yours have no outcome here yet:\n\n- “Budgets in plain words” 27-A-014\n\nWhen you have heard, record the outcome on the proposal’s page."},
		domain.StipendOffer:         {"A stipend for you: Budgets in plain words", "Budgeting and Finance Committee designated you for a stipend of $150 for speaking in “Budgets in plain words”."},
		domain.AccessAsked:          {"An access request: Budgets in plain words", "Somebody asked for an access arrangement for “Budgets in plain words”.\n\nWhat they need stands on the webinar’s page, for staff only, and in no mail."},
		domain.ReviewOutdated:       {"Changed since you reviewed it: Budgets in plain words", "The text of “Budgets in plain words” (27-F-004) changed after you reviewed it. Your review stays as it is.\n\nLook at what changed, and score it again if that matters."},
		domain.PacketReleased:       {"Packet 2: Core Forum 2026-27", "Dana Whitfield of Leadership and Management Section released packet 2 for Core Forum 2026-27: 24 proposals, in the order recommended, with a verdict and the votes on each.\n\nWhat changed: “Saying no” moved below the line.\n\nIt is advice: you decide."},
		domain.OrderReceived:        {"We have your order LM-1042", "We have your order LM-1042: 9 seats of “Budgets in plain words”, $441.00.\n\nYour invoice is on the order’s page."},
		domain.OrderConfirmedNotice: {"Confirmed: 9 seats, Budgets in plain words", "Your order LM-1042 is confirmed: 9 seats of “Budgets in plain words”."},
		domain.OrderEnded:           {"Order LM-1042 was cancelled", "Your order LM-1042 of 9 seats of “Budgets in plain words” was cancelled. The seats went back."},
		domain.POWaits:              {"A purchase order to check: LM-1042", "Cedar County Library ordered 9 seats of “Budgets in plain words”, $441.00."},
		domain.QuoteAsked:           {"We have your request Q-00042", "We have your request Q-00042 for a quote: 12 seats of “Budgets in plain words”.\n\nNo seats are held until then, and nothing is ordered."},
		domain.QuoteWaits:           {"A quote needs a reply: Q-00042", "Cedar County Library asks for 12 seats of “Budgets in plain words”."},
		domain.QuoteOut:             {"Your quote Q-00042: $468.00 for 12 seats", "12 seats of “Budgets in plain words” cost $468.00: $39.00 for each seat.\n\nYou can accept this price until Wed, May 5, 2027, 11:59 p.m. Central."},
		domain.QuoteReminder:        {"Your quote Q-00042 ends on Wed, May 5, 2027", "The price of $468.00 for 12 seats of “Budgets in plain words” can be accepted until Wed, May 5, 2027, 11:59 p.m. Central."},
		domain.QuoteEnded:           {"Quote Q-00042 ran out", "The quote Q-00042 for 12 seats of “Budgets in plain words” ran out. Nothing was ordered."},
		domain.SeatInvitation:       {"Your seat: Budgets in plain words", "Cedar County Library has a seat for you: “Budgets in plain words”."},
		domain.OpenSeatsNotice:      {"2 seats without a name: Budgets in plain words", "Of the 9 seats of your order LM-1042 of “Budgets in plain words” on Thu, May 20, 2027, 1:00 p.m. Central, no name is on 2 seats yet. People without a seat cannot join."},
		domain.SeatTomorrow:         {"Tomorrow: Budgets in plain words", "“Budgets in plain words” starts on Thu, May 20, 2027, 1:00 p.m. Central."},
		domain.OrderMoved:           {"Moved to another time: Budgets in plain words", "“Budgets in plain words” was moved. It now starts on Thu, May 27, 2027, 1:00 p.m. Central.\n\nReason: The presenter is ill."},
		domain.SeatMoved:            {"Moved to another time: Budgets in plain words", "“Budgets in plain words” was moved. It now starts on Thu, May 27, 2027, 1:00 p.m. Central.\n\nYour seat and your link hold for the new time."},
		domain.OrderRecording:       {"The recording: Budgets in plain words", "The recording of “Budgets in plain words” is ready.\n\nIt is on the page of your order LM-1042."},
		domain.SeatRecording:        {"The recording: Budgets in plain words", "The recording of “Budgets in plain words” is ready.\n\nIt is on the page that your link opens."},
		domain.SeatEnded:            {"Your seat changed: Budgets in plain words", "Your seat of “Budgets in plain words” is no longer yours."},
		domain.ChangesAsked:         {"Changes requested: Budgets in plain words", "Dana Whitfield asks for changes to “Budgets in plain words” (27-F-003), submitted to Core Forum 2027. You can edit it until Fri, May 14, 2027, noon Central; it stays submitted.\n\nWhat should change: Say who it is for."},
		domain.GrantNotice:          {"Late submission granted: Budgets in plain words", "You can submit “Budgets in plain words” until Fri, Sep 25, 2026, noon Central."},
		domain.SpeakerNewLink:       {"Your new link: Budgets in plain words", "Ben Okafor sends you a new link for “Budgets in plain words”. Earlier links no longer open."},
		domain.StipendPapers:        {"Papers for your stipend: Budgets in plain words", "A stipend of $150 was designated for you for speaking in “Budgets in plain words”. Before it can be paid, we still need the signed agreement."},
	}
	all := map[domain.NoticeKind]domain.Mail{}
	for k, s := range said {
		all[k] = domain.Mail{ID: "m-" + string(k), Kind: k, To: "ana@example.org", Name: "Ana Ruiz", Subject: s.subject, Body: s.body, Link: domain.NoticeOf(k).Link}
	}
	return all
}

func linkFor(k domain.LinkKind) domain.MailLink {
	l := domain.MailLink{URL: map[domain.LinkKind]string{
		domain.LinkSignIn:  "https://lectern.example.org/sign-in/abc?next=%2Fproposals",
		domain.LinkSpeaker: "https://lectern.example.org/speaker-links/abc.def",
		domain.LinkOrder:   "https://lectern.example.org/orders/lco_abc.1.def",
		domain.LinkQuote:   "https://lectern.example.org/quotes/lcq_abc.1.def",
		domain.LinkSeat:    "https://lectern.example.org/seats/abc.1.def",
		domain.LinkPage:    "https://lectern.example.org/proposals?state=draft&year=2026-27",
	}[k]}
	if k == domain.LinkSpeaker {
		l.Until, l.Zone = time.Date(2027, 5, 8, 17, 0, 0, 0, time.UTC), "America/Chicago"
	}
	return l
}

func TestRender(t *testing.T) {
	t.Parallel()
	all := letters()
	for _, n := range domain.Notices {
		t.Run(string(n.Kind), func(t *testing.T) {
			t.Parallel()
			m, there := all[n.Kind]
			if !there || why(n.Kind) == "" {
				t.Fatalf("no example of, or no reason for, %s", n.Kind)
			}
			subject, text, html, err := head.Render(m, linkFor(m.Link))
			if err != nil {
				t.Fatal(err)
			}
			golden(t, string(n.Kind)+".txt", "Subject: "+subject+"\n\n"+text)
			golden(t, string(n.Kind)+".html", html)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestRenderHostile(t *testing.T) {
	t.Parallel()
	m := domain.Mail{
		Kind: domain.Receipt, Name: "Ana\r\nBcc: all@example.org", Subject: "A\r\nBcc: all@example.org\u202e\u2066x\x00",
		Body: "“</bdi></p><img src=x onerror=alert(1)>” and “two” quotes\n\n<b>bold</b>\nsecond line", Link: domain.LinkPage,
	}
	subject, text, html, err := head.Render(m, domain.MailLink{URL: `javascript:alert("1")`})
	if err != nil {
		t.Fatal(err)
	}
	if want := "A Bcc: all@example.orgx"; subject != want {
		t.Errorf("subject %q, want %q", subject, want)
	}
	if strings.Contains(text, "Bcc: all@example.org\n") || strings.Contains(text, "\r") {
		t.Errorf("the name broke the line:\n%s", text)
	}
	for _, bad := range []string{"<img", "<b>", `href="javascript`} {
		if strings.Contains(html, bad) {
			t.Errorf("html has %s:\n%s", bad, html)
		}
	}
	for _, good := range []string{"“<bdi>&lt;/bdi&gt;", "&lt;b&gt;bold&lt;/b&gt;<br>\nsecond line"} {
		if !strings.Contains(html, good) {
			t.Errorf("html has no %s:\n%s", good, html)
		}
	}
}

func TestRenderWithoutLink(t *testing.T) {
	t.Parallel()
	_, text, html, err := Letterhead{}.Render(domain.Mail{Kind: domain.CancelledNotice, Body: "It was cancelled."}, domain.MailLink{})
	if err != nil {
		t.Fatal(err)
	}
	want := "It was cancelled.\n\n-- \nYou get this because you chair the group, or are one of the speakers.\nLectern\n"
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if strings.Contains(html, "<a ") {
		t.Errorf("html has a link:\n%s", html)
	}
}
