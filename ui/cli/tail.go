package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/scenarios/fields"
	"signalbox/scenarios/filter"
	"signalbox/sources"
	"signalbox/ui/cli/internal/flagvalue"
	"signalbox/ui/cli/internal/shutdown"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// tail is the command that prints events as they come.
type tail struct {
	*options
	where    string
	until    string
	count    uint64
	json     bool
	stats    bool
	noFollow bool
	plays    bool                                     // all that is read is a recording in its rhythm
	all      bool                                     // from the beginning, unless it is said where from
	written  func(to []byte, e *sources.Event) []byte // another form of events than tail has; nil: its own
}

func newTail(o *options) *cobra.Command {
	t := &tail{options: o}
	cmd := &cobra.Command{
		Use:   "tail [BUS] [STATION…]",
		Short: "Print events as they come",
		Long: "Print events as they come, one a line. \"attached\" on standard error says when it is subscribed: what is\n" +
			"sent after that is printed.",
		Example: `signalbox tail nats://127.0.0.1:4222 deliveries --from all --where 'type:PICKUP_PRODUCTS'
signalbox tail redis://127.0.0.1:6379 'shop:*' --json --count 5 | jq .data`,
		RunE: func(cmd *cobra.Command, args []string) error { return t.run(cmd.Context(), args) },
	}
	t.lines.addTo(cmd)
	t.rhythm.AddTo(cmd)
	flags := cmd.Flags()
	flags.StringVar(&t.where, "where", "", "only events that match this filter")
	flags.StringVar(&t.until, "until", "", "end with the first event that matches this filter, which is printed in any case")
	flags.Var((*flagvalue.Number)(&t.count), "count", "end after so many events")
	flags.BoolVar(&t.json, "json", false, "print each event as one line of JSON")
	flags.BoolVar(&t.stats, "stats", false, "at the end, write the ledger to standard error as one line of JSON")
	flags.BoolVar(&t.noFollow, "no-follow", false, "end when what the stations held is printed")
	return cmd
}

func (t *tail) run(ctx context.Context, args []string) error {
	otherwise := bus.FromNew
	if t.all {
		otherwise = bus.FromAll
	}
	targets, from, err := t.toRead(args, otherwise)
	if err != nil {
		return err
	}
	t.lines.whole = true
	t.noFollow = t.noFollow || target.Ends(targets)
	t.plays = t.rhythm.Times != 0 && target.Ends(targets)
	where, err := wanted("--where", filter.ParseEvents, t.where, filter.EventNames())
	if err != nil {
		return err
	}
	until, err := wanted("--until", filter.ParseEvents, t.until, filter.EventNames())
	if err != nil {
		return err
	}
	library, err := t.library()
	if err != nil {
		return err
	}
	notices := output.NewNotices(t.err)
	lines := output.NewEventPrinter(notices.Over(t.out), t.form())
	wanted, enough := context.WithCancel(ctx)
	defer enough()
	var named fields.Fields
	named.OfFilters(t.where, t.until)
	end := &ending{until: until, count: t.count, reached: enough}
	s, err := t.openWith(ctx, library, targets, sources.Options{
		Tap: tap(lines, where, &named, end), Full: lines.Full, Room: lines.Room(), Rest: lines.Flush,
		Events: sources.HoldNone, States: where.AsksStates() || until.AsksStates(),
	})
	if err == nil {
		err = t.follow(ctx, wanted, s, from, notices)
		if ctx.Err() == nil {
			lines.Enough() // what comes now was not asked for
		}
		err = s.over(err)
	}
	t.tellFailed("--where", where, "left them out")
	t.tellFailed("--until", until, "went on")
	t.tellMissing(&named)
	switch {
	case ctx.Err() != nil:
		err = nil // a signal is the usual end of tail
	case err == nil && until != nil && !end.held && !end.over:
		err = failf("--until never held")
	}
	return cmp.Or(lines.Close(), err)
}

// form is how events are written.
func (t *tail) form() func(to []byte, e *sources.Event) []byte {
	if t.written != nil {
		return t.written
	}
	if t.json {
		return output.EventJSON()
	}
	return output.EventLine(output.ColoursFor(t.out))
}

// begin attaches to what is to be read as it comes, and says what that is; what cannot be read is told or an error.
func (s *session) begin(ctx context.Context, from bus.From, notices *output.Notices) (what string, err error) {
	if err := s.startDemo(ctx); err != nil {
		return "", err
	}
	if err := s.attach(ctx, from); err != nil {
		return "", err
	}
	if err := checkReadable(ctx, s, from, notices); err != nil {
		return "", err
	}
	return describe(ctx, s, from)
}

// follow attaches and goes on until there were enough events, a signal, or the end of what was held. Enough may come
// while it still attaches: it says that it is attached all the same.
func (t *tail) follow(ctx, wanted context.Context, s *session, from bus.From, notices *output.Notices) error {
	ctx, stop := s.within(ctx)
	defer stop()
	defer s.report(ctx, notices)()
	what, err := s.begin(ctx, from, notices)
	if err != nil {
		return err
	}
	notices.Line("attached " + what)
	if err := t.await(ctx, wanted, s); err != nil {
		return err
	}
	s.conclude(shutdown.Patience / 5)
	if err := t.tellPartial(ctx, s, notices); err != nil {
		return err
	}
	if t.stats {
		return t.writeStats(s)
	}
	return nil
}

// await returns when what is wanted has come, or ctx has ended.
func (t *tail) await(ctx, wanted context.Context, s *session) error {
	enough, cancel := context.WithCancel(ctx)
	defer cancel()
	defer goroutine.AfterFunc(wanted, "what ends the count", cancel)()
	if !t.noFollow {
		<-enough.Done()
		return nil
	}
	over := s.engine.CaughtUp
	if t.plays { // a recording in its rhythm is as if it were live, until its end
		over = s.engine.Ended
	}
	if err := over(enough); err != nil && wanted.Err() == nil {
		return err
	}
	return nil
}

// tellPartial says how many of the entities that were told of, when all is told, have a history that begins before it.
func (t *tail) tellPartial(ctx context.Context, s *session, notices *output.Notices) error {
	if !t.noFollow {
		return nil
	}
	partial, err := s.engine.Partial(ctx)
	if err != nil {
		return fmt.Errorf("asking for entities: %w", err)
	}
	if partial > 0 {
		notices.Line(fmt.Sprintf("signalbox: partial: the first events of %s were not read, so versions and states begin later",
			screen.Plural(partial, "entity")))
	}
	return nil
}

// statsLine is the ledger: the sum, and each station's.
type statsLine struct {
	sources.Ledger
	Stations map[string]sources.Ledger `json:"stations"`
}

func (t *tail) writeStats(s *session) error {
	ctx, cancel := context.WithTimeout(s.life, shutdown.Patience/2)
	defer cancel()
	sum, stations, err := s.engine.Ledger(ctx)
	if err != nil {
		return fmt.Errorf("asking for the ledger: %w", err)
	}
	return output.WriteJSON(t.err, statsLine{sum, stations})
}

// checkReadable says which of the stations that were named are only listed, which is an error when that is all of them, and
// which have nothing of the past that was asked for.
func checkReadable(ctx context.Context, s *session, from bus.From, notices *output.Notices) error {
	named, listed := 0, 0
	for i, b := range s.buses {
		names := s.targets[i].Stations
		if named += len(names); len(names) == 0 {
			return nil // whatever there is
		}
		stations, err := b.Stations(ctx, names...)
		if err != nil {
			return attachError(b, err)
		}
		for _, station := range stations {
			switch {
			case !station.Readable:
				listed++
				notices.Ahead(b.Info().Name, station.Name, station.Reading)
			case !station.Replayable && from.Start != bus.FromNew:
				notices.Line(fmt.Sprintf("signalbox: %s: %s: %s", b.Info().Name, station.Name, noPast))
			}
		}
	}
	if listed == named {
		return failf("none of the stations that were named can be read")
	}
	return nil
}

const noPast = "has no history of its own: only what comes from now on is read (signalbox stations lists what keeps messages)"

// describe says what a session is attached to: "127.0.0.1:4222: deliveries, election (from new)".
func describe(ctx context.Context, s *session, from bus.From) (string, error) {
	_, stations, err := s.engine.Ledger(ctx)
	if err != nil {
		return "", err
	}
	what := cmp.Or(strings.Join(slices.Sorted(maps.Keys(stations)), ", "), "no station yet")
	return screen.Clean(fmt.Sprintf("%s: %s (from %s)", s.names(), what, from)), nil
}

// names are those of the buses.
func (s *session) names() string {
	names := make([]string, len(s.buses))
	for i, b := range s.buses {
		names[i] = b.Info().Name
	}
	return strings.Join(names, " + ")
}
