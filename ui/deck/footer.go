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
		l.Put(style, screen.CutWords(screen.CleanUpTo(text, 4*l.Free()), l.Free()-1))
		return l.String()
	}
	if o, ok := d.Overlays.Top().(component.Standing); ok && o.Standing(d) != "" {
		l.Tag(t.Flag, " "+o.Standing(d)+" ")
		l.Gap(2)
	}
	for _, key := range keys.Footer(d, l.Free()-1) {
		l.Put(t.Key, key.Mark())
		l.Put(t.Dim, " "+key.Short+"  ")
	}
	return l.String()
}
