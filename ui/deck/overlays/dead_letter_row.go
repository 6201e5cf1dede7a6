package overlays

import (
	"time"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// deadLetterColumns are the widths of the columns.
type deadLetterColumns struct{ width, station, consumer, position, typ int }

func newDeadLetterColumns(d *component.Deck, from, to int, v *deadLetters, width int) deadLetterColumns {
	c := deadLetterColumns{width: width, station: 7, consumer: 8, position: 8, typ: 4}
	for i := from; i < to; i++ {
		r := v.row(d, i)
		c.station = max(c.station, len(r.Station))
		c.consumer = max(c.consumer, len(r.Consumer))
		c.position = max(c.position, len(place(r)))
		if r.Event != nil {
			c.typ = max(c.typ, len(wording.Type(r.Event)))
		}
	}
	c.station, c.consumer = min(c.station, width/7), min(c.consumer, width/7)
	c.position, c.typ = min(c.position, 18), min(c.typ, width/5)
	if width < 100 { // no room for the type: the reason is what counts
		c.typ = -1
	}
	return c
}

func (c deadLetterColumns) head(t *screen.Theme) string {
	l := screen.NewLine(c.width, "")
	l.Gap(1)
	l.Left(t.Dim, "when", 11)
	l.Left(t.Dim, "station", c.station+1)
	l.Left(t.Dim, "consumer", c.consumer+1)
	l.Left(t.Dim, "position", c.position+1)
	l.Left(t.Dim, "type", c.typ+1)
	l.Left(t.Dim, "tries", 6)
	l.Put(t.Dim, "why")
	return l.String()
}

func (c deadLetterColumns) row(d *component.Deck, r *sources.DeadLetterRow, chosen bool) string {
	t := d.Theme
	l := screen.NewRow(t, c.width, chosen, true)
	text, mark := t.Text, "● "
	if d.Selection.Letters.Seen(r.Key()) {
		text, mark = t.Dim, "  "
	}
	if mark != "  " && !r.Dead() {
		mark = "○ "
	}
	l.Put(t.Bad, mark)
	when := ""
	if r.UnixNano > 0 {
		when = d.Clock(time.Unix(0, r.UnixNano), false)
	}
	l.Left(t.Faint, when, 9)
	l.Left(t.Hue(r.Station), screen.CutMiddle(screen.CleanUpTo(r.Station, 4*c.station), c.station), c.station+1)
	l.Left(text, screen.CutMiddle(screen.CleanUpTo(r.Consumer, 4*c.consumer), c.consumer), c.consumer+1)
	l.Left(t.Dim, screen.CutMiddle(place(r), c.position), c.position+1)
	switch {
	case r.Event != nil:
		l.Left(text, screen.CutMiddle(screen.CleanUpTo(wording.Type(r.Event), 4*max(c.typ, 0)), c.typ), c.typ+1)
	case r.Unlisted > 0:
		l.Left(t.Faint, "?", c.typ+1)
	default:
		l.Left(t.Faint, "gone", c.typ+1)
	}
	l.Left(t.Dim, wording.Known(r.Deliveries), 6)
	l.Put(text, screen.CleanUpTo(r.Why, l.Free()))
	return l.String()
}

// place is where a message stands, or how many there are whose places are not known.
func place(r *sources.DeadLetterRow) string {
	if r.Unlisted == 0 {
		return r.Positions.Format(r.Position)
	}
	if r.AtLeast {
		return "≥ " + screen.Grouped(uint64(r.Unlisted))
	}
	return screen.Grouped(uint64(r.Unlisted)) + " of them"
}
