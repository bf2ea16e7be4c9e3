package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
)

// listIn are the parameters that every list has.
type listIn struct {
	Limit  *int   `json:"-" query:"limit" validate:"omitempty,min=1,max=100"`
	Cursor string `json:"-" query:"cursor"`
}

// defaultLimit is how long a page of a list is when nobody says.
const defaultLimit = 25

func (l listIn) limit() int {
	if l.Limit == nil {
		return defaultLimit
	}
	return *l.Limit
}

// list is a page of a list; the cursor of the last page is null.
type list[T any] struct {
	Data       []T     `json:"data"`
	NextCursor *string `json:"next_cursor"`
}

// position is what a cursor holds: the sort keys of the last row, and which
// filters they belong to.
type position[K any] struct {
	Key     K      `json:"k"`
	Filters string `json:"f"`
}

// after reads the sort keys behind which a page begins; nil for the first page.
// 400 when the cursor is none of ours, or was made with other filters.
func after[K any](in listIn, filters any) (*K, error) {
	if in.Cursor == "" {
		return nil, nil
	}
	var p position[K]
	raw, err := base64.RawURLEncoding.DecodeString(in.Cursor)
	if err == nil {
		err = decodeJSON(raw, &p)
	}
	if err != nil || p.Filters != filterMark(filters) || len(unkeepable(reflect.ValueOf(p), "")) > 0 {
		return nil, strangeCursor()
	}
	return &p.Key, nil
}

func strangeCursor() error {
	return &fault{status: http.StatusBadRequest, code: "malformed_cursor", pointer: "/cursor", detail: "This cursor does not belong to this list. Begin without one."}
}

// pageOf makes a page of rows that were asked for with one more than the limit.
func pageOf[R, T, K any](rows []R, in listIn, filters any, show func(R) T, key func(R) K) (list[T], error) {
	out := list[T]{Data: make([]T, 0, len(rows))}
	if len(rows) > in.limit() {
		rows = rows[:in.limit()]
		raw, err := json.Marshal(position[K]{Key: key(rows[len(rows)-1]), Filters: filterMark(filters)})
		if err != nil {
			return out, fmt.Errorf("write the cursor: %w", err)
		}
		next := base64.RawURLEncoding.EncodeToString(raw)
		out.NextCursor = &next
	}
	for _, r := range rows {
		out.Data = append(out.Data, show(r))
	}
	return out, nil
}

// listPage is a page of a list that was read whole, because it is short; id tells
// its rows apart. 400 when the cursor is none of ours or its row is gone.
func listPage[R, T any](all []R, in listIn, filters any, show func(R) T, id func(R) string) (list[T], error) {
	key, err := after[string](in, filters)
	if err != nil {
		return list[T]{}, err
	}
	if key != nil {
		i := slices.IndexFunc(all, func(r R) bool { return id(r) == *key })
		if i < 0 {
			return list[T]{}, strangeCursor()
		}
		all = all[i+1:]
	}
	return pageOf(all, in, filters, show, id)
}

// filterMark tells filters apart, so that a cursor is not carried to another list.
func filterMark(filters any) string {
	sum := sha256.Sum256(mustJSON(filters))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

func mustJSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil { // filters are texts and numbers
		panic(fmt.Sprintf("api: filters of type %T: %v", v, err))
	}
	return raw
}
