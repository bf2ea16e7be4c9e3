// Package mail turns the mails of the outbox into messages and hands them to a
// mail server.
package mail

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strings"
)

// Letterhead is what every message of an installation has in common.
type Letterhead struct {
	Section string // Leadership and Management Section
	Contact string // a role address for questions and replies; may be empty
}

// Error is why a message could not be sent.
type Error struct {
	Err   error
	Final bool // the server refused this very message, or its address is none
}

// Error is what was said; it may contain addresses.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap is the error behind it.
func (e *Error) Unwrap() error { return e.Err }

// Permanent tells that trying again makes no sense.
func (e *Error) Permanent() bool { return e.Final }

// server is what a mail server's URL says.
type server struct {
	host, port     string
	user, password string
	tls            bool // from the first byte, smtps://
}

// ErrServerURL says that a mail server's URL cannot be used. It does not repeat
// the URL, which may hold a password.
var ErrServerURL = errors.New("the mail server’s URL has to look like smtp://user:password@host:port or smtps://host")

func parseServer(address string) (server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Path != "" && u.Path != "/" {
		return server{}, ErrServerURL
	}
	s := server{host: u.Hostname(), port: u.Port(), tls: u.Scheme == "smtps", user: u.User.Username()}
	s.password, _ = u.User.Password()
	switch {
	case s.port != "":
	case s.tls:
		s.port = "465"
	case s.user != "":
		s.port = "587"
	default:
		s.port = "25"
	}
	return s, nil
}

// local tells whether the server is on this machine, the only place where a
// password may be sent without encryption.
func (s server) local() bool {
	ip := net.ParseIP(s.host)
	return s.host == "localhost" || ip != nil && ip.IsLoopback()
}

func parseFrom(from string) (*mail.Address, string, error) {
	a, err := mail.ParseAddress(from)
	if err != nil {
		return nil, "", fmt.Errorf("the sender’s address %q is none: %w", from, err)
	}
	_, domain, _ := strings.Cut(a.Address, "@")
	return a, domain, nil
}
