package panes

import (
	"strconv"
	"strings"
	"time"

	"signalbox/sources/subjects"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// marker says whether there is something under a line: ▸ when it is folded, ▾ when it is not.
func (s *stations) marker(x stationLine) string {
	path, ok := x.branch()
	switch {
	case !ok:
		return " "
	case s.open(x.station.Key, path) >= 0:
		return "▾"
	}
	return "▸"
}

// indent is how far right a line's marker stands.
func (c stationColumns) indent(x stationLine) int {
	r := x.subject()
	if r == nil {
		return 0
	}
	step := 1
	if c.kind > 0 {
		step = 2
	}
	return min((r.Depth+1)*step, c.name/2)
}

// subject draws the row of a subject below its station: its token, when it was last seen, how many events and which
// share of all, and its rate. Figures stand where those of stations do; a narrow pane leaves out when it was last seen.
func (c stationColumns) subject(d *component.Deck, x stationLine, marker string, chosen, focused bool, width int) string {
	t, r := d.Theme, x.subject()
	l := screen.NewRow(t, width, chosen, focused)
	indent := c.indent(x)
	l.Gap(indent)
	l.Put(t.Dim, marker)
	name, room := t.Text, c.fold+c.name-indent-1
	if r.Kind == subjects.MoreRow || r.Kind == subjects.OtherRow {
		name = t.Dim
	}
	l.Left(name, screen.CutMiddle(subjectName(r, room-1), room-1), room)
	if d.Steady().Then != nil {
		l.Left(t.Faint, "not counted then", l.Free())
		return l.String()
	}
	share := 0.0
	if x.tree.Events > 0 {
		share = float64(r.Events) / float64(x.tree.Events)
	}
	if c.kind > 0 {
		l.Left(t.Dim, ago(d.Now().Sub(r.Last)), c.kind)
	}
	if c.messages > 0 {
		l.Right(t.Dim, screen.Short(r.Events), c.messages-1)
		l.Gap(1)
	}
	if c.bytes > 0 {
		l.Right(t.Dim, shareText(share), c.bytes-1)
		l.Gap(1)
	}
	l.Right(wording.RateStyle(t, r.Rate), screen.Rate(r.Rate), c.rate-1)
	switch {
	case c.bytes > 0:
		l.Gap(1)
		l.Left(t.Spark, strings.Repeat("█", int(share*float64(c.spark)+0.5)), c.spark)
	case c.messages > 0:
		l.Right(t.Dim, shareText(share), c.spark+1)
	default:
		l.Right(t.Dim, screen.Short(r.Events), c.spark-3)
		l.Right(t.Faint, shareText(share), 4)
	}
	return l.String()
}

// subjectName is what a row is called.
func subjectName(r *subjects.Row, room int) string {
	switch r.Kind {
	case subjects.MoreRow:
		return "… " + screen.Grouped(uint64(r.Hidden)) + " more"
	case subjects.OtherRow:
		return screen.Cut("… others, not told apart", max(room, 8))
	}
	if r.Token == "" {
		return `""`
	}
	return screen.CleanUpTo(r.Token, 100)
}

// ago says how long ago something was.
func ago(d time.Duration) string {
	if d < time.Second {
		return "just now"
	}
	return screen.Duration(d) + " ago"
}

// shareText is a share in percent, in three letters; only nothing is 0%, and only all is all.
func shareText(share float64) string {
	switch {
	case share >= 1:
		return "all"
	case share > 0 && share < 0.01:
		return "<1%"
	}
	return strconv.Itoa(min(int(share*100+0.5), 99)) + "%"
}

// onMarker tells whether the marker of the chosen line stands in a column of the pane.
func (s *stations) onMarker(d *component.Deck, column int) bool {
	x, ok := s.line(d)
	if ok {
		_, ok = x.branch()
	}
	return ok && column == 1+s.columns.indent(x)
}
