package workflows

import (
	"fmt"

	"lectern/domain"
	"lectern/internal/store"
)

// tellOrder writes the mails that a move of an order causes.
func (w Orders) tellOrder(tx *store.Tx, c *change) error {
	o, f := c.after, c.facts
	switch c.action {
	case domain.ConfirmFree, domain.AcceptPO:
		return w.tellConfirmed(tx, c)
	case domain.SubmitPO:
		if o.State == domain.OrderConfirmed {
			return w.tellConfirmed(tx, c)
		}
		if err := w.tellBuyer(tx, c, domain.OrderReceived, "We have your order "+o.Number,
			fmt.Sprintf("We have your order %s: %s of “%s”, %s.", o.Number, domain.Plural(o.Seats, "seat"), f.Offering.Title, domain.ExactDollars(o.TotalCents)),
			fmt.Sprintf("The seats are held until %s. They are yours as soon as we have accepted the purchase order.", domain.Deadline(*o.ExpiresAt, f.Offering.Zone)),
			"Your invoice is on the order’s page."); err != nil {
			return err
		}
		return w.tellStaff(tx, c)
	case domain.RejectPO, domain.LapsePO, domain.CancelOrder, domain.CallOffOrder:
		return w.tellEnded(tx, c)
	case domain.ReviveOrder:
		return w.tellBuyer(tx, c, domain.OrderReceived, "Your order "+o.Number+" is held again",
			fmt.Sprintf("We brought your order %s for “%s” back. The seats are held until %s.", o.Number, f.Offering.Title, domain.LongTime(*o.ExpiresAt, f.Offering.Zone)))
	}
	return nil
}

func (w Orders) tellConfirmed(tx *store.Tx, c *change) error {
	o, f := c.after, c.facts
	body := []string{fmt.Sprintf("Your order %s is confirmed: %s of “%s”%s.", o.Number, domain.Plural(o.Seats, "seat"), f.Offering.Title, startsOn(f.Offering))}
	if o.DueOn != "" {
		body = append(body, fmt.Sprintf("The invoice of %s is due on %s. The seats are yours before it is paid.", domain.ExactDollars(o.TotalCents), o.DueOn.Words()))
	}
	if c.replaced != "" {
		body = append(body, fmt.Sprintf("It takes the place of order %s. Everybody who was named there keeps their seat and link, and a credit memo takes the earlier invoice back.", c.replaced))
	}
	body = append(body, "Write who sits on each seat on the order’s page, now or later. Everybody gets a link of their own.")
	return w.tellBuyer(tx, c, domain.OrderConfirmedNotice, "Confirmed: "+domain.Plural(o.Seats, "seat")+", "+f.Offering.Title, body...)
}

func startsOn(o domain.Offering) string {
	if o.StartsAt == nil {
		return ""
	}
	return " on " + domain.LongTime(*o.StartsAt, o.Zone)
}

func (w Orders) tellEnded(tx *store.Tx, c *change) error {
	o, f := c.after, c.facts
	if c.before.State == domain.OrderHeld {
		return nil // nothing was promised yet
	}
	if err := tx.SupersedeAll([]string{o.ID}); err != nil {
		return err
	}
	what := map[domain.OrderAction]string{domain.RejectPO: "could not be accepted", domain.LapsePO: "ran out before a purchase order came", domain.CancelOrder: "was cancelled", domain.CallOffOrder: "was cancelled with its webinar"}[c.action]
	body := []string{fmt.Sprintf("Your order %s of %s of “%s” %s. %s", o.Number, domain.Plural(o.Seats, "seat"), f.Offering.Title, what, seatsWent(c))}
	if o.Reason != "" {
		body = append(body, "Reason: "+o.Reason)
	}
	if len(c.documents) > 0 {
		body = append(body, "A credit memo on the order’s page takes the invoice back. There is nothing to pay.")
	}
	return w.tellBuyer(tx, c, domain.OrderEnded, "Order "+o.Number+" "+what, body...)
}

// seatsWent says where the seats of an order went that has ended.
func seatsWent(c *change) string {
	kept := c.facts.Kept(c.before)
	if kept == "" {
		return "The seats went back."
	}
	return kept + ", which is held for you as before. Once we have confirmed it, write there who sits on each seat."
}

func (w Orders) tellBuyer(tx *store.Tx, c *change, kind domain.NoticeKind, subject string, body ...string) error {
	o := c.after
	l := letter{kind: kind, cause: fmt.Sprintf("%s/%d", o.ID, o.Version), about: o.ID, subject: subject, body: body, link: domain.LinkOrder, linkTo: o.ID}
	return w.tell(tx, l, domain.Person{Name: o.BuyerName, Email: o.BuyerEmail})
}

// tellStaff says that a purchase order waits.
func (w Orders) tellStaff(tx *store.Tx, c *change) error {
	staff, err := tx.PeopleWith(domain.Staff)
	if err != nil {
		return err
	}
	o, f := c.after, c.facts
	l := letter{
		kind: domain.POWaits, cause: fmt.Sprintf("%s/%d", o.ID, o.Version), about: o.ID, subject: "A purchase order to check: " + o.Number,
		body: []string{
			fmt.Sprintf("%s ordered %s of “%s”, %s.", or(o.Institution, o.BuyerName), domain.Plural(o.Seats, "seat"), f.Offering.Title, domain.ExactDollars(o.TotalCents)),
			"The seats wait until " + domain.Deadline(*o.ExpiresAt, f.Offering.Zone) + ".",
		},
		link: domain.LinkPage, linkTo: "/staff/orders/" + o.Number,
	}
	return w.tell(tx, l, staff...)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// tellInvited sends a seat's holder their link.
func (w Orders) tellInvited(tx *store.Tx, s domain.Seat, o domain.Order, f domain.OrderFacts) error {
	l := letter{
		kind: domain.SeatInvitation, cause: fmt.Sprintf("%s/%d", s.ID, s.Version), about: s.ID, subject: "Your seat: " + f.Offering.Title,
		body: []string{
			fmt.Sprintf("%s has a seat for you: “%s”%s.", or(o.Institution, o.BuyerName), f.Offering.Title, startsOn(f.Offering)),
			"Your link is for you alone. It opens the webinar, the calendar entry and later the recording.",
		},
		link: domain.LinkSeat, linkTo: s.ID,
	}
	return w.tell(tx, l, domain.Person{Name: s.Name, Email: s.Email})
}

// tellSeatEnded tells somebody that their seat is no longer theirs; an invitation
// that was not sent yet dies.
func (w Orders) tellSeatEnded(tx *store.Tx, s domain.Seat, f domain.OrderFacts, because string) error {
	if s.Email == "" {
		return nil
	}
	if err := tx.SupersedeAll([]string{s.ID}); err != nil {
		return err
	}
	l := letter{
		kind: domain.SeatEnded, cause: fmt.Sprintf("%s/%d", s.ID, s.Version), about: s.ID + "/ended", subject: "Your seat changed: " + f.Offering.Title,
		body: []string{fmt.Sprintf("Your seat of “%s”%s is no longer yours. %s Your earlier link has ended.", f.Offering.Title, startsOn(f.Offering), because)},
	}
	return w.tell(tx, l, domain.Person{Name: s.Name, Email: s.Email})
}
