package domain

import (
	"slices"
	"strings"
	"unicode"
)

// PieceKind tells what became of a stretch of text.
type PieceKind string

// The kinds of piece.
const (
	PieceSame    PieceKind = "same"
	PieceAdded   PieceKind = "added"
	PieceRemoved PieceKind = "removed"
)

// Piece is a stretch of text of one kind, with the white space that follows it.
type Piece struct {
	Text string
	Kind PieceKind
}

// FieldDifference is a field that two versions of a proposal say differently.
type FieldDifference struct {
	Key    string // title, a field's key, or speakers
	Label  string
	Before string // as people read it: labels of options, one item a line
	After  string
	Words  []Piece // the same and added pieces make After, to the letter
}

// Compare is what changed from a to b, field by field: the title first, then in
// the order of the form, then fields the form no longer has, speakers last. Fields
// that say the same are left out, whatever their line endings and trailing blanks.
func Compare(form FormSpec, a, b Revision) []FieldDifference {
	var differences []FieldDifference
	for _, key := range comparedKeys(form, a.Answers, b.Answers) {
		before, after := Content{a.Title, a.Answers}.values(key), Content{b.Title, b.Answers}.values(key)
		if !sameValues(before, after) {
			differences = append(differences, difference(key, form.label(key), form.read(key, before), form.read(key, after)))
		}
	}
	if !sameValues(a.Speakers, b.Speakers) {
		differences = append(differences, difference("speakers", "Speakers", strings.Join(a.Speakers, "\n"), strings.Join(b.Speakers, "\n")))
	}
	return differences
}

func difference(key, label, before, after string) FieldDifference {
	return FieldDifference{Key: key, Label: label, Before: before, After: after, Words: CompareWords(before, after)}
}

// comparedKeys are the title, the form's fields in order, and any others, sorted.
func comparedKeys(form FormSpec, answers ...Answers) []string {
	keys := []string{TitleKey}
	for _, f := range form.Fields {
		if f.Key != TitleKey {
			keys = append(keys, f.Key)
		}
	}
	for _, a := range answers {
		for _, key := range sortedKeys(a) {
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

func (s FormSpec) label(key string) string {
	if f, ok := s.Field(key); ok {
		return f.Label
	}
	if key == TitleKey {
		return "Title"
	}
	return key
}

// read is a field's values as people read them, one a line.
func (s FormSpec) read(key string, values []string) string {
	f, _ := s.Field(key)
	said := make([]string, len(values))
	for i, v := range values {
		said[i] = s.OptionLabel(key, v)
		if answer, ok := yesNoWords[v]; ok && (f.Kind == YesNo || f.Kind == Agree) {
			said[i] = answer
		}
		if f.Kind == Dates {
			said[i] = Date(v).Words()
		}
	}
	return strings.Join(said, "\n")
}

var yesNoWords = map[string]string{"yes": "Yes", "no": "No"}

// sameValues compares what values say: line endings are one, and blanks at the
// end of a list are nothing.
func sameValues(a, b []string) bool { return slices.Equal(plain(a), plain(b)) }

func plain(values []string) []string {
	said := make([]string, len(values))
	for i, v := range values {
		said[i] = strings.ReplaceAll(v, "\r\n", "\n")
	}
	for len(said) > 0 && said[len(said)-1] == "" {
		said = said[:len(said)-1]
	}
	return said
}

// maxCells bounds the table of a comparison (about 2 MB); beyond it, what lies
// between the common beginning and end is shown as removed and added whole.
const maxCells = 1_000_000

// CompareWords shows how one text became another, word by word. Words are compared
// without the white space around them.
func CompareWords(before, after string) []Piece {
	a, b := splitWords(before), splitWords(after)
	head := commonHead(a, b)
	tail := commonTail(a[head:], b[head:])
	var pieces []Piece
	pieces = appendPieces(pieces, PieceSame, b[:head])
	pieces = appendMiddle(pieces, a[head:len(a)-tail], b[head:len(b)-tail])
	return appendPieces(pieces, PieceSame, b[len(b)-tail:])
}

// splitWords cuts before each word, so that the parts joined are the text.
func splitWords(text string) []string {
	var words []string
	start, space := 0, false
	for i, r := range text {
		if space && !unicode.IsSpace(r) {
			words, start = append(words, text[start:i]), i
		}
		space = unicode.IsSpace(r)
	}
	if start < len(text) {
		words = append(words, text[start:])
	}
	return words
}

func sameWord(a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) }

func commonHead(a, b []string) int {
	n := 0
	for n < min(len(a), len(b)) && sameWord(a[n], b[n]) {
		n++
	}
	return n
}

func commonTail(a, b []string) int {
	n := 0
	for n < min(len(a), len(b)) && sameWord(a[len(a)-1-n], b[len(b)-1-n]) {
		n++
	}
	return n
}

// appendMiddle walks the longest common subsequence of the two.
func appendMiddle(pieces []Piece, a, b []string) []Piece {
	if len(a)*len(b) > maxCells {
		return appendPieces(appendPieces(pieces, PieceRemoved, a), PieceAdded, b)
	}
	shared := sharedAfter(a, b)
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case sameWord(a[i], b[j]):
			pieces = appendPieces(pieces, PieceSame, b[j:j+1])
			i, j = i+1, j+1
		case shared[i+1][j] >= shared[i][j+1]:
			pieces = appendPieces(pieces, PieceRemoved, a[i:i+1])
			i++
		default:
			pieces = appendPieces(pieces, PieceAdded, b[j:j+1])
			j++
		}
	}
	return appendPieces(appendPieces(pieces, PieceRemoved, a[i:]), PieceAdded, b[j:])
}

// sharedAfter is the table of the longest common subsequence: how many words
// a[i:] and b[j:] share. A count never exceeds the smaller side, at most 1000.
func sharedAfter(a, b []string) [][]uint16 {
	table := make([][]uint16, len(a)+1)
	table[len(a)] = make([]uint16, len(b)+1)
	for i := len(a) - 1; i >= 0; i-- {
		table[i] = make([]uint16, len(b)+1)
		for j := len(b) - 1; j >= 0; j-- {
			table[i][j] = max(table[i+1][j], table[i][j+1])
			if sameWord(a[i], b[j]) {
				table[i][j] = table[i+1][j+1] + 1
			}
		}
	}
	return table
}

// appendPieces adds words, joined to the last piece when it is of the same kind.
func appendPieces(pieces []Piece, kind PieceKind, words []string) []Piece {
	if len(words) == 0 {
		return pieces
	}
	text := strings.Join(words, "")
	if last := len(pieces) - 1; last >= 0 && pieces[last].Kind == kind {
		pieces[last].Text += text
		return pieces
	}
	return append(pieces, Piece{Text: text, Kind: kind})
}
