package api

import (
	"net/http"
	"testing"
)

// A refused step of a proposal leads back to it; what is not found leads nowhere.
func TestBackToProposal(t *testing.T) {
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
		{http.StatusConflict, "/orders/lco_x/cancel", ""},
	} {
		link := backToProposal(tt.status, tt.path)
		if (link == nil) != (tt.back == "") || link != nil && link.Href != tt.back {
			t.Errorf("%d %s leads to %v, not %q", tt.status, tt.path, link, tt.back)
		}
	}
}
