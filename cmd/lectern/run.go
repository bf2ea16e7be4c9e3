package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"lectern/domain"
)

// commands are all commands of the program.
type commands struct {
	Config `embed:""`

	Demo      demoCommand      `cmd:"" help:"Show Lectern: a demonstration section, served until you stop it."`
	Serve     serveCommand     `cmd:"" help:"Run Lectern."`
	Admin     adminCommand     `cmd:"" help:"Make a person an administrator and print a one-time sign-in link."`
	SignIn    signInCommand    `cmd:"" name:"sign-in" help:"Print a one-time sign-in link."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the schema up to date, or tell where it stands."`
	Import    importCommand    `cmd:"" help:"Take in a file: section, members, proposals or scores."`
	Export    exportCommand    `cmd:"" help:"Write proposals in a form that import reads back."`
	Token     tokenCommand     `cmd:"" help:"Print an API token once."`
	Check     checkCommand     `cmd:"" help:"Prove the invariants on the live database."`
	Backup    backupCommand    `cmd:"" help:"Write the embedded database into a new file, while it is served."`
	Restore   restoreCommand   `cmd:"" help:"Make a backup the embedded database, where none is."`
	OpenAPI   openAPICommand   `cmd:"" name:"openapi" help:"Print the description of the API."`
	Lifecycle lifecycleCommand `cmd:"" help:"Print the lifecycle of a proposal."`
	Settings  settingsCommand  `cmd:"" name:"config" help:"Print the settings, what is secret masked."`
	Version   versionCommand   `cmd:"" help:"Print the version."`
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// errBroken ends a command with status 1 after it has said why.
var errBroken = errors.New("broken")

// run is the program without the process: it returns the exit status, 0 for
// done, 1 for failed, 2 for wrongly called.
func run(ctx context.Context, args, env []string, in io.Reader, out, errs io.Writer) int {
	io := streams{in, out, errs}
	env, err := secretFiles(env)
	if err != nil {
		return io.fail(err)
	}
	var c commands
	helped := false
	parser, err := kong.New(&c, kong.Name("lectern"), kong.Description("From first draft to a decision: a section's program and webinar proposals."),
		kong.Writers(out, errs), kong.Exit(func(int) { helped = true }), kong.Resolvers(fromEnvironment(env)), kong.UsageOnError())
	if err != nil {
		return io.fail(err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if helped {
		return 0
	}
	if err != nil {
		_, _ = fmt.Fprintln(errs, "lectern:", err)
		return 2
	}
	settings, err := c.complete()
	if err != nil {
		return io.fail(err)
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return io.fail(parsed.Run(settings, io))
}

// fromEnvironment resolves flags from the environment given, not the process's,
// so that tests may run side by side.
func fromEnvironment(env []string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs {
			if v, set := lookup(env, name); set {
				return v, nil
			}
		}
		return nil, nil
	})
}

func (s streams) fail(err error) int {
	if err == nil {
		return 0
	}
	var refusal *domain.Error
	switch {
	case errors.Is(err, errBroken), errors.Is(err, context.Canceled):
	case errors.As(err, &refusal):
		for _, r := range refusal.Reasons {
			_, _ = fmt.Fprintln(s.err, strings.TrimSpace("lectern: "+r.Detail+" ["+r.Code+"] "+r.Pointer))
		}
	default:
		_, _ = fmt.Fprintln(s.err, "lectern:", err)
	}
	return 1
}

// ensureFolder makes the data folder of an embedded database.
func ensureFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}
