package domain

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of refusal a reason is. The order is the precedence: when
// several reasons apply, the first kind decides how the refusal is answered.
type Kind int

// The kinds of refusal, first to last.
const (
	NotFound  Kind = iota + 1 // it is not there, or not yours to see
	Forbidden                 // you may see it, but not do this
	Stale                     // somebody changed it since you read it
	Gone                      // it expired or was withdrawn
	Conflict                  // its state, or a rule, says no
	Invalid                   // what was sent needs correction
)

// Reason is one thing that stands in the way, in a librarian's words.
type Reason struct {
	Kind    Kind
	Code    string // stable, snake_case
	Detail  string // a sentence
	Pointer string // the field, as a JSON pointer; empty when it is about the whole
	Rule    string // the id of the rule behind it, a key of Rules; may be empty
}

// Error is a refusal with every reason for it.
type Error struct{ Reasons []Reason }

// Error joins the details of all reasons.
func (e *Error) Error() string {
	said := make([]string, len(e.Reasons))
	for i, r := range e.Reasons {
		said[i] = r.Detail
	}
	return strings.Join(said, " ")
}

// Kind is the kind of the weightiest reason.
func (e *Error) Kind() Kind { return e.first().Kind }

// Code is the code of the weightiest reason.
func (e *Error) Code() string { return e.first().Code }

func (e *Error) first() Reason {
	first := e.Reasons[0]
	for _, r := range e.Reasons[1:] {
		if r.Kind < first.Kind {
			first = r
		}
	}
	return first
}

// Refuse makes an error of the reasons, or nil when there are none.
func Refuse(why ...Reason) error {
	if len(why) == 0 {
		return nil
	}
	return &Error{Reasons: why}
}

// Together is one refusal with the reasons of several; what is no refusal is given
// alone, and nil when there is nothing.
func Together(errs ...error) error {
	var why []Reason
	for _, err := range errs {
		var e *Error
		switch {
		case errors.As(err, &e):
			why = append(why, e.Reasons...)
		case err != nil:
			return err
		}
	}
	return Refuse(why...)
}

// Because is a conflict: the state, or the rule named, says no.
func Because(rule, code, detail string, args ...any) Reason {
	return Reason{Kind: Conflict, Code: code, Detail: fmt.Sprintf(detail, args...), Rule: rule}
}

// Wrong is a field that needs correction. The pointer is a JSON pointer ("/title").
func Wrong(pointer, code, detail string, args ...any) Reason {
	return Reason{Kind: Invalid, Code: code, Detail: fmt.Sprintf(detail, args...), Pointer: pointer}
}

// NotThere is the refusal for what does not exist or may not be seen.
func NotThere(noun string) error {
	return Refuse(Reason{Kind: NotFound, Code: "not_found", Detail: "There is no such " + noun + ", or it is not yours to see."})
}

// NotAllowed is the refusal for an act that the person's role does not include.
func NotAllowed(code, detail string, args ...any) error {
	return Refuse(Reason{Kind: Forbidden, Code: code, Detail: fmt.Sprintf(detail, args...)})
}

// StaleVersion is the refusal for a change made on an outdated copy.
func StaleVersion(noun string) error {
	return Refuse(staleReason(noun))
}

func staleReason(noun string) Reason {
	return Reason{Kind: Stale, Code: "stale_version", Detail: "Someone else changed this " + noun + " since you opened it. Nothing of yours was saved over theirs."}
}

// IsKind tells whether err is a refusal of this kind.
func IsKind(err error, k Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind() == k
}

// HasCode tells whether err is a refusal of which one reason has this code.
func HasCode(err error, code string) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, r := range e.Reasons {
		if r.Code == code {
			return true
		}
	}
	return false
}
