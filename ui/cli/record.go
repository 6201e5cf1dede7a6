package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/recording"
	"signalbox/sources"
	"signalbox/ui/cli/internal/flagvalue"
	"signalbox/ui/cli/internal/shutdown"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// maskHelp is what --mask does.
const maskHelp = "what is replaced before it is recorded: data.PATH or headers.NAME (repeatable)"

// record is the command that writes what passes into a file.
type record struct {
	*options
	file   string
	masks  []string
	count  uint64
	length time.Duration
}

func newRecord(o *options) *cobra.Command {
	c := &record{options: o}
	cmd := &cobra.Command{
		Use:   "record -o FILE [BUS] [STATION…]",
		Short: "Write what passes into a file",
		Long: "Write what passes into a file, which can be opened as a bus: messages as they are received, what was missed, how\n" +
			"consumers were, what was sent from here. \"attached\" on standard error says when it is subscribed. It goes on until it is\n" +
			"ended; a file that was not ended, because the program was killed, is whole up to its last second.",
		Example: `signalbox record nats://127.0.0.1:4222 -o monday.sbx --for 10m
signalbox record redis://127.0.0.1:6379 'shop:*' -o shop.sbx --mask data.email --mask headers.Authorization`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.lines.addTo(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&c.file, "output", "o", "", "the file to write; "+recording.Extension+" is how its name usually ends")
	flags.StringArrayVar(&c.masks, "mask", nil, maskHelp)
	flags.Var((*flagvalue.Number)(&c.count), "count", "end after so many messages")
	flags.DurationVar(&c.length, "for", 0, "end after so long, as in 90s or 10m")
	return cmd
}

func (c *record) run(ctx context.Context, args []string) error {
	targets, from, err := c.toRead(args, bus.FromNew)
	switch {
	case err != nil:
		return err
	case c.file == "":
		return errors.New("record where to? want -o FILE, such as -o monday" + recording.Extension)
	case c.length < 0:
		return fmt.Errorf("--for %s: want a time above 0, as in 90s or 10m", c.length)
	}
	if err := recording.CheckMask(c.masks); err != nil {
		return fmt.Errorf("--mask %w", err)
	}
	library, err := c.library()
	if err != nil {
		return err
	}
	c.lines.whole = true
	wanted, enough := context.WithCancel(ctx)
	defer enough()
	s, err := c.connected(ctx, targets)
	if err != nil {
		return err
	}
	r, err := recording.Create(c.file, recording.Options{Mask: c.masks, Patient: true, Most: c.count, Over: enough})
	if err != nil {
		return cmp.Or(s.close(), creating(c.file, err))
	}
	c.guard.OnExit(r.Close)
	s.tap.Record(r)
	notices := output.NewNotices(c.err)
	s.library = library
	s.startEngine(sources.Options{Events: sources.HoldNone})
	err = c.follow(ctx, wanted, s, from, notices)
	lookLast(ctx, s)
	err = s.over(err)
	if ctx.Err() != nil {
		err = nil // a signal is the usual end
	}
	closed, n := r.Close(), r.Counts()
	c.tell(n)
	if n.Messages > 0 {
		for _, mask := range r.Unmet() {
			c.warn("--mask " + screen.Clean(mask) + " replaced nothing: is it written as it is in the messages?")
		}
	}
	if closed != nil {
		closed = fmt.Errorf("writing %s: %w", filepath.Base(c.file), pathless(closed))
	}
	return cmp.Or(closed, err)
}

// creating says why a file cannot be written.
func creating(name string, err error) error {
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: name another file, nothing is written over", filepath.Base(name))
	}
	return fmt.Errorf("making %s: %w", filepath.Base(name), pathless(err))
}

// pathless is an error without the path that is said besides.
func pathless(err error) error {
	if path := new(fs.PathError); errors.As(err, &path) {
		return path.Err
	}
	return err
}

// follow records until it was enough, a signal, or the end of what is read.
func (c *record) follow(ctx, wanted context.Context, s *session, from bus.From, notices *output.Notices) error {
	ctx, stop := s.within(ctx)
	defer stop()
	defer s.report(ctx, notices)()
	what, err := s.begin(ctx, from, notices)
	if err != nil {
		return err
	}
	notices.Line("attached " + what + ", writing " + screen.Clean(c.file))
	enough, cancel := context.WithCancel(ctx)
	if c.length > 0 {
		enough, cancel = context.WithTimeout(ctx, c.length)
	}
	defer cancel()
	defer goroutine.AfterFunc(wanted, "what ends the recording", cancel)()
	if target.Ends(s.targets) {
		if err := s.engine.CaughtUp(enough); err != nil && enough.Err() == nil {
			return err
		}
	} else {
		<-enough.Done()
	}
	s.conclude(shutdown.Patience / 5)
	return nil
}

// lastLook is how long consumers are waited for at the end.
const lastLook = time.Second

// lookLast has the consumers told once more, so that the newest figures in the file are of its end.
func lookLast(ctx context.Context, s *session) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), lastLook)
	defer stop()
	for _, b := range s.buses {
		if lister, ok := bus.As[bus.ConsumerLister](b); ok {
			_, _ = lister.Consumers(ctx) // what is told is recorded on its way; what is not was told before
		}
	}
}

// tell says what is in the file.
func (c *record) tell(n recording.Counts) {
	text := fmt.Sprintf("recorded %s in %s: %s, of %s of payloads", screen.Plural(n.Messages, "message"), screen.Clean(c.file),
		humanize.IBytes(uint64(n.Bytes)), humanize.IBytes(n.Payload))
	if n.Lost > 0 {
		text += fmt.Sprintf("; %s not", screen.Plural(n.Lost, "message"))
		if !n.Until.IsZero() {
			text += ": what came after " + n.Until.Format(time.TimeOnly)
		}
	}
	fmt.Fprintln(c.err, "signalbox:", text)
}
