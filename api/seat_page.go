package api

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func itoa(n int) string { return strconv.Itoa(n) }

// seatPage is a seat for its holder: one link for life.
func (s *Server) seatPage(c *Call) error {
	v, err := s.orders().OpenSeat(c.Ctx(), c.Param("token"))
	if err != nil {
		return s.seatOver(c, err)
	}
	return s.showSeat(c, v, http.StatusOK, nil)
}

func (s *Server) showSeat(c *Call, v workflows.SeatView, status int, why []domain.Reason) error {
	p := web.SeatPage{
		Page: c.frame(v.Offering.Title), To: "/seats/" + c.Param("token"), Seat: v.Seat, Library: or2(v.Order.Institution, v.Order.BuyerName),
		Offering: v.Offering, Now: s.now(), Reasons: why,
	}
	p.Contact = p.Page.Contact
	p.HasErrors = len(why) > 0
	return c.show(status, web.SeatShown(p))
}

func (s *Server) seatOver(c *Call, err error) error {
	if domain.IsKind(err, domain.Gone) {
		return c.show(http.StatusGone, web.LinkExpired(web.LinkExpiredPage{Page: c.frame("Link ended"), What: "seat link"}))
	}
	return err
}

func (s *Server) seatConfirmed(c *Call) error {
	if _, err := s.orders().ConfirmSeat(c.Ctx(), c.Param("token")); err != nil {
		return s.seatOver(c, err)
	}
	c.flash("Thank you. See you there.")
	return c.see("/seats/" + c.Param("token"))
}

// seatJoined sends a seat's holder to the webinar and notes that they went.
func (s *Server) seatJoined(c *Call) error {
	to, err := s.orders().JoinSeat(c.Ctx(), c.Param("token"))
	if status, why, ok := refused(err); ok && !domain.IsKind(err, domain.Gone) {
		v, err := s.orders().OpenSeat(c.Ctx(), c.Param("token"))
		if err != nil {
			return err
		}
		return s.showSeat(c, v, status, why)
	}
	if err != nil {
		return s.seatOver(c, err)
	}
	return c.Redirect(http.StatusFound, to)
}

// seatCalendar is the webinar for the holder's own calendar.
func (s *Server) seatCalendar(c *Call) error {
	v, err := s.orders().OpenSeat(c.Ctx(), c.Param("token"))
	if err != nil {
		return s.seatOver(c, err)
	}
	if v.Offering.StartsAt == nil {
		return domain.NotThere("calendar entry")
	}
	file, err := seatEvent(v, s.BaseURL, s.now())
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="webinar.ics"`)
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8; method=PUBLISH", file)
}

// seatEvent is a calendar file with one event. The link in it is the seat's own
// page, so that it stays right when the webinar's address changes.
func seatEvent(v workflows.SeatView, baseURL string, now time.Time) ([]byte, error) {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Lectern//EN")
	cal.SetMethod(ics.MethodPublish)
	host := strings.TrimPrefix(strings.TrimPrefix(baseURL, "https://"), "http://")
	e := cal.AddEvent("seat-" + v.ID + "@" + host)
	begins := *v.Offering.StartsAt
	e.SetDtStampTime(now)
	e.SetSequence(v.Offering.Sequence + v.LinkSerial)
	e.SetStartAt(begins)
	e.SetEndAt(begins.Add(time.Duration(v.Offering.Minutes) * time.Minute))
	e.SetSummary(v.Offering.Title)
	link := baseURL + "/seats/" + v.Token
	e.SetURL(link)
	e.SetDescription("Your seat and the link to join: " + link + "\n" + domain.LongTime(begins, v.Offering.Zone))
	var out bytes.Buffer
	err := cal.SerializeTo(&out, ics.WithNewLineWindows)
	return out.Bytes(), err
}

func (s *Server) claimPage(c *Call) error { return s.showClaim(c, again{status: http.StatusOK}) }

func (s *Server) showClaim(c *Call, back again) error {
	v, free, err := s.orders().ClaimPage(c.Ctx(), c.Param("code"))
	if err != nil {
		return err
	}
	p := web.ClaimPage{
		Page: c.frame("Claim a seat"), To: "/claim/" + c.Param("code"), Library: or2(v.Institution, v.BuyerName), Offering: v.Facts.Offering,
		Free: free, Name: back.typed.Get("name"), Email: back.typed.Get("email"), Reasons: back.why,
	}
	p.HasErrors = len(back.why) > 0
	return c.show(back.status, web.Claim(p))
}

// seatClaimed puts a colleague on a free seat and shows it to them.
func (s *Server) seatClaimed(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	var v workflows.SeatView
	if err = domain.Refuse(why...); err == nil {
		v, err = s.orders().ClaimSeat(c.Ctx(), c.Param("code"), domain.SeatPerson{Name: strings.TrimSpace(form.Get("name")), Email: strings.TrimSpace(form.Get("email"))})
	}
	if status, reasons, ok := refused(err); ok {
		return s.showClaim(c, again{status: status, why: reasons, typed: form})
	}
	if err != nil {
		return err
	}
	c.flash("The seat is yours. Keep this page: the same link is in your mail.")
	return c.see("/seats/" + v.Token)
}
