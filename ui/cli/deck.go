package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/recording"
	"signalbox/sources"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/cohorts"
	"signalbox/ui/cli/internal/shutdown"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/cli/internal/terminal"
	"signalbox/ui/deck"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// aboutBuses is what all commands need to have said.
var aboutBuses = `signalbox shows what flows through an event-driven system, who reads it and what is true now, and sends
events into it. Without a BUS it shows three demo systems on a broker inside this process.

A BUS is a URL. The stations that follow it are read; without any, all that are found. A misspelt one is an error that
names the nearest; --wait takes a name for that of a station that will be there.

` + brokers.Help() + `
Parameters are joined by &. BUS may be -, too: the lines that another program writes, each a message; --type, --id,
--station and --time say what they are about. Without a BUS these are asked, in this order: --context, SIGNALBOX_BUS, ./signalbox.yaml,
` + strings.Join(brokers.Variables(), ", ") + "."

// whatIsBus is where the other commands lead to what is said of buses.
const whatIsBus = "BUS is a URL, such as nats://127.0.0.1:4222; signalbox --help says which there are, and what is asked when\nnone is named."

// dashboard is the root command: the deck on the demo, or on what is named.
type dashboard struct {
	*options
	settings
	noMouse bool
	masks   []string
	posts   string // the address of the application that commands are posted to
}

func newDeck(o *options) *cobra.Command {
	c := &dashboard{options: o}
	cmd := &cobra.Command{
		Use:   "signalbox [BUS [STATION…] …]",
		Short: "What flows through an event-driven system, in one terminal",
		Long:  aboutBuses,
		Example: `signalbox
signalbox nats://127.0.0.1:4222
signalbox redis://127.0.0.1:6379 'shop:*' nats://127.0.0.1:4222 orders
signalbox - --type data.type --id data.order_id`,
		Args: cobra.ArbitraryArgs, SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && !isBus(args[0]) && !c.names.Context.Given {
				return unknownCommand(cmd, args[0])
			}
			return c.run(cmd.Context(), args)
		},
	}
	c.lines.addTo(cmd)
	c.rhythm.AddTo(cmd)
	c.settings.addTo(cmd)
	cmd.Flags().StringArrayVar(&c.masks, "mask", nil, maskHelp)
	cmd.Flags().BoolVar(&c.noMouse, "no-mouse", false, "leave the mouse to the terminal")
	return cmd
}

// unknownCommand is the error about a first argument that is neither a command nor a bus.
func unknownCommand(root *cobra.Command, word string) error {
	if err := brokers.Mistake(word, false); err != nil {
		return err
	}
	if near := root.SuggestionsFor(word); len(near) > 0 {
		return fmt.Errorf("unknown command %q; did you mean %s?", word, near[0])
	}
	if strings.Contains(word, ":") {
		return fmt.Errorf("unknown command %q; a bus is a URL: %s", word, brokers.Examples(word))
	}
	return fmt.Errorf("unknown command %q; a station is named after the bus that has it", word)
}

// run shows the deck until it is quit.
func (c *dashboard) run(ctx context.Context, args []string) error {
	targets, from, err := c.toRead(args, bus.FromAll)
	if err != nil {
		return err
	}
	if c.posts, err = c.base(c.options, first(targets)); err != nil {
		return err
	}
	if err := recording.CheckMask(c.masks); err != nil {
		return fmt.Errorf("--mask %w", err)
	}
	keys, err := c.keyboard(targets)
	if err != nil {
		return err
	}
	s, err := c.open(ctx, targets, nil)
	if err != nil {
		return err
	}
	inner, stop := s.within(ctx)
	defer stop()
	if err = c.attachFirst(inner, s, from); err == nil {
		err = c.show(inner, s, from, keys)
		c.tellLosses(s)
	}
	if ctx.Err() != nil {
		err = nil // a signal closes the deck as q does
	}
	return s.over(err)
}

// keyboard is where keys come from: the terminal itself, where standard input brings events.
func (o *options) keyboard(targets []target.Target) (*os.File, error) {
	keys, isFile := o.in.(*os.File)
	var err error
	if slices.ContainsFunc(targets, target.Target.Pipe) {
		keys, _, err = tea.OpenTTY()
	}
	if !isFile || err != nil || o.tty == nil || !output.IsTerminal(keys) {
		return nil, errors.New("the deck needs a terminal; signalbox tail prints events without one")
	}
	return keys, nil
}

// parting is how long brokers are given to tell what was lost when the deck is quit, which is to be quick.
var parting = 300 * time.Millisecond

// tellLosses says, where the screen was, what was never shown on it.
func (c *dashboard) tellLosses(s *session) {
	shown := s.engine.Snapshot()
	s.conclude(parting)
	output.NewNotices(c.err).Since(shown, s.latest())
	ctx, cancel := context.WithTimeout(s.life, shutdown.Patience/5)
	defer cancel()
	sum, _, err := s.engine.Ledger(ctx)
	if err != nil {
		return // the engine has ended, and why is said
	}
	if said := notShown(&sum); said != "" {
		c.warn("messages that were not shown: " + said)
	}
}

// notShown says what of a ledger nobody saw, or "".
func notShown(sum *sources.Ledger) string {
	var said []string
	for _, part := range []struct {
		n    uint64
		what string
	}{{sum.Unread, "came and not taken in yet"}, {sum.Dropped, "dropped"}, {sum.Missed, "missed"}} {
		if part.n > 0 {
			said = append(said, screen.Grouped(part.n)+" "+part.what)
		}
	}
	return strings.Join(said, ", ")
}

// longAttach is how long attaching takes until it is said why nothing is seen yet.
const longAttach = 2 * time.Second

// attachFirst attaches to a real bus before the deck is shown, so that what is wrong with it is said where it can be read.
func (c *dashboard) attachFirst(ctx context.Context, s *session, from bus.From) error {
	spareProcessor()
	if s.demo != nil {
		return nil
	}
	attached := make(chan struct{})
	defer close(attached)
	s.begun.Go("what tells that attaching takes long", func() {
		select {
		case <-time.After(longAttach):
			c.warn("opening what is to be read; with thousands of stations, or a server far away, it takes a while")
		case <-attached:
		}
	})
	return s.attach(ctx, from)
}

// show runs the deck. The demo is attached to while the deck is shown.
func (c *dashboard) show(ctx context.Context, s *session, from bus.From, keys *os.File) error {
	options := deck.Options{
		Engine: s.engine, Library: s.library, Buses: s.buses, ReadOnly: c.readOnly || c.names.Config.ReadOnly,
		Armed: func(b bus.Bus) (bool, string) { return c.armed(b, s.targetOf(b)) }, Title: title(s), NoMouse: c.noMouse,
		Production: func(b bus.Bus) deck.Mark { return deck.Mark(c.production(b, s.targetOf(b))) },
		Attacher:   &attacher{s, from, c.names.Contexts()},
		Recorder:   &recorder{session: s, masks: c.masks},
		Leaving:    c.guard.Begin,
		Base:       c.posts, Application: applications{}.at,
		Domains:    newDomainFiles(c.options),
		KeepCohort: cohorts.Keep,
		Favourites: favourites(),
		Input:      keys,
	}
	options.Cohorts, options.NoCohorts = cohorts.Read()
	var err error
	if options.Marks, err = marksOf(s); err != nil {
		return err
	}
	if s.demo != nil {
		s.run("attaching to the demo", func(ctx context.Context) error {
			return cmp.Or(s.startDemo(ctx), s.attach(ctx, from))
		})
	} else {
		options.Offer = offer(ctx, s)
	}
	return c.onTerminal(ctx, options)
}

// onTerminal runs a deck on the terminal, with keys from the file that is its input.
func (o *options) onTerminal(ctx context.Context, opt deck.Options) error {
	keys, _ := opt.Input.(*os.File)
	screen := terminal.Open(o.tty)
	o.guard.Draws(screen)
	defer screen.Left()
	ctx, end := context.WithCancel(ctx)
	var begun goroutine.Group
	defer begun.Wait()
	defer end()
	begun.Go("what waits for the terminal's end", func() {
		select {
		case <-screen.Gone():
			o.guard.Begin()
			end()
		case <-ctx.Done():
		}
	})
	opt.Output, opt.Pace, opt.Input = screen, screen, screen.Keyboard(keys)
	if job := terminal.OpenJob(screen, keys, o.tty, o.err); job != nil {
		opt.Job, opt.Editor = job, editText
		defer job.Close()
	}
	return deck.Run(ctx, opt)
}

// spareProcessor lets more run at once than there are processors, unless the user has said how much is to.
func spareProcessor() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + sources.SpareProcessors)
	}
}

// title says what the deck shows besides the names of its buses.
func title(s *session) string {
	if s.demo != nil {
		return "demo"
	}
	return ""
}
