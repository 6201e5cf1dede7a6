package deck

import (
	"encoding/json"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/deck/component"
)

// canCopy is where there is something to copy.
func canCopy(d *component.Deck) bool {
	o := d.Overlays.Top()
	if o == nil {
		return true
	}
	c, ok := o.(component.Copying)
	return ok && c.CanCopy()
}

// copyValue copies what is chosen as a person would quote it: a payload, an id, a value, a name. The terminal is asked
// to (OSC 52), so that it works over SSH as well.
func copyValue(d *component.Deck) tea.Cmd {
	text, what := "", ""
	if o := d.Overlays.Top(); o == nil {
		text, what = d.Panes.Focused().Copy(d)
	} else if c, ok := o.(component.Copying); ok {
		text, what = c.Copy(d)
	}
	return copied(d, text, what)
}

// copyRow copies the row that is chosen, or open, as JSON: as the command line prints it.
func copyRow(d *component.Deck) tea.Cmd {
	row := d.Panes.Focused().Row(d)
	if o, ok := d.Overlays.Top().(component.CopyingRow); ok {
		row = o.Row(d)
	}
	if row == nil {
		return nil
	}
	text, err := json.Marshal(row)
	if err != nil {
		d.SayError(err)
		return nil
	}
	return copied(d, string(text), "the row as JSON")
}

func copied(d *component.Deck, text, what string) tea.Cmd {
	if text == "" {
		return nil
	}
	d.Say(bus.Say, "copied "+what)
	return tea.SetClipboard(text)
}
