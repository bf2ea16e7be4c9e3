package domain

import (
	"regexp"
	"strings"
)

// referenceForm is how the number of a proposal is written: year, venue, number.
var referenceForm = regexp.MustCompile(`\b[0-9]{2}-[A-Z]+-[0-9]{3,}\b`)

// CutReference cuts a text around the first number of a proposal in it, such as
// 27-W-006; where there is none, all of it is before.
func CutReference(text string) (before, number, after string) {
	if strings.Count(text, "-") < 2 { // most texts
		return text, "", ""
	}
	at := referenceForm.FindStringIndex(text)
	if at == nil {
		return text, "", ""
	}
	return text[:at[0]], text[at[0]:at[1]], text[at[1]:]
}
