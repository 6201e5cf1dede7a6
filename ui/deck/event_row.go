package deck

import (
	"strings"

	"github.com/tidwall/gjson"

	"signalbox/sources"
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
		c.typ = min(max(c.typ, len(typeOf(r))), most.typ)
		if r.Kind != nil {
			c.entity = min(max(c.entity, len(r.Kind.Name())+1+len(r.ID)), most.entity)
		}
	}
}

// row draws an event: time, station, type, entity and its data in short, or why it was refused.
func (c eventColumns) row(d *deck, r *sources.Event, chosen, focused bool) string {
	t := d.theme
	l := newRow(t, c.width, chosen, focused)
	l.put(t.faint, d.clock(r.Time(), c.time > 8))
	l.gap(1)
	l.cell(t.hue(r.Station), cutMiddle(cleanUpTo(r.Station, c.station), c.station), c.station)
	l.gap(1)
	l.cell(typeInk(t, r), cutMiddle(cleanUpTo(typeOf(r), c.typ), c.typ), c.typ)
	l.gap(1)
	if r.Kind != nil {
		kind := cleanUpTo(r.Kind.Name(), c.entity)
		l.put(t.dim, cut(kind, c.entity/2)+" ")
		room := c.entity - min(cells(kind), c.entity/2) - 1
		l.cell(t.text, cutID(cleanID(r.ID), room), room)
	} else {
		l.gap(c.entity)
	}
	l.gap(1)
	switch {
	case r.Rejected != "":
		l.put(t.bad, "✗ "+cleanUpTo(r.Rejected, l.left))
	case r.Failed != "":
		l.put(t.warn, "✗ cannot fold: "+cleanUpTo(r.Failed, l.left))
	case r.Problem != "":
		l.put(t.warn, "? "+cleanUpTo(r.Problem, l.left)+" ")
		l.put(t.dim, cleanUpTo(text(r.Data, l.left), l.left))
	default:
		summary(l, t, r)
	}
	return l.String()
}

// typeOf is what stands in the column of types: where nothing tells the type, the subject is the best there is.
func typeOf(r *sources.Event) string {
	if r.Type == "" {
		return r.Subject
	}
	return r.Type
}

func typeInk(t *theme, r *sources.Event) ink {
	if r.Rejected != "" || r.Failed != "" {
		return t.dim
	}
	if r.Type == "" {
		return t.dim
	}
	return t.bright
}

// summary writes as much of the data as there is room for: k=v of an object, anything else as it is.
func summary(l *line, t *theme, r *sources.Event) {
	data := r.Body
	if data == nil {
		data = r.Data
	}
	raw := text(data, 64*1024)
	if object := strings.TrimLeft(raw, " \t\r\n"); object == "" || object[0] != '{' {
		l.put(t.dim, cleanUpTo(raw, l.left))
		return
	}
	gjson.Parse(raw).ForEach(func(name, value gjson.Result) bool {
		if told(r, value) {
			return true
		}
		l.put(t.dim, cleanUpTo(name.String(), l.left)+"=")
		l.put(t.text, cleanUpTo(brief(value, l.left), l.left)+" ")
		return l.left > 0
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
