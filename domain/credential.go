package domain

import (
	"slices"
	"time"
)

// CredentialKind tells browser sessions and API tokens apart.
type CredentialKind string

// The kinds of credential.
const (
	SessionCredential CredentialKind = "session"
	TokenCredential   CredentialKind = "token"
)

// Scope limits what an API token may do.
type Scope string

// The scopes.
const (
	ScopeRead  Scope = "read"
	ScopeWrite Scope = "write"
)

// Credential lets a person in until it expires or is revoked. Only the SHA-256
// of its secret is kept.
type Credential struct {
	ID        string
	Kind      CredentialKind
	PersonID  string
	Name      string // of a token: what it is for; of a session: the browser
	Hash      string // hex SHA-256 of the secret
	Scopes    []Scope
	CreatedAt time.Time
	ExpiresAt time.Time
	LastUsed  *time.Time
}

// May tells whether the credential covers the scope; a session covers all.
func (c Credential) May(s Scope) bool {
	return c.Kind == SessionCredential || slices.Contains(c.Scopes, s) || s == ScopeRead && slices.Contains(c.Scopes, ScopeWrite)
}

// SignIn is a one-time link that was asked for. The link itself is derived, never stored.
type SignIn struct {
	ID        string
	PersonID  string
	Next      string // the page to open afterwards
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}
