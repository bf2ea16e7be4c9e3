package workflows

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// Answer is what a request with an idempotency key was answered.
type Answer = store.Answer

const (
	// answerLife is how long an answer is given again.
	answerLife = 24 * time.Hour
	// answerPatience is after how long a request that gave no answer counts as dead.
	answerPatience = 2 * time.Minute
)

// ErrInProgress says that the first request with this key is still at work.
var ErrInProgress = errors.New("the first request with this idempotency key is still at work")

// Reserve takes an idempotency key for a request that is named by Principal,
// Route, Key and Fingerprint. It gives the reservation to be handed to Keep or
// Release; or, when the request was answered before, that answer (Status is not
// 0). ErrInProgress while the first one is at work; Invalid when the key was used
// for another request.
func (w Access) Reserve(ctx context.Context, a Answer) (Answer, error) {
	a.At, a.Status, a.Body = w.realNow(), 0, ""
	mine := false
	there, err := store.Write(ctx, w.Store, func(tx *store.Tx) (there Answer, err error) {
		if there, mine, err = tx.ReserveAnswer(a); err != nil || mine || !w.over(there) {
			return there, err
		}
		mine, err = tx.TakeOverAnswer(a, there.At)
		return there, err
	})
	switch {
	case err != nil || mine:
		return a, err
	case there.Fingerprint != a.Fingerprint:
		return a, domain.Refuse(domain.Wrong("", "idempotency_key_reused", "This idempotency key was used for another request. Use a new key for each."))
	case there.Status != 0:
		there.Body, err = w.unseal(there)
		return there, err
	}
	return a, ErrInProgress
}

// over tells whether a key may be taken again.
func (w Access) over(a Answer) bool {
	age := w.realNow().Sub(a.At)
	return age > answerLife || a.Status == 0 && age > answerPatience
}

// Keep writes the answer to a request whose key was reserved. What it says is
// sealed with a key of ours: it may hold a secret that is shown only once.
func (w Access) Keep(ctx context.Context, a Answer) error {
	sealed, err := w.seal(a)
	if err != nil {
		return err
	}
	a.Body = sealed
	return w.write(ctx, func(tx *store.Tx) error { return tx.KeepAnswer(a) })
}

// Release frees the key of a request that changed nothing.
func (w Access) Release(ctx context.Context, a Answer) error {
	return w.write(ctx, func(tx *store.Tx) error { return tx.DropAnswer(a) })
}

func (w Access) seal(a Answer) (string, error) {
	if len(w.Links.Keys) == 0 {
		return "", errors.New("no key to seal answers with")
	}
	box, err := sealer(w.Links.Keys[0])
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(box.Seal(nil, nil, []byte(a.Body), bound(a))), nil
}

func (w Access) unseal(a Answer) (string, error) {
	sealed, err := base64.StdEncoding.DecodeString(a.Body)
	if err != nil {
		return "", fmt.Errorf("read a kept answer: %w", err)
	}
	for _, k := range w.Links.Keys {
		box, err := sealer(k)
		if err != nil {
			return "", err
		}
		if body, err := box.Open(nil, nil, sealed, bound(a)); err == nil {
			return string(body), nil
		}
	}
	return "", errors.New("a kept answer was sealed with a key that is not known any more")
}

// bound ties a sealed answer to its row.
func bound(a Answer) []byte { return []byte(a.Principal + "\n" + a.Route + "\n" + a.Key) }

func sealer(key string) (cipher.AEAD, error) {
	sum := sha256.Sum256([]byte("kept answers\n" + key))
	block, err := aes.NewCipher(sum[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
