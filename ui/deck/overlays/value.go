package overlays

import (
	"strconv"

	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// OpenValue opens a field of the chosen entity's state.
func OpenValue(d *component.Deck, f *sources.StateField) {
	of := d.Selection.Entity
	v := &dialogs.Text{Title: screen.Clean(of.Kind+" "+of.ID) + " · " + screen.Clean(f.Name), Value: f.Value.String()}
	if f.SetBy != "" {
		v.Text.Fact("set by", f.SetBy+" v"+strconv.FormatUint(f.SetAt, 10))
	}
	if f.Was.Kind() != state.Absent {
		v.Text.Fact("was", wording.Value(f.Was))
	}
	v.Text.Heading("value")
	data := []byte(f.Value.String())
	if f.Value.Kind() == state.Text {
		v.Text.Lines = append(v.Text.Lines, screen.LayOutPayload(data, screen.Raw, d.Layout().Large().W-4)...)
	} else {
		v.Text.Lines = append(v.Text.Lines, screen.LayOutPayload(data, screen.Tree, d.Layout().Large().W-4)...)
	}
	d.Open(v)
}
