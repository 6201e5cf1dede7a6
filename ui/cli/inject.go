package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/scenarios"
	commands "signalbox/scenarios/command"
	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// effectTimeout bounds the wait for what was sent to come back as an event.
const effectTimeout = 5 * time.Second

// inject is the command that sends one event.
type inject struct {
	*options
	confirmation
	settings
	dryRun  bool
	json    bool
	effects time.Duration
}

func newInject(o *options) *cobra.Command {
	c := &inject{options: o}
	cmd := &cobra.Command{
		Use:   "inject [BUS] [STATION…] DOMAIN.COMMAND [field=value…]",
		Short: "Send an event, and show what it did",
		Long: "Send an event, and show who received it and what it did. Fields that are not given have their defaults. The\n" +
			"stations of the command's domain are read, and those that are named. Sending is allowed on this machine only,\n" +
			"unless --write is given. It ends with code 1 when the event was refused, could not be folded, or when nobody\n" +
			"received it.",
		Example: `signalbox inject deliveries.create budget=100
signalbox inject nats://127.0.0.1:4222 deliveries.start id=01HX7Q --dry-run
signalbox inject redis://127.0.0.1:6379 deliveries.start id=01HX7Q --set base=http://127.0.0.1:8000`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.addFlag(cmd)
	c.settings.addTo(cmd)
	cmd.Flags().BoolVar(&c.dryRun, "dry-run", false, "print what would be sent, and send nothing")
	cmd.Flags().BoolVar(&c.json, "json", false, "print the event that came of it as one line of JSON")
	cmd.Flags().DurationVar(&c.effects, "effects", 0, "wait so long, and print all that followed it")
	return cmd
}

func (c *inject) run(ctx context.Context, args []string) error {
	if err := c.checkEffects(); err != nil {
		return err
	}
	at, args, err := c.names.One(args)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return errors.New("inject what? want DOMAIN.COMMAND, such as deliveries.create")
	}
	library, err := c.library()
	if err != nil {
		return err
	}
	command, named, args, err := commandIn(library, args)
	if err != nil {
		return err
	}
	values, err := fieldValues(args)
	if err != nil {
		return fmt.Errorf("%s: %w", command.FullName(), err)
	}
	base, err := c.base(c.options, at)
	if err != nil {
		return err
	}
	if command.Posted(base) {
		return c.post(ctx, library, command, values, base, at)
	}
	out, err := command.Compose(values)
	if err != nil {
		return fmt.Errorf("%s: %w", command.FullName(), err)
	}
	if c.dryRun {
		return output.WriteJSON(c.out, output.OutgoingJSON(out))
	}
	from, err := c.start(bus.FromAll)
	if err != nil {
		return err
	}
	at.Stations = slices.Compact(append([]string{command.Station}, named...))
	c.wait = true // the command's station may be made by what is sent
	s, err := c.openWith(ctx, library, []target.Target{at}, sources.Options{Poll: c.poll()})
	if err != nil {
		return err
	}
	ctx, stop := s.within(ctx)
	defer stop()
	return s.over(c.send(ctx, s, command.Domain, out, from))
}

// commandIn finds the first argument that is a command; stations stand before it, and fields behind it.
func commandIn(library *scenarios.Library, args []string) (command *commands.Command, stations, fields []string, err error) {
	for i, arg := range args {
		if strings.Contains(arg, "=") {
			break
		}
		if command, err := library.Command(arg); err == nil {
			return command, args[:i], args[i+1:], nil
		}
	}
	_, err = library.Command(args[0])
	return nil, nil, nil, err
}

// fieldValues reads field=value arguments.
func fieldValues(args []string) (map[string]string, error) {
	values := make(map[string]string, len(args))
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			return nil, fmt.Errorf("%q: want field=value", arg)
		}
		values[name] = value
	}
	return values, nil
}

// send reads what is there, so that the effect can be told, sends, and waits for the event to come back.
func (c *inject) send(ctx context.Context, s *session, domain string, out bus.Outgoing, from bus.From) error {
	b := s.buses[0]
	if err := c.allow(ctx, c.options, b, s.targets[0], "send to "+cmp.Or(out.Subject, out.Station)); err != nil {
		return err
	}
	if out.Unkept {
		s.targets[0].Stations[0] = scenarios.ChannelName(ctx, b, out.Station)
	}
	if heard := heardOn(ctx, b, out); heard != "" {
		s.targets[0].Stations[0] = heard
	}
	if err := c.readBeside(ctx, s, domain, out); err != nil {
		return err
	}
	if err := s.readAll(ctx, from); err != nil {
		return err
	}
	if err := c.tellUnlike(ctx, s, b, out); err != nil {
		return err
	}
	last := s.engine.Last()
	receipt, err := bus.Publish(ctx, b, out)
	if err != nil {
		return busError{fmt.Errorf("sending to %s: %w", out.Station, err)}
	}
	if err := lost(receipt); err != nil {
		return err
	}
	if !c.json {
		fmt.Fprintln(c.out, screen.Clean(receipt.Text+whoReads(ctx, b, receipt)))
	}
	return c.see(ctx, s, last, func(e *sources.Event) bool { return cameOf(e, out, receipt) })
}

// whoReads says which consumers read the station that stored a message.
func whoReads(ctx context.Context, b bus.Bus, receipt bus.Receipt) string {
	if receipt.Station == "" {
		return ""
	}
	switch names, told := script.Readers(ctx, b, receipt.Station); {
	case len(names) > 0:
		return ", read by " + strings.Join(names, ", ")
	case told:
		return ", which no consumer reads"
	}
	return ""
}

// see waits for what came of a message, and shows it.
func (c *inject) see(ctx context.Context, s *session, last uint64, isIt func(*sources.Event) bool) error {
	waiting, cancel := context.WithTimeout(ctx, effectTimeout)
	defer cancel()
	event, err := s.engine.AwaitEvent(waiting, last, isIt)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return failf("sent, but no event came of it within %s: nothing that was read took it in", effectTimeout)
		}
		return err
	}
	if event, err = whole(waiting, s, event); err != nil {
		return err
	}
	switch {
	case c.effects > 0:
		err = c.tellEffects(ctx, s, event)
	case c.json:
		err = output.WriteJSON(c.out, event)
	default:
		err = c.effect(ctx, s, event)
	}
	return cmp.Or(err, refusal(event))
}

// whole is an event as it is once its entity was completed, where that began before what was read and a bus still keeps the
// rest.
func whole(ctx context.Context, s *session, event *sources.Event) (*sources.Event, error) {
	if !event.Partial {
		return event, nil
	}
	found, err := s.engine.Complete(ctx, event.Entity(), nil)
	if err != nil {
		return nil, err
	}
	if found.Why != "" {
		output.NewNotices(s.err).Line("signalbox: " + event.Entity().String() + " stays partial: " + found.Why)
	}
	d, err := s.engine.Event(ctx, event.Number)
	if err != nil {
		return nil, err
	}
	return d.Event, nil
}

// readBeside has the other stations of the command's domain read, too: what the message does may depend on them.
func (c *inject) readBeside(ctx context.Context, s *session, domain string, out bus.Outgoing) error {
	own := s.library.StationsOf(domain)
	found, err := s.buses[0].Stations(ctx)
	if err != nil && len(found) == 0 && !errors.Is(err, bus.ErrUnfinished) {
		return err
	}
	for _, station := range found {
		if station.Readable && (s.library.Beside(out.Station, station.Name) || slices.Contains(own, station.Name)) && !slices.Contains(s.targets[0].Stations, station.Name) {
			s.targets[0].Stations = append(s.targets[0].Stations, station.Name)
		}
	}
	return nil
}

// heardOn is the subject to listen on for a message that no station keeps: its own. It is "" where its station has it.
func heardOn(ctx context.Context, b bus.Bus, out bus.Outgoing) string {
	found, _ := b.Stations(ctx, out.Station) // what cannot be told of is read as it is named
	if out.Subject == "" || len(found) != 1 || found[0].Replayable || found[0].Keyed || found[0].Separators != "" {
		return ""
	}
	return out.Subject
}

// cameOf tells whether an event is what became of a message: the one at its place, where the broker told that, and else the
// write of its key, whose value a broker may give back in a form of its own, or the same payload.
func cameOf(e *sources.Event, out bus.Outgoing, receipt bus.Receipt) bool {
	switch {
	case !receipt.Position.IsZero() && e.Station == receipt.Station:
		return e.Position == receipt.Position
	case e.StationTraits().Keyed:
		return e.Subject == cmp.Or(out.Subject, e.Subject)
	}
	return bytes.Equal(e.Data, out.Data)
}

// refusal is an event that led to nothing, as an error.
func refusal(e *sources.Event) error {
	switch {
	case e.Rejected != "":
		return failf("it was refused: %s", e.Rejected)
	case e.Failed != "":
		return failf("it was not folded: %s", e.Failed)
	case e.Problem != "":
		return failf("it was not understood: %s", e.Problem)
	}
	return nil
}

// effect prints an event and what it did to its entity.
func (c *inject) effect(ctx context.Context, s *session, e *sources.Event) error {
	fmt.Fprintf(c.out, "%s", output.EventLine(output.ColoursFor(c.out))(nil, e))
	if e.Entity().IsZero() {
		return nil
	}
	detail, err := s.engine.Entity(ctx, e.Entity(), 0)
	if err != nil || detail == nil {
		return err
	}
	return output.ShowEntity(c.out, detail, false)
}
