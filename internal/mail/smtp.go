package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net/mail"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"lectern/domain"
)

const sendTimeout = 30 * time.Second

// Settings say how messages leave.
type Settings struct {
	Server     string // smtp://user:password@host:port, or smtps://; see Dial
	From       string // Lectern <lectern@example.org>
	Letterhead Letterhead
	TLS        *tls.Config // nil: the system's roots
}

// Sender sends mails through one mail server. It is safe for concurrent use;
// every message has a connection of its own.
type Sender struct {
	client *gomail.Client
	from   *mail.Address
	domain string // of From: names our messages, instead of the machine's name
	head   Letterhead
}

// Dial prepares a sender; nothing is connected yet. smtps:// is encrypted from
// the first byte. smtp:// is encrypted when the server offers it, and has to be
// when there is a password, unless the server is on this machine.
func Dial(s Settings) (*Sender, error) {
	to, err := parseServer(s.Server)
	if err != nil {
		return nil, err
	}
	from, name, err := parseFrom(s.From)
	if err != nil {
		return nil, err
	}
	client, err := gomail.NewClient(to.host, to.options(name, s.TLS)...)
	if err != nil {
		return nil, ErrServerURL
	}
	return &Sender{client: client, from: from, domain: name, head: s.Letterhead}, nil
}

func (s server) options(helo string, encryption *tls.Config) []gomail.Option {
	port, _ := strconv.Atoi(s.port) // url.Parse lets only digits through; the client refuses 0
	o := []gomail.Option{gomail.WithPort(port), gomail.WithTimeout(sendTimeout), gomail.WithHELO(helo)}
	if encryption != nil {
		o = append(o, gomail.WithTLSConfig(encryption))
	}
	auth := gomail.SMTPAuthAutoDiscover
	switch {
	case s.tls:
		o = append(o, gomail.WithSSL())
	case s.user != "" && !s.local():
		o = append(o, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		o = append(o, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
		auth = gomail.SMTPAuthPlain
	}
	if s.user != "" {
		o = append(o, gomail.WithSMTPAuth(auth), gomail.WithUsername(s.user), gomail.WithPassword(s.password))
	}
	return o
}

// Send sends one mail with its link, the zero one for none. Any error is an *Error.
func (s *Sender) Send(ctx context.Context, m domain.Mail, link domain.MailLink) error {
	msg, err := s.message(m, link)
	if err != nil {
		return &Error{Err: err, Final: true}
	}
	err = s.client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() {
		return nil // the server has it; a broken farewell must not send it twice
	}
	return &Error{Err: err, Final: refused(err)}
}

// refused tells whether the server said a lasting no to the message itself. A
// failed sign-in at the server is ours to repair, and worth another try.
func refused(err error) bool {
	var e *gomail.SendError
	return errors.As(err, &e) && e.ErrorCode() >= 500
}

func (s *Sender) message(m domain.Mail, link domain.MailLink) (*gomail.Msg, error) {
	subject, text, html, err := s.head.Render(m, link)
	if err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(s.from)
	if err := msg.AddToFormat(bare(m.Name), m.To); err != nil {
		return nil, errors.New("the address cannot be used")
	}
	if s.head.Contact != "" {
		if err := msg.ReplyTo(s.head.Contact); err != nil {
			return nil, errors.New("the section’s contact address cannot be used for replies")
		}
	}
	msg.SetMessageIDWithValue(m.ID + "@" + s.domain) // the same at every attempt
	msg.SetUserAgent("Lectern")
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.Subject(subject)
	msg.SetBodyString(gomail.TypeTextPlain, text)
	msg.AddAlternativeString(gomail.TypeTextHTML, html)
	return msg, nil
}
