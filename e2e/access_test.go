package e2e

import (
	"strings"
	"testing"

	"lectern/e2e/browsertest"
	"lectern/internal/pgtest"
)

// TestE6 looks at access and privacy of a sale, on each database (scenario E6): by
// keyboard on a narrow screen on the first.
func TestE6(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		play(t, "", "2027-03-25").access(t, true)
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		play(t, pgtest.URL(t), "2027-03-25").access(t, false)
	})
}

func (d *demo) access(t *testing.T, keys bool) {
	d.threeErrors(t, keys)
	d.captionsFirst(t)
	d.guessed(t)
	d.oneLinkEach(t)
}

// threeErrors buys at 320 pixels, as at 200 percent on a small screen, with three
// mistakes: the list of them has the focus, and leads to each field. What is
// asked for access is the coordinator's alone.
func (d *demo) threeErrors(t *testing.T, keys bool) {
	t.Helper()
	at := "/offerings/" + d.webinar(request).Slug
	v := d.visit(t, at+"/register", browsertest.Options{Width: 320})
	v.keys = keys
	v.write("How many seats?", "1.5")
	v.write("Email", "jo example")
	v.write("Access request", "A sign language interpreter, please.")
	v.need("three mistakes", v.press("Hold"), 422)
	if n := v.count(".errors a"); n != 3 {
		t.Errorf("%d mistakes are listed: %s", n, v.text(".errors"))
	}
	v.keys = false
	v.refusal("whole number", "name", "@")
	v.keys = keys
	v.Tab(1)
	if got := v.Focused(); !strings.Contains(got, "whole number") {
		t.Errorf("behind the list's title comes %s", got)
	}
	v.NoSidewaysScroll()
	v.write("How many seats?", "1")
	v.write("Your name", "Jo Marsh")
	v.write("Email", "jo.marsh@example.org")
	v.need("holding a seat", v.press("Hold"), 200)
	v.NoSidewaysScroll()
	const asked = "sign language"
	d.as(t, "staff", browsertest.Options{}).at("/staff"+at).saysIn("main", asked, "Jo Marsh")
	for _, role := range []string{"finance", "co_chair", "leadership_chair"} {
		other := d.as(t, role, browsertest.Options{})
		other.Answer(goTo(d.URL + "/staff" + at))
		if strings.Contains(other.text("main"), asked) {
			t.Errorf("%s reads what was asked for", role)
		}
	}
}

// captionsFirst: a webinar without captions does not go on sale.
func (d *demo) captionsFirst(t *testing.T) {
	t.Helper()
	v := d.as(t, "staff", browsertest.Options{})
	v.at("/staff/offerings/a-year-of-stay-interviews")
	v.saysIn("#missing + ul", "caption")
	if v.count("form[action$='/publish'] button") != 0 {
		t.Error("it can be published without captions")
	}
	v.saysIn("aside", "caption")
	d.visit(t, "/offerings", browsertest.Options{}).absent("A year of stay interviews")
}

func (v visitor) absent(words string) {
	v.t.Helper()
	if strings.Contains(v.text("main"), words) {
		v.t.Errorf("%s says %q", v.path(), words)
	}
}

// guessed: what nobody was given is not there, whatever the number.
func (d *demo) guessed(t *testing.T) {
	t.Helper()
	var orders struct{ Data []struct{ ID, Number string } }
	d.get("/api/v1/orders", &orders)
	var order struct{ People []struct{ ID string } }
	d.get("/api/v1/orders/"+orders.Data[len(orders.Data)-1].ID, &order)
	if len(order.People) == 0 {
		t.Fatal("the oldest order has no seats")
	}
	v := d.visit(t, "/privacy", browsertest.Options{})
	seat, id := order.People[0].ID, orders.Data[0].ID
	for _, path := range []string{"/seats/" + seat, "/seats/" + seat + ".1.x", "/seats/1", "/orders/" + id, "/orders/" + orders.Data[0].Number, "/orders/lco_" + id + ".1.x", "/quotes/Q-00001", "/claim/" + orders.Data[0].Number + "-aaaaaaaaaaaa"} {
		v.need(path, v.Answer(goTo(d.URL+path)), 404)
	}
}

// oneLinkEach: the link of one speaker does not open another's page.
func (d *demo) oneLinkEach(t *testing.T) {
	t.Helper()
	staff := d.as(t, "staff", browsertest.Options{}).at("/staff/outbox")
	var hrefs []string
	staff.Eval(`[...document.querySelectorAll('main table a')].map(a => a.getAttribute('href')).filter(h => h.includes('/speaker-links/')).map(h => h.split('/speaker-links/')[1])`, &hrefs)
	a := strings.Split(hrefs[0], ".")
	for _, other := range hrefs[1:] {
		b := strings.Split(other, ".")
		if len(a) != 3 || len(b) != 3 || a[0] == b[0] {
			continue
		}
		v := d.visit(t, "/privacy", browsertest.Options{})
		v.need("a link with another's name", v.Answer(goTo(d.URL+"/speaker-links/"+a[0]+"."+a[1]+"."+b[2])), 404)
		v.need("the other's own", v.Answer(goTo(d.URL+"/speaker-links/"+other)), 200)
		return
	}
	t.Fatalf("the outbox has no links of two speakers: %v", hrefs)
}
