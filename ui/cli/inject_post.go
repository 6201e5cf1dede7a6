package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"signalbox/bus"
	"signalbox/bus/application"
	"signalbox/scenarios"
	commands "signalbox/scenarios/command"
	"signalbox/sources"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// post sends a command to an application. Where a bus is named, it is read, so that what came of it can be told.
func (c *inject) post(ctx context.Context, library *scenarios.Library, command *commands.Command, values map[string]string, base string, at target.Target) error {
	out, err := command.ComposePost(values, base)
	if err != nil {
		return fmt.Errorf("%s: %w", command.FullName(), err)
	}
	if c.dryRun {
		return output.WriteJSON(c.out, output.PostJSON(out))
	}
	app, err := application.At(out.Subject)
	if err != nil {
		return err
	}
	if err := c.allow(ctx, c.options, app, target.Target{Context: at.Context}, "post to "+bus.Redact(out.Subject)); err != nil {
		return err
	}
	if at.Embedded() {
		return c.posted(ctx, app, out)
	}
	from, err := c.start(bus.FromAll)
	if err != nil {
		return err
	}
	s, err := c.openWith(ctx, library, []target.Target{at}, sources.Options{})
	if err != nil {
		return err
	}
	ctx, stop := s.within(ctx)
	defer stop()
	return s.over(c.postAndSee(ctx, s, command, app, out, from))
}

// posted sends, and says what the application says.
func (c *inject) posted(ctx context.Context, app bus.Bus, out bus.Outgoing) error {
	receipt, err := bus.Publish(ctx, app, out)
	switch rejection, refused := errors.AsType[*bus.RejectionError](err); {
	case refused:
		return failf("%s", rejection.Error())
	case err != nil:
		return busError{err}
	case !c.json:
		fmt.Fprintln(c.out, screen.Clean(app.Info().Name+" "+receipt.Text))
	}
	return nil
}

// postAndSee reads what is there, posts, and waits for the event that comes of it.
func (c *inject) postAndSee(ctx context.Context, s *session, command *commands.Command, app bus.Bus, out bus.Outgoing, from bus.From) error {
	stations, err := whereEventsAre(ctx, s, command)
	if err != nil {
		return err
	}
	if len(stations) == 0 {
		if err := c.posted(ctx, app, out); err != nil {
			return err
		}
		c.warn("nothing on " + s.buses[0].Info().Name + " had events of " + command.Domain + " before: what came of it is not told")
		return nil
	}
	s.targets[0].Stations = stations
	if err := s.readAll(ctx, from); err != nil {
		return err
	}
	last := s.engine.Last()
	would, err := s.engine.Preview(ctx, &sources.Event{Received: sources.Received{Station: cmp.Or(command.Station, stations[0]),
		Subject: stations[0], Data: out.Data, Size: len(out.Data)}})
	if err != nil {
		return err
	}
	if err := c.posted(ctx, app, out); err != nil {
		return err
	}
	return c.see(ctx, s, last, func(e *sources.Event) bool {
		return e.Type == command.Type && (would.Entity.ID == "" || e.ID == would.Entity.ID) && !e.Copy
	})
}

// whereEventsAre are the stations of the bus that have events of a command's domain: those that were named, its own, and what
// looks like events of the domain.
func whereEventsAre(ctx context.Context, s *session, command *commands.Command) ([]string, error) {
	all, b := s.targets[0].Stations, s.buses[0]
	found, err := b.Stations(ctx)
	if err != nil && len(found) == 0 && !errors.Is(err, bus.ErrUnfinished) {
		return nil, err
	}
	for _, station := range found {
		if station.Readable && (station.Name == command.Station || s.library.Beside(command.Station, station.Name)) {
			all = append(all, station.Name)
		}
	}
	for _, o := range findOffers(ctx, s, b) {
		if o.Domain == command.Domain {
			all = append(all, o.Station)
		}
	}
	return all, nil
}
