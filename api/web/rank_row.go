package web

import (
	"context"
	"io"
	"slices"
	"strconv"
	"sync"

	"github.com/a-h/templ"

	"lectern/domain"
)

// rankMoves are the buttons of a row of the ranking. The title stands in each of their
// labels, and a list has hundreds of rows: it is escaped once.
type rankMoves struct {
	save string // address
	row  *RankRow
	last bool
}

// Render writes them.
func (m rankMoves) Render(ctx context.Context, w io.Writer) error {
	number, title := templ.EscapeString(m.row.Number), templ.EscapeString(m.row.Title)
	button := func(name, label, icon string, off bool) error {
		disabled := ""
		if off {
			disabled = " disabled"
		}
		if err := written(w, `<button class="iconbtn" type="submit" name="`, name, `" value="`, number, `" aria-label="`, label, title, `"`, disabled, `>`); err != nil {
			return err
		}
		if err := Icon(icon).Render(ctx, w); err != nil {
			return err
		}
		return written(w, `</button> `)
	}
	if err := button("up", "Move up: ", "arrow-up", m.row.Rank == 1); err != nil {
		return err
	}
	if err := button("down", "Move down: ", "arrow-down", m.last); err != nil {
		return err
	}
	if err := written(w, `<a class="iconbtn" href="`, templ.EscapeString(m.save), `?move=`, number, `#place" data-moveto aria-label="Move to a position: `, title, `">`); err != nil {
		return err
	}
	if err := Icon("arrow-bar-to-up").Render(ctx, w); err != nil {
		return err
	}
	return written(w, `</a>`)
}

// rankDrawing has a dot for each reviewer's score and a line at the mean, 240 wide and
// 28 high.
type rankDrawing struct{ row *RankRow }

const rankAxis = `<svg viewBox="0 0 240 28" aria-hidden="true" focusable="false"><line class="axis" x1="8" x2="232" y1="14" y2="14"></line> ` +
	`<line class="axis" x1="8" x2="8" y1="9" y2="19"></line><line class="axis" x1="64" x2="64" y1="9" y2="19"></line>` +
	`<line class="axis" x1="120" x2="120" y1="9" y2="19"></line><line class="axis" x1="176" x2="176" y1="9" y2="19"></line>` +
	`<line class="axis" x1="232" x2="232" y1="9" y2="19"></line>`

// drawings are room for one each: a list has hundreds of rows.
var drawings = sync.Pool{New: func() any {
	room := make([]byte, 0, 1024)
	return &room
}}

// Render writes it.
func (d rankDrawing) Render(_ context.Context, w io.Writer) error {
	room := drawings.Get().(*[]byte)
	defer drawings.Put(room)
	out := append((*room)[:0], rankAxis...)
	out = d.row.appendDots(out)
	out = append(out, `<line class="mean" x1="`...)
	out = appendPlotX(out, d.row.Mean)
	out = append(out, `" x2="`...)
	out = appendPlotX(out, d.row.Mean)
	*room = append(out, `" y1="2" y2="26"></line></svg>`...)
	_, err := w.Write(*room)
	return err
}

// appendDots draws the scores; those that would lie on one another are set apart.
func (r *RankRow) appendDots(out []byte) []byte {
	var room [16]int
	scores := append(room[:0], r.Scores...)
	slices.Sort(scores)
	heights, last, at := [...]string{"14", "8", "20"}, -10000, 0
	for _, s := range scores {
		if s-last < 400 {
			at = (at + 1) % len(heights)
		} else {
			at = 0
		}
		last = s
		out = append(out, `<circle class="dot" cx="`...)
		out = appendPlotX(out, s)
		out = append(out, `" cy="`...)
		out = append(out, heights[at]...)
		out = append(out, `" r="5"></circle>`...)
	}
	return out
}

// appendPlotX writes where a score in hundredths stands in the drawing.
func appendPlotX(out []byte, score int) []byte {
	return strconv.AppendFloat(out, 8+float64(score)*224/float64(domain.FullScore), 'f', 1, 64)
}
