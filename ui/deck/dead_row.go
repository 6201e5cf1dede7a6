package deck

import (
	"time"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// deadColumns are the widths of the columns.
type deadColumns struct{ width, station, consumer, position, typ int }

func newDeadColumns(d *deck, from, to int, v *deadView, width int) deadColumns {
	c := deadColumns{width: width, station: 7, consumer: 8, position: 8, typ: 4}
	for i := from; i < to; i++ {
		r := v.row(d, i)
		c.station = max(c.station, len(r.Station))
		c.consumer = max(c.consumer, len(r.Consumer))
		c.position = max(c.position, len(r.Positions.Format(r.Position)))
		if r.Event != nil {
			c.typ = max(c.typ, len(typeOf(r.Event)))
		}
	}
	c.station, c.consumer = min(c.station, width/7), min(c.consumer, width/7)
	c.position, c.typ = min(c.position, 18), min(c.typ, width/5)
	if width < 100 { // no room for the type: the reason is what counts
		c.typ = -1
	}
	return c
}

func (c deadColumns) head(t *screen.Theme) string {
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

func (c deadColumns) row(d *deck, r *sources.DeadLetterRow, chosen bool) string {
	t := d.theme
	l := screen.NewRow(t, c.width, chosen, true)
	text, mark := t.Text, "● "
	if d.dead.seen[r.Key()] {
		text, mark = t.Dim, "  "
	}
	l.Put(t.Bad, mark)
	l.Left(t.Faint, d.clock(time.Unix(0, r.UnixNano), false), 9)
	l.Left(t.Hue(r.Station), screen.CutMiddle(screen.CleanUpTo(r.Station, 4*c.station), c.station), c.station+1)
	l.Left(text, screen.CutMiddle(screen.CleanUpTo(r.Consumer, 4*c.consumer), c.consumer), c.consumer+1)
	l.Left(t.Dim, screen.CutMiddle(r.Positions.Format(r.Position), c.position), c.position+1)
	if r.Event != nil {
		l.Left(text, screen.CutMiddle(screen.CleanUpTo(typeOf(r.Event), 4*max(c.typ, 0)), c.typ), c.typ+1)
	} else {
		l.Left(t.Faint, "gone", c.typ+1)
	}
	l.Left(t.Dim, known(r.Deliveries), 6)
	l.Put(text, screen.CleanUpTo(r.Why, l.Free()))
	return l.String()
}
