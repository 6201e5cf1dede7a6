package panes

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// eventColumns are the widths of the columns of events, the gaps behind them included; 0 leaves one out. What is left of
// the width is for the data.
type eventColumns struct{ width, time, station, typ, kind, id int }

// eventNeeds are what events of late have had use for.
type eventNeeds struct{ station, typ, kind, id layout.Recent }

// Widths of the time of day, to the second and to the millisecond, and the least that data is shown in.
const (
	secondsWidth, millisWidth = 9, 13
	leastData                 = 20
)

// fit takes in the newest rows and gives the columns their widths.
func (n *eventNeeds) fit(rows []*sources.Event, now time.Time, width int) eventColumns {
	station, typ, kind, id := 6, 8, 0, 0
	for _, r := range rows[max(len(rows)-80, 0):] {
		station, typ = max(station, len(r.Place())), max(typ, len(wording.Type(r)))
		if r.Kind != nil {
			kind, id = max(kind, len(r.Kind.Name())), max(id, len(r.ID))
		}
	}
	station, typ = n.station.Most(now, min(station, 24)), n.typ.Most(now, min(typ, 40))
	kind, id = n.kind.Most(now, min(kind, 16)), n.id.Most(now, min(id, 40))
	least, data := 14, leastData
	if width < 70 {
		least, data = 12, 12
	}
	millis := 0
	if width >= leastWithMillis { // else data is worth more
		millis = millisWidth - secondsWidth
	}
	w := screen.Fit(width-1, screen.Column{Want: typ + 1, Least: least}, screen.Column{Want: gapped(id), Least: 9},
		screen.Column{Want: data, Least: data}, screen.Column{Want: secondsWidth, Least: secondsWidth},
		screen.Column{Want: station + 1, Least: 11}, screen.Column{Want: gapped(kind), Least: 9},
		screen.Column{Want: millis, Least: millis})
	return eventColumns{width: width, typ: w[0], id: w[1], time: w[3] + w[6], station: w[4], kind: w[5]}
}

// leastWithMillis is from how many cells on the time of day is shown to the millisecond.
const leastWithMillis = 100

// gapped is the width of a column with its gap; 0 of nothing.
func gapped(width int) int {
	if width == 0 {
		return 0
	}
	return width + 1
}

// row draws an event: time, station, type, entity and its data in short, or why it was refused. With an event before it,
// the time is how much later it was. Behind the time stands its mark.
func (c eventColumns) row(d *component.Deck, r, before *sources.Event, m mark, chosen, focused bool) string {
	t := d.Theme
	l := screen.NewRow(t, c.width, chosen, focused)
	if before != nil {
		l.Right(t.Accent, since(r.Time().Sub(before.Time())), c.time-1)
	} else {
		l.Left(t.Faint, d.Clock(r.Time(), c.time > secondsWidth), c.time-1)
	}
	m.draw(t, l)
	hue := r.Place()
	if r.StationTraits().Keyed { // each key is a place of its own
		hue = r.Station
	}
	l.Left(t.Hue(hue), screen.CutMiddle(screen.CleanUpTo(r.Place(), c.station), c.station-1), c.station)
	l.Left(typeStyle(t, r), screen.CutMiddle(screen.CleanUpTo(wording.Type(r), c.typ), c.typ-1), c.typ)
	if r.Kind != nil {
		l.Left(t.Dim, screen.Cut(screen.CleanUpTo(r.Kind.Name(), c.kind), c.kind-1), c.kind)
		l.Left(t.Text, screen.CutID(screen.CleanID(r.ID), c.id-1), c.id)
	} else {
		l.Gap(c.kind + c.id)
	}
	if took, reply := r.Took(); reply {
		l.Put(t.Dim, screen.CleanUpTo("after "+took.String()+" ", l.Free()))
	}
	fault, why := r.Fault()
	if fault == "" {
		if r.Unjudged {
			l.Put(t.Warn, "not judged ")
		}
		summary(l, t, r)
		return l.String()
	}
	l.Put(wording.FaultStyle(t, fault), fault.Sign()+" "+screen.CleanUpTo(wording.FaultText(fault, why), l.Free()))
	if r.Undecodable {
		l.Put(t.Dim, " "+screen.CleanUpTo(text(r.Data, l.Free()), l.Free()))
	}
	return l.String()
}

// mark says that an event hit a breakpoint, violated an invariant, or is picked, which is said first.
type mark byte

const (
	unmarked mark = iota
	hitMark
	violationMark
	pickedMark
)

// markOf is the mark of an event.
func markOf(d *component.Deck, number uint64) mark {
	s := d.Snapshot()
	switch {
	case d.Selection.Events.IsPicked(number):
		return pickedMark
	case slices.Contains(s.Violations, number):
		return violationMark
	case slices.Contains(s.Hits, number):
		return hitMark
	}
	return unmarked
}

// draw draws it in one cell.
func (m mark) draw(t *screen.Theme, l *screen.Line) {
	switch m {
	case hitMark:
		l.Put(t.Warn, "●")
	case violationMark:
		l.Put(t.Bad, "!")
	case pickedMark:
		l.Put(t.Accent, "+")
	default:
		l.Gap(1)
	}
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
	pairs := wording.Pairs{Line: l, Theme: t}
	gjson.Parse(raw).ForEach(func(name, value gjson.Result) bool {
		if told(r, value) {
			return true
		}
		return pairs.Add(name.String(), brief(value, l.Free()))
	})
	pairs.Draw()
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
