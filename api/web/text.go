package web

import (
	"context"
	"io"
	"time"

	"github.com/a-h/templ"

	"lectern/domain"
)

// wording is a text; it writes it, escaped, as braces do. templ prints what stands in braces
// into another text first, which a list with hundreds of them feels.
type wording string

// Render writes it.
func (t wording) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, templ.EscapeString(t))
	return err
}

// said is a text in which the numbers of proposals stand: each is kept on one line, since
// a browser ends lines at hyphens. The text itself stays as it is, to be copied.
type said string

// Render writes it, escaped.
func (t said) Render(_ context.Context, w io.Writer) error {
	for rest := string(t); rest != ""; {
		before, number, after := domain.CutReference(rest)
		if _, err := io.WriteString(w, templ.EscapeString(before)); err != nil {
			return err
		}
		if number != "" {
			if err := written(w, `<span class="nowrap">`, number, `</span>`); err != nil {
				return err
			}
		}
		rest = after
	}
	return nil
}

// markup is HTML that was put together before, with nothing in it that people typed.
type markup string

// Render writes it.
func (m markup) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(m))
	return err
}

// DayOf is the day of an instant in a zone: Mon, Feb 1, 2027.
func DayOf(t time.Time, zone string) templ.Component {
	return markup(`<time datetime="` + t.In(domain.Zone(zone)).Format(time.DateOnly) + `">` + domain.LongDay(t, zone) + `</time>`)
}
