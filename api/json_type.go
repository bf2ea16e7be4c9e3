package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// jsonFields are the fields an object may have, by name, with the types of their
// values; nil: any name, as in a map, with values of the type of rest.
type jsonFields struct {
	named map[string]reflect.Type
	rest  reflect.Type
}

// of finds the type of a field's value; nil when nothing is known of it.
func (f jsonFields) of(key string) (inner reflect.Type, known bool) {
	if f.named == nil {
		return f.rest, true
	}
	inner, known = f.named[key]
	return inner, known
}

var readsItself = reflect.TypeFor[json.Unmarshaler]()

// jsonFieldsOf are the fields of a value that is read into the type. A type that reads
// itself is asked nothing.
func jsonFieldsOf(t reflect.Type) jsonFields {
	t = behind(t)
	switch {
	case t == nil || reflect.PointerTo(t).Implements(readsItself):
		return jsonFields{}
	case t.Kind() == reflect.Map:
		return jsonFields{rest: t.Elem()}
	case t.Kind() != reflect.Struct:
		return jsonFields{}
	}
	all := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() || f.Anonymous && name == "":
		case name == "":
			all[f.Name] = f.Type
		default:
			all[name] = f.Type
		}
	}
	return jsonFields{named: all}
}

// elementOf is the type of what stands in a list; nil when nothing is known of it.
func elementOf(t reflect.Type) reflect.Type {
	t = behind(t)
	if t == nil || t.Kind() != reflect.Slice && t.Kind() != reflect.Array || reflect.PointerTo(t).Implements(readsItself) {
		return nil
	}
	return t.Elem()
}

func behind(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// nullNext tells whether the next value is null.
func (w walker) nullNext() bool {
	rest := bytes.TrimLeft(w.raw[w.dec.InputOffset():], " \t\r\n,")
	return bytes.HasPrefix(rest, []byte("null"))
}
