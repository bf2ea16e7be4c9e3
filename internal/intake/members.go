package intake

import (
	"slices"
	"strings"

	"lectern/domain"
)

// memberColumns are the columns of a file of members, by the names they go by.
var memberColumns = []struct {
	key   string
	names []string
}{
	{"email", []string{"email", "e-mail", "email address", "mail"}},
	{"member_number", []string{"member_number", "member number", "member no", "member id", "number"}},
	{"class", []string{"class", "rate", "rate class", "rate_class"}},
	{"valid_to", []string{"valid_to", "valid to", "expires", "expires on", "valid until"}},
}

// Members reads a CSV file of members. Lines that cannot be read are problems, by
// their number; whether a line makes sense is decided by the caller. Invalid when
// the file as a whole cannot be read.
func Members(file []byte) ([]domain.MemberLine, []Problem, error) {
	text, err := clean(file)
	if err != nil {
		return nil, nil, err
	}
	t, err := readTable(string(text))
	if err != nil {
		return nil, nil, err
	}
	columns, missing := memberHeader(t.header)
	if len(missing) > 0 {
		return nil, nil, refuse("missing_column", "The file needs the columns email, member_number, class and valid_to. Missing: %s.", strings.Join(missing, ", "))
	}
	var all []domain.MemberLine
	for _, r := range t.rows {
		get := func(key string) string { return strings.TrimSpace(r.text(columns[key])) }
		all = append(all, domain.MemberLine{Line: r.line, Email: get("email"), Number: get("member_number"), Class: get("class"), ValidTo: domain.Date(get("valid_to"))})
	}
	return all, t.problems, nil
}

func memberHeader(header []string) (columns map[string]string, missing []string) {
	columns = map[string]string{}
	for _, c := range memberColumns {
		i := slices.IndexFunc(header, func(h string) bool { return slices.Contains(c.names, strings.ToLower(h)) })
		if i < 0 {
			missing = append(missing, c.key)
			continue
		}
		columns[c.key] = header[i]
	}
	return columns, missing
}
