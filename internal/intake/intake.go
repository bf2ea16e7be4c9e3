// Package intake reads other people's proposals: CSV, JSON and YAML files of
// recognised shapes, or any other by a mapping. It also writes the CSV and JSON
// that it reads back without loss. It knows no database: what is made of the
// records is decided by the caller.
package intake

import (
	"fmt"

	"lectern/domain"
)

// Options say how a file is to be read. The zero value reads a recognised shape
// by its content.
type Options struct {
	Mapping *Mapping         // for files of no recognised shape; nil: none
	Form    *domain.FormSpec // keep only what this form asks for, and note the rest; nil: keep all
}

// Batch is what a file holds. Records are complete; every line that is not is
// among Problems, so that a caller takes all or nothing, or skips by choice.
type Batch struct {
	Shape    string // the shape by name: Google Forms, pretalx, …
	KeyedBy  string // what makes a proposal the same one when imported again
	Records  []Record
	Problems []Problem
	Skipped  []Skip   // lines that are no proposals at all
	Notes    []string // what was not used or was read in a particular way
}

// Record is one proposal of a file.
type Record struct {
	Line     int    // 1, 2, …: where it begins
	Pointer  string // JSON pointer of it; empty in CSV
	Key      string // the idempotency key, stable over imports of the same source
	Title    string
	Answers  domain.Answers // by field key; the title is not among them
	Speakers []domain.Speaker
	Group    string // slug or name as given; empty: the caller's
	ID       string // of Lectern's own export
	Number   string // of Lectern's own export
	State    string // of Lectern's own export
	Call     string // slug, of Lectern's own export
	Received string // 2025-01-28T13:39:51, when the form was sent, in the form's own zone; empty: not known
}

// Problem is one thing wrong with one line. Column is 0 where it is not about one.
type Problem struct {
	Line    int
	Column  int // 1, 2, …: the cell in CSV
	Pointer string
	Code    string // stable, snake_case
	Detail  string // a sentence
}

// Skip is a line that is no proposal, with the reason.
type Skip struct {
	Line int
	Why  string
}

// Read reads a whole file. The error is a *domain.Error when the file as a whole
// cannot be read (not UTF-8, not well formed, no recognised shape); what is wrong
// with single lines is in the Batch. Equal bytes give equal batches.
func Read(data []byte, opts Options) (Batch, error) {
	text, err := clean(data)
	if err != nil {
		return Batch{}, err
	}
	file, err := parse(text)
	if err != nil {
		return Batch{}, err
	}
	b, err := file.read(opts)
	if err != nil {
		return Batch{}, err
	}
	b.finish(opts)
	return b, nil
}

// refuse is the refusal of a whole file.
func refuse(code, detail string, args ...any) error {
	return domain.Refuse(domain.Wrong("", code, detail, args...))
}

// finish checks what all shapes have in common: titles, keys, the form.
func (b *Batch) finish(opts Options) {
	first := map[string]Record{}
	kept := b.Records[:0]
	for _, r := range b.Records {
		problems := r.problems(first)
		if len(problems) > 0 {
			b.Problems = append(b.Problems, problems...)
			continue
		}
		first[r.Key] = r
		kept = append(kept, r)
	}
	b.Records = kept
	if opts.Form != nil {
		b.fit(*opts.Form)
	}
	for i := range b.Records {
		for j := range b.Records[i].Speakers {
			b.Records[i].Speakers[j].Position = j + 1
		}
	}
	b.sort()
}

func (r Record) problems(first map[string]Record) (all []Problem) {
	if r.Title == "" && r.State == "" { // a draft of our own may still lack one
		all = append(all, Problem{r.Line, 0, r.Pointer, "title_missing", "This proposal has no title."})
	}
	if before, twice := first[r.Key]; twice {
		all = append(all, Problem{
			r.Line, 0, r.Pointer, "duplicate_key",
			fmt.Sprintf("Lines %d and %d are the same proposal (%s).", before.Line, r.Line, r.Key),
		})
	}
	return all
}
