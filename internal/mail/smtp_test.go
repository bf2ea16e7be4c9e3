package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"mime"
	"net"
	"net/mail"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"lectern/domain"
)

// postOffice is a mail server on loopback that keeps what it gets.
type postOffice struct {
	address string
	refuse  error  // what it answers to every recipient
	secret  string // the password it wants; "": none

	mu   sync.Mutex
	got  []received
	helo string
}

type received struct {
	to        []string
	encrypted bool
	signedIn  bool
	text      string
}

type visit struct {
	office *postOffice
	conn   *smtp.Conn
	now    received
}

func (o *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.helo = c.Hostname()
	return &visit{office: o, conn: c}, nil
}

func (v *visit) AuthMechanisms() []string {
	if v.office.secret == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "lectern" || password != v.office.secret {
			return smtp.ErrAuthFailed
		}
		v.now.signedIn = true
		return nil
	}), nil
}

func (v *visit) Reset()                               {}
func (v *visit) Logout() error                        { return nil }
func (v *visit) Mail(string, *smtp.MailOptions) error { return nil }
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.now.to = append(v.now.to, to)
	return v.office.refuse
}

func (v *visit) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	_, v.now.encrypted = v.conn.TLSConnectionState()
	v.now.text = string(b)
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	v.office.got = append(v.office.got, v.now)
	return nil
}

func (o *postOffice) received(t *testing.T) received {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.got) != 1 {
		t.Fatalf("%d messages came, want 1", len(o.got))
	}
	return o.got[0]
}

// open starts a post office that ends with the test. With keys it offers
// STARTTLS, or, wrapped, speaks only TLS.
func open(t *testing.T, o *postOffice, keys *tls.Config, wrapped bool) *postOffice {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.address = l.Addr().String()
	s := smtp.NewServer(o)
	s.Domain, s.AllowInsecureAuth, s.ErrorLog = "localhost", true, log.New(io.Discard, "", 0)
	if wrapped {
		l = tls.NewListener(l, keys)
	} else {
		s.TLSConfig = keys
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return o
}

// keys are a fresh certificate for 127.0.0.1, for the server and for who trusts it.
func keys(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}, MinVersion: tls.VersionTLS12},
		&tls.Config{RootCAs: roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

func dial(t *testing.T, server string, c *tls.Config) *Sender {
	t.Helper()
	s, err := Dial(Settings{Server: server, From: "Lectern <post@lectern.example.org>", Letterhead: head, TLS: c})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var sample = domain.Mail{
	ID: "0199-m", Kind: domain.OutcomeNotice, To: "ana@example.org", Name: "Ana Ruíz",
	Subject: "Accepted: “Über libraries”", Body: "“Über libraries” was decided: accepted.", Link: domain.LinkPage,
}

func TestSend(t *testing.T) {
	t.Parallel()
	o := open(t, &postOffice{}, nil, false)
	if err := dial(t, "smtp://"+o.address, nil).Send(t.Context(), sample, domain.MailLink{URL: "https://lectern.example.org/proposals/27-A-014"}); err != nil {
		t.Fatal(err)
	}
	r := o.received(t)
	msg, err := mail.ReadMessage(strings.NewReader(r.text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil || subject != sample.Subject {
		t.Errorf("subject %q (%v), want %q", subject, err, sample.Subject)
	}
	want := map[string]string{
		"Message-Id": "<0199-m@lectern.example.org>", "User-Agent": "Lectern", "Auto-Submitted": "auto-generated",
		"From": `"Lectern" <post@lectern.example.org>`, "Reply-To": "<lms@example.org>",
	}
	for name, value := range want {
		if got := msg.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if to, err := msg.Header.AddressList("To"); err != nil || to[0].Address != "ana@example.org" || to[0].Name != "Ana Ruíz" {
		t.Errorf("To: %v (%v)", to, err)
	}
	if !strings.HasPrefix(msg.Header.Get("Content-Type"), "multipart/alternative") {
		t.Errorf("Content-Type: %s", msg.Header.Get("Content-Type"))
	}
	host, _ := os.Hostname()
	if strings.Contains(r.text, host) || strings.Contains(o.helo, host) && host != "localhost" {
		t.Errorf("the machine’s name %q is in the message or the greeting %q", host, o.helo)
	}
}

func TestSendEncryptedAndSignedIn(t *testing.T) {
	t.Parallel()
	server, client := keys(t)
	for _, c := range []struct {
		name, scheme string
		keys         *tls.Config
		wrapped      bool
		encrypted    bool
	}{
		{"plain_on_this_machine", "smtp", nil, false, false},
		{"starttls", "smtp", server, false, true},
		{"smtps", "smtps", server, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := open(t, &postOffice{secret: "p@ss word"}, c.keys, c.wrapped)
			if err := dial(t, c.scheme+"://lectern:p%40ss%20word@"+o.address, client).Send(t.Context(), sample, domain.MailLink{}); err != nil {
				t.Fatal(err)
			}
			if r := o.received(t); r.encrypted != c.encrypted || !r.signedIn {
				t.Errorf("encrypted %v, signed in %v, want %v, true", r.encrypted, r.signedIn, c.encrypted)
			}
		})
	}
}

func TestSendRefused(t *testing.T) {
	t.Parallel()
	server, _ := keys(t)
	gone, later := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}, &smtp.SMTPError{Code: 451, Message: "try later"}
	for _, c := range []struct {
		name      string
		office    *postOffice
		keys      *tls.Config
		to, login string
		permanent bool
	}{
		{"no_such_mailbox", &postOffice{refuse: gone}, nil, "ana@example.org", "", true},
		{"try_later", &postOffice{refuse: later}, nil, "ana@example.org", "", false},
		{"wrong_password", &postOffice{secret: "right"}, nil, "ana@example.org", "lectern:wrong@", false},
		{"certificate_not_trusted", &postOffice{}, server, "ana@example.org", "", false},
		{"no_address", &postOffice{}, nil, "ana at example.org", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := open(t, c.office, c.keys, false)
			m := sample
			m.To = c.to
			err := dial(t, "smtp://"+c.login+o.address, nil).Send(t.Context(), m, domain.MailLink{})
			var e *Error
			if !errors.As(err, &e) || e.Permanent() != c.permanent {
				t.Errorf("%v, want an error with Permanent %v", err, c.permanent)
			}
			if len(o.got) != 0 {
				t.Error("a message came all the same")
			}
		})
	}
}

// A server that hangs up as soon as it has taken a message has taken it.
func TestSendThenServerHangsUp(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	took := make(chan bool, 1)
	go func() { took <- takeOne(l) }()
	if err := dial(t, "smtp://"+l.Addr().String(), nil).Send(t.Context(), sample, domain.MailLink{}); err != nil {
		t.Errorf("%v, want it to count as sent", err)
	}
	if !<-took {
		t.Error("the message did not come")
	}
}

func takeOne(l net.Listener) bool {
	c, err := l.Accept()
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	say := func(s string) { _, _ = io.WriteString(c, s+"\r\n") }
	say("220 here")
	in, inData := bufio.NewScanner(c), false
	for in.Scan() {
		switch line := in.Text(); {
		case inData && line == ".":
			say("250 taken")
			return true
		case inData:
		case line == "DATA":
			inData = true
			say("354 go on")
		default:
			say("250 fine")
		}
	}
	return false
}

func TestDial(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address string
		want    server
	}{
		{"smtp://mail.example.org", server{host: "mail.example.org", port: "25"}},
		{"smtp://u:p@mail.example.org", server{host: "mail.example.org", port: "587", user: "u", password: "p"}},
		{"smtps://u:p@mail.example.org", server{host: "mail.example.org", port: "465", user: "u", password: "p", tls: true}},
		{"smtp://[::1]:1025/", server{host: "::1", port: "1025"}},
	} {
		if got, err := parseServer(c.address); err != nil || got != c.want {
			t.Errorf("%s: %+v (%v), want %+v", c.address, got, err, c.want)
		}
	}
	for _, bad := range []string{"", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://u:secret@h/path", "smtp://u:sec%ret@h"} {
		_, err := Dial(Settings{Server: bad, From: "post@example.org"})
		if !errors.Is(err, ErrServerURL) || strings.Contains(err.Error(), "sec") {
			t.Errorf("%q: %v, want ErrServerURL without the password", bad, err)
		}
	}
	if _, err := Dial(Settings{Server: "smtp://localhost", From: "Lectern"}); err == nil {
		t.Error("a sender without an address was taken")
	}
}
