package domain

import (
	"net/mail"
	"slices"
	"time"
)

// maxNameChars is far beyond any name, and keeps a pasted page out of a roster.
const maxNameChars = 200

// Check names what is wrong with a person's own facts. All reasons are Invalid.
// The name is needed; email, institution and zone may be empty.
func (p Person) Check() []Reason {
	why := slices.Concat(storable("/name", "name", p.Name), storable("/institution", "institution", p.Institution), storable("/email", "email address", p.Email))
	if blank(p.Name) {
		why = append(why, Wrong("/name", "required", "Write the name."))
	}
	for _, long := range [][2]string{{"/name", p.Name}, {"/institution", p.Institution}} {
		if len([]rune(long[1])) > maxNameChars {
			why = append(why, Wrong(long[0], "too_long", "This is longer than %d characters.", maxNameChars))
		}
	}
	if parsed, err := mail.ParseAddress(p.Email); p.Email != "" && (err != nil || parsed.Address != p.Email) {
		why = append(why, Wrong("/email", "not_an_address", "Check the email address: it should look like name@example.org."))
	}
	if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "Local" {
		why = append(why, Wrong("/zone", "unknown_zone", "Choose a time zone such as America/Chicago."))
	}
	return why
}
