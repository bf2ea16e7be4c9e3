package store

import (
	"slices"
	"strconv"
	"strings"

	"lectern/domain"
)

// A search goes one of two ways to the same answer: down the list, looking at each
// proposal's words until there are enough; or from the rarest word to its
// proposals, which then have to be put in order. The first is quick when many are
// found, the second when few have the rarest word.
const (
	lookedAt = 200    // proposals at the top of the list, by which the way is chosen
	rare     = 2000   // uses of a word, from which it counts as common
	farDown  = 10_000 // proposals: as far as it is worth going down the list
)

// search adds to the conditions on proposals p, which say everything else, that
// they are found by the filter's words. It asks one statement, to choose the way.
func (tx *Tx) search(which *where, a domain.Actor, f ProposalFilter) error {
	t, err := tx.tried(*which, a, f)
	if err != nil {
		return err
	}
	rarest := slices.Index(t.used, slices.Min(t.used))
	down := t.looked < lookedAt || t.used[rarest] >= rare && t.share()*farDown >= float64(f.Limit)
	if !down {
		condition, args := foundFrom(f.Words, rarest)
		which.and(condition, args...)
	}
	if down || judges(a) { // the rarest word may be a name that is hidden
		for _, w := range f.Words {
			condition, args := foundBy(a, w, f)
			which.and(condition, args...)
		}
	}
	return nil
}

// trial is what was seen at the top of a list.
type trial struct {
	looked, found int
	having        []int // for each word: how many have it
	used          []int // for each word: how often it is used anywhere, no further than rare
}

// share is the part of the list that is probably found: what was found at the
// top, or what would be if the words had nothing to do with each other.
func (t trial) share() float64 {
	product := 1.0
	for _, n := range t.having {
		product *= float64(n) / float64(t.looked)
	}
	return max(product, float64(t.found)/float64(t.looked))
}

// tried looks at the top of the list that conditions give.
func (tx *Tx) tried(which where, a domain.Actor, f ProposalFilter) (trial, error) {
	t := trial{having: make([]int, len(f.Words)), used: make([]int, len(f.Words))}
	sql, args := trialSQL(a, f, which)
	err := tx.ask(func(r row) error {
		var word, found, n int
		if err := r.Scan(&word, &found, &n); err != nil {
			return err
		}
		t.add(word, found, n)
		return nil
	}, sql, args...)
	return t, err
}

// add takes a row of trialSQL: of how many proposals some of the words were
// found, as bits, or behind the words' number, how often one is used.
func (t *trial) add(word, found, n int) {
	if word > 0 {
		t.used[word-1] = n
		return
	}
	t.looked += n
	if found == 1<<len(t.having)-1 {
		t.found = n
	}
	for i := range t.having {
		if found>>i&1 == 1 {
			t.having[i] += n
		}
	}
}

func trialSQL(a domain.Actor, f ProposalFilter, which where) (string, []any) {
	var bits, counts []string
	var args, countArgs []any
	for i, w := range f.Words {
		condition, values := foundBy(a, w, f)
		bits = append(bits, "CASE WHEN "+condition+" THEN "+strconv.Itoa(1<<i)+" ELSE 0 END")
		args = append(args, values...)
		counts = append(counts, "UNION ALL SELECT "+strconv.Itoa(i+1)+", 0, COUNT(*) FROM (SELECT 1 FROM proposal_words w WHERE w.word >= ? AND w.word < ? LIMIT "+strconv.Itoa(rare)+") u")
		countArgs = append(countArgs, w, wordEnd(w))
	}
	sql := "SELECT 0 AS word, t.found, COUNT(*) FROM (SELECT " + strings.Join(bits, " + ") + " AS found FROM (" + topOf(which, lookedAt) + ") n JOIN proposals p ON p.id = n.id) t GROUP BY t.found "
	return sql + strings.Join(counts, " "), slices.Concat(args, which.values, countArgs)
}

// foundBy is the condition that a word is the beginning of one of the words of a
// proposal p; of a speaker's name only where the actor may know it. It is no
// EXISTS, which Postgres turns into a join with all proposals that have the word,
// and IS NOT NULL, which it takes to be mostly true: then it goes down the list.
func foundBy(a domain.Actor, w string, f ProposalFilter) (string, []any) {
	const found = "(SELECT 1 FROM proposal_words w WHERE w.proposal_id = p.id AND w.word >= ? AND w.word < ?"
	if !judges(a) {
		return found + " LIMIT 1) IS NOT NULL", []any{w, wordEnd(w)}
	}
	return found + " AND (NOT w.named OR p.group_id IN (?) OR NOT " + hiddenKin + ") LIMIT 1) IS NOT NULL", []any{w, wordEnd(w), orNone(a.Groups()), f.Now}
}

// foundFrom is that condition of all words, whoever asks, from one of them on.
func foundFrom(words []string, first int) (string, []any) {
	sql := "p.id IN (SELECT w.proposal_id FROM proposal_words w WHERE w.word >= ? AND w.word < ?"
	args := []any{words[first], wordEnd(words[first])}
	for i, w := range words {
		if i != first {
			sql += " AND (SELECT 1 FROM proposal_words o WHERE o.proposal_id = w.proposal_id AND o.word >= ? AND o.word < ? LIMIT 1) IS NOT NULL"
			args = append(args, w, wordEnd(w))
		}
	}
	return sql + ")", args
}

// wordEnd is the first text after all words that begin with w, in byte order.
func wordEnd(w string) string { return w + "\U0010FFFF" }
