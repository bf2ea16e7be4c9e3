package api

import (
	"strings"
	"testing"
)

// TestDecodeJSON: what is read is what was written, or nothing is.
func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	type inner struct {
		Name string `json:"name"`
	}
	type into struct {
		Name  string              `json:"name"`
		Count int                 `json:"count"`
		Inner inner               `json:"inner"`
		Map   map[string][]string `json:"map"`
	}
	deep := func(n int) string {
		return `{"map":{"a":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}}`
	}
	for name, c := range map[string]struct{ text, says, pointer string }{
		"empty_object":       {`{}`, "", ""},
		"all":                {"\n{\"name\":\"Zoë \\ud83d\\ude00 \\\\ud800\",\"count\":3,\"map\":{\"a\":[\"b\"]}}\n", "", ""},
		"nothing":            {``, "Send one JSON object", ""},
		"null":               {`null`, "Send one JSON object", ""},
		"list":               {`[]`, "Send one JSON object", ""},
		"byte_order_mark":    {"\ufeff{}", "Send one JSON object", ""},
		"ends_too_soon":      {`{"name":"a"`, "ends too soon", ""},
		"trailing_comma":     {`{"name":"a",}`, "not JSON", ""},
		"trailing_data":      {`{"name":"a"} x`, "Something follows", ""},
		"two_objects":        {`{}{}`, "Something follows", ""},
		"trailing_brace":     {`{}}`, "Something follows", ""},
		"comment":            {`{} // no`, "Something follows", ""},
		"single_quotes":      {`{'name':'a'}`, "not JSON", ""},
		"unquoted_key":       {`{name:"a"}`, "not JSON", ""},
		"not_a_number":       {`{"count":NaN}`, "not JSON", "/count"},
		"leading_zero":       {`{"count":01}`, "not JSON", ""},
		"fraction":           {`{"count":1.5}`, "whole number", "/count"},
		"too_large":          {`{"count":1e400}`, "whole number", "/count"},
		"text_for_number":    {`{"count":"3"}`, "whole number", "/count"},
		"number_for_text":    {`{"inner":{"name":3}}`, "a text", "/inner/name"},
		"unknown":            {`{"nmae":"a"}`, `no field "nmae"`, "/nmae"},
		"unknown_inside":     {`{"inner":{"nam":"a"}}`, `no field "nam"`, "/inner/nam"},
		"twice":              {`{"name":"a","name":"b"}`, `"name" is given twice`, "/name"},
		"twice_but_case":     {`{"name":"a","Name":"b"}`, `"Name" is given twice`, "/Name"},
		"another_case":       {`{"Name":"a"}`, `no field "Name"`, "/Name"},
		"another_case_below": {`{"inner":{"NAME":"a"}}`, `no field "NAME"`, "/inner/NAME"},
		"null_in_a_list":     {`{"map":{"a":["b", null]}}`, "null does not fit", "/map/a/1"},
		"any_key_of_a_map":   {`{"map":{"Name":["a"],"null":[]}}`, "", ""},
		"twice_by_escape":    {`{"name":"a","n\u0061me":"b"}`, `"name" is given twice`, "/name"},
		"twice_inside":       {`{"map":{"x/y":[],"x/y":[]}}`, `given twice`, "/map/x~1y"},
		"bad_byte":           {"{\"name\":\"a\xffb\"}", "Byte 11 is not UTF-8", ""},
		"overlong":           {"{\"name\":\"\xc0\xaf\"}", "not UTF-8", ""},
		"surrogate_bytes":    {"{\"name\":\"\xed\xa0\x80\"}", "not UTF-8", ""},
		"lone_first_half":    {`{"name":"\ud800"}`, "Half a character", ""},
		"lone_second_half":   {`{"name":"\udc00x"}`, "Half a character", ""},
		"two_first_halves":   {`{"name":"\ud800\ud800"}`, "Half a character", ""},
		"control_in_text":    {"{\"name\":\"a\nb\"}", "not JSON", "/name"},
		"deep_at_the_limit":  {`{"map":{"a":["b"]}}`, "", ""},
		"deeper":             {deep(maxDepth), "nests deeper", ""},
		"very_deep":          {deep(100_000), "nests deeper", ""},
		"place_second_line":  {"{\"name\":\"a\",\n  \"nmae\":1}", "line 2", ""},
		"not_closed_deep":    {`{"inner":{"name":"a"`, "ends too soon", ""},
		"wrong_closing":      {`{"map":{"a":[}}`, "not JSON", ""},
		"missing_colon":      {`{"name" "a"}`, "not JSON", ""},
		"only_white_space":   {" \n", "Send one JSON object", ""},
		"value_of_bad_token": {`{"name":tru}`, "not JSON", "/name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v into
			err := decodeJSON([]byte(c.text), &v)
			if c.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			f, ok := err.(*fault)
			if !ok {
				t.Fatalf("%v (%T), want a fault", err, err)
			}
			if f.status != 400 || f.code != "malformed_json" || !strings.Contains(f.detail, c.says) || !strings.Contains(f.detail, "(line ") {
				t.Errorf("%d %s %q, want it to say %q and where", f.status, f.code, f.detail, c.says)
			}
			if c.pointer != "" && f.pointer != c.pointer {
				t.Errorf("points at %q, want %q", f.pointer, c.pointer)
			}
		})
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2,{"b":"\ud83d\ude00"}]}`, `{"a":1,"a":2}`, "{\"a\":\"\xff\"}", `{} {}`, `\`, `{"\u`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var v map[string]any
		if err := decodeJSON(raw, &v); err != nil {
			if _, ok := err.(*fault); !ok {
				t.Errorf("%T: %v", err, err)
			}
		}
	})
}
