package main

import (
	"context"
	"fmt"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/workflows"
)

// section loads a section file; "default" is the one Lectern comes with.
func (i importCommand) section(ctx context.Context, c Config, s streams, st *store.Store) error {
	text := domain.DefaultSection
	if i.File != "default" {
		var err error
		if text, err = readInput(i.File, s, c.ImportLimit); err != nil {
			return err
		}
	}
	report, err := workflows.Sections{Base: base(st)}.Import(ctx, domain.TheClock(realNow()), text, i.DryRun)
	if err != nil {
		return err
	}
	for _, l := range report.Lines {
		_, _ = fmt.Fprintln(s.out, l)
	}
	verb := ""
	if i.DryRun {
		verb = "would be "
	}
	_, err = fmt.Fprintf(s.out, "%screated %d, updated %d, unchanged %d\n", verb, report.Created, report.Updated, report.Unchanged)
	return err
}
