package domain

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxSearchWord is the most characters of a word that are looked at; both what is
// searched and what is asked are cut there, so that they still meet.
const MaxSearchWord = 40

// MaxQueryWords is the most words of a query that are looked for.
const MaxQueryWords = 8

// unmarked are letters whose mark is part of the letter, so that taking accents
// off leaves them alone; and apostrophes, so that "don't" is one word.
var unmarked = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i",
	"'", "", "’", "", "ʼ", "")

// SearchWords are the words of a text as they are searched: lower case, without
// accents, split at all but letters and digits, each once, in the order of the
// text. Both databases store and compare these, so that they give the same answer.
func SearchWords(text string) []string {
	var words []string
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(fold(text), splits) {
		if runes := []rune(w); len(runes) > MaxSearchWord {
			w = string(runes[:MaxSearchWord])
		}
		if !seen[w] {
			seen[w] = true
			words = append(words, w)
		}
	}
	return words
}

// ProposalWords are the words a proposal is found by, sorted: of its title, its
// speakers' lines and its tags.
func ProposalWords(title string, speakers, tags []string) []string {
	all := slices.Concat([]string{title}, speakers, tags)
	words := SearchWords(strings.Join(all, " "))
	slices.Sort(words)
	return words
}

// NamingWords are those of ProposalWords that come from nothing but the speakers' lines.
func NamingWords(title string, speakers, tags []string) []string {
	open := ProposalWords(title, nil, tags)
	return slices.DeleteFunc(ProposalWords("", speakers, nil), func(w string) bool { return slices.Contains(open, w) })
}

// QueryWords are the words to look for, at most MaxQueryWords: a proposal is found
// when each of them is the beginning of one of its words. None: the query says
// nothing. Signs without a letter or digit are a word that nothing has.
func QueryWords(q string) []string {
	words := SearchWords(q)
	if signs := strings.TrimSpace(q); len(words) == 0 && signs != "" {
		return []string{signs}
	}
	return words[:min(len(words), MaxQueryWords)]
}

// Found tells whether words found by ProposalWords answer a query's words: the
// rule that the databases follow.
func Found(proposal, query []string) bool {
	for _, q := range query {
		if !slices.ContainsFunc(proposal, func(w string) bool { return strings.HasPrefix(w, q) }) {
			return false
		}
	}
	return true
}

func fold(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0 {
		return strings.ReplaceAll(strings.ToLower(text), "'", "") // what follows does no more to it
	}
	text = norm.NFKD.String(strings.ToLower(strings.ToValidUTF8(text, " ")))
	return unmarked.Replace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)) // last: ᴭ and ǽ become æ only now
}

func splits(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mc, r)
}

// folding is room for most folded names.
const folding = 96

// appendFolded appends the folded name. A list folds thousands of names, nearly all
// of them in ASCII: those take no more memory than what they are appended to.
func appendFolded(to []byte, name string) []byte {
	start, word := len(to), len(to) // where the name begins, and its last word
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= utf8.RuneSelf:
			return append(to[:start], strings.Join(SearchWords(name), " ")...)
		case 'A' <= c && c <= 'Z':
			to = appendLetter(to, word, c+'a'-'A')
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			to = appendLetter(to, word, c)
		case c != '\'' && len(to) > word:
			to = endWord(to, start, word)
			word = len(to)
		}
	}
	if to = endWord(to, start, word); len(to) > start {
		to = to[:len(to)-1] // the space behind the last
	}
	return to
}

// sameFolded tells whether two names are folded to the same. Most differ in their
// first letter, and need no folding.
func sameFolded(a, b string) bool {
	firstOfA, known := firstFolded(a)
	firstOfB, knownToo := firstFolded(b)
	if known && knownToo && firstOfA != firstOfB {
		return false
	}
	var roomOfA, roomOfB [folding]byte
	return bytes.Equal(appendFolded(roomOfA[:0], a), appendFolded(roomOfB[:0], b))
}

// folds tells whether anything is left of a name when it is folded.
func folds(name string) bool {
	if _, known := firstFolded(name); known {
		return true
	}
	var room [folding]byte
	return len(appendFolded(room[:0], name)) > 0
}

// firstFolded is the letter or digit that a folded name begins with, where it can be
// told without folding.
func firstFolded(name string) (first byte, known bool) {
	for i := range len(name) {
		switch c := name[i]; {
		case c >= utf8.RuneSelf:
			return 0, false
		case 'A' <= c && c <= 'Z':
			return c + 'a' - 'A', true
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			return c, true
		}
	}
	return 0, false
}

func appendLetter(to []byte, word int, c byte) []byte {
	if len(to)-word >= MaxSearchWord {
		return to
	}
	return append(to, c)
}

// endWord puts a space behind the last word, or takes it away when the name has it
// already.
func endWord(to []byte, start, word int) []byte {
	for at := start; at < word; {
		end := at + bytes.IndexByte(to[at:word], ' ')
		if bytes.Equal(to[at:end], to[word:]) {
			return to[:word]
		}
		at = end + 1
	}
	if len(to) == word {
		return to
	}
	return append(to, ' ')
}
