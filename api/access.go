package api

import (
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// meOut is who asks, as rights see them today.
type meOut struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	Email      string        `json:"email"`
	Zone       string        `json:"zone"`
	Theme      string        `json:"theme"`
	Today      domain.Date   `json:"today"`
	Roles      []domain.Role `json:"roles"`
	Terms      []myTermOut   `json:"terms"`
	Credential credentialOut `json:"credential"`
}

// myTermOut is a time in a group.
type myTermOut struct {
	ID       string          `json:"id"`
	Group    myGroupOut      `json:"group"`
	Role     domain.TermRole `json:"role"`
	StartsOn domain.Date     `json:"starts_on"`
	EndsOn   domain.Date     `json:"ends_on"`
	Current  bool            `json:"current"`
}

// myGroupOut names a group.
type myGroupOut struct {
	ID   string           `json:"id"`
	Slug string           `json:"slug"`
	Name string           `json:"name"`
	Kind domain.GroupKind `json:"kind"`
}

// credentialOut is what a request was let in by.
type credentialOut struct {
	Kind      domain.CredentialKind `json:"kind"`
	Scopes    []domain.Scope        `json:"scopes"`
	ExpiresAt time.Time             `json:"expires_at"`
}

func (s *Server) me(c *Call, _ struct{}) (meOut, error) {
	a := c.Actor
	out := meOut{
		ID: a.ID, Name: a.Name, Email: a.Email, Zone: a.Zone, Theme: a.Theme, Today: a.Today,
		Roles: append([]domain.Role{}, a.Roles...), Terms: make([]myTermOut, len(a.Terms)),
		Credential: credentialOut{Kind: c.Credential.Kind, Scopes: scopesOf(c.Credential), ExpiresAt: c.Credential.ExpiresAt},
	}
	for i, t := range a.Terms {
		out.Terms[i] = myTermOut{
			ID: t.ID, Group: myGroupOut{t.GroupID, t.GroupSlug, t.GroupName, t.GroupKind},
			Role: t.Role, StartsOn: t.StartsOn, EndsOn: t.EndsOn, Current: t.On(a.Today),
		}
	}
	return out, nil
}

// scopesOf are all scopes a credential covers.
func scopesOf(c domain.Credential) []domain.Scope {
	covered := []domain.Scope{}
	for _, s := range []domain.Scope{domain.ScopeRead, domain.ScopeWrite} {
		if c.May(s) {
			covered = append(covered, s)
		}
	}
	return covered
}

type signInLinkIn struct {
	Email string `json:"email" validate:"required,email,max=254"`
	Next  string `json:"next" validate:"max=500"`
}

// signInLinkOut is the same for every address.
type signInLinkOut struct {
	Detail string `json:"detail"`
}

const linkSent = "If the address is known, a link is on its way. It works once, for a short time."

func (s *Server) askSignIn(c *Call, in signInLinkIn) (signInLinkOut, error) {
	return signInLinkOut{linkSent}, s.sendLink(c, in)
}

// sendLink mails a link, if the network's address and the mail address have not
// asked too often. Both are counted before anybody knows whose address it is.
func (s *Server) sendLink(c *Call, in signInLinkIn) error {
	if err := s.links.take(s.realNow(), c.RealIP()); err != nil {
		return err
	}
	if err := s.letters.take(s.realNow(), domain.FoldEmail(in.Email)); err != nil {
		return err
	}
	return s.Access.AskSignIn(c.Ctx(), in.Email, in.Next)
}

func (s *Server) signOut(c *Call, _ struct{}) (nothing, error) {
	if c.Credential.Kind != domain.SessionCredential {
		return nothing{}, domain.Refuse(domain.Because("", "no_session", "This request came with a token, not with a session. Revoke the token instead."))
	}
	s.dropSession(c)
	return nothing{}, s.Access.End(c.Ctx(), c.Actor, domain.SessionCredential, c.Credential.ID)
}

// tokenOut is an API token. Token is its secret, in the answer to the request
// that made it and never again.
type tokenOut struct {
	ID        string         `json:"id"`
	Version   int            `json:"version"`
	Name      string         `json:"name"`
	Scopes    []domain.Scope `json:"scopes"`
	CreatedAt time.Time      `json:"created_at"`
	ExpiresAt time.Time      `json:"expires_at"`
	LastUsed  *time.Time     `json:"last_used"`
	Token     string         `json:"token,omitempty"`
}

func (t tokenOut) etag() int        { return t.Version }
func (t tokenOut) location() string { return "/tokens/" + t.ID }

// tokenVersion: a token never changes, it is made and revoked.
const tokenVersion = 1

func tokenJSON(c domain.Credential) tokenOut {
	return tokenOut{ID: c.ID, Version: tokenVersion, Name: c.Name, Scopes: scopesOf(c), CreatedAt: c.CreatedAt, ExpiresAt: c.ExpiresAt, LastUsed: c.LastUsed}
}

func (s *Server) listTokens(c *Call, in listIn) (list[tokenOut], error) {
	from, err := after[string](in, "tokens")
	if err != nil {
		return list[tokenOut]{}, err
	}
	all, err := s.Access.Credentials(c.Ctx(), c.Actor, domain.TokenCredential)
	if err != nil {
		return list[tokenOut]{}, err
	}
	for i, t := range all {
		if from != nil && t.ID == *from {
			all = all[i+1:]
			break
		}
	}
	return pageOf(all, in, "tokens", tokenJSON, func(c domain.Credential) string { return c.ID })
}

type tokenIn struct {
	Name      string         `json:"name" validate:"required,max=100"`
	Scopes    []domain.Scope `json:"scopes" validate:"max=2,dive,oneof=read write"`
	ExpiresAt *time.Time     `json:"expires_at"`
}

func (s *Server) makeToken(c *Call, in tokenIn) (tokenOut, error) {
	made, err := s.Access.MakeToken(c.Ctx(), c.Actor, workflows.TokenWish{Name: in.Name, Scopes: in.Scopes, ExpiresAt: in.ExpiresAt})
	out := tokenJSON(made.Credential)
	out.Token = made.Secret
	return out, err
}

// idIn names a resource by its id.
type idIn struct {
	ID string `json:"-" param:"id"`
}

func (s *Server) getToken(c *Call, in idIn) (tokenOut, error) {
	all, err := s.Access.Credentials(c.Ctx(), c.Actor, domain.TokenCredential)
	if err != nil {
		return tokenOut{}, err
	}
	for _, t := range all {
		if t.ID == in.ID {
			return tokenJSON(t), nil
		}
	}
	return tokenOut{}, domain.NotThere("token")
}

func (s *Server) revokeToken(c *Call, in idIn) (nothing, error) {
	if _, err := s.getToken(c, in); err != nil {
		return nothing{}, err
	}
	if c.IfMatch > tokenVersion {
		return nothing{}, domain.StaleVersion("token")
	}
	return nothing{}, s.Access.End(c.Ctx(), c.Actor, domain.TokenCredential, in.ID)
}
