package api

import (
	"net/http"
	"testing"
)

// A refused step of a proposal leads back to it, one of the review desk to its list;
// what is not found leads nowhere.
func TestWayBack(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		path   string
		back   string
	}{
		{http.StatusConflict, "/proposals/27-A-002/edit", "/proposals/27-A-002"},
		{http.StatusForbidden, "/proposals/27-A-002/cancel", "/proposals/27-A-002"},
		{http.StatusNotFound, "/proposals/27-A-002/edit", ""},
		{http.StatusConflict, "/proposals/27-A-002", ""},
		{http.StatusForbidden, "/calls/webinars-2027/review/27-W-003", "/calls/webinars-2027/review"},
		{http.StatusNotFound, "/calls/webinars-2027/review/27-W-003", ""},
		{http.StatusConflict, "/orders/lco_x/cancel", ""},
	} {
		link := wayBack(tt.status, tt.path)
		if (link == nil) != (tt.back == "") || link != nil && link.Href != tt.back {
			t.Errorf("%d %s leads to %v, not %q", tt.status, tt.path, link, tt.back)
		}
	}
}
