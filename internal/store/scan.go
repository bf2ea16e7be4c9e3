package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"time"

	"gorm.io/gorm/schema"
)

// A cell takes one column of a row into a field. It knows the few types that
// both drivers hand over; NULL leaves the field as it is, which is how the facts
// that a proposal does not have stay empty.
type cell struct {
	field    reflect.Value
	document bool // JSON text
}

// Scan sets the field.
func (c cell) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		return nil
	case string:
		return c.text(v)
	case []byte:
		return c.text(string(v))
	case int64:
		if c.field.Kind() == reflect.Bool {
			c.field.SetBool(v != 0)
			return nil
		}
		c.field.SetInt(v)
	case bool:
		c.field.SetBool(v)
	case time.Time:
		if c.field.Kind() == reflect.Pointer {
			c.field.Set(reflect.ValueOf(&v))
			return nil
		}
		c.field.Set(reflect.ValueOf(v))
	default:
		return fmt.Errorf("no way to keep a %T in a %s", stored, c.field.Type())
	}
	return nil
}

func (c cell) text(s string) error {
	if c.document {
		return json.Unmarshal([]byte(s), c.field.Addr().Interface())
	}
	c.field.SetString(s)
	return nil
}

// place is where a column goes: the part of factsRow and its field.
type place struct {
	index    []int
	document bool
}

// places are the fields of a row type in the order of its columns.
func places(part int, row any) []place {
	parsed, err := schema.Parse(row, &sync.Map{}, schema.NamingStrategy{})
	if err != nil {
		panic(err) // a row type of this package that GORM cannot read: every test fails
	}
	all := make([]place, len(parsed.DBNames))
	for i, name := range parsed.DBNames {
		f := parsed.FieldsByDBName[name]
		all[i] = place{append([]int{part}, f.StructField.Index...), f.Serializer != nil}
	}
	return all
}

// scanFacts reads the columns of factsColumns, which are in the same order. It
// does by hand what GORM would do: a proposal has more than a hundred columns of
// facts, and they are read with every look at one.
func scanFacts(rows *sql.Rows, into *factsRow) error {
	row := reflect.ValueOf(into).Elem()
	where := factsPlaces()
	cells := make([]cell, len(where))
	pointers := make([]any, len(where))
	for i, p := range where {
		cells[i] = cell{row.FieldByIndex(p.index), p.document}
		pointers[i] = &cells[i]
	}
	return rows.Scan(pointers...)
}
