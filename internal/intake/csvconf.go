package intake

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"lectern/domain"
)

func isCsvconf(s source) bool { return s.hasColumns("id", "name", "title", "abstract") }

var between = regexp.MustCompile(`\s+(?:&|and)\s+`)

// readCsvconf reads one talk a row. Several people share the name column.
func readCsvconf(s source, b *Batch, known shape) {
	shared := 0
	for _, r := range s.table.rows {
		record := Record{Line: r.line, Title: strings.TrimSpace(r.text("title")), Answers: answers("full_description", r.text("abstract"))}
		names := between.Split(strings.TrimSpace(r.text("name")), -1)
		if len(names) > 1 {
			shared++
		}
		for _, name := range names {
			if name != "" {
				record.Speakers = append(record.Speakers, domain.Speaker{Role: domain.Speaks, Name: name})
			}
		}
		b.addItem(record, known, r.text("id"))
	}
	if shared > 0 {
		b.Notes = append(b.Notes, fmt.Sprintf("The column “name” was parted at “&” and “and” in %s.", domain.Plural(shared, "row")))
	}
	b.noteUnused(s.table.rows, func(c string) bool { return slices.Contains([]string{"id", "name", "title", "abstract"}, c) })
}
