package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"lectern/api"
	"lectern/domain"
	"lectern/internal/store"
	"lectern/workflows"
)

type adminCommand struct {
	Email string `required:"" help:"Address of the person."`
	Name  string `help:"Name, for a person who is not there yet (default: the part before the @)."`
}

// Run makes a person an administrator and prints a one-time sign-in link.
func (a adminCommand) Run(ctx context.Context, c Config, s streams) error {
	return withHouse(ctx, c, s, func(h *house) error {
		name := a.Name
		if name == "" {
			name, _, _ = strings.Cut(a.Email, "@")
		}
		if err := h.makeAdmin(ctx, domain.FoldEmail(a.Email), name); err != nil {
			return err
		}
		return h.printLink(ctx, s, a.Email)
	})
}

// makeAdmin adds the person when they are not there, and gives them the role.
func (h *house) makeAdmin(ctx context.Context, email, name string) error {
	_, err := store.Write(ctx, h.store, func(tx *store.Tx) (struct{}, error) {
		p, err := tx.PersonByEmail(email)
		if domain.IsKind(err, domain.NotFound) {
			p = domain.Person{ID: newID(), Version: 1, Name: name, Email: email}
			if err = domain.Refuse(p.Check()...); err == nil {
				err = tx.AddPerson(p)
			}
		}
		if err != nil {
			return struct{}{}, err
		}
		if err := tx.Grant(p.ID, domain.Admin); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.Audit(store.AuditLine{ID: newID(), At: h.base.Now(), ActorName: "lectern admin", Action: "grant", Noun: "role", SubjectID: p.ID, Detail: string(domain.Admin)})
	})
	return err
}

type signInCommand struct {
	Email string `required:"" help:"Address of a person who is there."`
}

// Run prints a one-time sign-in link, for servers without mail.
func (i signInCommand) Run(ctx context.Context, c Config, s streams) error {
	return withHouse(ctx, c, s, func(h *house) error { return h.printLink(ctx, s, i.Email) })
}

func (h *house) printLink(ctx context.Context, s streams, email string) error {
	link, err := h.access.SignInLink(ctx, email, "/", h.config.LinkLife)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, link)
	return err
}

type tokenCommand struct {
	Email   string        `required:"" help:"Address of the person the token acts for."`
	Name    string        `required:"" help:"What the token is for."`
	Scope   []string      `enum:"read,write" default:"read" help:"read, write, or both."`
	Expires time.Duration `default:"2160h" help:"How long it works."`
}

// Run prints an API token once.
func (t tokenCommand) Run(ctx context.Context, c Config, s streams) error {
	return withHouse(ctx, c, s, func(h *house) error {
		secret, err := h.token(ctx, t.Email, t.Name, t.Scope, t.Expires)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(s.out, secret)
		return err
	})
}

type openAPICommand struct{}

// Run prints the description of the API.
func (openAPICommand) Run(s streams) error {
	_, err := s.out.Write(api.OpenAPI)
	return err
}

func withHouse(ctx context.Context, c Config, s streams, do func(*house) error) error {
	st, err := openStore(ctx, c, store.Options{NoMigrate: c.NoMigrate})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	h, err := build(ctx, c, st, realNow, s)
	if err != nil {
		return err
	}
	return do(h)
}

func (h *house) token(ctx context.Context, email, name string, scopes []string, life time.Duration) (string, error) {
	who, err := store.Read(ctx, h.store, func(tx *store.Tx) (domain.Actor, error) {
		p, err := tx.PersonByEmail(email)
		if err != nil {
			return domain.Actor{}, err
		}
		return tx.ActorOf(p.ID, h.access.Today())
	})
	if err != nil {
		return "", err
	}
	wish := workflows.TokenWish{Name: name}
	for _, s := range scopes {
		wish.Scopes = append(wish.Scopes, domain.Scope(s))
	}
	until := realNow().Add(life)
	wish.ExpiresAt = &until
	t, err := h.access.MakeToken(ctx, who, wish)
	return t.Secret, err
}
