package api

import (
	"fmt"
	"sync"

	"github.com/a-h/templ"

	"lectern/api/web"
)

// pagePiece is how much of a page is written before it is sent, in bytes: nearly
// every page whole, so that one that fails says so, and longer ones in pieces.
const pagePiece = 64 << 10

var pagePieces = sync.Pool{New: func() any { return &sending{piece: make([]byte, 0, pagePiece)} }}

// show answers with a page.
func (c *Call) show(status int, page templ.Component) error {
	s := pagePieces.Get().(*sending)
	defer s.done()
	s.c, s.status = c, status
	if err := page.Render(web.WithKeys(c.Ctx(), c.s.Access.NewSecret), s); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return s.rest()
}

// sending is a page on its way.
type sending struct {
	c      *Call
	status int
	begun  bool
	piece  []byte
}

const pageType = "text/html; charset=utf-8"

// Write puts more of the page into the piece, and sends pieces that are full.
func (s *sending) Write(more []byte) (int, error) {
	all := len(more)
	for len(more) > pagePiece-len(s.piece) {
		n := pagePiece - len(s.piece)
		s.piece = append(s.piece, more[:n]...)
		more = more[n:]
		if err := s.send(); err != nil {
			return all - len(more), err
		}
	}
	s.piece = append(s.piece, more...)
	return all, nil
}

func (s *sending) send() error {
	if !s.begun {
		s.c.Response().Header().Set("Content-Type", pageType)
		s.c.Response().WriteHeader(s.status)
		s.begun = true
	}
	_, err := s.c.Response().Write(s.piece)
	s.piece = s.piece[:0]
	return err
}

func (s *sending) rest() error {
	if s.begun {
		return s.send()
	}
	return s.c.Blob(s.status, pageType, s.piece)
}

func (s *sending) done() {
	*s = sending{piece: s.piece[:0]}
	pagePieces.Put(s)
}
