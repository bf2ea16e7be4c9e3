package domain

import "testing"

func TestCutReference(t *testing.T) {
	for _, c := range []struct{ text, before, number, after string }{
		{"", "", "", ""},
		{"27-W-006", "", "27-W-006", ""},
		{"(27-A-1024), and 27-F-001", "(", "27-A-1024", "), and 27-F-001"},
		{"“27-F-099” is not here", "“", "27-F-099", "” is not here"},
		{"A two-year, two-site study of 2026-27", "A two-year, two-site study of 2026-27", "", ""},
		{"LM-10482 of 127-W-006 and 27-W-06", "LM-10482 of 127-W-006 and 27-W-06", "", ""},
		{"27-w-006, x27-W-006", "27-w-006, x27-W-006", "", ""},
	} {
		if before, number, after := CutReference(c.text); before != c.before || number != c.number || after != c.after {
			t.Errorf("%q is cut into %q, %q, %q", c.text, before, number, after)
		}
	}
}
