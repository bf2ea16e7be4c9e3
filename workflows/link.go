package workflows

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
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
	return l.readToken("speaker", token)
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

// OrderSecret opens an order for its buyer, who has no account. A raised serial
// ends all earlier ones.
func (l Links) OrderSecret(id string, serial int) string {
	n := strconv.Itoa(serial)
	return orderPrefix + id + "." + n + "." + l.sign("order", id, n)
}

// orderPrefix begins every order's secret.
const orderPrefix = "lco_"

// IsOrderSecret tells whether a text looks like an order's secret.
func IsOrderSecret(text string) bool { return strings.HasPrefix(text, orderPrefix) }

// OrderID reads the order's id and the serial from a secret. False when we did
// not make it. Whether the serial still holds, the order's row says.
func (l Links) OrderID(secret string) (id string, serial int, ok bool) {
	token, ours := strings.CutPrefix(secret, orderPrefix)
	if !ours {
		return "", 0, false
	}
	return l.readToken("order", token)
}

// SeatToken is the secret part of a seat's link, which is one for life: before
// the webinar, during it and after.
func (l Links) SeatToken(id string, serial int) string {
	n := strconv.Itoa(serial)
	return id + "." + n + "." + l.sign("seat", id, n)
}

// SeatID reads the seat's id and the serial from a token, as OrderID does.
func (l Links) SeatID(token string) (id string, serial int, ok bool) {
	return l.readToken("seat", token)
}

func (l Links) readToken(purpose, token string) (id string, serial int, ok bool) {
	id, rest, _ := strings.Cut(token, ".")
	n, mac, _ := strings.Cut(rest, ".")
	if !l.signed(mac, purpose, id, n) {
		return "", 0, false
	}
	serial, err := strconv.Atoi(n)
	return id, serial, err == nil
}

// claimChars is how many characters of a claim code nobody can guess: 60 bits.
const claimChars = 12

// ClaimCode lets colleagues take the free seats of an order: its number and what
// nobody can guess.
func (l Links) ClaimCode(o domain.Order) string {
	if len(l.Keys) == 0 {
		return ""
	}
	return o.Number + "-" + claimPart(l.Keys[0], o)
}

func claimPart(key string, o domain.Order) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(strings.Join([]string{"claim", o.ID, strconv.Itoa(o.LinkSerial)}, "\n"))) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil))[:claimChars])
}

// ClaimNumber is the order's number in a claim code.
func (l Links) ClaimNumber(code string) (string, bool) {
	i := strings.LastIndexByte(code, '-')
	if i < 1 || len(code)-i-1 != claimChars {
		return "", false
	}
	return strings.ToUpper(code[:i]), true
}

// Claims tells whether a code is the order's.
func (l Links) Claims(code string, o domain.Order) bool {
	part := strings.ToLower(code[strings.LastIndexByte(code, '-')+1:])
	for _, k := range l.Keys {
		if hmac.Equal([]byte(part), []byte(claimPart(k, o))) {
			return true
		}
	}
	return false
}

// OrderURL is the page of an order for its buyer.
func (l Links) OrderURL(o domain.Order) string {
	return l.BaseURL + "/orders/" + l.OrderSecret(o.ID, o.LinkSerial)
}

// SeatURL is a seat's own page.
func (l Links) SeatURL(s domain.Seat) string {
	return l.BaseURL + "/seats/" + l.SeatToken(s.ID, s.LinkSerial)
}
