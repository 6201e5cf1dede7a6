package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/recording"
	"signalbox/scenarios"
	"signalbox/scenarios/filter"
	"signalbox/sources"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/flagvalue"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// replaying is the command that sends a recording to a bus again.
type replaying struct {
	*options
	confirmation
	flagvalue.Rhythm
	rate    string
	where   string
	renames []string
	makes   bool
	newIDs  bool
	dryRun  bool
}

func newReplay(o *options) *cobra.Command {
	c := &replaying{options: o}
	cmd := &cobra.Command{
		Use:   "replay FILE BUS [STATION…]",
		Short: "Send a recording to a bus again",
		Long: "Send what was recorded to a bus again: all of it, the stations that are named, or what --where wants, in its order and\n" +
			"its rhythm. Sending is allowed on this machine only, unless --write is given. Headers by which a broker takes a message\n" +
			"only once are left out, and so are removals of keys.",
		Example: `signalbox replay monday.sbx nats://127.0.0.1:4222 --make --speed 10
signalbox replay monday.sbx nats://127.0.0.1:4222 orders --rename orders=orders-test --rate 500/s --dry-run`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.addFlag(cmd)
	flags := cmd.Flags()
	flags.Var(&c.Rhythm, "speed", "so many times as fast as it was; 1 without it")
	flags.StringVar(&c.rate, "rate", "", "so many messages a second instead of its rhythm, as in 500/s; max is as fast as the bus takes them")
	flags.StringVar(&c.where, "where", "", "only events that match this filter")
	flags.StringArrayVar(&c.renames, "rename", nil, "send what was in a station to another, as station=other (repeatable)")
	flags.BoolVar(&c.makes, "make", false, "make the stations that are missing")
	flags.BoolVar(&c.newIDs, "new-ids", false, "give each entity an ID that is new, everywhere where it stands")
	flags.BoolVar(&c.dryRun, "dry-run", false, "print what would be sent, a line of JSON each, and send nothing")
	cmd.MarkFlagsMutuallyExclusive("speed", "rate")
	return cmd
}

// plan is what a replay was asked for, read.
type plan struct {
	from, to target.Target
	where    *sources.EventFilter
	rename   map[string]string
	every    time.Duration // between two messages; 0 is in their rhythm, below as fast as it goes
	library  *scenarios.Library
}

const asFastAsItGoes = -1

func (c *replaying) plan(args []string) (p plan, err error) {
	at := slices.IndexFunc(args, brokers.IsURL)
	if len(args) < 2 || !brokers.IsRecording(args[0]) || at < 0 {
		return p, errors.New("replay what, and where to? want FILE and BUS, such as monday.sbx nats://127.0.0.1:4222")
	}
	if p.to, _, err = c.names.One(args[at : at+1]); err != nil {
		return p, err
	}
	p.from = target.Target{URL: args[0], Stations: slices.Concat(args[1:at], args[at+1:])}
	sent := []target.Target{p.from}
	if err = c.part.Of(sent, c.from); err != nil {
		return p, err
	}
	p.from = sent[0]
	if p.where, err = wanted("--where", filter.ParseEvents, c.where, filter.EventNames()); err != nil {
		return p, err
	}
	p.rename = map[string]string{}
	for _, pair := range c.renames {
		old, name, ok := strings.Cut(pair, "=")
		if !ok || old == "" || name == "" {
			return p, fmt.Errorf("--rename %q: want station=other", pair)
		}
		p.rename[old] = name
	}
	if p.every, err = everyOf(c.rate); err != nil {
		return p, err
	}
	p.library, err = c.library()
	return p, err
}

// everyOf reads --rate.
func everyOf(rate string) (time.Duration, error) {
	switch rate {
	case "":
		return 0, nil
	case "max":
		return asFastAsItGoes, nil
	}
	n, err := strconv.ParseFloat(strings.TrimSuffix(rate, "/s"), 64)
	if err != nil || !(n >= 0.001 && n <= flagvalue.MostSpeed) {
		return 0, fmt.Errorf("--rate %q: want messages a second, as in 500/s, or max", rate)
	}
	return time.Duration(float64(time.Second) / n), nil
}

func (c *replaying) run(ctx context.Context, args []string) error {
	p, err := c.plan(args)
	if err != nil {
		return err
	}
	messages := make(chan *sources.Event, 256)
	stopped, stop := context.WithCancel(ctx)
	defer stop()
	s, err := c.openWith(ctx, p.library, []target.Target{p.from}, sources.Options{Events: sources.HoldNone, States: p.where.AsksStates(), Tap: func(e *sources.Event) {
		if !p.where.Wants(e) {
			return
		}
		select {
		case messages <- e.Clone():
		case <-stopped.Done():
		}
	}})
	if err != nil {
		return err
	}
	inner, end := s.within(ctx)
	defer end()
	sender, err := c.sender(inner, s, &p)
	if err == nil {
		err = c.send(inner, s, sender, messages)
	}
	stop()
	err = s.over(err)
	c.tellFailed("--where", p.where, "left them out")
	return err
}

// sender connects to the bus, and sees to it that what is sent has a place there.
func (c *replaying) sender(ctx context.Context, s *session, p *plan) (*resender, error) {
	file, _ := bus.As[*recording.Bus](s.buses[0])
	r := &resender{file: file, plan: p, ids: newNewIDs(c.newIDs)}
	if c.dryRun {
		r.publish = func(_ context.Context, out bus.Outgoing) error {
			return output.WriteJSON(c.out, output.OutgoingJSON(out))
		}
		return r, nil
	}
	b, err := c.connect(ctx, p.to, c.settings(nil, 0))
	if err != nil {
		return nil, err
	}
	s.closeAtEnd(b.Close)
	rows, err := s.buses[0].Stations(ctx, p.from.Stations...)
	if err != nil {
		return nil, err
	}
	if err := c.allow(ctx, c.options, b, p.to, "send a recording to "+b.Info().Name); err != nil {
		return nil, err
	}
	r.underway = newUnderway(ctx, b)
	r.publish = r.underway.send
	for _, row := range rows {
		if err := c.place(ctx, b, r, row.Name); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// place makes the station that one of the recording is sent to, where it keeps messages and is missing.
func (c *replaying) place(ctx context.Context, b bus.Bus, r *resender, name string) error {
	was, _, kept := r.origin(name)
	if !kept {
		return nil
	}
	all, err := b.Stations(ctx)
	if err != nil && len(all) == 0 {
		return busError{fmt.Errorf("listing the stations of %s: %w", b.Info().Name, err)}
	}
	if slices.ContainsFunc(all, func(s bus.Station) bool { return s.Name == was.Name }) {
		return nil
	}
	maker, ok := bus.As[bus.Maker](b)
	switch {
	case !c.makes:
		return failf("there is no station %s on %s: --make makes it, --rename %s=OTHER sends to another", was.Name, b.Info().Name, name)
	case !ok:
		return failf("there is no station %s on %s, which makes none", was.Name, b.Info().Name)
	}
	if err := maker.Make(ctx, was); err != nil {
		return busError{fmt.Errorf("making %s: %w", was.Name, err)}
	}
	c.warn("made " + was.Name)
	return nil
}

// send reads the recording and sends what comes of it.
func (c *replaying) send(ctx context.Context, s *session, r *resender, messages <-chan *sources.Event) error {
	if err := s.attach(ctx, bus.From{Start: bus.FromAll}); err != nil {
		return err
	}
	read := make(chan error, 1)
	s.begun.Go("what waits for the end of the recording", func() { read <- s.engine.CaughtUp(ctx) })
	r.speed = cmp.Or(c.Times, 1)
	began := time.Now()
	err := r.all(ctx, messages, read)
	if r.underway != nil {
		came, failed := r.underway.conclude(err != nil)
		err = cmp.Or(failed, err)
		fmt.Fprintln(c.err, screen.Clean(fmt.Sprintf("signalbox: sent %s of %s to %s in %s%s%s", screen.Plural(came.taken, "message"), r.file.Info().Name, bus.Redact(r.plan.to.URL),
			time.Since(began).Round(time.Millisecond), came.left(), r.left())))
	}
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return failf("stopped before all was sent")
	}
	return err
}
