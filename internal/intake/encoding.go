package intake

import (
	"bytes"
	"unicode/utf8"
)

var byteOrderMark = []byte("\uFEFF")

// clean checks that the bytes are UTF-8 text without NUL and takes one byte order
// mark away. Anything else is refused by the offset of its first byte, counted
// from 0: guessing an encoding would silently change names.
func clean(data []byte) ([]byte, error) {
	if mark := otherEncoding(data); mark != "" {
		return nil, refuse("not_utf8", "This file is %s (byte 0, line 1). Save it as UTF-8 and try again.", mark)
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return nil, refuse("not_utf8", "Byte %d (line %d) is 0x%02X, which is not UTF-8. Save the file as UTF-8 and try again.", i, lineAt(data, i), data[i])
		case r == 0:
			return nil, refuse("nul_character", "Byte %d (line %d) is a NUL character, which no text has.", i, lineAt(data, i))
		}
		i += size
	}
	text := bytes.TrimPrefix(data, byteOrderMark)
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, refuse("empty_file", "This file is empty.")
	}
	return text, nil
}

func otherEncoding(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return "UTF-16"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "a spreadsheet or another packed file, not CSV, JSON or YAML"
	}
	return ""
}

// lineAt is the line, from 1, on which the byte stands.
func lineAt(data []byte, offset int) int {
	return 1 + bytes.Count(data[:min(offset, len(data))], []byte("\n"))
}
