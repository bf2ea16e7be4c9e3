package workflows

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"lectern/domain"
)

// maxSectionFile is far beyond any section: the one Lectern comes with has 25 KB.
const maxSectionFile = 2 << 20

// sectionFile is a section file that was read and checked, with the way back
// from each part to its line.
type sectionFile struct {
	spec domain.SectionSpec
	root *yaml.Node
}

// readSectionFile decodes one YAML document strictly: keys nobody knows, keys
// that stand twice and a second document are refused. Every reason is Invalid
// and names the line as far as one is known.
func readSectionFile(text []byte) (sectionFile, error) {
	var f sectionFile
	if len(text) > maxSectionFile {
		return f, domain.Refuse(domain.Wrong("", "too_large", "The file is larger than 2 MB."))
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&f.spec); err != nil {
		return f, unreadable(err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return f, domain.Refuse(domain.Wrong("", "more_than_one", "The file holds more than one document. Keep one."))
	}
	f.root = new(yaml.Node)
	if err := yaml.Unmarshal(text, f.root); err != nil {
		return f, unreadable(err)
	}
	return f, domain.Refuse(f.located(f.spec.Check())...)
}

// unreadable tells what the YAML reader found, each with its line.
func unreadable(err error) error {
	if errors.Is(err, io.EOF) {
		return domain.Refuse(domain.Wrong("", "empty", "The file is empty."))
	}
	said := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	if wrong := (*yaml.TypeError)(nil); errors.As(err, &wrong) {
		said = wrong.Errors
	}
	var why []domain.Reason
	for _, s := range said {
		why = append(why, domain.Wrong("", "not_readable", "%s", plainYAML(s)))
	}
	return domain.Refuse(why...)
}

var (
	yamlLine     = regexp.MustCompile(`^line (\d+): (.*)$`)
	unknownField = regexp.MustCompile(`^field (\S+) not found in type \S+$`)
)

// plainYAML says the YAML reader's complaint in plain words: "Line 3: …".
func plainYAML(said string) string {
	m := yamlLine.FindStringSubmatch(said)
	if m == nil {
		return "This is not YAML that can be read: " + said + "."
	}
	if f := unknownField.FindStringSubmatch(m[2]); f != nil {
		return fmt.Sprintf("Line %s: a section file has no key “%s” here.", m[1], f[1])
	}
	return fmt.Sprintf("Line %s: %s.", m[1], m[2])
}

// located writes before each reason the line its pointer leads to.
func (f sectionFile) located(why []domain.Reason) []domain.Reason {
	for i, r := range why {
		if line := f.line(r.Pointer); line > 0 {
			why[i].Detail = fmt.Sprintf("Line %d: %s", line, r.Detail)
		}
	}
	return why
}

// line follows a JSON pointer through the file as far as it leads; 0: nowhere.
func (f sectionFile) line(pointer string) int {
	if pointer == "" || f.root == nil || len(f.root.Content) == 0 {
		return 0
	}
	node := f.root.Content[0]
	line := node.Line
	for _, key := range strings.Split(pointer[1:], "/") {
		node = child(node, key)
		if node == nil {
			break
		}
		line = node.Line
		if node.Kind == yaml.AliasNode {
			node = node.Alias
		}
	}
	return line
}

func child(node *yaml.Node, key string) *yaml.Node {
	switch node.Kind {
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(node.Content) {
			return node.Content[i]
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == key {
				return node.Content[i+1]
			}
		}
	}
	return nil
}
