package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
)

// maxDepth is how deep a JSON text may nest; ours nest four deep.
const maxDepth = 32

// strictJSON reads JSON as it is written: nothing is dropped, guessed or
// repaired. encoding/json alone ignores what follows the value, lets the last of
// two equal keys win, takes a key in any case, makes an empty text of a null in a
// list, and turns bad bytes into U+FFFD.
type strictJSON struct{}

// Serialize writes a value as JSON.
func (strictJSON) Serialize(c echo.Context, v any, indent string) error {
	enc := json.NewEncoder(c.Response())
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	return enc.Encode(v)
}

// Deserialize reads the body into a value; 400 malformed_json says where it is wrong.
func (strictJSON) Deserialize(c echo.Context, v any) error {
	raw, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return err
	}
	return decodeJSON(raw, v)
}

func decodeJSON(raw []byte, v any) error {
	if err := walkJSON(raw, reflect.TypeOf(v)); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	return explainJSON(raw, dec, dec.Decode(v))
}

// explainJSON says in words what does not fit the type.
func explainJSON(raw []byte, dec *json.Decoder, err error) error {
	if err == nil {
		return nil
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		pointer := ""
		if wrong.Field != "" {
			pointer = "/" + strings.ReplaceAll(wrong.Field, ".", "/")
		}
		return malformed(raw, int(wrong.Offset), pointer, "A %s does not fit here; %s is asked for.", wrong.Value, kindWords(wrong.Type))
	}
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return malformed(raw, int(dec.InputOffset()), "", "There is no field %s here.", name)
	}
	return malformed(raw, int(dec.InputOffset()), "", "A value does not fit here: %s.", strings.TrimPrefix(err.Error(), "json: "))
}

func malformed(raw []byte, offset int, pointer, detail string, args ...any) error {
	before := raw[:max(0, min(offset, len(raw)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	at := fmt.Sprintf(" (line %d, column %d)", line, max(column, 1))
	return &fault{status: http.StatusBadRequest, code: "malformed_json", pointer: pointer, detail: fmt.Sprintf(detail, args...) + at}
}

// walkJSON reads a text once, for what the decoder lets pass into a value of the type.
func walkJSON(raw []byte, into reflect.Type) error {
	if i := firstBadByte(raw); i >= 0 {
		return malformed(raw, i+1, "", "Byte %d is not UTF-8.", i+1)
	}
	if i := loneSurrogate(raw); i >= 0 {
		return malformed(raw, i+1, "", "Half a character stands alone, as an escape.")
	}
	w := walker{raw: raw, dec: json.NewDecoder(bytes.NewReader(raw))}
	w.dec.UseNumber()
	if !bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("{")) {
		return malformed(raw, 1, "", "Send one JSON object.")
	}
	if err := w.value("", 0, into); err != nil {
		return err
	}
	if _, err := w.dec.Token(); !errors.Is(err, io.EOF) {
		return malformed(raw, int(w.dec.InputOffset())+1, "", "Something follows the JSON object.")
	}
	return nil
}

type walker struct {
	raw []byte
	dec *json.Decoder
}

func (w walker) bad(pointer, detail string, args ...any) error {
	return malformed(w.raw, int(w.dec.InputOffset()), pointer, detail, args...)
}

func (w walker) token(pointer string) (json.Token, error) {
	t, err := w.dec.Token()
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, malformed(w.raw, len(w.raw), pointer, "The JSON text ends too soon.")
	case errors.As(err, &syntax):
		return nil, malformed(w.raw, int(syntax.Offset), pointer, "This is not JSON: %s.", syntax.Error())
	}
	return t, err
}

func (w walker) value(pointer string, depth int, into reflect.Type) error {
	t, err := w.token(pointer)
	if err != nil {
		return err
	}
	if depth >= maxDepth {
		return w.bad(pointer, "This nests deeper than %d levels.", maxDepth)
	}
	switch t {
	case json.Delim('{'):
		return w.object(pointer, depth, into)
	case json.Delim('['):
		return w.array(pointer, depth, into)
	}
	return nil
}

// object refuses equal keys. Keys that differ only by case are equal to the decoder.
func (w walker) object(pointer string, depth int, into reflect.Type) error {
	fields := jsonFieldsOf(into)
	seen := map[string]bool{}
	for w.dec.More() {
		t, err := w.token(pointer)
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return w.bad(pointer, "A key has to be a text.")
		}
		if folded := strings.ToLower(key); seen[folded] {
			return w.bad(pointer+"/"+escapePointer(key), "The field %q is given twice.", key)
		} else {
			seen[folded] = true
		}
		inner, known := fields.of(key)
		if !known {
			return w.bad(pointer+"/"+escapePointer(key), "There is no field %q here.", key)
		}
		if err := w.value(pointer+"/"+escapePointer(key), depth+1, inner); err != nil {
			return err
		}
	}
	_, err := w.token(pointer) // the closing brace
	return err
}

func (w walker) array(pointer string, depth int, into reflect.Type) error {
	inner := elementOf(into)
	for i := 0; w.dec.More(); i++ {
		at := pointer + "/" + strconv.Itoa(i)
		if w.nullNext() && inner != nil && inner.Kind() != reflect.Pointer && inner.Kind() != reflect.Interface {
			return w.bad(at, "A null does not fit here; %s is asked for.", kindWords(inner))
		}
		if err := w.value(at, depth+1, inner); err != nil {
			return err
		}
	}
	_, err := w.token(pointer) // the closing bracket
	return err
}

// escapePointer writes a key as a part of a JSON pointer (RFC 6901).
func escapePointer(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

// firstBadByte is the index of the first byte that is not UTF-8, or -1.
func firstBadByte(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// loneSurrogate is the index of an escape \uD800 to \uDFFF that is not half of a
// pair, or -1.
func loneSurrogate(raw []byte) int {
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		switch half := surrogate(raw[i:]); {
		case half == 0:
			i++ // what is escaped is not an escape itself
		case half == 1 && surrogate(raw[i+6:]) == 2:
			i += 11
		default:
			return i
		}
	}
	return -1
}

// surrogate tells whether a text begins with the escape of a first (1) or second
// (2) half of a pair.
func surrogate(raw []byte) int {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return 0
	}
	n, err := strconv.ParseUint(string(raw[2:6]), 16, 16)
	switch {
	case err != nil || n < 0xD800 || n > 0xDFFF:
		return 0
	case n < 0xDC00:
		return 1
	}
	return 2
}
