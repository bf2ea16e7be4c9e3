package intake

import (
	"fmt"
	"slices"
	"strings"

	"lectern/domain"
)

// fit keeps what the form asks for. A short description the form does not ask
// for goes before the full one, and the other way round; the rest is noted.
func (b *Batch) fit(form domain.FormSpec) {
	dropped := map[string]int{}
	for _, r := range b.Records {
		fold(r.Answers, form, "short_description", "full_description")
		for key, values := range r.Answers {
			field, asked := form.Field(key)
			if !asked {
				delete(r.Answers, key)
				dropped[key]++
				continue
			}
			if !several(field.Kind) && len(values) > 1 {
				r.Answers[key] = []string{strings.Join(values, "\n")}
			}
		}
	}
	keys := make([]string, 0, len(dropped))
	for key := range dropped {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		b.Notes = append(b.Notes, fmt.Sprintf("The form has no field “%s”: left out of %s.", key, domain.Plural(dropped[key], "proposal")))
	}
}

func fold(a domain.Answers, form domain.FormSpec, short, full string) {
	_, asksShort := form.Field(short)
	_, asksFull := form.Field(full)
	if asksShort == asksFull {
		return
	}
	text := strings.Trim(a.Text(short)+"\n\n"+a.Text(full), "\n")
	if a.Text(short) == a.Text(full) || a.Text(short) == "" || a.Text(full) == "" {
		text = a.Text(full) + a.Text(short)
		if a.Text(short) == a.Text(full) {
			text = a.Text(full)
		}
	}
	delete(a, short)
	delete(a, full)
	if text == "" {
		return
	}
	if asksShort {
		a[short] = []string{text}
		return
	}
	a[full] = []string{text}
}

func several(kind domain.FieldKind) bool {
	return kind == domain.Lines || kind == domain.Choices || kind == domain.Dates
}

// sort puts problems and skipped lines in the order of the file.
func (b *Batch) sort() {
	slices.SortStableFunc(b.Problems, func(x, y Problem) int { return x.Line - y.Line })
	slices.SortStableFunc(b.Skipped, func(x, y Skip) int { return x.Line - y.Line })
}

// refusal is one error with a reason for every problem.
func refusal(problems []Problem) error {
	reasons := make([]domain.Reason, len(problems))
	for i, p := range problems {
		reasons[i] = domain.Wrong(p.Pointer, p.Code, "%s", p.Detail)
	}
	return domain.Refuse(reasons...)
}

// Refusal is the error that names every bad line of the batch, or nil.
func (b Batch) Refusal() error {
	reasons := make([]domain.Reason, len(b.Problems))
	for i, p := range b.Problems {
		pointer := p.Pointer
		if pointer == "" {
			pointer = fmt.Sprintf("/lines/%d", p.Line)
		}
		detail := p.Detail
		if !strings.HasPrefix(detail, "Line") {
			detail = fmt.Sprintf("Line %d: %s", p.Line, detail)
		}
		reasons[i] = domain.Wrong(pointer, p.Code, "%s", detail)
	}
	return domain.Refuse(reasons...)
}
