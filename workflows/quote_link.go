package workflows

import (
	"strconv"
	"strings"

	"lectern/domain"
)

// quotePrefix begins every quote's secret.
const quotePrefix = "lcq_"

// IsQuoteSecret tells whether a text looks like a quote's secret.
func IsQuoteSecret(text string) bool { return strings.HasPrefix(text, quotePrefix) }

// QuoteSecret opens a quote for its buyer, who has no account. It is only mailed:
// who has it reads the mail of the address the quote is for. A raised serial ends
// all earlier ones.
func (l Links) QuoteSecret(id string, serial int) string {
	n := strconv.Itoa(serial)
	return quotePrefix + id + "." + n + "." + l.sign("quote", id, n)
}

// QuoteID reads the quote's id and the serial from a secret. False when we did not
// make it. Whether the serial still holds, the quote's row says.
func (l Links) QuoteID(secret string) (id string, serial int, ok bool) {
	token, ours := strings.CutPrefix(secret, quotePrefix)
	if !ours {
		return "", 0, false
	}
	return l.readToken("quote", token)
}

// QuoteURL is the page of a quote for its buyer.
func (l Links) QuoteURL(q domain.Quote) string {
	return l.BaseURL + "/quotes/" + l.QuoteSecret(q.ID, q.LinkSerial)
}
