package store

import (
	"reflect"
	"testing"
	"time"
)

// A cell takes what both drivers hand over for each kind of field of our rows, and
// says so when something does not fit: a panic would leave the rows open.
func TestCell(t *testing.T) {
	t.Parallel()
	yes, at := true, time.Date(2026, 9, 18, 12, 0, 0, 0, time.UTC)
	type row struct {
		Text     string
		Number   int
		Truth    bool
		Maybe    *bool
		At       time.Time
		Then     *time.Time
		Document []string
	}
	for _, c := range []struct {
		field  string
		stored any
		want   any // nil: refused
	}{
		{"Text", "a", "a"},
		{"Text", []byte("a"), "a"},
		{"Text", nil, ""},
		{"Text", int64(1), nil},
		{"Number", int64(7), 7},
		{"Number", "7", nil},
		{"Truth", int64(1), true},
		{"Truth", true, true},
		{"Truth", at, nil},
		{"Maybe", int64(1), &yes},
		{"Maybe", true, &yes},
		{"Maybe", nil, (*bool)(nil)},
		{"Maybe", 1.5, nil},
		{"At", at, at},
		{"At", int64(1), nil},
		{"Then", at, &at},
		{"Then", nil, (*time.Time)(nil)},
		{"Document", `["a"]`, []string{"a"}},
		{"Document", []byte(`[]`), []string(nil)},
		{"Document", `{`, nil},
	} {
		var r row
		field := reflect.ValueOf(&r).Elem().FieldByName(c.field)
		err := cell{field, c.field == "Document"}.Scan(c.stored)
		if refused := c.want == nil; refused != (err != nil) || !refused && !reflect.DeepEqual(field.Interface(), c.want) {
			t.Errorf("%T into %s: %v, %v; want %v", c.stored, c.field, field.Interface(), err, c.want)
		}
	}
}
