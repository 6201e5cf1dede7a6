package deck

import (
	"cmp"
	"encoding/json"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// copies is where y copies something.
func copies(x any) bool { return component.Is[component.Pane](x) || component.Is[component.Copying](x) }

// copiesRow is where there are rows to copy as JSON.
func copiesRow(x any) bool {
	return component.Is[component.Pane](x) || component.Is[component.CopyingRow](x)
}

// copyValue copies what is chosen as a person would quote it: a payload, an id, a value, a name. The terminal is asked
// to (OSC 52), so that it works over SSH as well.
func copyValue(d *component.Deck) tea.Cmd {
	if c, ok := d.Here().(component.Copying); ok {
		text, what := c.Copy(d)
		return copied(d, text, what)
	}
	return nil
}

// copyRow copies the row that is chosen, or open, as JSON: as the command line prints it.
func copyRow(d *component.Deck) tea.Cmd {
	var row any
	if c, ok := d.Here().(component.CopyingRow); ok {
		row = c.Row(d)
	}
	if row == nil {
		return copied(d, "", "no row is chosen")
	}
	text, err := json.Marshal(row)
	if err != nil {
		d.SayError(err)
		return nil
	}
	return copied(d, string(text), "the row as JSON")
}

// copied hands text to the terminal and says what it is; where there is none, it says why.
func copied(d *component.Deck, text, what string) tea.Cmd {
	if text == "" {
		d.Say(bus.Say, "there is nothing to copy: "+cmp.Or(what, "nothing is chosen"))
		return nil
	}
	d.Say(bus.Say, "copied "+what+", "+screen.Size(uint64(len(text))))
	return tea.SetClipboard(text)
}
