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

	"lectern/internal/store"
)

// Answer is what a request with an idempotency key was answered.
type Answer = store.Answer

// answerLife is how long an answer is given again.
const answerLife = 24 * time.Hour

// Once answers a request that is named by Principal, Route, Key and Fingerprint,
// at most once: the key, all that run does, and the answer are one transaction.
// Run is given a context under which every workflow takes part in it, and gives
// the answer to keep; one without a Status is not kept, and the key is free again.
// When run fails or panics nothing it did is kept either, and its error is returned. A request that was answered before
// gets that answer, and true; one that comes while the first is at work waits for
// it. KeyReused when the key was used for another request.
func (w Access) Once(ctx context.Context, asked Answer, run func(context.Context) (Answer, error)) (Answer, bool, error) {
	asked.At, asked.Status, asked.Body = w.realNow(), 0, ""
	again := false
	got, err := store.Together(ctx, w.Store, func(ctx context.Context, tx *store.Tx) (Answer, error) {
		var there Answer
		var err error
		if there, again, err = w.reserve(tx, asked); err != nil || again {
			return there, err
		}
		said, err := run(ctx)
		switch {
		case err != nil:
			return said, err
		case said.Status == 0:
			return said, tx.DropAnswer(asked)
		}
		return said, w.keep(tx, asked, said)
	})
	return got, again, err
}

// reserve takes the key, or gives the answer that was given to it before.
func (w Access) reserve(tx *store.Tx, asked Answer) (there Answer, again bool, err error) {
	there, mine, err := tx.ReserveAnswer(asked)
	if err == nil && !mine && w.over(there) {
		if err = tx.DropAnswer(there); err == nil {
			there, mine, err = tx.ReserveAnswer(asked)
		}
	}
	switch {
	case err != nil || mine:
		return there, false, err
	case there.Fingerprint != asked.Fingerprint:
		return there, false, &KeyReused{First: there.Location}
	}
	there.Body, err = w.unseal(there)
	return there, true, err
}

// over tells whether a key may be taken again. What has no answer was left by a
// version that kept the key and the answer apart.
func (w Access) over(a Answer) bool { return a.Status == 0 || w.realNow().Sub(a.At) > answerLife }

// keep writes the answer to a request. What it says is sealed with a key of ours:
// it may hold a secret that is shown only once.
func (w Access) keep(tx *store.Tx, asked, said Answer) error {
	kept := asked
	kept.Status, kept.ContentType, kept.Location, kept.ETag, kept.Body = said.Status, said.ContentType, said.Location, said.ETag, said.Body
	var err error
	if kept.Body, err = w.seal(kept); err != nil {
		return err
	}
	return tx.KeepAnswer(kept)
}

// KeyReused says that an idempotency key was used before, for another request.
type KeyReused struct {
	First string // where the answer to that one led; may be empty
}

// Error is what a program is told.
func (*KeyReused) Error() string {
	return "This idempotency key was used for another request. Use a new key for each."
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
