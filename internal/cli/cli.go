// Package cli is the command line of h48: one file a command. A command reads its
// flags, calls a service or an engine, and prints; it holds no rule of the event
// and no SQL.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Streams are what a command reads from and writes to; tests give buffers.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Run is what every command's Run method receives.
type Run struct {
	context.Context
	Streams
}

// Exit is an error that asks for an exit code of its own: 2 for input that cannot
// be read, 3 for a problem without a solution. Every other error exits with 1.
type Exit struct {
	Code int
	Err  error
}

func (e Exit) Error() string { return e.Err.Error() }
func (e Exit) Unwrap() error { return e.Err }

// commands is the whole command line; kong reads the tags.
type commands struct {
	Rank     rankCommand `cmd:"" help:"Rank projects from what jurors said, or say which project a juror should see next."`
	Plan     Plan        `cmd:"" help:"Solve a planning problem: jury visits, pitch order, workshops, mentors or shifts."`
	Form     formCommand `cmd:"" help:"Form the teams of an event."`
	Demo     Demo        `cmd:"" help:"Hold the hackathon of Amiens on this machine, with invented people."`
	Serve    Serve       `cmd:"" help:"Run H48 for an organisation."`
	Rehearse Rehearse    `cmd:"" help:"Hold a whole event with made-up people, and say what happened."`
	Backup   Backup      `cmd:"" help:"Save the whole database while it is in use."`
	Restore  Restore     `cmd:"" help:"Read a backup into an empty database."`
	Doctor   Doctor      `cmd:"" help:"Say what is wrong with an installation."`
	Verify   Verify      `cmd:"" help:"Say whether the marks, the ranking and the award of a jury’s record belong together."`
	Cups     Cups        `cmd:"" help:"How many reusable cups to order."`
	Export   Export      `cmd:"" help:"Write the public projects as a web site that needs no H48."`
}

// Main runs one command line and returns the process's exit code. An interrupt
// cancels the command's context, so that it can finish what it holds.
func Main(ctx context.Context, args []string, s Streams) int {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	code := -1
	parser, err := kong.New(&commands{},
		kong.Name("h48"),
		kong.Description("H48 runs a whole hackathon, from the announcement to next year's edition."),
		kong.Writers(s.Out, s.Err),
		kong.Exit(func(c int) { code = c }),
		kong.UsageOnError(),
		kong.Configuration(readSettings),
	)
	if err != nil {
		return fail(s.Err, fmt.Errorf("reading the command line's own definition: %w", err))
	}
	parsed, err := parser.Parse(args)
	if code >= 0 { // kong has shown the help it was asked for
		return code
	}
	if err != nil {
		parser.FatalIfErrorf(err)
		return 2
	}
	if err := parsed.Run(&Run{Context: ctx, Streams: s}); err != nil {
		return fail(s.Err, err)
	}
	return 0
}

func fail(w io.Writer, err error) int {
	fmt.Fprintln(w, "h48:", err)
	var exit Exit
	if errors.As(err, &exit) {
		return exit.Code
	}
	return 1
}
