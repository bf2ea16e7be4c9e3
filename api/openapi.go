package api

import (
	_ "embed" // for the description
	"net/http"

	"github.com/labstack/echo/v4"
)

// OpenAPI describes the API: OpenAPI 3.0.3, made from the routes and their types
// by `go test ./api -run OpenAPI -update`.
//
//go:embed openapi.json
var OpenAPI []byte

func (s *Server) openAPI(c *Call) error {
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, OpenAPI)
}
