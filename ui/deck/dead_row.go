package deck

import (
	"time"

	"signalbox/sources"
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

func (c deadColumns) head(t *theme) string {
	l := newLine(c.width, "")
	l.gap(1)
	l.cell(t.dim, "when", 11)
	l.cell(t.dim, "station", c.station+1)
	l.cell(t.dim, "consumer", c.consumer+1)
	l.cell(t.dim, "position", c.position+1)
	l.cell(t.dim, "type", c.typ+1)
	l.cell(t.dim, "tries", 6)
	l.put(t.dim, "why")
	return l.String()
}

func (c deadColumns) row(d *deck, r *sources.DeadLetterRow, chosen bool) string {
	t := d.theme
	l := newRow(t, c.width, chosen, true)
	text, mark := t.text, "● "
	if d.dead.seen[r.Key()] {
		text, mark = t.dim, "  "
	}
	l.put(t.bad, mark)
	l.cell(t.faint, d.clock(time.Unix(0, r.UnixNano), false), 9)
	l.cell(t.hue(r.Station), cutMiddle(cleanUpTo(r.Station, 4*c.station), c.station), c.station+1)
	l.cell(text, cutMiddle(cleanUpTo(r.Consumer, 4*c.consumer), c.consumer), c.consumer+1)
	l.cell(t.dim, cutMiddle(r.Positions.Format(r.Position), c.position), c.position+1)
	if r.Event != nil {
		l.cell(text, cutMiddle(cleanUpTo(typeOf(r.Event), 4*max(c.typ, 0)), c.typ), c.typ+1)
	} else {
		l.cell(t.faint, "gone", c.typ+1)
	}
	l.cell(t.dim, known(r.Deliveries), 6)
	l.put(text, cleanUpTo(r.Why, l.free()))
	return l.String()
}
