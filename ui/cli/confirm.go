package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// confirmation is the flag --yes of commands that send, and the question that is asked without it.
type confirmation struct{ given bool }

func (c *confirmation) addFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.given, "yes", false, "send to a context marked as production without being asked")
}

// allow tells whether a command may send to a bus: sending has to be armed, and a context that is marked as production
// takes a yes, to what is about to be done.
func (c *confirmation) allow(ctx context.Context, o *options, b bus.Bus, t target.Target, what string) error {
	mark := o.production(b, t)
	if err := o.mustBeArmed(b, t); err != nil || mark.IsZero() || c.given {
		return err
	}
	if !output.IsTerminal(o.in) || !output.IsTerminal(o.err) {
		return fmt.Errorf("%s is marked as production (%s), and there is no terminal to ask on: --yes is to %s", mark.Name, mark.Why, what)
	}
	fmt.Fprintf(o.err, "%s is marked as production: %s.\nReally %s? [y/N] ", screen.Clean(mark.Name), screen.Clean(mark.Why), screen.Clean(what))
	answer, err := o.hears(ctx)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return failf("nothing was sent")
	}
	return nil
}

// longestAnswer bounds what is read of an answer, in bytes.
const longestAnswer = 1 << 10

// hears reads the answer to a question.
func (o *options) hears(ctx context.Context) (string, error) {
	return typed(ctx, func() (string, error) { return bufio.NewReader(io.LimitReader(o.in, longestAnswer)).ReadString('\n') })
}

// typed reads what somebody types, as long as ctx lets it. Such a read cannot be called off: when ctx ends first it is
// left to the end of the program.
func typed[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	goroutine.Go("what hears the answer", func() {
		value, err := read()
		done <- outcome{value, err}
	})
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}
