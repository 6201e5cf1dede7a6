package dialogs

import (
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// NotArmed opens why nothing can be sent from here, and how to change that. It is false when something can.
func NotArmed(d *component.Deck) bool {
	if len(d.Sender.Armed()) > 0 {
		return false
	}
	buses := d.Sender.Buses()
	v := &Text{Title: "not armed", Box: func(l *layout.Layout) layout.Box { return l.Centred(76, 9+2*len(buses)) }}
	v.Text.Add(screen.PlainLine, "", "")
	for _, line := range screen.Wrap("Nothing can be sent from here, so that nothing is sent by accident.", 70) {
		v.Text.Add(screen.WarnLine, "", line)
	}
	for _, b := range buses {
		for _, line := range screen.Wrap(screen.Clean(b.Info().Name)+": "+screen.Clean(d.Sender.WhyNot(b)), 70) {
			v.Text.Add(screen.PlainLine, "", line)
		}
	}
	v.Text.Add(screen.PlainLine, "", "")
	v.Text.Add(screen.PlainLine, "", "To arm it, start signalbox again with --write.")
	d.Open(v)
	return true
}
