package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"lectern/domain"
)

type credentialRow struct {
	ID        string `gorm:"primaryKey"`
	Kind      domain.CredentialKind
	PersonID  string
	Name      string
	Hash      string
	Scopes    []domain.Scope `gorm:"serializer:document"`
	CreatedAt time.Time
	ExpiresAt time.Time
	LastUsed  *time.Time
}

func (credentialRow) TableName() string { return "credentials" }

type signInRow struct {
	ID        string `gorm:"primaryKey"`
	PersonID  string
	Next      string
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

func (signInRow) TableName() string { return "sign_ins" }

// Every right of a person hangs on this one statement: it runs before every
// request. A person has few roles and few terms, so their product stays small.
const actorByHash = `SELECT c.id, c.kind, c.name, c.scopes, c.created_at, c.expires_at, c.last_used,
	p.id, p.name, p.email, p.zone, p.theme, p.institution, COALESCE(r.role, ''), COALESCE(q.call_id, ''),
	COALESCE(t.id, ''), COALESCE(t.version, 0), COALESCE(t.group_id, ''), COALESCE(t.role, ''), COALESCE(t.starts_on, ''), COALESCE(t.ends_on, ''),
	COALESCE(g.name, ''), COALESCE(g.slug, ''), COALESCE(g.kind, ''), COALESCE(g.section_id, '')
	FROM credentials c JOIN people p ON p.id = c.person_id
	LEFT JOIN grants r ON r.person_id = p.id
	LEFT JOIN guest_reviewers q ON q.person_id = p.id
	LEFT JOIN terms t ON t.person_id = p.id LEFT JOIN groups g ON g.id = t.group_id
	WHERE c.hash = ? AND c.expires_at > ? ORDER BY t.starts_on, t.id, r.role, q.call_id`

// ActorByHash finds who holds a credential that has not expired at now, with
// all roles and terms, in one statement. The ids are empty when there is none.
func (tx *Tx) ActorByHash(hash string, now time.Time, today domain.Date) (domain.Actor, domain.Credential, error) {
	a, c := domain.Actor{Today: today}, domain.Credential{Hash: hash}
	var scopes []byte
	var role domain.Role
	var guestOf string
	err := tx.ask(func(found row) error {
		var t domain.ActorTerm
		err := found.Scan(&c.ID, &c.Kind, &c.Name, &scopes, &c.CreatedAt, &c.ExpiresAt, &c.LastUsed,
			&a.ID, &a.Name, &a.Email, &a.Zone, &a.Theme, &a.Institution, &role, &guestOf,
			&t.ID, &t.Version, &t.GroupID, &t.Role, &t.StartsOn, &t.EndsOn, &t.GroupName, &t.GroupSlug, &t.GroupKind, &t.SectionID)
		if err != nil {
			return fmt.Errorf("read who asks: %w", err)
		}
		if role != "" && !slices.Contains(a.Roles, role) {
			a.Roles = append(a.Roles, role)
		}
		if guestOf != "" && !slices.Contains(a.GuestOf, guestOf) {
			a.GuestOf = append(a.GuestOf, guestOf)
		}
		if t.ID != "" && !slices.ContainsFunc(a.Terms, func(k domain.ActorTerm) bool { return k.ID == t.ID }) {
			t.PersonID = a.ID
			a.Terms = append(a.Terms, t)
		}
		return nil
	}, actorByHash, hash, now)
	c.PersonID = a.ID
	if err == nil && c.ID != "" {
		if err := json.Unmarshal(scopes, &c.Scopes); err != nil {
			return a, c, fmt.Errorf("read the scopes of credential %s: %w", c.ID, err)
		}
	}
	return a, c, err
}

// AddCredential writes a new session or token.
func (tx *Tx) AddCredential(c domain.Credential) error {
	row := credentialRow(c)
	return tx.db.Create(&row).Error
}

// TouchCredential notes that a credential was used, unless that was noted after before.
func (tx *Tx) TouchCredential(id string, now, before time.Time) error {
	return tx.db.Model(&credentialRow{}).Where("id = ? AND (last_used IS NULL OR last_used < ?)", id, before).Update("last_used", now).Error
}

// ExtendCredential lets a credential live until the instant, if it ended sooner.
func (tx *Tx) ExtendCredential(id string, until time.Time) error {
	return tx.db.Model(&credentialRow{}).Where("id = ? AND expires_at < ?", id, until).Update("expires_at", until).Error
}

// Credentials are a person's sessions or tokens that have not expired, newest first.
func (tx *Tx) Credentials(personID string, kind domain.CredentialKind, now time.Time) ([]domain.Credential, error) {
	var rows []credentialRow
	err := tx.db.Where("person_id = ? AND kind = ? AND expires_at > ?", personID, kind, now).Order("created_at DESC, id DESC").Find(&rows).Error
	return convert(rows, func(r credentialRow) domain.Credential { return domain.Credential(r) }), err
}

// RemoveCredential ends a person's session or token. NotFound when it is not
// there or not theirs.
func (tx *Tx) RemoveCredential(personID, id string, kind domain.CredentialKind) error {
	gone := tx.db.Where("id = ? AND person_id = ? AND kind = ?", id, personID, kind).Delete(&credentialRow{})
	if gone.Error == nil && gone.RowsAffected == 0 {
		return domain.NotThere(string(kind))
	}
	return gone.Error
}

// AddSignIn writes a one-time link that was asked for.
func (tx *Tx) AddSignIn(s domain.SignIn) error {
	row := signInRow(s)
	return tx.db.Create(&row).Error
}

// SignIn finds a one-time link by its id. NotFound when there is none.
func (tx *Tx) SignIn(id string) (domain.SignIn, error) {
	var row signInRow
	err := one(tx.db.Where("id = ?", id).Take(&row), "sign-in link")
	return domain.SignIn(row), err
}

// UseSignIn uses a one-time link up. Of many at once, one gets true; nobody
// does when it has expired or was used.
func (tx *Tx) UseSignIn(id string, now time.Time) (bool, error) {
	used := tx.db.Model(&signInRow{}).Where("id = ? AND used_at IS NULL AND expires_at > ?", id, now).Update("used_at", now)
	return used.RowsAffected == 1, used.Error
}

// UntellCause takes back the mails of a cause, written in the same transaction.
func (tx *Tx) UntellCause(cause string) error {
	return tx.db.Where("cause = ?", cause).Delete(&mailRow{}).Error
}

// Answer is what a request with an idempotency key was answered. Status is 0 in
// the transaction that is about to answer it.
type Answer struct {
	Principal   string // who asked
	Route       string
	Key         string
	Fingerprint string // of method, address and body
	Status      int
	ContentType string
	Location    string
	ETag        string
	Body        string // sealed
	At          time.Time
}

type answerRow struct {
	Principal   string `gorm:"primaryKey"`
	Route       string `gorm:"primaryKey"`
	Key         string `gorm:"primaryKey;column:idempotency_key"`
	Fingerprint string
	Status      int
	ContentType string
	Location    string
	ETag        string `gorm:"column:etag"`
	Body        string
	At          time.Time
}

func (answerRow) TableName() string { return "idempotency" }

// ReserveAnswer takes the key for one request. When it is taken already, false
// and what stands there. While another transaction holds the key it waits for the
// end of that one.
func (tx *Tx) ReserveAnswer(a Answer) (Answer, bool, error) {
	row := answerRow(a)
	made := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if made.Error != nil || made.RowsAffected == 1 {
		return a, made.Error == nil, made.Error
	}
	var there answerRow
	err := tx.db.Where("principal = ? AND route = ? AND idempotency_key = ?", a.Principal, a.Route, a.Key).Take(&there).Error
	return Answer(there), false, err
}

// KeepAnswer writes the answer to the request that reserved the key, in the
// transaction that reserved it.
func (tx *Tx) KeepAnswer(a Answer) error {
	row := answerRow(a)
	return guarded(tx.db.Model(&answerRow{}).Where("principal = ? AND route = ? AND idempotency_key = ? AND status = 0", a.Principal, a.Route, a.Key).
		Select("*").Updates(&row), "answer")
}

// DropAnswer takes away an answer that is not given again any more.
func (tx *Tx) DropAnswer(a Answer) error {
	return tx.db.Where("principal = ? AND route = ? AND idempotency_key = ? AND at = ?", a.Principal, a.Route, a.Key, a.At).
		Delete(&answerRow{}).Error
}
