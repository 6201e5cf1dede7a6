package panes

import (
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// eventColumns are the widths of the columns of events. They grow with what they have to hold and do not shrink again
// before the width changes, so that the rows stand still.
type eventColumns struct{ width, time, station, typ, entity int }

func (c *eventColumns) grow(rows []*sources.Event, width int) {
	if c.width != width {
		*c = eventColumns{width: width, time: 12, station: 7, typ: 8, entity: 8}
		if width < 90 {
			c.time = 8
		}
	}
	most := eventColumns{station: max(width/9, 10), typ: max(width*22/100, 16), entity: max(width*18/100, 16)}
	for _, r := range rows[max(len(rows)-80, 0):] {
		c.station = min(max(c.station, len(r.Station)), most.station)
		c.typ = min(max(c.typ, len(wording.Type(r))), most.typ)
		if r.Kind != nil {
			c.entity = min(max(c.entity, len(r.Kind.Name())+1+len(r.ID)), most.entity)
		}
	}
}

// row draws an event: time, station, type, entity and its data in short, or why it was refused. With an event before it,
// the time is how much later it was.
func (c eventColumns) row(d *component.Deck, r, before *sources.Event, chosen, focused bool) string {
	t := d.Theme
	l := screen.NewRow(t, c.width, chosen, focused)
	if before != nil {
		l.Right(t.Accent, since(r.Time().Sub(before.Time())), c.time)
	} else {
		l.Put(t.Faint, d.Clock(r.Time(), c.time > 8))
	}
	l.Gap(1)
	l.Left(t.Hue(r.Station), screen.CutMiddle(screen.CleanUpTo(r.Station, c.station), c.station), c.station)
	l.Gap(1)
	l.Left(typeStyle(t, r), screen.CutMiddle(screen.CleanUpTo(wording.Type(r), c.typ), c.typ), c.typ)
	l.Gap(1)
	if r.Kind != nil {
		id := screen.CleanID(r.ID)
		kind := screen.Cut(screen.CleanUpTo(r.Kind.Name(), c.entity), max(c.entity/2, c.entity-1-screen.Cells(id)))
		l.Put(t.Dim, kind+" ")
		room := c.entity - screen.Cells(kind) - 1
		l.Left(t.Text, screen.CutID(id, room), room)
	} else {
		l.Gap(c.entity)
	}
	l.Gap(1)
	fault, why := r.Fault()
	if fault == "" {
		summary(l, t, r)
		return l.String()
	}
	l.Put(wording.FaultStyle(t, fault), fault.Sign()+" "+screen.CleanUpTo(wording.FaultText(fault, why), l.Free()))
	if r.Undecodable {
		l.Put(t.Dim, " "+screen.CleanUpTo(text(r.Data, l.Free()), l.Free()))
	}
	return l.String()
}

func typeStyle(t *screen.Theme, r *sources.Event) screen.Style {
	if r.Rejected != "" || r.Failed != "" {
		return t.Dim
	}
	if r.Type == "" {
		return t.Dim
	}
	return t.Bright
}

// summary writes as much of the data as there is room for: k=v of an object, anything else as it is.
func summary(l *screen.Line, t *screen.Theme, r *sources.Event) {
	raw := text(wording.Data(r), 64*1024)
	if object := strings.TrimLeft(raw, " \t\r\n"); object == "" || object[0] != '{' {
		l.Put(t.Dim, screen.CleanUpTo(raw, l.Free()))
		return
	}
	gjson.Parse(raw).ForEach(func(name, value gjson.Result) bool {
		if told(r, value) {
			return true
		}
		return wording.PutPair(l, t, name.String(), brief(value, l.Free()))
	})
}

// told leaves out what the row says already.
func told(r *sources.Event, value gjson.Result) bool {
	return value.Type == gjson.String && value.Str != "" && (value.Str == r.ID || value.Str == r.Type)
}

func brief(value gjson.Result, room int) string {
	if value.Type == gjson.String {
		return text([]byte(value.Str), 4*room+16)
	}
	return text([]byte(value.Raw), 4*room+16)
}

// text is no more than the first so many bytes as a string.
func text(data []byte, most int) string { return string(data[:min(len(data), max(most, 0))]) }

// since writes how long after another event one came.
func since(d time.Duration) string {
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	switch {
	case d < time.Millisecond:
		return sign + strconv.FormatInt(d.Microseconds(), 10) + "µs"
	case d < time.Second:
		return sign + strconv.FormatInt(d.Milliseconds(), 10) + "ms"
	case d < time.Minute:
		return sign + strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + "s"
	}
	return sign + screen.Duration(d)
}
