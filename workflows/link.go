package workflows

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"lectern/domain"
)

// Links are the addresses that let somebody in without a password. They are
// derived from the id of a row and a key, and stored nowhere; what they are
// worth (expiry, use, serial) stands in the row.
type Links struct {
	BaseURL string   // https://lectern.example.org, without a slash at the end
	Keys    []string // the first signs; the others, older ones, are accepted too
}

// SplitKeys are the keys in the setting LECTERN_SECRET, newest first, separated by commas.
func SplitKeys(setting string) []string {
	var keys []string
	for _, k := range strings.Split(setting, ",") {
		if k = strings.TrimSpace(k); k != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

// SignInToken is the secret part of a one-time sign-in link.
func (l Links) SignInToken(id string) string { return id + "." + l.sign("sign-in", id) }

// SignInID reads the row's id from a token. False when we did not make the token.
func (l Links) SignInID(token string) (string, bool) {
	id, mac, _ := strings.Cut(token, ".")
	return id, l.signed(mac, "sign-in", id)
}

// SpeakerToken is the secret part of a speaker's own link. A raised serial ends
// all earlier ones.
func (l Links) SpeakerToken(id string, serial int) string {
	n := strconv.Itoa(serial)
	return id + "." + n + "." + l.sign("speaker", id, n)
}

// SpeakerID reads the speaker's id and the serial from a token. False when we
// did not make the token. Whether the serial still holds, the speaker's row says.
func (l Links) SpeakerID(token string) (id string, serial int, ok bool) {
	id, rest, _ := strings.Cut(token, ".")
	n, mac, _ := strings.Cut(rest, ".")
	if !l.signed(mac, "speaker", id, n) {
		return "", 0, false
	}
	serial, err := strconv.Atoi(n)
	return id, serial, err == nil
}

// SignInURL is a one-time sign-in link.
func (l Links) SignInURL(id string) string { return l.BaseURL + "/sign-in/" + l.SignInToken(id) }

// SpeakerURL is a speaker's own link.
func (l Links) SpeakerURL(s domain.Speaker) string {
	return l.BaseURL + "/speaker-links/" + l.SpeakerToken(s.ID, s.LinkSerial)
}

// sign joins the parts with line feeds, which none of them has, so that no two
// purposes or ids give the same text.
func (l Links) sign(parts ...string) string {
	if len(l.Keys) == 0 {
		return ""
	}
	return macOf(l.Keys[0], parts)
}

func (l Links) signed(mac string, parts ...string) bool {
	for _, k := range l.Keys {
		if hmac.Equal([]byte(mac), []byte(macOf(k, parts))) {
			return true
		}
	}
	return false
}

func macOf(key string, parts []string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(strings.Join(parts, "\n"))) // never fails
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
