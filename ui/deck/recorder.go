package deck

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// Recorder writes what passes into a file.
type Recorder = component.Recorder

// record begins a recording of what is attached, or ends the one that there is.
func record(d *component.Deck) tea.Cmd {
	if d.Recorder == nil {
		d.Say(bus.Warn, "nothing can be recorded here")
		return nil
	}
	turn := d.Recorder.Begin
	if _, on, _ := d.Recorder.Recorded(); on {
		turn = d.Recorder.End
	}
	return component.Fetch(d, func(context.Context) (string, error) { return turn() }, func(said string) tea.Cmd {
		d.Say(bus.Say, screen.Clean(said))
		return nil
	})
}

// recorded says that what passes is recorded.
func recorded(d *component.Deck) []part {
	if d.Recorder == nil {
		return nil
	}
	n, on, failed := d.Recorder.Recorded()
	switch {
	case !on:
		return nil
	case failed != nil:
		return []part{{style: d.Theme.Bad, text: "  ✗ not recorded: " + screen.Clean(failed.Error()), rank: lettersRank, short: "  ✗ rec"}}
	}
	return []part{{style: d.Theme.Bad, text: "  ● rec " + screen.Grouped(n), rank: lettersRank, short: "  ● rec"}}
}
