package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"lectern/domain"
	"lectern/internal/intake"
	"lectern/internal/store"
	"lectern/workflows"
)

func readLimited(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, fmt.Errorf("the file is larger than %d bytes (LECTERN_IMPORT_LIMIT)", limit)
	}
	return data, err
}

type importCommand struct {
	Kind         string `arg:"" enum:"section,proposals,members,scores" help:"section, proposals, members or scores"`
	File         string `arg:"" help:"CSV, JSON or YAML; - for standard input; for section, \"default\" is the one Lectern comes with"`
	Group        string `help:"Slug of the group, for proposals that name none."`
	Call         string `help:"Slug of the call (default: what each proposal of Lectern's own export names)."`
	Map          string `help:"Mapping file, for files of no recognised shape."`
	As           string `help:"Address of the group's member to act as (default: a chair of each proposal's group)."`
	Submit       bool   `help:"Submit what was made, by the real move."`
	SkipBadLines bool   `help:"Take the good lines all the same."`
	DryRun       bool   `help:"Say what would happen, and change nothing."`
}

// Run takes in a file, all or nothing, and says what it did.
func (i importCommand) Run(ctx context.Context, c Config, s streams) error {
	st, err := openStore(ctx, c, store.Options{NoMigrate: c.NoMigrate})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	switch i.Kind {
	case "section":
		return i.section(ctx, c, s, st)
	case "members":
		return i.members(ctx, c, s, st)
	case "scores":
		return i.scores(ctx, c, s, st)
	}
	return i.proposals(ctx, c, s, st)
}

func (i importCommand) proposals(ctx context.Context, c Config, s streams, st *store.Store) error {
	in := workflows.ImportProposals{Group: i.Group, Call: i.Call, Zone: c.Zone, SkipBadLines: i.SkipBadLines, Submit: i.Submit, DryRun: i.DryRun}
	var err error
	if in.Data, err = readInput(i.File, s, c.ImportLimit); err != nil {
		return err
	}
	if in.Mapping, err = i.mapping(); err != nil {
		return err
	}
	w := workflows.Proposals{Base: base(st)}
	who := domain.TheClock(realNow())
	if i.As != "" {
		if who, err = w.ActingFor(ctx, i.Group, i.As, c.Zone); err != nil {
			return err
		}
	}
	report, err := w.ImportProposals(ctx, who, in)
	if err != nil {
		return err
	}
	return printReport(s, report, i.SkipBadLines)
}

func (i importCommand) mapping() (*intake.Mapping, error) {
	if i.Map == "" {
		return nil, nil //nolint:nilnil // no mapping is not an error
	}
	text, err := os.ReadFile(i.Map)
	if err != nil {
		return nil, err
	}
	m, err := intake.ReadMapping(text)
	return &m, err
}

func printReport(s streams, r workflows.ImportReport, tolerant bool) error {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(s.out, format+"\n", args...) }
	for _, p := range r.Refused {
		say("line %d: %s [%s] %s", p.Line, p.Detail, p.Code, p.Pointer)
	}
	for _, k := range r.Skipped {
		say("line %d: skipped: %s", k.Line, k.Why)
	}
	for _, n := range r.Notes {
		say("note: %s", n)
	}
	say("shape: %s; the same proposal is known by %s", r.Shape, r.KeyedBy)
	if len(r.Refused) > 0 && !tolerant {
		say("nothing was imported: %s refused", domain.Plural(len(r.Refused), "line"))
		return errBroken
	}
	verb := ""
	if r.DryRun {
		verb = "would be "
	}
	say("%screated %d, updated %d, unchanged %d, submitted %d, refused %d, skipped %d", verb, r.Created, r.Updated, r.Unchanged, r.Submitted, len(r.Refused), len(r.Skipped))
	return nil
}

type exportCommand struct {
	Kind   string `arg:"" enum:"proposals" help:"proposals"`
	Format string `enum:"csv,json" default:"csv" help:"csv or json"`
	Year   string `help:"Only this program year, 2026-27."`
}

// Run writes what import reads back without loss.
func (e exportCommand) Run(ctx context.Context, c Config, s streams) error {
	if y := domain.Year(e.Year); e.Year != "" && !y.Valid() {
		return fmt.Errorf("--year: %q is not a program year, such as 2026-27", e.Year)
	}
	st, err := openStore(ctx, c, store.Options{NoMigrate: c.NoMigrate})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	all, err := workflows.Proposals{Base: base(st)}.Export(ctx, domain.TheClock(realNow()), domain.Year(e.Year))
	if err != nil {
		return err
	}
	if e.Format == "json" {
		return intake.ExportJSON(s.out, all)
	}
	return intake.ExportCSV(s.out, all)
}

// members takes in the list of members. What is kept cannot be read, only compared.
func (i importCommand) members(ctx context.Context, c Config, s streams, st *store.Store) error {
	file, err := readInput(i.File, s, c.ImportLimit)
	if err != nil {
		return err
	}
	keys, err := signingKeys(c)
	if err != nil {
		return err
	}
	if i.DryRun {
		ctx = workflows.DryRun(ctx)
	}
	w := workflows.Members{Base: base(st), Links: workflows.Links{BaseURL: c.BaseURL, Keys: keys}}
	r, err := w.ImportMembers(ctx, domain.TheClock(realNow()), file)
	if err != nil {
		return err
	}
	return printCounts(s, r.Refused, r.Created, r.Updated, r.Unchanged, i.DryRun)
}

// scores takes in reviews that were written elsewhere, each as its reviewer's own.
func (i importCommand) scores(ctx context.Context, c Config, s streams, st *store.Store) error {
	file, err := readInput(i.File, s, c.ImportLimit)
	if err != nil {
		return err
	}
	w := workflows.Proposals{Base: base(st)}
	r, err := w.ImportScores(ctx, domain.TheClock(realNow()), workflows.ImportScores{Call: i.Call, Data: file, Zone: c.Zone, DryRun: i.DryRun})
	if err != nil {
		return err
	}
	return printCounts(s, r.Refused, r.Created, r.Updated, r.Unchanged, i.DryRun)
}

func printCounts(s streams, refused []intake.Problem, created, updated, unchanged int, dry bool) error {
	for _, p := range refused {
		_, _ = fmt.Fprintf(s.out, "line %d: %s [%s] %s\n", p.Line, p.Detail, p.Code, p.Pointer)
	}
	if len(refused) > 0 {
		_, _ = fmt.Fprintf(s.out, "nothing was imported: %s refused\n", domain.Plural(len(refused), "line"))
		return errBroken
	}
	verb := ""
	if dry {
		verb = "would be "
	}
	_, _ = fmt.Fprintf(s.out, "%screated %d, updated %d, unchanged %d\n", verb, created, updated, unchanged)
	return nil
}
