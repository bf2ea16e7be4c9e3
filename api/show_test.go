package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"testing"

	"github.com/a-h/templ"

	"lectern/internal/store/storetest"
)

// lettersOf is a page of so many bytes, written a few at a time, which then fails or not.
func lettersOf(n int, then error) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		for at := 0; at < n; at += 700 {
			if _, err := w.Write(letters(at, min(n, at+700))); err != nil {
				return err
			}
		}
		return then
	})
}

func letters(from, to int) []byte {
	out := make([]byte, 0, to-from)
	for i := from; i < to; i++ {
		out = append(out, 'a'+byte(i%23))
	}
	return out
}

// TestShow answers pages of every length whole, with their length when they fit one
// piece. One that fails before the first piece is sent says so.
func TestShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t), withRoute(page(get, "/letters", func(c *Call) error {
		n, err := strconv.Atoi(c.QueryParam("n"))
		if err != nil {
			return err
		}
		if c.QueryParam("fails") != "" {
			return c.show(http.StatusOK, lettersOf(n, errors.New("out of ink")))
		}
		return c.show(http.StatusTeapot, lettersOf(n, nil))
	}).open()))
	for _, n := range []int{0, 1, 700, 4096, pagePiece - 1, pagePiece, pagePiece + 1, 2 * pagePiece, 5*pagePiece + 3, 9} {
		got := w.browse("", "/letters?n="+strconv.Itoa(n)).want(http.StatusTeapot)
		if !bytes.Equal(got.body, letters(0, n)) {
			t.Errorf("%d bytes: got %d others", n, len(got.body))
		}
		length := ""
		if n <= pagePiece {
			length = strconv.Itoa(n)
		}
		if got.Header.Get("Content-Length") != length || got.Header.Get("Content-Type") != pageType {
			t.Errorf("%d bytes: said to be %q long, of type %s", n, got.Header.Get("Content-Length"), got.Header.Get("Content-Type"))
		}
	}
	for _, n := range []int{0, 700, pagePiece} {
		w.browse("", "/letters?fails=1&n="+strconv.Itoa(n)).want(http.StatusInternalServerError).wantText("Something went wrong")
	}
}
