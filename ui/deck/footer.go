package deck

import (
	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// footer draws the last row: a notice, or the keys that work here.
func footer(d *component.Deck, keys *component.Keys) string {
	t := d.Theme
	l := screen.NewLine(d.Layout().Width, "")
	l.Gap(1)
	if level, text := d.Notice.Shown(d.Now()); text != "" {
		mark, style := "· ", t.Text
		switch level {
		case bus.Warn:
			mark, style = "! ", t.Warn
		case bus.Fail:
			mark, style = "✗ ", t.Bad
		}
		l.Put(style.With(t.Bright), mark)
		l.Put(style, screen.CleanUpTo(text, l.Free()))
		return l.String()
	}
	for _, key := range keys.Footer(d, d.Layout().Width-2) {
		l.Put(t.Key, key.Label)
		l.Put(t.Dim, " "+key.Short+"  ")
	}
	return l.String()
}
