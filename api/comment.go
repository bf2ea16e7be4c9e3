package api

import (
	"time"

	"lectern/workflows"
)

// CommentOut is one line of a proposal's discussion.
type CommentOut struct {
	ID   string    `json:"id"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

func (s *Server) listComments(c *Call, in listOfIn) (list[CommentOut], error) {
	key, err := after[lineKey](in.listIn, "comments "+in.ID)
	if err != nil {
		return list[CommentOut]{}, err
	}
	all, err := s.Proposals.Comments(c.Ctx(), c.Actor, in.ID, key.cursor(), in.limit()+1)
	if err != nil {
		return list[CommentOut]{}, err
	}
	return pageOf(all, in.listIn, "comments "+in.ID, commentOut, commentKey)
}

func commentKey(k workflows.CommentLine) lineKey { return lineKey{k.At, k.ID} }

func commentOut(k workflows.CommentLine) CommentOut {
	return CommentOut{k.ID, k.AuthorName, k.At, k.Text}
}

type commentIn struct {
	byID
	Comment string `json:"comment"`
}

func (s *Server) addComment(c *Call, in commentIn) (CommentOut, error) {
	k, err := s.Proposals.Comment(c.Ctx(), c.Actor, in.ID, in.Comment)
	return commentOut(k), err
}
