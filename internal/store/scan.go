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
		return c.number(v)
	case bool:
		if c.truth(v) {
			return nil
		}
	case time.Time:
		if c.field.Type() == reflect.TypeFor[time.Time]() {
			c.field.Set(reflect.ValueOf(v))
			return nil
		}
	case float64:
		if c.field.CanFloat() {
			c.field.SetFloat(v)
			return nil
		}
	}
	return c.noWay(stored)
}

func (c cell) noWay(stored any) error {
	return fmt.Errorf("no way to keep a %T in a %s", stored, c.field.Type())
}

func (c cell) number(n int64) error {
	switch {
	case c.truth(n != 0):
	case c.field.CanInt():
		c.field.SetInt(n)
	case c.field.CanFloat():
		c.field.SetFloat(float64(n))
	default:
		return c.noWay(n)
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
	if c.field.Kind() != reflect.String {
		return c.noWay(s)
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
	way := ways.Get().(*way)
	defer way.done()
	return found.Scan(way.to(where, reflect.ValueOf(into).Elem())...)
}

// A way leads a row's columns to its fields. It is kept for the next row, because
// it is as large as the row.
type way struct {
	cells    []cell
	pointers []any
}

var ways = sync.Pool{New: func() any { return new(way) }}

func (w *way) to(where []place, fields reflect.Value) []any {
	w.cells = slices.Grow(w.cells, len(where))[:len(where)]
	w.pointers = slices.Grow(w.pointers, len(where))[:len(where)]
	for i, p := range where {
		field := fields.FieldByIndex(p.index)
		if p.document || p.maybe {
			w.cells[i] = cell{field, p.document}
			w.pointers[i] = &w.cells[i]
		} else {
			w.pointers[i] = field.Addr().Interface()
		}
	}
	return w.pointers
}

// done forgets the fields, so that their row can go.
func (w *way) done() {
	clear(w.cells)
	clear(w.pointers)
	w.cells, w.pointers = w.cells[:0], w.pointers[:0]
	ways.Put(w)
}
