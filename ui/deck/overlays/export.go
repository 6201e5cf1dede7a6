package overlays

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// exportLine is the command of the palette that writes events to a file.
var exportLine = dialogs.Choice{Name: "export", Form: "FILE.ndjson or FILE.csv", Run: runExport,
	About: "write the events that are picked, else those that the list has: export paid.csv"}

// AskExport asks for the file that events are to be written to, with a name that is free as a rule.
func AskExport(d *component.Deck) {
	dialogs.PickFrom(d, "write events to a file", ":", "export events-"+d.Now().Format("2006-01-02-150405")+".ndjson", []dialogs.Choice{exportLine})
}

// runExport writes events to a file that is not there yet.
func runExport(d *component.Deck, name string) (tea.Cmd, error) {
	name = strings.TrimSpace(name)
	form, err := output.FileForm(name)
	if err != nil {
		return nil, err
	}
	wants := exported(d)
	picked := len(d.Selection.Events.Picked())
	d.Close()
	d.Say(bus.Say, "writing "+screen.Clean(name)+"…")
	return component.Fetch(d, func(ctx context.Context) (uint64, error) {
		n, err := output.WriteEvents(ctx, d.Engine, name, form, wants)
		if errors.Is(err, fs.ErrExist) {
			return n, fmt.Errorf("%s is there already: name another file, nothing is written over", filepath.Base(name))
		}
		return n, err
	}, func(n uint64) tea.Cmd {
		said := fmt.Sprintf("wrote %s to %s", screen.Plural(n, "event"), screen.Clean(name))
		if gone := uint64(picked) - n; picked > 0 && gone > 0 {
			said += fmt.Sprintf("; %s of those that were picked left the window", screen.Grouped(gone))
		}
		d.Selection.Events.PickNone()
		d.Say(bus.Say, said)
		return nil
	}), nil
}

// exported tells which events are written: those that are picked, else those that the list has up to the moment that is shown. It is
// asked on the engine's goroutine.
func exported(d *component.Deck) func(*sources.Event) bool {
	chosen := d.Selection.Events
	if numbers := chosen.Picked(); len(numbers) > 0 {
		picked := make(map[uint64]bool, len(numbers))
		for _, n := range numbers {
			picked[n] = true
		}
		return func(e *sources.Event) bool { return picked[e.Number] }
	}
	filter, copies, until := chosen.Filter(), chosen.Copies, d.Time.At()
	only, all := sources.StationRow{}, chosen.Station == ""
	for _, s := range d.Snapshot().Stations {
		if s.Key == chosen.Station {
			only = s
		}
	}
	return func(e *sources.Event) bool {
		return (until == 0 || e.Number <= until) && (copies || !e.Copy) && (all || e.Bus == only.Bus && e.Station == only.Station.Name) &&
			filter.Wants(e)
	}
}
