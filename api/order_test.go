package api

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// acceptedWebinar is an accepted webinar proposal of the new leaders.
func (w *world) acceptedWebinar(title string) ProposalOut {
	w.t.Helper()
	w.At("2027-01-20T12:00:00-06:00")
	p := w.drafted("Ben Castellano", newLeaders, "webinars-2026-27", title)
	into(w.as("Ben Castellano", post, "/proposals/"+p.ID+"/submit", nil).want(200), &p)
	w.At("2027-03-03T12:00:00-06:00")
	into(w.as("Fay Nguyen", post, "/proposals/"+p.ID+"/decide", map[string]any{"outcome": "accepted"}).want(200), &p)
	return p
}

// onSale puts a webinar of so many seats on sale, on April 5, 2027, live on May 20;
// purchase orders up to the limit, in cents, are accepted at once.
func (w *world) onSale(capacity, limit int) domain.Offering {
	w.t.Helper()
	p := w.acceptedWebinar("Leading a Team You Inherited")
	w.as("Ben Castellano", post, "/proposals/"+p.ID+"/confirm", map[string]any{"speaker_id": p.Speakers[0].ID}).want(200)
	sales, fay := workflows.Offerings{Base: w.Base}, w.Actor("Fay Nguyen")
	v, err := sales.Create(w.t.Context(), fay, p.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	starts := time.Date(2027, 5, 20, 18, 0, 0, 0, time.UTC)
	at, captions, join := &starts, "Live captions in English", "https://meet.example.org/1"
	v, err = sales.Edit(w.t.Context(), fay, v.ID, workflows.OfferingChange{Version: v.Version, StartsAt: &at, Capacity: &capacity, Captions: &captions, JoinURL: &join, CreditLimitCents: &limit})
	if err == nil {
		v, err = sales.Act(w.t.Context(), fay, v.ID, domain.PublishOffering, workflows.OfferingMoved{Version: v.Version})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.At("2027-04-05T13:00:00-05:00")
	return v.Offering
}

// by sends a request as a buyer, with the order's secret, and a key of its own.
func (w *world) by(secret, method, path string, body any) reply {
	w.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	r := request{method: method, path: apiRoot + path, body: string(raw), header: map[string]string{}}
	if body == nil {
		r.body = ""
	}
	if secret != "" {
		r.header["Authorization"] = "Bearer " + secret
	}
	switch method {
	case post:
		r.header["Idempotency-Key"] = w.NewID()
	case patch:
		r.header["If-Match"] = "*"
	}
	return w.send(r)
}

// staff sends a POST as Fay Nguyen of the staff, with a key.
func (w *world) staff(path string, body any) reply {
	w.t.Helper()
	return w.by(w.token("Fay Nguyen"), post, path, body)
}

func (w *world) buy(offering domain.Offering, seats any, more map[string]any) reply {
	w.t.Helper()
	body := map[string]any{"seats": seats, "name": "Ines Duarte", "email": "ines.duarte@example.org", "institution": "Cedar County Library"}
	for k, v := range more {
		body[k] = v
	}
	return w.by("", post, "/offerings/"+offering.Slug+"/orders", body)
}

var billTo = map[string]any{"po_number": "CCL-20418", "billing": map[string]any{"name": "Cedar County Library", "address": []string{"1 Main Street", "Cedar, OH 44000"}}}

func (w *world) listed(email, number string) {
	w.t.Helper()
	file := "email,member_number,class,valid_to\n" + email + "," + number + ",division_member,2027-06-30\n"
	m := workflows.Members{Base: w.Base, Links: w.server.Access.Links}
	if r, err := m.ImportMembers(w.t.Context(), w.Actor("Fay Nguyen"), []byte(file)); err != nil || len(r.Refused) > 0 {
		w.t.Fatal(err, r.Refused)
	}
}

// TestGroupSale is E4 as far as purchase orders go: nine seats of a member, ten
// refused, accepted, eleven of twelve people named.
func TestGroupSale(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		o := w.onSale(50, 0)
		w.listed("ines.duarte@example.org", "M-7")
		p := w.buy(o, 10, map[string]any{"member_number": "M-7"}).refused(422, "quote_required")
		if p.Errors[0].Pointer != "/seats" || !strings.Contains(p.Errors[0].Detail, "/offerings/"+o.Slug+"/register?seats=10") {
			t.Errorf("%+v", p.Errors)
		}
		var order OrderOut
		into(w.buy(o, 9, map[string]any{"member_number": "M-7"}).want(201), &order)
		if order.TotalCents != 44100 || order.State != domain.OrderHeld || !strings.HasPrefix(order.Secret, "lco_") || order.Money.State != domain.MoneyUnpaid {
			t.Fatalf("%+v", order)
		}
		secret := order.Secret
		w.by(secret, post, "/orders/"+order.ID+"/pay", nil).refused(409, "payment_method_unavailable")
		w.by(secret, post, "/orders/"+order.ID+"/accept-po", map[string]any{"po_number": "1"}).refused(403, "not_your_move")
		w.by(secret, post, "/orders/"+order.ID+"/submit-po", map[string]any{}).refused(422, "required")
		into(w.by(secret, post, "/orders/"+order.ID+"/submit-po", billTo).want(200), &order)
		if order.State != domain.OrderAwaiting || len(order.Documents) != 1 || order.Documents[0].Number != "INV-00001" {
			t.Fatalf("%+v", order)
		}
		w.by(secret, patch, "/orders/"+order.ID+"/seats", map[string]any{"list": "a@example.org"}).refused(409, "no_seats_yet")
		into(w.staff("/orders/"+order.ID+"/accept-po", map[string]any{}).want(200), &order)
		if order.State != domain.OrderConfirmed || len(order.People) != 9 || order.Secret != "" || order.DueOn != "2027-05-05" {
			t.Fatalf("%+v", order)
		}
		var lines []string
		for i := range 9 {
			lines = append(lines, fmt.Sprintf("Person %d, p%d@example.org", i+1, i+1))
		}
		lines[6] = "Person 3 again, P3@example.org"
		var pasted PastedOut
		into(w.by(secret, patch, "/orders/"+order.ID+"/seats", map[string]any{"list": strings.Join(lines, "\n")}).want(200), &pasted)
		if pasted.Saved != 8 || len(pasted.Kept) != 1 || pasted.Kept[0].Line != 7 || !strings.Contains(pasted.Kept[0].Detail, "already has seat 3") {
			t.Fatalf("%+v", pasted)
		}
		w.swap(pasted.Order, secret)
		pdfFile := w.by(secret, get, "/orders/"+order.ID+"/invoice.pdf", nil).want(200)
		if pdfFile.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(string(pdfFile.body), "%PDF-") {
			t.Errorf("%s", pdfFile.Header)
		}
	})
}

// swap gives seat 1 to somebody else: the old link ends, and the old holder is told.
func (w *world) swap(o OrderOut, secret string) {
	w.t.Helper()
	links := w.server.Access.Links
	old := links.SeatToken(o.People[0].ID, 2)
	var seat SeatLinkOut
	into(w.by("", get, "/seat-links/"+old, nil).want(200), &seat)
	if seat.JoinURL != "https://meet.example.org/1" || seat.Name != "Person 1" || seat.Library != "Cedar County Library" {
		w.t.Errorf("%+v", seat)
	}
	w.by(secret, patch, "/seats/"+o.People[0].ID, map[string]any{"name": "X", "email": "p2@example.org"}).refused(409, "seat_taken")
	w.by(secret, patch, "/seats/"+o.People[0].ID, map[string]any{"name": "Zoe", "email": "zoe@example.org"}).want(200)
	w.by("", get, "/seat-links/"+old, nil).refused(410, "link_ended")
	fresh := links.SeatToken(o.People[0].ID, 3)
	into(w.by("", post, "/seat-links/"+fresh, map[string]any{"do": "confirm"}).want(200), &seat)
	if seat.State != domain.SeatAssigned || seat.Name != "Zoe" {
		w.t.Errorf("%+v", seat)
	}
	for _, guess := range []string{o.People[0].ID, o.People[0].ID + ".3.x", strings.Replace(fresh, ".3.", ".4.", 1), "x"} {
		w.by("", get, "/seat-links/"+guess, nil).refused(404, "not_found")
		w.visit("", "/seats/"+guess, nil).want(404)
	}
}

// TestSeatCounts is X14: what is no number of seats is a field error.
func TestSeatCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 0)
	for _, bad := range []string{"0", "-1", "1.5", "1e9", "1000000000", `"9 "`, `"9"`, "null", "[9]"} {
		r := w.send(request{
			method: post, path: apiRoot + "/offerings/" + o.Slug + "/orders", header: map[string]string{"Idempotency-Key": w.NewID()},
			body: `{"seats":` + bad + `,"name":"Ines","email":"ines@example.org"}`,
		}).want(422)
		var p problemOut
		into(r, &p)
		if len(p.Errors) != 1 || p.Errors[0].Pointer != "/seats" {
			t.Errorf("%s: %+v", bad, p.Errors)
		}
		w.visit("", "/offerings/"+o.Slug+"/register", url.Values{"do": {"hold"}, "seats": {strings.Trim(bad, `"`) + " "}, "name": {"Ines"}, "email": {"ines@example.org"}}).want(422).has("seats-error")
	}
	w.buy(o, nil, nil).refused(422, "not_a_number_of_seats")
	w.buy(o, 9, nil).want(201)
}

// TestOrderSight: an order is its buyer's, staff's and finance's, and not there
// for anybody else.
func TestOrderSight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 1_000_000)
	var mine, other OrderOut
	into(w.buy(o, 2, nil).want(201), &mine)
	into(w.buy(o, 3, map[string]any{"email": "jo@example.org"}).want(201), &other)
	into(w.by(mine.Secret, post, "/orders/"+mine.ID+"/submit-po", billTo).want(200), &mine)
	w.by(mine.Secret, patch, "/orders/"+mine.ID+"/seats", map[string]any{"list": "Ella, ella@example.org"}).want(200)
	secret := w.server.Access.Links.OrderSecret(mine.ID, 1)
	for _, path := range []string{"/orders/" + other.ID, "/orders/" + other.Number} {
		w.by(secret, get, path, nil).refused(404, "not_found")
		w.by("", get, path, nil).refused(404, "not_found")
		w.as("Ben Castellano", get, path, nil).refused(404, "not_found")
	}
	w.by(secret, post, "/orders/"+other.ID+"/cancel", nil).refused(404, "not_found")
	w.by("lco_"+mine.ID+".1.x", get, "/orders/"+mine.ID, nil).refused(401, "token_unknown")
	w.by(w.server.Access.Links.OrderSecret(mine.ID, 2), get, "/orders/"+mine.ID, nil).refused(404, "not_found")
	w.as("Ben Castellano", get, "/orders", nil).refused(404, "not_found")
	for name, people := range map[string]int{"Fay Nguyen": 2, "Gus Petrakis": 0, "Kim Adeyemi": 2} {
		var seen OrderOut
		into(w.as(name, get, "/orders/"+mine.Number, nil).want(200), &seen)
		if len(seen.People) != people || seen.Secret != "" {
			t.Errorf("%s sees %d people, secret %q", name, len(seen.People), seen.Secret)
		}
	}
	page := w.visit("Gus Petrakis", "/staff/orders/"+mine.Number, nil).want(200)
	if strings.Contains(string(page.body), "ella@example.org") {
		t.Error("finance sees who sits where")
	}
	w.visit("", "/orders/"+mine.ID, nil).want(404)
	w.visit("", "/orders/"+mine.Number, nil).want(404)
	w.visit("Ben Castellano", "/staff/orders", nil).want(404)
}

// TestOrderReplay: one key holds once; the answer is given again, secret and all,
// and nobody else gets it.
func TestOrderReplay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		o := w.onSale(12, 0)
		r := request{method: post, path: apiRoot + "/offerings/" + o.Slug + "/orders", header: map[string]string{"Idempotency-Key": "k1"}, body: `{"seats":4,"name":"Ines","email":"ines@example.org"}`}
		first, again := w.send(r).want(201), w.send(r).want(201)
		if string(first.body) != string(again.body) {
			t.Errorf("%s\n%s", first.body, again.body)
		}
		r.header = map[string]string{}
		w.send(r).refused(400, "idempotency_key_required")
		w.buy(o, 9, nil).refused(409, "sold_out")
		w.At("2027-04-05T13:35:00-05:00")
		w.buy(o, 9, nil).want(201) // the first has run out, and nobody swept
	})
}

// TestOrderPages buys without a script: hold, invoice, people, invoice page.
func TestOrderPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 0)
	at := "/offerings/" + o.Slug + "/register"
	w.visit("", at+"?seats=9", nil).want(200).has("Hold 9 seats", "1 to 9 here; 10 or more by quote", "$711", "Privacy")
	w.visit("", at+"?seats=12", nil).want(200).has("10 or more seats: ask for a quote")
	w.visit("", at, url.Values{"do": {"hold"}, "seats": {"9"}, "name": {"Ines <b>Duarte</b>"}, "email": {"ines"}, "institution": {"Cedar"}}).want(422).has("Ines &lt;b&gt;Duarte&lt;/b&gt;", "should look like", "Cedar")
	order := w.visit("", at, url.Values{"do": {"hold"}, "seats": {"9"}, "name": {"Ines Duarte"}, "email": {"ines.duarte@example.org"}, "institution": {"Cedar County Library"}}).to()
	w.visit("", order, nil).want(200).has("We hold 9 seats for you until", "1:35 p.m. Central", "data-hold", "Add 15 minutes", "Order 9 seats for $711")
	w.visit("", order, url.Values{"do": {"extend"}}).to()
	w.visit("", order, nil).want(200).has("1:50 p.m. Central", "Time was added")
	w.visit("", order, url.Values{"do": {"extend"}}).want(409).has("can be added once")
	w.visit("", order, url.Values{"do": {"submit-po"}, "billing_name": {"Cedar"}, "billing_address": {" "}, "po_number": {"CCL-1"}}).want(422).has("Write the address for the invoice.", "CCL-1")
	w.visit("", order, url.Values{"do": {"submit-po"}, "billing_name": {"Cedar County Library"}, "billing_address": {"1 Main Street\r\nCedar, OH"}, "po_number": {"CCL-1"}}).to()
	w.visit("", order, nil).want(200).has("We are checking your purchase order", "INV-00001", "Wed, Apr 14, 2027, 11:59 p.m. Central")
	w.visit("", order+"/invoice", nil).want(200).has("Invoice INV-00001", "Cedar County Library", "1 Main Street", "CCL-1", "$711.00", "Example Library Association", "Pay to", "W-9")
	if file := w.visit("", order+"/invoice.pdf", nil).want(200); !strings.HasPrefix(string(file.body), "%PDF-") {
		t.Error("no PDF")
	}
	var line OrderLineOut
	var all list[OrderLineOut]
	into(w.as("Fay Nguyen", get, "/orders?state=awaiting_po", nil).want(200), &all)
	line = all.Data[0]
	staff := "/staff/orders/" + line.Number
	w.visit("Fay Nguyen", "/staff/orders", nil).want(200).has("9 of 50", "purchase order to check", line.Number, "Cedar County Library")
	w.visit("Fay Nguyen", staff, url.Values{"do": {"reject"}, "reason": {""}}).want(422).has("Write the reason.")
	w.visit("Fay Nguyen", staff, url.Values{"do": {"accept-po"}, "po_number": {"CCL-1"}}).to()
	w.visit("", order, nil).want(200).has("9 seats without a name", "/claim/LM-", "Invoice due")
	w.visit("", order+"/seats", url.Values{"do": {"paste"}, "list": {"Ella, ella@example.org\r\nNoor Vale, noor.vale example.org"}}).want(422).
		has("1 saved, 1 left in the box", "Line 2, Noor Vale: The email address needs an @ sign.", "Noor Vale, noor.vale example.org")
	w.visit("", order+"/seats", url.Values{"do": {"paste"}, "list": {"Max, max@example.org"}}).to()
	w.visit("", order, url.Values{"do": {"cancel"}}).to()
	w.visit("", order, nil).want(200).has("This order was cancelled", "CM-00001")
	w.visit("", order+"/invoice?number=CM-00001", nil).want(200).has("Credit memo CM-00001", "−$711.00", "INV-00001")
}

// TestClaim lets a colleague take a free seat by the order's code.
func TestClaim(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 1_000_000)
	var order OrderOut
	into(w.buy(o, 1, nil).want(201), &order)
	into(w.by(order.Secret, post, "/orders/"+order.ID+"/submit-po", billTo).want(200), &order)
	code := order.ClaimCode
	w.visit("", "/claim/"+code, nil).want(200).has("1 free seat")
	w.visit("", "/claim/"+code, url.Values{"name": {""}, "email": {"jo@example.org"}}).want(422).has("Write your name.")
	seat := w.visit("", "/claim/"+code, url.Values{"name": {"Jo"}, "email": {"jo@example.org"}}).to()
	w.visit("", seat, nil).want(200).has("Confirmed", "You can join from Thu, May 20, 2027, 12:30 p.m. Central")
	w.visit("", "/claim/"+code, url.Values{"name": {"Ann"}, "email": {"ann@example.org"}}).want(409).has("have somebody on them")
	for _, guess := range []string{"LM-1001-aaaaaaaaaaaa", "LM-1001", order.Number + "-" + strings.Repeat("a", 11), "x"} {
		w.visit("", "/claim/"+guess, nil).want(404)
	}
	w.visit("", seat+"/join", nil).want(409).has("half an hour before the start")
	w.At("2027-05-20T12:45:00-05:00")
	w.visit("", seat, nil).want(200).has("Go to the webinar")
	if got := w.visit("", seat+"/join", nil).want(302).Header.Get("Location"); got != "https://meet.example.org/1" {
		t.Errorf("joins at %s", got)
	}
	w.seatEvent(seat, o)
	w.by(w.server.Access.Links.OrderSecret(order.ID, 1), patch, "/seats/"+order.People[0].ID, map[string]any{"name": "X", "email": "x@example.org"}).refused(409, "has_joined")
	w.staff("/seats/"+order.People[0].ID+"/erase", nil).want(200)
	w.visit("", seat, nil).want(410)
	page := w.visit("Fay Nguyen", "/staff/orders/"+order.Number, nil).want(200)
	if body := string(page.body); strings.Contains(body, "jo@example.org") || !strings.Contains(body, "Removed on request") {
		t.Error("the page still says who sat there")
	}
	for _, m := range mailsAbout(w, order.People[0].ID) {
		if strings.Contains(m.To+m.Name+m.Body+m.Subject, "jo@") || m.Name == "Jo" {
			t.Errorf("the mail %s still says who sat there", m.Kind)
		}
	}
}

func mailsAbout(w *world, subject string) []domain.Mail {
	w.t.Helper()
	all := written(w, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(store.MailFilter{Limit: 500}) })
	var about []domain.Mail
	for _, m := range all {
		if m.SubjectID == subject {
			about = append(about, m)
		}
	}
	if len(about) == 0 {
		w.t.Error("no mails about the seat")
	}
	return about
}

// TestOrdersFile is X19: a cell that a spreadsheet would run is inert.
func TestOrdersFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 0)
	w.buy(o, 1, map[string]any{"name": "=cmd|' /C calc'!A0", "institution": "@SUM(1)"}).want(201)
	file := string(w.visit("Gus Petrakis", "/staff/orders.csv", nil).want(200).body)
	if strings.Contains(file, ",=cmd") || strings.Contains(file, ",@SUM") || !strings.Contains(file, "'=cmd") {
		t.Error(file)
	}
	w.visit("Otto Lang", "/staff/orders.csv", nil).want(404)
}

// TestImportMembers takes a file whole or not at all, names its lines, and is
// harmless the second time.
func TestImportMembers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		send := func(as, file string) reply {
			return w.send(request{method: post, path: apiRoot + "/imports/members", as: as, body: file, header: map[string]string{"Content-Type": "text/csv"}})
		}
		good := "Email,Member Number,Class,Valid To\nana@example.org,M-1,division_member,2027-06-30\nben@example.org,M-2,ala_member,2027-06-30\n"
		var out membersOut
		into(send("Fay Nguyen", good).want(200), &out)
		if out.Created != 2 {
			t.Errorf("%+v", out)
		}
		into(send("Fay Nguyen", good).want(200), &out)
		if out.Unchanged != 2 || out.Created != 0 {
			t.Errorf("%+v", out)
		}
		p := send("Fay Nguyen", good+"carl@example.org,M-3,division_member,soon\nANA@example.org,M-4,division_member,2027-06-30\n").want(422)
		if !strings.Contains(string(p.body), "Line 4") || !strings.Contains(string(p.body), "Line 5") {
			t.Errorf("%s", p.body)
		}
		send("Fay Nguyen", "Name\nAna\n").refused(422, "missing_column")
		send("Ben Castellano", good).refused(403, "not_your_move")
		n := written(w, func(tx *store.Tx) (map[string]domain.Member, error) {
			return tx.MembersBy([]string{"ana@example.org", "carl@example.org"})
		})
		if len(n) != 0 {
			t.Error("an address stands readable in the database")
		}
	})
}
