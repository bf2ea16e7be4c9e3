package domain

import "time"

// AccessRequest is what somebody needs to take part in a webinar. Only its
// coordinator reads it. Name, address and text are erased 30 days after the webinar.
type AccessRequest struct {
	ID         string
	OfferingID string
	Name       string
	Email      string
	Text       string
	MadeAt     time.Time
	DoneAt     *time.Time // it was arranged
	DoneBy     string     // name
	EraseAfter *time.Time
	ErasedAt   *time.Time
}

// accessRequestKept is how many days after a webinar its requests are kept.
const accessRequestKept = 30

const maxRequestChars = 5000

// Check gives everything that is wrong with what was filled in, each with its field.
func (r AccessRequest) Check() []Reason {
	why := Person{Name: r.Name, Email: r.Email}.Check()
	if blank(r.Email) {
		why = append(why, Wrong("/email", "required", "Write your email address, so that we can answer."))
	}
	why = append(why, storable("/text", "request", r.Text)...)
	if blank(r.Text) {
		why = append(why, Wrong("/text", "required", "Write what you need."))
	}
	if len([]rune(r.Text)) > maxRequestChars {
		why = append(why, Wrong("/text", "too_long", "Write at most %d characters.", maxRequestChars))
	}
	return why
}

// MayAskAccess gives the reason why nothing can be arranged any more; nil when a
// request is welcome.
func (o Offering) MayAskAccess(now time.Time) []Reason {
	switch {
	case o.Status == OfferingCancelled:
		return []Reason{Because("", "offering_cancelled", "This webinar was cancelled.")}
	case o.EraseRequests() != nil && !now.Before(*o.EraseRequests()):
		return []Reason{Because("", "offering_over", "This webinar was held on %s. Write to %s.", LongDay(*o.StartsAt, o.Zone), o.AccessContact)}
	}
	return nil
}

// EraseRequests is when the requests for access arrangements are erased; nil
// while the webinar has no time.
func (o Offering) EraseRequests() *time.Time {
	if o.EndsAt() == nil {
		return nil
	}
	at := o.EndsAt().AddDate(0, 0, accessRequestKept)
	return &at
}
