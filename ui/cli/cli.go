// Package cli is the command line of signalbox: one file a command, named as the command is.
//
// Main runs one command and waits until everything that it started has ended; one call a process, since it handles
// signals and sets the memory limit. Data goes to standard output and nothing else does; what people should know besides
// goes to standard error. Every command ends with one of the codes in exit.go, and ends in good order on SIGINT, SIGTERM
// and SIGHUP; when that takes longer than shutdown.Patience, the end is forced. Nothing is sent to a bus unless
// options.armed allows it, and to one that is marked as production only after a yes.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"

	"signalbox/bus/goroutine"
	"signalbox/scenarios/file"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/flagvalue"
	"signalbox/ui/cli/internal/shutdown"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// Main runs the program with its arguments and streams, and returns its exit code. It does not return after a panic.
func Main(args []string, in io.Reader, out, err io.Writer) int {
	guard := shutdown.New(err, shutdown.Codes{Forced: exitFailed, Panic: exitFault}, in, out, err)
	goroutine.OnPanic(guard.Panicked)
	code := exitFault
	goroutine.Call("the command", func() { code = execute(guard, args, in, out, err) })
	guard.Done()
	return code
}

// execute is Main without what catches a panic.
func execute(guard *shutdown.Guard, args []string, in io.Reader, out, err io.Writer) int {
	signal.Ignore(syscall.SIGPIPE) // a reader that goes away shows as an error of writing
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	defer guard.OnQuit(syscall.SIGQUIT, syscall.SIGABRT)()
	defer goroutine.AfterFunc(ctx, "what hears signals", guard.Begin)()

	charset := screen.CharsetFor(os.Getenv)
	terminal, _ := out.(*os.File)
	out, unwritten := output.Watched(ctx, out)
	err, _ = output.Watched(ctx, err)
	err = output.Readable(err, charset)
	o := &options{in: in, out: out, err: err, guard: guard, charset: charset}
	if output.IsTerminal(out) {
		o.tty = terminal
	}
	root := newRoot(o)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(output.Readable(out, charset)) // help, and what else is not a command's own
	root.SetErr(err)
	failed := fang.Execute(ctx, root, fang.WithErrorHandler(func(w io.Writer, styles fang.Styles, err error) { printError(w, styles, err, args) }))
	switch cause := unwritten(); {
	case errors.Is(failed, output.ErrReaderGone):
		return exitDone
	case cause != nil && failed == nil: // nobody looked
		fmt.Fprintln(err, "signalbox:", screen.Clean(cause.Error()))
		return exitCode(cause)
	}
	return exitCode(failed)
}

// printError says what went wrong, in one place and one form. What is wrong with a file begins with file:line:column,
// as editors want it. args are those of the program, which may hold secrets.
func printError(w io.Writer, styles fang.Styles, err error, args []string) {
	var wrong *file.Error
	switch {
	case errors.Is(err, output.ErrReaderGone):
		return
	case errors.Is(err, context.Canceled):
		err = errors.New("stopped before it was done")
	}
	if !errors.As(err, &wrong) {
		fmt.Fprint(w, styles.Program.Name.UnsetTransform().Render("signalbox:"), " ")
	}
	for line := range strings.SplitSeq(brokers.Hide(err.Error(), args), "\n") {
		fmt.Fprintln(w, screen.Clean(line))
	}
	if strings.HasPrefix(err.Error(), "unknown") {
		fmt.Fprintln(w, "signalbox --help lists commands and flags")
	}
}

func newRoot(o *options) *cobra.Command {
	cmd := newDeck(o)
	o.addTo(cmd)
	cmd.SetFlagErrorFunc(flagvalue.Error)
	cmd.AddCommand(newTail(o), newStations(o), newConsumers(o), newState(o), newBisect(o), newEffects(o), newDiff(o), newFlow(o), newCount(o), newInject(o), newSend(o),
		newRecord(o), newReplay(o), newExport(o), newScript(o), newRun(o), newPresent(o), newStandIn(o), newDemo(o), newCheck(o), newDoctor(o), newTrust(o))
	for _, c := range cmd.Commands() {
		if strings.Contains(c.Use, "BUS") {
			c.Long = cmp.Or(c.Long, c.Short+".") + "\n\n" + whatIsBus
		}
	}
	for _, c := range append(cmd.Commands(), cmd) {
		c.Long = paragraphs(c.Long)
	}
	o.completes(cmd)
	cmd.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if json := cmd.Flags().Lookup("json"); json == nil || json.Value.String() != "true" {
			o.out = output.Readable(o.out, o.charset)
		}
		o.names.Context.Given = cmd.Flags().Changed("context")
		if !usesBuses(cmd) {
			return nil
		}
		if err := o.readConfigurations(cmd.Context()); err != nil {
			return err
		}
		return o.mayChangeSettings()
	}
	return cmd
}

// usesBuses tells whether a command does anything with configurations: those that tell of signalbox itself do not, and check
// and trust read those that they are to judge.
func usesBuses(cmd *cobra.Command) bool {
	for c := cmd; c.HasParent(); c = c.Parent() {
		switch c.Name() {
		case "check", "completion", "help", "man", "trust", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd:
			return false
		}
	}
	return true
}

// paragraphs joins the lines of each paragraph, which help and manual page break as they need; what is indented stays.
func paragraphs(text string) string {
	var out strings.Builder
	indented, blank := true, true
	for line := range strings.SplitSeq(text, "\n") {
		now := strings.HasPrefix(line, " ")
		switch {
		case out.Len() == 0:
		case line == "" || blank || now || indented:
			out.WriteByte('\n')
		default:
			out.WriteByte(' ')
		}
		out.WriteString(line)
		indented, blank = now, line == ""
	}
	return out.String()
}
