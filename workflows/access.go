package workflows

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// TokenPrefix begins every API token, so that one that got out is recognised.
const TokenPrefix = "lct_"

// lastUsedEvery is how exactly the last use of a credential is known: noting
// every request would turn each read into a write.
const lastUsedEvery = time.Hour

// Access lets people in: one-time links, sessions and API tokens.
type Access struct {
	Base
	RealNow     func() time.Time // the real time, UTC: links and sessions do not travel with the demo's clock
	NewSecret   func() string    // at least 130 random bits, as letters and digits
	Links       Links
	Zone        *time.Location // the section's: its day decides which terms hold
	LinkLife    time.Duration  // 15 minutes
	SessionLife time.Duration  // 14 days
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Identify finds who asks by the secret of their session or token, in one
// statement. Nobody (an actor who is not signed in) when it is unknown or expired.
func (w Access) Identify(ctx context.Context, secret string) (domain.Actor, domain.Credential, error) {
	type found struct {
		actor domain.Actor
		by    domain.Credential
	}
	f, err := store.Read(ctx, w.Store, func(tx *store.Tx) (f found, err error) {
		f.actor, f.by, err = tx.ActorByHash(hashOf(secret), w.realNow(), w.Today())
		return f, err
	})
	return f.actor, f.by, err
}

// Today is the day in the section's zone, by the workflows' clock.
func (w Access) Today() domain.Date { return domain.DateOf(w.Now(), w.Zone) }

func (w Access) realNow() time.Time { return w.RealNow().UTC().Truncate(time.Microsecond) }

// Stale tells whether the last use of a credential was noted so long ago that
// Note should be called.
func (w Access) Stale(c domain.Credential) bool {
	return c.LastUsed == nil || c.LastUsed.Before(w.realNow().Add(-lastUsedEvery))
}

// Note keeps that a credential was used, at most once an hour.
func (w Access) Note(ctx context.Context, c domain.Credential) error {
	now := w.realNow()
	return w.write(ctx, func(tx *store.Tx) error { return tx.TouchCredential(c.ID, now, now.Add(-lastUsedEvery)) })
}

// Renew gives a session its full life again once half of it is over. True when
// it did: the cookie has to be sent again.
func (w Access) Renew(ctx context.Context, c domain.Credential) (bool, error) {
	now := w.realNow()
	if c.Kind != domain.SessionCredential || c.ExpiresAt.After(now.Add(w.SessionLife/2)) {
		return false, nil
	}
	return true, w.write(ctx, func(tx *store.Tx) error { return tx.ExtendCredential(c.ID, now.Add(w.SessionLife)) })
}

// write runs a workflow that answers nothing.
func (b Base) write(ctx context.Context, work func(*store.Tx) error) error {
	_, err := store.Write(ctx, b.Store, func(tx *store.Tx) (struct{}, error) { return struct{}{}, work(tx) })
	return err
}

// AskSignIn mails a one-time link to the address, if it is somebody's. The
// answer is the same when it is nobody's, and so is the work: the same
// statements and one commit, so that the time tells nothing either.
func (w Access) AskSignIn(ctx context.Context, email, next string) error {
	return w.write(ctx, func(tx *store.Tx) error {
		p, err := tx.PersonByEmail(email)
		if domain.IsKind(err, domain.NotFound) {
			return w.pretend(tx)
		}
		if err != nil {
			return err
		}
		s := w.newSignIn(p.ID, next, w.LinkLife)
		if err := tx.AddSignIn(s); err != nil {
			return err
		}
		return w.tell(tx, signInLetter(p, s.ID), p)
	})
}

func (w Access) newSignIn(personID, next string, life time.Duration) domain.SignIn {
	now := w.realNow()
	return domain.SignIn{ID: w.NewID(), PersonID: personID, Next: LocalPath(next), CreatedAt: now, ExpiresAt: now.Add(life)}
}

func signInLetter(p domain.Person, id string) letter {
	return letter{
		kind: domain.SignInLink, cause: id, about: p.ID, subject: "Your sign-in link for Lectern",
		body: []string{
			"Somebody, most likely you, asked to sign in to Lectern with this address. The link below works once, for a short time.",
			"If it was not you, do nothing: without the link nobody gets in.",
		},
		link: domain.LinkSignIn, linkTo: id,
	}
}

// pretend does for an unknown address what is done for a known one, and leaves nothing.
func (w Access) pretend(tx *store.Tx) error {
	id := w.NewID()
	nobody := domain.Person{ID: id, Name: "nobody", Email: "nobody@lectern.invalid"}
	if err := w.tell(tx, signInLetter(nobody, id), nobody); err != nil {
		return err
	}
	return tx.UntellCause(id)
}

// SignInLink makes a one-time link for the person with the address, to be
// printed rather than mailed. NotFound when there is no such person.
func (w Access) SignInLink(ctx context.Context, email, next string, life time.Duration) (string, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (string, error) {
		p, err := tx.PersonByEmail(email)
		if err != nil {
			return "", err
		}
		s := w.newSignIn(p.ID, next, life)
		return w.Links.SignInURL(s.ID), tx.AddSignIn(s)
	})
}

// CheckSignIn tells whether a one-time link would work, without using it up.
// Gone when it was used, has expired, or is none of ours.
func (w Access) CheckSignIn(ctx context.Context, token string) (domain.SignIn, error) {
	id, ok := w.Links.SignInID(token)
	if !ok {
		return domain.SignIn{}, linkGone()
	}
	s, err := store.Read(ctx, w.Store, func(tx *store.Tx) (domain.SignIn, error) { return tx.SignIn(id) })
	if domain.IsKind(err, domain.NotFound) || err == nil && (s.UsedAt != nil || !s.ExpiresAt.After(w.realNow())) {
		return domain.SignIn{}, linkGone()
	}
	return s, err
}

func linkGone() error {
	return domain.Refuse(domain.Reason{Kind: domain.Gone, Code: "link_expired", Detail: "This sign-in link was used already, or its time is over. Ask for a new one."})
}

// Session is a new session with the secret that its cookie carries, and the
// page to open.
type Session struct {
	domain.Credential
	Secret string
	Next   string
}

// SignIn uses a one-time link up and starts a session. Of many calls with one
// link, one succeeds; Gone for the others. The browser's name is kept for the
// person's list of sessions.
func (w Access) SignIn(ctx context.Context, token, browser string) (Session, error) {
	if _, err := w.CheckSignIn(ctx, token); err != nil {
		return Session{}, err
	}
	id, _ := w.Links.SignInID(token)
	return store.Write(ctx, w.Store, func(tx *store.Tx) (Session, error) {
		won, err := tx.UseSignIn(id, w.realNow())
		if err != nil {
			return Session{}, err
		}
		if !won {
			return Session{}, linkGone()
		}
		s, err := tx.SignIn(id)
		if err != nil {
			return Session{}, err
		}
		made, err := w.begin(tx, s.PersonID, browser)
		made.Next = s.Next
		return made, err
	})
}

// SessionFor starts a session for a person without a link: only for the
// demonstration's bar. NotFound when there is no such person.
func (w Access) SessionFor(ctx context.Context, personID, browser string) (Session, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (Session, error) {
		if _, err := tx.Person(personID); err != nil {
			return Session{}, err
		}
		return w.begin(tx, personID, browser)
	})
}

func (w Access) begin(tx *store.Tx, personID, browser string) (Session, error) {
	now, secret := w.realNow(), w.NewSecret()
	c := domain.Credential{
		ID: w.NewID(), Kind: domain.SessionCredential, PersonID: personID, Name: browser, Hash: hashOf(secret),
		CreatedAt: now, ExpiresAt: now.Add(w.SessionLife), LastUsed: &now,
	}
	return Session{Credential: c, Secret: secret}, tx.AddCredential(c)
}

// End ends one of a person's own sessions or tokens. NotFound when it is not theirs.
func (w Access) End(ctx context.Context, who domain.Actor, kind domain.CredentialKind, id string) error {
	return w.write(ctx, func(tx *store.Tx) error { return tx.RemoveCredential(who.ID, id, kind) })
}

// Credentials are a person's own sessions or tokens that work, newest first.
func (w Access) Credentials(ctx context.Context, who domain.Actor, kind domain.CredentialKind) ([]domain.Credential, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]domain.Credential, error) {
		return tx.Credentials(who.ID, kind, w.realNow())
	})
}

// TokenWish is what a new token shall be.
type TokenWish struct {
	Name      string
	Scopes    []domain.Scope // read, write; none: read
	ExpiresAt *time.Time     // nil: in 90 days
}

const (
	tokenLife    = 90 * 24 * time.Hour
	maxTokenLife = 366 * 24 * time.Hour
	maxTokenName = 100
)

// Token is a new API token with its secret, which is shown once.
type Token struct {
	domain.Credential
	Secret string
}

// MakeToken makes an API token for the person themself. Invalid for a name that
// is missing or too long, an unknown scope, or an expiry that is past or more
// than a year away.
func (w Access) MakeToken(ctx context.Context, who domain.Actor, wish TokenWish) (Token, error) {
	now := w.realNow()
	c := domain.Credential{
		ID: w.NewID(), Kind: domain.TokenCredential, PersonID: who.ID, Name: oneLine(wish.Name), Scopes: wish.Scopes,
		CreatedAt: now, ExpiresAt: now.Add(tokenLife),
	}
	if wish.ExpiresAt != nil {
		c.ExpiresAt = wish.ExpiresAt.UTC().Truncate(time.Microsecond)
	}
	if len(c.Scopes) == 0 {
		c.Scopes = []domain.Scope{domain.ScopeRead}
	}
	if err := domain.Refuse(checkToken(c, now)...); err != nil {
		return Token{}, err
	}
	secret := TokenPrefix + w.NewSecret()
	c.Hash = hashOf(secret)
	return store.Write(ctx, w.Store, func(tx *store.Tx) (Token, error) {
		if err := tx.AddCredential(c); err != nil {
			return Token{}, err
		}
		return Token{c, secret}, w.audit(tx, who, "make", "token", c.ID, "")
	})
}

func checkToken(c domain.Credential, now time.Time) []domain.Reason {
	var why []domain.Reason
	if c.Name == "" {
		why = append(why, domain.Wrong("/name", "required", "Write what the token is for."))
	}
	if n := len([]rune(c.Name)); n > maxTokenName {
		why = append(why, domain.Wrong("/name", "too_long", "Shorten what the token is for to %d characters.", maxTokenName))
	}
	for _, s := range c.Scopes {
		if !slices.Contains([]domain.Scope{domain.ScopeRead, domain.ScopeWrite}, s) {
			why = append(why, domain.Wrong("/scopes", "not_an_option", "A token may read, or read and write."))
		}
	}
	if !c.ExpiresAt.After(now) || c.ExpiresAt.After(now.Add(maxTokenLife)) {
		why = append(why, domain.Wrong("/expires_at", "out_of_range", "Let the token end within a year from now."))
	}
	return why
}

// Person is the person themself. NotFound when nobody is signed in.
func (w Access) Person(ctx context.Context, who domain.Actor) (domain.Person, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (domain.Person, error) { return tx.Person(who.ID) })
}

// Choose keeps a person's own zone ("" is the section's) and theme ("" is the
// system's). Version is the person's as they saw it, 0 for any. Stale when it
// changed since, Invalid for a zone or theme that does not exist.
func (w Access) Choose(ctx context.Context, who domain.Actor, version int, zone, theme string) (domain.Person, error) {
	if err := domain.Refuse(checkChoice(zone, theme)...); err != nil {
		return domain.Person{}, err
	}
	return store.Write(ctx, w.Store, func(tx *store.Tx) (domain.Person, error) {
		p, err := tx.Person(who.ID)
		if err != nil {
			return p, err
		}
		if version != 0 && version != p.Version {
			return p, domain.StaleVersion("account")
		}
		p.Version, p.Zone, p.Theme = p.Version+1, zone, theme
		return p, tx.ChangePerson(p)
	})
}

func checkChoice(zone, theme string) []domain.Reason {
	var why []domain.Reason
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		why = append(why, domain.Wrong("/zone", "not_an_option", "We do not know the time zone “%s”. Choose one from the list.", zone))
	}
	if !slices.Contains([]string{"", "light", "dark"}, theme) {
		why = append(why, domain.Wrong("/theme", "not_an_option", "Choose light, dark, or as the device has it."))
	}
	return why
}

// LocalPath is the address of a page of ours, or "" for anything that would
// lead elsewhere.
func LocalPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") || len(next) > 500 {
		return ""
	}
	return next
}
