package domain

import (
	"fmt"
	"strings"
)

// LifecycleText is the lifecycle as a Markdown table, made from Moves and
// StipendMoves: the documentation cannot say anything else.
func LifecycleText() string {
	var b strings.Builder
	b.WriteString("# The lifecycle\n\nMade by `lectern lifecycle` from the table of moves; do not edit.\n\n## Proposals\n\n")
	b.WriteString("| from | action | to | who | what follows |\n|---|---|---|---|---|\n")
	for _, m := range Moves {
		action := string(m.Action)
		if m.Later {
			action += " (no route yet)"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", states(m.From), action, states(m.To), phrases(m.By), m.Effect)
	}
	b.WriteString("\n## Stipends\n\n| from | action | to | who | what follows |\n|---|---|---|---|---|\n")
	for _, m := range StipendMoves {
		action := string(m.Action)
		if m.Later {
			action += " (no route yet)"
		}
		to := string(m.To)
		if to == "" {
			to = "the same"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", orNothing(m.From), action, to, phrases(m.By), m.Effect)
	}
	b.WriteString(orderText())
	return b.String()
}

func states(all []State) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = strings.ToLower(s.Label())
		if s == Same {
			words[i] = "the same"
		}
		if s == Nowhere {
			words[i] = "–"
		}
	}
	return strings.Join(words, ", ")
}

func orNothing(all []StipendState) string {
	if len(all) == 0 {
		return "–"
	}
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}

func phrases(all []Who) string {
	if len(all) == 0 {
		return "follows from another proposal’s move"
	}
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = w.Phrase()
	}
	return strings.Join(words, ", ")
}
