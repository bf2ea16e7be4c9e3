package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// tree is one value of a JSON or YAML file, with the line it stands on. Exactly
// one of the three forms is in use: an object, a list, or a text (numbers and
// yes or no as written).
type tree struct {
	line   int
	isNull bool
	object []member
	list   []tree
	text   string
	kind   byte // '{', '[' or 0 for a text
}

type member struct {
	name  string
	value tree
}

// get is the member of an object; a null one where there is none.
func (t tree) get(name string) tree {
	for _, m := range t.object {
		if m.name == name {
			return m.value
		}
	}
	return tree{line: t.line, isNull: true}
}

func (t tree) has(names ...string) bool {
	for _, name := range names {
		if v := t.get(name); v.isNull && !t.names(name) {
			return false
		}
	}
	return true
}

func (t tree) names(name string) bool {
	for _, m := range t.object {
		if m.name == name {
			return true
		}
	}
	return false
}

// say is the text of a value; of an object by language, the English or first one.
func (t tree) say() string {
	if t.kind != '{' {
		return t.text
	}
	if t.names("en") {
		return t.get("en").text
	}
	for _, m := range t.object {
		return m.value.text
	}
	return ""
}

// leaves are the texts of a list, or the one text; empty ones left out.
func (t tree) leaves() (texts []string) {
	if t.kind == '[' {
		for _, item := range t.list {
			texts = append(texts, item.leaves()...)
		}
		return texts
	}
	if said := t.say(); said != "" {
		return []string{said}
	}
	return nil
}

// parseJSON reads exactly one JSON value: what follows it, the same name twice in
// an object and half of a surrogate pair are refused, as encoding/json alone would not.
func parseJSON(text []byte) (tree, error) {
	var whole json.RawMessage
	if err := json.Unmarshal(text, &whole); err != nil {
		return tree{}, jsonError(text, err)
	}
	w := walker{text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	w.decoder.UseNumber()
	return w.value()
}

func jsonError(text []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at := max(int(syntax.Offset)-1, 0)
		return refuse("not_json", "This is not JSON at byte %d (line %d): %s.", at, lineAt(text, at), strings.TrimPrefix(syntax.Error(), "json: "))
	}
	return refuse("not_json", "This is not JSON: %s.", err)
}

type walker struct {
	text    []byte
	decoder *json.Decoder
	counted int // bytes of text whose lines are counted
	lines   int
}

// here is the line the decoder has come to. Lines are counted on from the last call.
func (w *walker) here() int {
	at := int(w.decoder.InputOffset())
	w.lines += bytes.Count(w.text[w.counted:at], []byte("\n"))
	w.counted = at
	return w.lines + 1
}

func (w *walker) value() (tree, error) {
	from := w.decoder.InputOffset()
	token, err := w.decoder.Token()
	if err != nil {
		return tree{}, jsonError(w.text, err)
	}
	t := tree{line: w.here()}
	switch v := token.(type) {
	case json.Delim:
		t.kind = byte(v)
		return w.inside(t)
	case string:
		t.text = v
		return t, w.checkString(v, from, t.line)
	case json.Number:
		t.text = v.String()
	case bool:
		t.text = strconv.FormatBool(v)
	default:
		t.isNull = true
	}
	return t, nil
}

func (w *walker) inside(t tree) (tree, error) {
	seen := map[string]int{}
	for w.decoder.More() {
		name := ""
		if t.kind == '{' {
			key, err := w.value()
			if err != nil {
				return t, err
			}
			name = key.text
			if before, twice := seen[name]; twice {
				return t, refuse("duplicate_name", "Lines %d and %d: the same object has “%s” twice.", before, key.line, name)
			}
			seen[name] = key.line
		}
		v, err := w.value()
		if err != nil {
			return t, err
		}
		if t.kind == '{' {
			t.object = append(t.object, member{name, v})
		} else {
			t.list = append(t.list, v)
		}
	}
	_, err := w.decoder.Token() // the closing bracket
	return t, err
}

// checkString refuses what no text has: an escaped NUL, and half of a surrogate
// pair, which encoding/json turns into U+FFFD without a word.
func (w *walker) checkString(said string, from int64, line int) error {
	if strings.ContainsRune(said, 0) {
		return refuse("nul_character", "Line %d: a text contains a NUL character (\\u0000, near byte %d).", line, from)
	}
	raw := strings.ToLower(string(w.text[from:w.decoder.InputOffset()]))
	if strings.Count(said, "\uFFFD") > strings.Count(raw, "\uFFFD")+strings.Count(raw, `\ufffd`) {
		return refuse("half_character", "Line %d: a text contains half of a surrogate pair (near byte %d), which is no character.", line, from)
	}
	return nil
}

// parseYAML reads exactly one YAML document without aliases: they could make a
// small file expand without end.
func parseYAML(text []byte) (tree, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var doc yaml.Node
	if err := decoder.Decode(&doc); err != nil {
		return tree{}, refuse("not_yaml", "This is not YAML: %s.", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var more yaml.Node
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return tree{}, refuse("several_documents", "This file holds more than one YAML document (near line %d). Put each in a file of its own.", more.Line)
	}
	return fromYAML(&doc)
}

func fromYAML(n *yaml.Node) (tree, error) {
	t := tree{line: n.Line}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 0 {
			return tree{line: 1, isNull: true}, nil
		}
		return fromYAML(n.Content[0])
	case yaml.AliasNode:
		return t, refuse("alias", "Line %d uses a YAML alias (*%s). Write the text out.", n.Line, n.Value)
	case yaml.MappingNode:
		return objectFromYAML(n)
	case yaml.SequenceNode:
		t.kind = '['
		for _, c := range n.Content {
			item, err := fromYAML(c)
			if err != nil {
				return t, err
			}
			t.list = append(t.list, item)
		}
		return t, nil
	}
	if strings.ContainsRune(n.Value, 0) {
		return t, refuse("nul_character", "Line %d: a text contains a NUL character.", n.Line)
	}
	t.isNull = n.Tag == "!!null"
	if !t.isNull {
		t.text = n.Value
	}
	return t, nil
}

func objectFromYAML(n *yaml.Node) (tree, error) {
	t := tree{line: n.Line, kind: '{'}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return t, refuse("not_a_name", "Line %d: the name of a value is not a plain text.", key.Line)
		}
		if before, twice := seen[key.Value]; twice {
			return t, refuse("duplicate_name", "Lines %d and %d: the same object has “%s” twice.", before, key.Line, key.Value)
		}
		seen[key.Value] = key.Line
		v, err := fromYAML(n.Content[i+1])
		if err != nil {
			return t, err
		}
		t.object = append(t.object, member{key.Value, v})
	}
	return t, nil
}

// rows flattens a list of objects: nested names are joined by dots, lists of
// texts become several values, lists of objects are counted from 1.
func rows(list tree, pointer string) (all []row, problems []Problem) {
	for i, item := range list.list {
		at := fmt.Sprintf("%s/%d", pointer, i)
		if item.kind != '{' {
			problems = append(problems, Problem{item.line, 0, at, "not_an_object", "This item of the list is not an object with names."})
			continue
		}
		r := row{line: item.line, pointer: at}
		flatten(&r, "", item)
		all = append(all, r)
	}
	return all, problems
}

func flatten(r *row, prefix string, t tree) {
	switch {
	case t.kind == '{':
		for _, m := range t.object {
			flatten(r, strings.TrimPrefix(prefix+"."+m.name, "."), m.value)
		}
	case t.kind == '[' && len(t.list) > 0 && t.list[0].kind == '{':
		for i, item := range t.list {
			flatten(r, fmt.Sprintf("%s.%d", prefix, i+1), item)
		}
	default:
		r.cells = append(r.cells, cell{prefix, t.leaves()})
	}
}
