package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"lectern/api"
	"lectern/domain"
	"lectern/internal/jobs"
	"lectern/internal/mail"
	"lectern/internal/store"
	"lectern/workflows"
)

// house is everything that runs together in one process.
type house struct {
	config Config
	store  *store.Store
	base   workflows.Base // on the clock that rules go by
	access workflows.Access
	server *api.Server
	outbox workflows.Outbox
	mailer workflows.Mailer // nil: mails wait
	log    *slog.Logger
}

// build wires a house over an open store. The clock is the one that rules go by.
func build(ctx context.Context, c Config, st *store.Store, clock func() time.Time, s streams) (*house, error) {
	keys, err := signingKeys(c)
	if err != nil {
		return nil, err
	}
	h := &house{config: c, store: st, log: newLog(c, s)}
	h.base = workflows.Base{Store: st, Now: clock, NewID: newID}
	links := workflows.Links{BaseURL: c.BaseURL, Keys: keys}
	h.access = workflows.Access{Base: h.base, RealNow: realNow, NewSecret: rand.Text, Links: links, Zone: domain.Zone(c.Zone), LinkLife: c.LinkLife, SessionLife: c.SessionLife}
	h.outbox = workflows.Outbox{Base: h.base, Links: links.ForMails(st)}
	if h.mailer, err = newMailer(ctx, c, st); err != nil {
		return nil, err
	}
	proxies, err := parseProxies(c.TrustedProxies)
	if err != nil {
		return nil, err
	}
	h.server = &api.Server{
		Settings: api.Settings{BaseURL: c.BaseURL, TrustedProxies: proxies, BodyLimit: c.BodyLimit, ImportLimit: c.ImportLimit, WritesPerMinute: c.WritesPerMin},
		Access:   h.access, Proposals: workflows.Proposals{Base: h.base}, Outbox: h.outbox, Log: h.log, Section: sectionOf(st),
	}
	return h, nil
}

func newLog(c Config, s streams) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: level}))
}

// signingKeys are the setting's keys. An embedded database without the setting
// gets a key of its own, kept beside it; several instances must be told theirs.
func signingKeys(c Config) ([]string, error) {
	if c.Secret != "" {
		return workflows.SplitKeys(c.Secret), nil
	}
	if store.IsPostgres(c.Database) {
		return nil, errors.New("set LECTERN_SECRET, the same for every instance: 32 characters or more that nobody can guess")
	}
	path := filepath.Join(filepath.Dir(c.Database), "secret")
	if key, err := os.ReadFile(path); err == nil {
		return workflows.SplitKeys(string(key)), nil
	}
	key := rand.Text() + rand.Text()
	if err := os.WriteFile(path, []byte(key+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("keep the signing key: %w", err)
	}
	return []string{key}, nil
}

func newMailer(ctx context.Context, c Config, st *store.Store) (workflows.Mailer, error) {
	if c.SMTPURL == "" {
		return nil, nil //nolint:nilnil // no mail server: mails wait in the outbox
	}
	name, contact := sectionOf(st)(ctx)
	sender, err := mail.Dial(mail.Settings{Server: c.SMTPURL, From: c.MailFrom, Letterhead: mail.Letterhead{Section: name, Contact: contact}})
	if err != nil {
		return nil, fmt.Errorf("LECTERN_SMTP_URL or LECTERN_MAIL_FROM: %w", err)
	}
	return sender, nil
}

func parseProxies(list []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, p := range list {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			return nil, fmt.Errorf("LECTERN_TRUSTED_PROXIES: %w", err)
		}
		all = append(all, prefix)
	}
	return all, nil
}

// sectionOf gives the section's name and contact for the foot of pages; both
// empty before a section was imported.
func sectionOf(st *store.Store) func(context.Context) (name, contact string) {
	return func(ctx context.Context) (string, string) {
		all, err := store.Read(ctx, st, func(tx *store.Tx) ([]domain.Section, error) { return tx.Sections() })
		if err != nil || len(all) == 0 {
			return "", ""
		}
		return all[0].Name, all[0].Contact
	}
}

// tasks are what is done again and again while serving.
func (h *house) tasks() []jobs.Task {
	reminders := workflows.Reminders{Base: h.base}
	return []jobs.Task{
		{Name: "mail", Every: 5 * time.Second, Do: func(ctx context.Context) error {
			_, _, err := h.outbox.SendAll(ctx, h.mailer)
			return err
		}},
		{Name: "reminders", Every: 30 * time.Second, Do: func(ctx context.Context) error { return reminders.Run(ctx, h.base.Now()) }},
		{Name: "batches", Every: time.Minute, Do: func(ctx context.Context) error {
			return workflows.Decisions{Base: h.base}.Resume(ctx, domain.Zone(h.config.Zone))
		}},
		{Name: "expiry", Every: time.Hour, Do: func(ctx context.Context) error {
			_, err := reminders.Expire(ctx, realNow())
			return err
		}},
	}
}

type serveCommand struct{}

// Run serves until it is told to stop, and then finishes what it accepted.
func (serveCommand) Run(ctx context.Context, c Config, s streams) error {
	st, err := openStore(ctx, c, store.Options{NoMigrate: c.NoMigrate})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	h, err := build(ctx, c, st, realNow, s)
	if err != nil {
		return err
	}
	l, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(s.out, "Lectern listens on %s\n", c.BaseURL)
	h.hints(ctx, s)
	return h.serve(ctx, l, h.tasks())
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	return l, nil
}

// hints says on an empty database what to do first.
func (h *house) hints(ctx context.Context, s streams) {
	if name, _ := h.server.Section(ctx); name == "" {
		_, _ = fmt.Fprintln(s.out, "There is no section yet. Load the one Lectern comes with:  lectern import section default")
	}
	admins, err := store.Read(ctx, h.store, func(tx *store.Tx) ([]domain.Person, error) { return tx.PeopleWith(domain.Admin) })
	if err == nil && len(admins) == 0 {
		_, _ = fmt.Fprintln(s.out, "There is no administrator yet. Make yourself one:  lectern admin --email you@example.org")
	}
}

const (
	readHeaderPatience = 10 * time.Second
	idlePatience       = 2 * time.Minute
	stopPatience       = 30 * time.Second
)

// serve answers requests and runs tasks until ctx ends; then it takes nothing
// new and finishes what it has.
func (h *house) serve(ctx context.Context, l net.Listener, tasks []jobs.Task) error {
	web := &http.Server{Handler: h.server.Handler(), ReadHeaderTimeout: readHeaderPatience, IdleTimeout: idlePatience, ErrorLog: slog.NewLogLogger(h.log.Handler(), slog.LevelWarn)}
	background, endTasks := context.WithCancel(context.WithoutCancel(ctx))
	defer endTasks()
	tasksDone := make(chan struct{})
	go func() {
		defer close(tasksDone)
		jobs.Engine{Log: h.log, Now: realNow}.Run(background, tasks...)
	}()
	debug.FreeOSMemory() // what starting took and serving does not need
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	err := web.Shutdown(stop)
	h.server.Wait()
	endTasks()
	<-tasksDone
	return err
}
