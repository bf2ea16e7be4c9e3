package web

import (
	"context"
	"io"
	"sync"
)

// Icon is a picture from icons.svg, by name. It is decoration: a word stands beside it,
// or the button around it has an aria-label.
type Icon string

// Render writes it.
func (i Icon) Render(_ context.Context, w io.Writer) error {
	return written(w, iconHead(), string(i), `"></use></svg>`)
}

var iconHead = sync.OnceValue(func() string {
	return `<svg class="i" aria-hidden="true"><use href="` + Asset("icons.svg") + "#"
})

// written writes pieces of HTML.
func written(w io.Writer, parts ...string) error {
	for _, part := range parts {
		if _, err := io.WriteString(w, part); err != nil {
			return err
		}
	}
	return nil
}
