package api

import (
	"encoding"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v4"

	"lectern/domain"
)

// binder is Echo's way in; routes made with endpoint use a plan directly.
type binder struct{}

// Bind reads the body, the query and the path into a struct, each field only
// from where its tag says.
func (binder) Bind(v any, ec echo.Context) error {
	c, ok := ec.Get(callKey).(*Call)
	if !ok {
		return errors.New("bind outside of a call")
	}
	return planFor(reflect.TypeOf(v).Elem()).read(c, reflect.ValueOf(v).Elem())
}

// A plan says which fields of a struct come from the path and the query.
type plan struct {
	path, query []parameter
	body        bool // some field comes from the body
}

// A parameter is a field that is read from text.
type parameter struct {
	name  string
	index []int
	kind  reflect.Type
}

var plans sync.Map // of reflect.Type to *plan

func planFor(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p := &plan{}
	for _, f := range reflect.VisibleFields(t) {
		switch {
		case f.Anonymous || !f.IsExported():
		case f.Tag.Get("param") != "":
			p.path = append(p.path, parameter{f.Tag.Get("param"), f.Index, f.Type})
		case f.Tag.Get("query") != "":
			p.query = append(p.query, parameter{f.Tag.Get("query"), f.Index, f.Type})
		default:
			p.body = p.body || f.Tag.Get("json") != "-"
		}
	}
	plans.Store(t, p)
	return p
}

func (p *plan) read(c *Call, in reflect.Value) error {
	if p.body && len(c.raw) > 0 {
		if err := decodeJSON(c.raw, in.Addr().Interface()); err != nil {
			return err
		}
	} else if len(c.raw) > 0 && !c.route.large {
		var empty struct{}
		if err := decodeJSON(c.raw, &empty); err != nil {
			return err
		}
	}
	if err := p.readQuery(c, in); err != nil {
		return err
	}
	for _, f := range p.path {
		text := c.Param(f.name)
		if !clean(text) || f.set(in, []string{text}) != nil {
			return domain.NotThere("page")
		}
	}
	why := check(in.Addr().Interface())
	if slices.ContainsFunc(why, func(r domain.Reason) bool { return p.inPath(r.Pointer) }) {
		return domain.NotThere("page") // no such thing has an address like this
	}
	return domain.Refuse(why...)
}

func (p *plan) inPath(pointer string) bool {
	return slices.ContainsFunc(p.path, func(f parameter) bool { return pointer == "/"+f.name })
}

// readQuery refuses what it does not know: a misspelt filter would otherwise
// answer everything.
func (p *plan) readQuery(c *Call, in reflect.Value) error {
	for name, values := range c.QueryParams() {
		i := slices.IndexFunc(p.query, func(f parameter) bool { return f.name == name })
		switch {
		case name == "dry_run" && !c.route.safe():
		case i < 0:
			return badParameter(name, "There is no parameter "+strconv.Quote(name)+" here.")
		case len(values) > 1 && p.query[i].kind.Kind() != reflect.Slice:
			return badParameter(name, "Give the parameter "+name+" once.")
		case !clean(strings.Join(values, "")):
			return badParameter(name, "The parameter "+name+" holds characters that cannot be kept.")
		default:
			if err := p.query[i].set(in, values); err != nil {
				return badParameter(name, fmt.Sprintf("The parameter %s is not %s.", name, kindWords(p.query[i].kind)))
			}
		}
	}
	return nil
}

// clean tells whether a text can be kept: UTF-8 without the NUL character.
func clean(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

func badParameter(name, detail string) error {
	return &fault{status: http.StatusBadRequest, code: "malformed_parameter", pointer: "/" + escapePointer(name), detail: detail}
}

// set reads the parameter's text into its field.
func (f parameter) set(in reflect.Value, values []string) error {
	field := in.FieldByIndex(f.index)
	if field.Kind() == reflect.Pointer {
		field.Set(reflect.New(field.Type().Elem()))
		field = field.Elem()
	}
	if field.Kind() == reflect.Slice {
		field.Set(reflect.MakeSlice(field.Type(), len(values), len(values)))
		for i, v := range values {
			if err := setText(field.Index(i), v); err != nil {
				return err
			}
		}
		return nil
	}
	return setText(field, values[0])
}

func setText(field reflect.Value, text string) error {
	if u, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString(text)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		field.SetInt(int64(n))
		return err
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		field.SetBool(b)
		return err
	default:
		return fmt.Errorf("no way to read a %s", field.Type())
	}
	return nil
}

// kindWords names a type as people say it.
func kindWords(t reflect.Type) string {
	if t == nil {
		return "something else"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return kindWords(t.Elem())
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	case reflect.String:
		return "a text"
	case reflect.Struct:
		if t.Name() == "Time" {
			return "a time, such as 2026-09-21T18:00:00Z"
		}
	}
	return "an object"
}

// embedded stands in a path for a struct whose fields belong to the one around it.
const embedded = "~"

var shapes = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		if f.Anonymous {
			return embedded
		}
		for _, tag := range []string{"param", "query"} {
			if name := f.Tag.Get(tag); name != "" {
				return name
			}
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	return v
})

// check gives every way in which a request does not have the shape its tags ask
// for, and every text that cannot be kept.
func check(in any) []domain.Reason {
	why := unkeepable(reflect.ValueOf(in).Elem(), "")
	var wrong validator.ValidationErrors
	if errors.As(shapes().Struct(in), &wrong) {
		for _, w := range wrong {
			why = append(why, shapeReason(w))
		}
	}
	return why
}

// shapeReason says what a tag of validate asks for.
func shapeReason(w validator.FieldError) domain.Reason {
	_, path, _ := strings.Cut(w.Namespace(), ".")
	pointer := "/" + strings.NewReplacer(embedded+".", "", ".", "/", "[", "/", "]", "").Replace(path)
	name := strings.ReplaceAll(w.Field(), "_", " ")
	text := w.Kind() == reflect.String
	switch w.Tag() {
	case "required":
		return domain.Wrong(pointer, "required", "Give the %s.", name)
	case "max":
		if text {
			return domain.Wrong(pointer, "too_long", "Shorten the %s to %s characters.", name, w.Param())
		}
		if w.Kind() == reflect.Slice || w.Kind() == reflect.Map {
			return domain.Wrong(pointer, "too_many", "Give at most %s %s.", w.Param(), name)
		}
		return domain.Wrong(pointer, "out_of_range", "The %s is at most %s.", name, w.Param())
	case "min":
		if text {
			return domain.Wrong(pointer, "too_short", "Give the %s with at least %s characters.", name, w.Param())
		}
		return domain.Wrong(pointer, "out_of_range", "The %s is at least %s.", name, w.Param())
	case "oneof":
		return domain.Wrong(pointer, "not_an_option", "The %s is one of: %s.", name, strings.ReplaceAll(w.Param(), " ", ", "))
	case "email":
		return domain.Wrong(pointer, "not_an_address", "Check the email address: it should look like name@example.org.")
	}
	return domain.Wrong(pointer, "not_as_asked", "Check the %s.", name)
}

// unkeepable lists the texts that hold a NUL character, which Postgres does not
// keep; JSON can carry one as an escape.
func unkeepable(v reflect.Value, pointer string) []domain.Reason {
	var why []domain.Reason
	switch v.Kind() {
	case reflect.String:
		if strings.ContainsRune(v.String(), 0) {
			return []domain.Reason{domain.Wrong(pointer, "nul_character", "This holds a NUL character, which cannot be kept. Remove it.")}
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return unkeepable(v.Elem(), pointer)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			why = append(why, unkeepable(v.Index(i), pointer+"/"+strconv.Itoa(i))...)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			why = append(why, unkeepable(k, pointer)...)
			why = append(why, unkeepable(v.MapIndex(k), pointer+"/"+escapePointer(fmt.Sprint(k)))...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case f.Anonymous:
				why = append(why, unkeepable(v.Field(i), pointer)...)
			case !f.IsExported() || f.Type == reflect.TypeFor[time.Time]():
			default:
				why = append(why, unkeepable(v.Field(i), pointer+"/"+name)...)
			}
		}
	}
	return why
}
