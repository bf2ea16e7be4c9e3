package domain

import (
	"fmt"
	"strings"
)

// orderText is the life of orders, of quotes and of seats.
func orderText() string {
	var b strings.Builder
	b.WriteString("\n## Orders\n\n| from | action | to | who | what follows |\n|---|---|---|---|---|\n")
	for _, m := range OrderMoves {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", wordsOf(m.From, "–"), routed(string(m.Action), m.Later), wordsOf(m.To, "the same"), phrases(m.By), m.Effect)
	}
	b.WriteString("\n## Quotes\n\n| from | action | to | who | what follows |\n|---|---|---|---|---|\n")
	for _, m := range QuoteMoves {
		to := wordsOf([]QuoteState{m.To}, "")
		if m.To == "" {
			to = "the same"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", wordsOf(m.From, "–"), routed(string(m.Action), m.Later), to, phrases(m.By), m.Effect)
	}
	b.WriteString("\n## Seats\n\n| from | action | to | who |\n|---|---|---|---|\n")
	for _, m := range SeatMoves {
		to := wordsOf([]SeatState{m.To}, "")
		if m.To == "" {
			to = "the same"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", wordsOf(m.From, "–"), routed(string(m.Action), m.Later), to, phrases(m.By))
	}
	return b.String()
}

func routed(action string, later bool) string {
	if later {
		return action + " (no route yet)"
	}
	return action
}

func wordsOf[S ~string](all []S, none string) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = strings.ReplaceAll(string(s), "_", " ")
	}
	if len(words) == 0 {
		return none
	}
	return strings.Join(words, ", ")
}
