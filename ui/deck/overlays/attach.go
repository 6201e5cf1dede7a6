package overlays

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// runAttach attaches to another bus, or to further stations of one.
func runAttach(d *component.Deck, rest string) (tea.Cmd, error) {
	words := strings.Fields(rest)
	switch {
	case d.Buses == nil:
		return nil, errors.New("no bus can be attached here")
	case len(words) == 0:
		return nil, errors.New("want the URL of a bus, or stations of the one that is attached" + contexts(d.Buses.Contexts()))
	}
	d.Close()
	v := &attaching{}
	v.life, v.cancel = context.WithCancel(d.Life)
	d.Open(v)
	return func() tea.Msg {
		b, said, err := d.Buses.Attach(v.life, words)
		return component.Result(func() tea.Cmd {
			v.end(d)
			switch {
			case err != nil && v.life.Err() != nil:
				d.Say(bus.Say, "nothing was attached: it was given up")
			case err != nil:
				d.SayError(err)
			default:
				attached(d, b, said)
			}
			return nil
		})
	}, nil
}

// attached has a bus be sent to, and its copies compared.
func attached(d *component.Deck, b bus.Bus, said string) {
	if all := d.Sender.Buses(); !slices.Contains(all, b) {
		d.Sender.Use(append(slices.Clone(all), b))
		if !heldOfOthers(d, b.Info().Name) {
			d.Drift.Use(d.Sender.Buses())
		}
	}
	d.Say(bus.Say, screen.Clean(said))
}

// attaching is shown while a bus is being attached. Leaving it gives that up.
type attaching struct {
	component.ReadOnly
	life   context.Context
	cancel context.CancelFunc
	over   bool
}

// Name implements component.Overlay.
func (v *attaching) Name() string { return "a bus being attached" }

// Leave implements component.Leaving.
func (v *attaching) Leave(*component.Deck) {
	if !v.over {
		v.cancel()
	}
}

// end takes it away.
func (v *attaching) end(d *component.Deck) {
	v.over = true
	if d.Overlays.Top() == component.Overlay(v) {
		d.Close()
	}
}

// Move implements component.Overlay.
func (v *attaching) Move(*component.Deck, int) {}

// Draw implements component.Overlay. What was typed is not repeated: it may hold a password.
func (v *attaching) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	const width, height = 50, 5
	b := d.Layout().Centred(width, height)
	p := screen.Panel{Title: "attach"}
	text := "attaching; esc gives it up"
	if v.over {
		text = "that is over; esc goes on"
	}
	p.Lines = screen.Note(d.Theme, b.W-2, text)
	return p, b
}

// contexts says which names of buses there are.
func contexts(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; by their names there are " + strings.Join(names, ", ")
}

// runDetach detaches from a bus, or from one of the stations.
func runDetach(d *component.Deck, rest string) (tea.Cmd, error) {
	name := strings.TrimSpace(rest)
	if d.Buses == nil {
		return nil, errors.New("no bus can be detached here")
	}
	var stations []string
	b := busOf(d, name)
	if row := d.StationRow(name); b == nil && row != nil && row.Detached.IsZero() {
		b, stations = busOf(d, row.Bus), []string{row.Station.Name}
	}
	if b == nil {
		return nil, errors.New("want what is attached: " + strings.Join(attachedNames(d), ", ") + ", or one of the stations")
	}
	d.Close()
	detach := func(ctx context.Context) (bool, error) { return true, d.Buses.Detach(ctx, b, stations...) }
	return component.Fetch(d, detach, func(bool) tea.Cmd {
		if len(stations) == 0 {
			d.Sender.Use(slices.DeleteFunc(slices.Clone(d.Sender.Buses()), func(other bus.Bus) bool { return other == b }))
			d.Drift.Leave(b)
		}
		d.Say(bus.Say, "detached from "+screen.Clean(name)+": what was held of it stays")
		return nil
	}), nil
}

// busOf is the attached bus of a name; nil for none.
func busOf(d *component.Deck, name string) bus.Bus {
	for _, b := range d.Sender.Buses() {
		if b.Info().Name == name {
			return b
		}
	}
	return nil
}

func attachedNames(d *component.Deck) (names []string) {
	for _, b := range d.Sender.Buses() {
		names = append(names, screen.Clean(b.Info().Name))
	}
	return names
}

// heldOfOthers tells whether events of other buses are held: their entities have no copies on a bus that is attached later, and
// are not to be called different for that.
func heldOfOthers(d *component.Deck, name string) bool {
	return slices.ContainsFunc(d.Snapshot().Stations, func(r sources.StationRow) bool { return r.Bus != name && r.Ledger.Received > 0 })
}
