package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"lectern/api"
	"lectern/domain"
	"lectern/internal/demo"
	"lectern/internal/jobs"
	"lectern/internal/store"
)

type demoCommand struct {
	Now string `help:"The demonstration's day or time, 2026-09-18 or RFC 3339 (default: where it was left, or the first scene)."`
}

// Run serves the demonstration until it is told to stop.
func (d demoCommand) Run(ctx context.Context, c Config, s streams) error {
	at, err := d.at(c)
	if err != nil {
		return err
	}
	if c, err = demoPlace(c); err != nil {
		return err
	}
	st, err := openStore(ctx, c, store.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	keys, err := signingKeys(c)
	if err != nil {
		return err
	}
	stage, err := demo.Open(ctx, st, keys, realNow, at)
	if err != nil {
		return err
	}
	l, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	c.BaseURL = "http://" + l.Addr().String()
	h, err := build(ctx, c, st, stage.Now, s)
	if err != nil {
		return err
	}
	h.outbox.ShowLinks = true
	h.server.Outbox, h.server.Demo = h.outbox, onStage{stage}
	if err := h.introduce(ctx, c, stage, s); err != nil {
		return err
	}
	return h.serve(ctx, l, []jobs.Task{{Name: "demo", Every: time.Minute, Do: stage.CatchUp}})
}

// at reads the day or instant asked for; zero when none was.
func (d demoCommand) at(c Config) (time.Time, error) {
	if d.Now == "" {
		return time.Time{}, nil
	}
	if day := domain.Date(d.Now); day.Valid() {
		return day.Midnight(domain.Zone(c.Zone)).Add(9 * time.Hour).UTC(), nil
	}
	t, err := time.Parse(time.RFC3339, d.Now)
	if err != nil {
		return t, fmt.Errorf("--now: write a day, 2026-09-18, or a time, 2026-09-18T14:00:00Z")
	}
	return t.UTC(), nil
}

// demoPlace is where the demonstration keeps its data: not where the real thing does.
func demoPlace(c Config) (Config, error) {
	if !c.chosen.data {
		cache, err := os.UserCacheDir()
		if err != nil {
			return c, fmt.Errorf("find a folder for the demonstration (use --data): %w", err)
		}
		c.Data = filepath.Join(cache, "lectern")
	}
	if !c.chosen.database {
		c.Database = filepath.Join(c.Data, "demo.db")
	}
	if c.Secret == "" && store.IsPostgres(c.Database) {
		c.Secret = "the demonstration signs with a key that everybody knows"
	}
	return c, ensureFolder(c.Data)
}

// onStage shows the stage to the pages.
type onStage struct{ *demo.Stage }

// Days are the first and the last day of the program year played.
func (onStage) Days() (from, to domain.Date) { return "2026-07-01", "2027-06-30" }

// Personas are the people a visitor can be.
func (o onStage) Personas() []api.Persona {
	var all []api.Persona
	for _, p := range o.Stage.Personas() {
		all = append(all, api.Persona{Key: p.Key, Name: p.Name, Role: p.Role})
	}
	return all
}

// Scenes are the scenes in the order of the year.
func (o onStage) Scenes() []api.Scene {
	var all []api.Scene
	for _, sc := range o.Stage.Scenes() {
		all = append(all, api.Scene{Key: sc.Key, At: sc.At, Persona: sc.Persona.Key, Title: sc.Title, Story: sc.Story, Point: sc.Point})
	}
	return all
}

// played is what demo.json tells programs about the running demonstration.
type played struct {
	URL      string          `json:"url"`
	Now      time.Time       `json:"now"`
	Personas []playedPersona `json:"personas"`
}

type playedPersona struct {
	Role      string `json:"role"`
	Name      string `json:"name"`
	Email     string `json:"email"`
	Token     string `json:"token"`
	SignInURL string `json:"sign_in_url"`
}

const demoLinkLife = 24 * time.Hour

// introduce prints the address and a sign-in link for each persona, and writes demo.json.
func (h *house) introduce(ctx context.Context, c Config, stage *demo.Stage, s streams) error {
	out := played{URL: c.BaseURL, Now: stage.Now()}
	_, _ = fmt.Fprintf(s.out, "\nThe demonstration is at  %s/demo\nIt is %s there. Everything in it is invented. Stop it with Ctrl-C.\n\n", c.BaseURL, domain.LongDay(out.Now, c.Zone))
	for _, p := range stage.Personas() {
		link, err := h.access.SignInLink(ctx, p.Email, "/", demoLinkLife)
		if err != nil {
			return err
		}
		token, err := h.token(ctx, p.Email, "demo.json", []string{"read", "write"}, demoLinkLife)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(s.out, "  %-18s %-22s %s\n", p.Name, p.Role, link)
		out.Personas = append(out.Personas, playedPersona{Role: p.Key, Name: p.Name, Email: p.Email, Token: token, SignInURL: link})
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.Data, "demo.json"), append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write demo.json: %w", err)
	}
	return nil
}
