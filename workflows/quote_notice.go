package workflows

import (
	"fmt"

	"lectern/domain"
	"lectern/internal/store"
)

// tellQuote writes the mails that a move of a quote causes.
func (w Quotes) tellQuote(tx *store.Tx, c *quoteChange) error {
	switch c.action {
	case domain.RequestQuote:
		return w.tellAsked(tx, c)
	case domain.OfferQuote, domain.ReviseQuote:
		return w.tellOffered(tx, c)
	case domain.LapseQuote, domain.WithdrawQuote, domain.CallOffQuote:
		return w.tellQuoteEnded(tx, c)
	}
	return tx.SupersedeAll([]string{c.after.ID}) // accepted or declined: what waits to be sent is pointless
}

func (w Quotes) tellAsked(tx *store.Tx, c *quoteChange) error {
	q, f := c.after, c.facts
	if err := w.tellQuoteBuyer(tx, c, domain.QuoteAsked, "We have your request "+q.Number,
		fmt.Sprintf("We have your request %s for a quote: %s of “%s”%s.", q.Number, domain.Plural(q.AskedSeats, "seat"), f.Offering.Title, startsOn(f.Offering)),
		"You get a price in writing by "+domain.Deadline(q.ReplyBy(f.Offering.Zone, f.Terms), f.Offering.Zone)+". No seats are held until then, and nothing is ordered."); err != nil {
		return err
	}
	staff, err := tx.PeopleWith(domain.Staff)
	if err != nil {
		return err
	}
	return w.tell(tx, letter{
		kind: domain.QuoteWaits, cause: fmt.Sprintf("%s/%d", q.ID, q.Version), about: q.ID, subject: "A quote needs a reply: " + q.Number,
		body: []string{
			fmt.Sprintf("%s asks for %s of “%s”.", q.Institution, domain.Plural(q.AskedSeats, "seat"), f.Offering.Title),
			"A reply is promised by " + domain.Deadline(q.ReplyBy(f.Offering.Zone, f.Terms), f.Offering.Zone) + ".",
		},
		link: domain.LinkPage, linkTo: "/staff/quotes/" + q.Number,
	}, staff...)
}

func (w Quotes) tellOffered(tx *store.Tx, c *quoteChange) error {
	q, f := c.after, c.facts
	subject := fmt.Sprintf("Your quote %s: %s for %s", q.Number, domain.ExactDollars(q.TotalCents), domain.Plural(q.Seats, "seat"))
	body := []string{
		fmt.Sprintf("%s of “%s”%s cost %s%s.", domain.Plural(q.Seats, "seat"), f.Offering.Title, startsOn(f.Offering), domain.ExactDollars(q.TotalCents), eachSeat(q)),
		"You can accept this price until " + domain.Deadline(*q.ExpiresAt, f.Offering.Zone) + ". " + heldWords(q, f),
	}
	if q.Revision > 1 {
		body = append(body, "This offer takes the place of the one before.")
	}
	if q.Message != "" {
		body = append(body, q.Message)
	}
	return w.tellQuoteBuyer(tx, c, domain.QuoteOut, subject, body...)
}

// eachSeat says what one of the seats costs, or that the price is one for all.
func eachSeat(q domain.Quote) string {
	if domain.InTotal(q.UnitCents, q.TotalCents) {
		return " together"
	}
	return ": " + domain.ExactDollars(q.UnitCents) + " for each seat"
}

func heldWords(q domain.Quote, f domain.QuoteFacts) string {
	if q.HoldUntil == nil {
		return "No seats are held: they are yours when you accept, as long as there are enough."
	}
	return "The seats are held for you until " + domain.Deadline(*q.HoldUntil, f.Offering.Zone) + "."
}

func (w Quotes) tellQuoteEnded(tx *store.Tx, c *quoteChange) error {
	q, f := c.after, c.facts
	what := map[domain.QuoteAction]string{domain.LapseQuote: "ran out", domain.WithdrawQuote: "was withdrawn", domain.CallOffQuote: "was withdrawn"}[c.action]
	n := q.AskedSeats
	if q.Revision > 0 {
		n = q.Seats
	}
	body := []string{fmt.Sprintf("The quote %s for %s of “%s” %s. Nothing was ordered.", q.Number, domain.Plural(n, "seat"), f.Offering.Title, what)}
	if q.Reason != "" {
		body = append(body, "Reason: "+q.Reason)
	}
	if c.action == domain.LapseQuote {
		body = append(body, "You can ask for a new one on the quote’s page.")
	}
	return w.tellQuoteBuyer(tx, c, domain.QuoteEnded, "Quote "+q.Number+" "+what, body...)
}

func (w Quotes) tellQuoteBuyer(tx *store.Tx, c *quoteChange, kind domain.NoticeKind, subject string, body ...string) error {
	return w.tellBuyerOf(tx, c.after, kind, fmt.Sprintf("%s/%d", c.after.ID, c.after.Version), subject, body...)
}

func (b Base) tellBuyerOf(tx *store.Tx, q domain.Quote, kind domain.NoticeKind, cause, subject string, body ...string) error {
	l := letter{kind: kind, cause: cause, about: q.ID, subject: subject, body: body, link: domain.LinkQuote, linkTo: q.ID}
	return b.tell(tx, l, domain.Person{Name: q.BuyerName, Email: q.BuyerEmail})
}
