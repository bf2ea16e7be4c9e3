package domain

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

func blank(text string) bool { return strings.TrimSpace(text) == "" }

// filled are the values that say something.
func filled(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), blank)
}

// firstBlank is the place of the first value that says nothing; the end when all do.
func firstBlank(values []string) int {
	if i := slices.IndexFunc(values, blank); i >= 0 {
		return i
	}
	return len(values)
}

// lowerFirst is a label within a sentence: "Short description" is "short
// description", but "ALA member" stays as it is.
func lowerFirst(label string) string {
	first, size := utf8.DecodeRuneInString(label)
	second, _ := utf8.DecodeRuneInString(label[size:])
	if unicode.IsUpper(second) {
		return label
	}
	return string(unicode.ToLower(first)) + label[size:]
}

// noun is one item of a list, named by the list's label: "Learning outcomes" has
// a "learning outcome".
func noun(label string) string { return strings.TrimSuffix(lowerFirst(label), "s") }

// span is a range in words; 0 is no limit.
func span(least, most int) string {
	switch {
	case least == most:
		return fmt.Sprintf("exactly %d", least)
	case most == 0:
		return fmt.Sprintf("at least %d", least)
	case least == 0:
		return fmt.Sprintf("at most %d", most)
	}
	return fmt.Sprintf("%d to %d", least, most)
}

// shorten is a stranger's text quoted in a sentence: its first 60 characters.
func shorten(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "�"), "\x00", "�")
	if utf8.RuneCountInString(text) <= 60 {
		return text
	}
	return string([]rune(text)[:60]) + "…"
}

// pointerToken is a key as a part of a JSON pointer (RFC 6901).
func pointerToken(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

func sortedKeys(a Answers) []string { return slices.Sorted(maps.Keys(a)) }

// storable names what no database of ours can keep, or no page could show: NUL
// characters, broken UTF-8, absurd sizes.
func storable(pointer, what string, values ...string) []Reason {
	var reasons []Reason
	chars := 0
	for _, v := range values {
		chars += utf8.RuneCountInString(v)
		switch {
		case !utf8.ValidString(v):
			reasons = append(reasons, Wrong(pointer, "not_utf8", "The %s holds characters that cannot be read. Type them again, or save the text as UTF-8.", what))
		case strings.ContainsRune(v, 0):
			reasons = append(reasons, Wrong(pointer, "nul_character", "The %s holds a NUL character, which cannot be kept. Remove it.", what))
		}
	}
	if chars > MaxFieldChars || len(values) > MaxFieldItems {
		reasons = append(reasons, Wrong(pointer, "too_large", "The %s is far too long to keep: up to %d characters and %d entries.", what, MaxFieldChars, MaxFieldItems))
	}
	return reasons
}
