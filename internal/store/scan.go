package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm/schema"

	"lectern/domain"
)

// A cell takes one column of a row that needs more than scanning into its field:
// JSON text, or NULL, which leaves the field as it is, as the facts that a proposal
// does not have stay empty. It knows the few types that both drivers hand over.
type cell struct {
	field    reflect.Value
	document bool // JSON text
}

// Scan sets the field.
func (c cell) Scan(stored any) error {
	if c.field.Kind() == reflect.Pointer && stored != nil && !c.document {
		c.field.Set(reflect.New(c.field.Type().Elem()))
		return cell{field: c.field.Elem()}.Scan(stored)
	}
	switch v := stored.(type) {
	case nil:
		return nil
	case string:
		return c.text(v)
	case []byte:
		return c.text(string(v))
	case int64:
		if c.truth(v != 0) {
			return nil
		}
		c.field.SetInt(v)
	case bool:
		c.truth(v)
	case time.Time:
		c.field.Set(reflect.ValueOf(v))
	default:
		return fmt.Errorf("no way to keep a %T in a %s", stored, c.field.Type())
	}
	return nil
}

// truth sets a field that is a bool, or one that may also be unknown. False for
// another kind of field.
func (c cell) truth(v bool) bool {
	switch {
	case c.field.Kind() == reflect.Bool:
		c.field.SetBool(v)
	case c.field.Type() == reflect.TypeFor[*bool]():
		c.field.Set(reflect.ValueOf(&v))
	default:
		return false
	}
	return true
}

func (c cell) text(s string) error {
	if c.document {
		return readDocument(s, c.field.Addr().Interface())
	}
	c.field.SetString(s)
	return nil
}

// readDocument reads JSON text into a field. What a section or venue is set to is
// the same text look after look, so it is read once; nobody changes what they got.
func readDocument(s string, into any) error {
	switch d := into.(type) {
	case *domain.Settings:
		return settingsRead.into(s, d)
	case *domain.Rubric:
		return rubricsRead.into(s, d)
	}
	if s == "[]" {
		return nil // as empty as the field is
	}
	return json.Unmarshal([]byte(s), into)
}

// documents are those that were read, by their text.
type documents[T any] struct{ read sync.Map }

var (
	settingsRead documents[domain.Settings]
	rubricsRead  documents[domain.Rubric]
)

func (d *documents[T]) into(text string, into *T) error {
	if known, ok := d.read.Load(text); ok {
		*into = known.(T)
		return nil
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return err
	}
	d.read.Store(strings.Clone(text), *into)
	return nil
}

// place is where a column goes: a field of a row, or of the part of a row.
type place struct {
	index    []int
	document bool // JSON text
	maybe    bool // may be NULL, where the field cannot
}

// places are the fields of a row type in the order of its columns.
func places(row any, part ...int) []place {
	parsed, err := schema.Parse(row, &sync.Map{}, schema.NamingStrategy{})
	if err != nil {
		panic(err) // a row type of this package that GORM cannot read: every test fails
	}
	all := make([]place, len(parsed.DBNames))
	for i, name := range parsed.DBNames {
		f := parsed.FieldsByDBName[name]
		all[i] = place{index: slices.Concat(part, f.StructField.Index), document: f.Serializer != nil}
	}
	return all
}

// scanRow reads a row into a struct, its columns in the order of places. It does
// by hand what GORM would do: a proposal has more than a hundred columns of facts,
// and they are read with every look at one.
func scanRow(found row, where []place, into any) error {
	fields := reflect.ValueOf(into).Elem()
	cells := make([]cell, len(where))
	pointers := make([]any, len(where))
	for i, p := range where {
		field := fields.FieldByIndex(p.index)
		if p.document || p.maybe {
			cells[i] = cell{field, p.document}
			pointers[i] = &cells[i]
		} else {
			pointers[i] = field.Addr().Interface()
		}
	}
	return found.Scan(pointers...)
}
