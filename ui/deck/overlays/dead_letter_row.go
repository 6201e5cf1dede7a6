package overlays

import (
	"time"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// deadLetterColumns are the widths of the columns, the gap behind each included.
type deadLetterColumns struct{ width, station, consumer, position, typ int }

func newDeadLetterColumns(d *component.Deck, from, to int, v *deadLetters, width int) deadLetterColumns {
	station, consumer, position, typ, why := 7, 8, 8, 4, 3
	for i := from; i < to; i++ {
		r := v.row(d, i)
		station = max(station, screen.Cells(screen.CleanUpTo(r.Station, width)))
		consumer = max(consumer, screen.Cells(screen.CleanUpTo(r.Consumer, width)))
		position = max(position, screen.Cells(place(r)))
		why = max(why, screen.Cells(screen.CleanUpTo(r.Why, width)))
		if r.Event != nil {
			typ = max(typ, screen.Cells(screen.CleanUpTo(wording.Type(r.Event), width)))
		}
	}
	const others = 1 + 2 + 9 + 6 // the margin, the mark, when, how many tries
	room := screen.Fit(width-others,
		screen.Column{Want: min(consumer, width/4) + 1, Least: 9}, screen.Column{Want: min(station, width/4) + 1, Least: 8}, screen.Column{Want: position + 1, Least: 9},
		screen.Column{Want: why, Least: 24}, screen.Column{Want: typ + 1, Least: 13})
	return deadLetterColumns{width: width, consumer: room[0], station: room[1], position: room[2], typ: room[4]}
}

func (c deadLetterColumns) head(t *screen.Theme) string {
	l := screen.NewLine(c.width, "")
	l.Gap(1)
	l.Left(t.Dim, "when", 11)
	l.Left(t.Dim, "station", c.station)
	l.Left(t.Dim, "consumer", c.consumer)
	l.Left(t.Dim, "position", c.position)
	l.Left(t.Dim, "type", c.typ)
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
	l.Left(t.Hue(r.Station), screen.CutMiddle(screen.CleanUpTo(r.Station, 4*c.station), c.station-1), c.station)
	l.Left(text, screen.CutMiddle(screen.CleanUpTo(r.Consumer, 4*c.consumer), c.consumer-1), c.consumer)
	l.Left(t.Dim, screen.CutMiddle(place(r), c.position-1), c.position)
	switch {
	case r.Event != nil:
		l.Left(text, screen.CutMiddle(screen.CleanUpTo(wording.Type(r.Event), 4*c.typ), c.typ-1), c.typ)
	case r.Unlisted > 0:
		l.Left(t.Faint, "?", c.typ)
	default:
		l.Left(t.Faint, "gone", c.typ)
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
