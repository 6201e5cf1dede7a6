package deck

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"signalbox/bus"
)

// leverBus has levers, and remembers which were pulled.
type leverBus struct {
	fakeBus
	pulled []string
	on     bus.Target
	fails  error
}

func (b *leverBus) Levers(on bus.Target) []bus.Lever {
	switch {
	case on.Consumer != nil && len(on.Consumer.Pending) > 0:
		return []bus.Lever{
			{Name: "pause", Title: "Pause the consumer", About: "It gets nothing until it is resumed.",
				Fields: []bus.LeverField{{Name: "for", Label: "For", About: "how long", Default: "5m"}}},
			{Name: "acknowledge", Title: "Acknowledge an entry", About: "Nobody gets it again.", Harms: true,
				Fields: []bus.LeverField{{Name: "entry", Label: "Entry", Default: bus.Sequences.Format(on.Consumer.Pending[0].Position)}}},
		}
	case on.Consumer != nil:
		return nil
	case on.Station.Name != "":
		return []bus.Lever{{Name: "purge", Title: "Purge messages", About: "Removes messages for good.", Harms: true,
			Fields: []bus.LeverField{{Name: "subject", Label: "Subject", About: "only this one", Optional: true},
				{Name: "keep", Label: "Keep", About: "how many stay"}}},
			{Name: "send", Title: "Send a message", About: "To the station."}}
	}
	return []bus.Lever{{Name: "create", Title: "Create a stream", About: "Makes a stream.",
		Fields: []bus.LeverField{{Name: "name", Label: "Name"}}},
		{Name: "send", Title: "Send a message", About: "To anywhere."}}
}

func (b *leverBus) Pull(_ context.Context, on bus.Target, lever string, values map[string]string) (string, error) {
	if b.fails != nil {
		return "", b.fails
	}
	b.on = on
	b.pulled = append(b.pulled, lever)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		b.pulled = append(b.pulled, name+"="+values[name])
	}
	return "done: " + lever, nil
}

func embeddedLevers() *leverBus { return &leverBus{fakeBus: *embeddedBus()} }

// withLevers is an option of drive: a bus with levers, armed.
func withLevers(b *leverBus) func(*Options) {
	return func(o *Options) {
		o.Buses = []bus.Bus{b}
		o.Armed = func(bus.Bus) (bool, string) { return true, "" }
	}
}

func TestLeversAreHiddenWithoutArms(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"read-only": func(o *Options) { o.ReadOnly = true },
		"not armed": func(o *Options) { o.Armed = func(bus.Bus) (bool, string) { return false, "no" } },
		"no levers": func(o *Options) { o.Buses = []bus.Bus{embeddedBus()} },
	} {
		t.Run(name, func(t *testing.T) {
			s := drive(t, demo(), 120, 36, withLevers(embeddedLevers()), change)
			s.key("1")
			s.hides("x levers")
			s.key("x")
			s.hides("Purge")
			s.key("3", "enter")
			s.hides("x levers", "x pulls a lever")
		})
	}
}

func TestLeverThatDestroysHasToBeTyped(t *testing.T) {
	b := embeddedLevers()
	s := drive(t, demo(), 120, 36, withLevers(b))
	s.key("1", "x")
	s.shows("levers · station deliveries", "Purge messages", "destroys", "Create a stream", "To the station.")
	s.hides("To anywhere.") // the station has that lever itself
	s.key("enter")
	s.shows("Purge messages · station deliveries", "only this one · may be empty")
	s.key("ctrl+s")
	s.shows("✗ this is needed")
	s.write("10").key("ctrl+s")
	s.shows("this cannot be undone", "Purge messages: station deliveries on embedded nats. Keep 10.", "Removes messages for good.")
	s.write("no").key("enter")
	s.shows("✗ that is neither")
	if b.pulled != nil {
		t.Fatalf("it was pulled without a yes: %q", b.pulled)
	}
	s.golden("confirm_120x36")
	s.key("ctrl+u").write("deliveries").key("enter")
	if want := []string{"purge", "keep=10", "subject="}; !slices.Equal(b.pulled, want) || b.on.Station.Name != "deliveries" {
		t.Errorf("pulled %q on %q, want %q", b.pulled, b.on.Station.Name, want)
	}
	s.shows("✓ done: purge")
	s.golden("lever_120x36")
	s.key("enter")
	s.hides("done: purge")
}

func TestLeverOfTheBusItself(t *testing.T) {
	b := embeddedLevers()
	s := drive(t, demo(), 80, 24, withLevers(b))
	s.key("1", "x", "down", "down", "enter").write("orders").key("ctrl+s")
	s.shows("are you sure?", "Create a stream: embedded nats. Name orders.")
	s.key("n")
	s.shows("Create a stream · embedded nats")
	s.key("ctrl+s", "y")
	if want := []string{"create", "name=orders"}; !slices.Equal(b.pulled, want) || b.on.Station.Name != "" || b.on.Consumer != nil {
		t.Errorf("pulled %q on %+v, want %q on neither", b.pulled, b.on, want)
	}
}

func TestLeverElsewhereAsksAgainAndSaysWhatFailed(t *testing.T) {
	b := embeddedLevers()
	b.info.Loopback, b.info.Embedded = false, false
	b.fails = errors.New("purge deliveries: permission refused")
	s := drive(t, demo(), 120, 36, withLevers(b))
	s.key("1", "x", "enter", "tab").write("1").key("tab", "enter").write("y").key("enter")
	s.shows("embedded nats is not on this machine.", "Do it there?")
	s.hides("permission refused")
	s.key("y")
	s.shows("✗ purge deliveries: permission refused")
}

func TestLeverOnTheChosenEntry(t *testing.T) {
	f := demo()
	c := &f.base.Consumers[0]
	c.Pending = append(c.Pending, bus.Pending{Position: bus.Position{Major: 31200}, Deliveries: 1})
	b := embeddedLevers()
	s := drive(t, f, 120, 36, withLevers(b))
	s.key("3", "enter")
	s.shows("▌31199", "tab chooses one")
	s.key("tab")
	s.shows("▌31200")
	s.key("x", "down", "enter")
	s.shows("Entry  31200", "ctrl+n for another of 2")
	s.key("ctrl+n")
	s.shows("Entry  31199")
	s.key("ctrl+n", "ctrl+s").write("y").key("enter")
	if want := []string{"acknowledge", "entry=31200"}; !slices.Equal(b.pulled, want) || b.on.Consumer.Name != "mailer" || b.on.Station.Kind != bus.Stream {
		t.Errorf("pulled %q on %+v, want %q", b.pulled, b.on, want)
	}
	if f.base.Consumers[0].Pending[0].Position.Major != 31199 {
		t.Error("the snapshot was changed")
	}
}
