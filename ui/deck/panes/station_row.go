package panes

import (
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// stationColumns are the widths of the columns; 0 leaves one out.
type stationColumns struct{ fold, name, kind, messages, bytes, rate, spark int }

// stationNeeds are what stations of late have had use for.
type stationNeeds struct{ name, kind layout.Recent }

// measure takes in the lines of the pane and returns the columns with what they want, the most important first.
func (n *stationNeeds) measure(d *component.Deck) [6]screen.Column {
	name, kind := 0, 0
	for i := range min(stationLines(d), 200) {
		x := lineAt(d, i)
		if r := x.subject(); r != nil {
			name = max(name, len(r.Token)+2*r.Depth+3)
			continue
		}
		name, kind = max(name, len(x.station.Key)), max(kind, len(x.station.Station.Kind.Words()))
	}
	name, kind = n.name.Most(d.Now(), min(name, mostName)), n.kind.Most(d.Now(), kind)
	return [6]screen.Column{{Want: name + 1, Least: wholeName}, {Want: 9, Least: 9}, {Want: 17, Least: 9}, {Want: 9, Least: 9},
		{Want: 10, Least: 10}, {Want: kind + 2, Least: kind + 2}}
}

// fit gives the columns their widths. What is left goes to the names.
func (n *stationNeeds) fit(d *component.Deck, width int, unfolds bool) stationColumns {
	wants, c := n.measure(d), stationColumns{}
	if unfolds {
		c.fold = 1
	}
	w := screen.Fit(width-1-c.fold, wants[:]...)
	c.rate, c.spark, c.messages, c.bytes, c.kind = w[1], max(w[2]-1, 0), w[3], w[4], w[5]
	c.name = width - 1 - c.fold - c.rate - w[2] - c.messages - c.bytes - c.kind
	return c
}

func unfolds(r sources.StationRow) bool { return r.Unfolds }

// row draws a line of the pane.
func (s *stations) row(d *component.Deck, x stationLine, chosen, focused bool, width int) string {
	c, marker := s.columns, s.marker(x)
	if x.tree != nil {
		return c.subject(d, x, marker, chosen, focused, width)
	}
	t, r := d.Theme, x.station
	l := screen.NewRow(t, width, chosen, focused)
	l.Left(t.Dim, marker, c.fold)
	name := t.Hue(r.Station.Name)
	if !r.Reading {
		name = t.Dim
	}
	l.Left(name, screen.CutMiddle(screen.Clean(r.Key), c.name-1), c.name)
	if r.Offer != nil {
		l.Left(t.Warn, screen.Clean(offered(r.Offer)), l.Free())
		return l.String()
	}
	l.Left(t.Dim, r.Station.Kind.Words(), c.kind)
	messages, bytes := screen.Short(wording.Messages(r)), screen.Size(r.Station.Bytes)
	if r.Unsampled {
		messages, bytes = "?", "?"
	}
	if c.messages > 0 {
		l.Right(t.Dim, messages, c.messages-1)
		l.Gap(1)
	}
	if c.bytes > 0 {
		l.Right(t.Dim, bytes, c.bytes-1)
		l.Gap(1)
	}
	switch {
	case !r.Detached.IsZero():
		l.Right(t.Faint, "detached", c.rate+c.spark)
	case r.Refused != "":
		l.Right(t.Bad, "✗ refused", c.rate+c.spark)
	case !r.Reading && r.Ledger.Received > 0:
		l.Right(t.Faint, "all read", c.rate+c.spark)
	case !r.Reading:
		l.Right(t.Faint, "listed only", c.rate+c.spark)
	case wording.CatchingUp(r):
		c.backfill(l, t, r)
	default:
		l.Right(wording.RateStyle(t, r.Rate), screen.Rate(r.Rate), c.rate-1)
		l.Gap(1)
		l.Left(t.Spark, screen.Sparkline(r.Rates, c.spark), c.spark)
	}
	return l.String()
}

// offered is what stands in the row of a station that is offered.
func offered(o *sources.Offer) string {
	switch {
	case o.Keys == 0:
		return "enter reads it"
	case o.Kind == "":
		return "enter: " + screen.Grouped(uint64(o.Keys)) + " like events"
	}
	return "enter: " + screen.Grouped(uint64(o.Keys)) + " like events of " + o.Kind
}

// backfill is what stands in a station's row instead of its rate, while it catches up.
func (c stationColumns) backfill(l *screen.Line, t *screen.Theme, r *sources.StationRow) {
	room := c.rate + c.spark - 1
	rest := wording.Percent(r.Backfill)
	if r.Expected == 0 {
		rest = screen.Short(r.Seen) + " read"
	}
	if left := r.Left(); left > 0 {
		rest += " " + screen.Duration(left)
	}
	if room >= 24 {
		rest = screen.Rate(r.Intake) + " " + rest
	}
	l.Gap(1)
	l.Put(t.Warn, wording.Bar(r.Backfill, max(room-screen.Cells(rest)-1, 0)))
	l.Right(t.Text, rest, min(screen.Cells(rest)+1, l.Free()))
}
