package api

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// packetPages are the pages of packets.
func (s *Server) packetPages() []*route {
	return []*route{
		page(get, "/packets", s.packetsPage),
		page(get, "/packets/:id", s.packetPage),
		page(get, "/years/:year/venues/:venue/packets/new", s.packetPreviewPage),
		page(post, "/years/:year/venues/:venue/packets", s.packetReleased),
	}
}

func previewPath(y domain.Year, venue string) string {
	return "/years/" + string(y) + "/venues/" + venue + "/packets/new"
}

// packetsPerPage is how long the list of packets is.
const packetsPerPage = 25

func (s *Server) packetsPage(c *Call) error {
	limit := packetsPerPage
	in := listIn{Limit: &limit, Cursor: c.QueryParam("after")}
	key, err := after[lineKey](in, nil)
	if err != nil {
		return err
	}
	var from *workflows.Cursor
	if key != nil {
		from = &workflows.Cursor{UpdatedAt: key.At, ID: key.ID}
	}
	rows, err := s.packets().List(c.Ctx(), c.Actor, from, limit+1)
	if err != nil {
		return err
	}
	shown, err := pageOf(rows, in, nil, packetLine, func(l workflows.PacketLine) lineKey { return lineKey{l.ReleasedAt, l.ID} })
	p := web.PacketsPage{Page: c.frame("Packets"), Zone: s.zone(), Packets: shown.Data}
	if shown.NextCursor != nil {
		p.Next = "/packets?after=" + url.QueryEscape(*shown.NextCursor)
	}
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, web.Packets(p))
}

func packetHeading(number int, venue string, y domain.Year) string {
	return "Packet " + strconv.Itoa(number) + ", " + venue + " " + y.Short()
}

func packetLine(l workflows.PacketLine) web.PacketLine {
	return web.PacketLine{Heading: packetHeading(l.Number, l.VenueName, l.Year), Href: "/packets/" + l.ID, Note: l.Note, Proposals: l.Proposals, By: l.ReleasedName, At: l.ReleasedAt}
}

// packetPage shows a packet; its address with .csv at the end is the table.
func (s *Server) packetPage(c *Call) error {
	id, table := strings.CutSuffix(c.Param("id"), ".csv")
	v, newer, err := s.packets().Read(c.Ctx(), c.Actor, id)
	if err != nil {
		return err
	}
	if table {
		return s.packetFile(c, v)
	}
	p := web.PacketPage{
		Page:    c.frame(packetHeading(v.Number, v.Content.Venue, v.Year), web.Link{Label: "Packets", Href: "/packets"}),
		Heading: packetHeading(v.Number, v.Content.Venue, v.Year), Number: v.Number, Venue: v.Content.Venue, Year: v.Year, By: v.ReleasedName, At: &v.ReleasedAt, Zone: s.zone(),
		Note: v.Note, Content: v.Content, Closed: v.Closed, CSV: "/packets/" + v.ID + ".csv",
	}
	if newer != nil {
		p.Newer = &web.Link{Label: "Open packet " + strconv.Itoa(newer.Number), Href: "/packets/" + newer.ID}
	}
	return c.show(http.StatusOK, web.Packet(p))
}

func (s *Server) packetFile(c *Call, v workflows.PacketView) error {
	var b bytes.Buffer
	if err := workflows.WriteCSV(&b, v.Table()); err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="packet-`+strconv.Itoa(v.Number)+`-`+v.VenueID+`-`+string(v.Year)+`.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
}

func (s *Server) packetPreviewPage(c *Call) error {
	return s.showPreview(c, c.QueryParam("scores") == "yes", again{status: http.StatusOK})
}

func (s *Server) showPreview(c *Call, scores bool, back again) error {
	year, venue := domain.Year(c.Param("year")), c.Param("venue")
	v, err := s.packets().Preview(c.Ctx(), c.Actor, year, venue, scores)
	if err != nil {
		return err
	}
	here := previewPath(year, venue)
	p := web.PacketPage{
		Heading: packetHeading(v.Number, v.Content.Venue, year), Number: v.Number, Venue: v.Content.Venue, Year: year, Content: v.Content, Closed: v.Closed, Zone: s.zone(),
		Preview: &web.PacketPreview{
			Number: v.Number, Token: v.Token, Refused: v.Refused, Reasons: back.why, Note: back.typed.Get("note"), Save: strings.TrimSuffix(here, "/new"),
			Share: web.Link{Label: "Share them", Href: here + "?scores=yes"}, Back: rankingPath(v.Calls[0].Slug),
		},
	}
	if scores {
		p.Preview.Share = web.Link{Label: "Leave them out", Href: here}
	}
	p.Page = c.frame("Preview of packet "+strconv.Itoa(v.Number), web.Link{Label: "Review", Href: "/review"}, web.Link{Label: "Ranking", Href: p.Preview.Back})
	p.HasErrors = len(back.why) > 0
	return c.show(back.status, web.Packet(p))
}

// packetReleased releases the packet that was previewed. Refused, the preview is
// shown as it is now, with every reason and what was typed.
func (s *Server) packetReleased(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	scores := form.Get("scores") == "yes"
	if err = domain.Refuse(why...); err == nil {
		var v workflows.PacketView
		wish := workflows.PacketWish{Note: form.Get("note"), Scores: scores, Token: form.Get("token")}
		if v, err = s.packets().Release(c.Ctx(), c.Actor, domain.Year(c.Param("year")), c.Param("venue"), wish); err == nil {
			c.flash("Packet " + strconv.Itoa(v.Number) + " is released. Those who decide are told by mail.")
			return c.see("/packets/" + v.ID)
		}
	}
	status, reasons, ok := refused(err)
	if !ok {
		return err
	}
	return s.showPreview(c, scores, again{status: status, why: reasons, typed: form})
}
