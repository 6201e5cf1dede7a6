package deck

import (
	"slices"

	"signalbox/sources"
	"signalbox/sources/subjects"
	"signalbox/ui/screen"
)

// stationList is pane 1: which stations there are and what goes through them and, where that is unfolded, through their
// subjects.
type stationList struct {
	screen.List
	unfolded []subjects.Branch
	columns  stationColumns // as drawn last
	reveal   bool           // what has just been unfolded is to be scrolled to, once it is there
}

func (d *deck) stationKey(i int) string { return d.stationLine(i).key() }

func (s *stationList) move(d *deck, by int) { s.List.Move(by, d.stationLines(), d.stationKey) }

// wants asks for the subjects that are unfolded, while the pane is on the screen.
func (s *stationList) wants(d *deck) subjects.Unfolded {
	if d.rows(stationsPane) == 0 {
		return subjects.Unfolded{}
	}
	return subjects.Unfold(s.unfolded...)
}

// chosen is the station chosen, or the one that the chosen subject is of.
func (s *stationList) chosen(d *deck) *sources.StationRow {
	x, _ := s.line(d)
	return x.station
}

// stationColumns are the widths of the columns; 0 leaves one out.
type stationColumns struct{ fold, name, kind, messages, bytes, rate, spark int }

func newStationColumns(width int, unfolds bool) stationColumns {
	c := stationColumns{rate: 9, spark: 8}
	if unfolds {
		c.fold = 1
	}
	if width >= 40 {
		c.messages = 9
	}
	if width >= 60 {
		c.kind, c.bytes, c.spark = 13, 10, 16
	}
	c.name = width - 1 - c.fold - c.kind - c.messages - c.bytes - c.rate - c.spark - 1
	return c
}

func (s *stationList) draw(d *deck, width, height int, focused bool) screen.Panel {
	rows := d.calm().Stations
	p := screen.Panel{Number: "1", Title: "Stations"}
	if len(rows) > 0 {
		p.Info = []string{screen.Grouped(uint64(len(rows)))}
	}
	n := d.stationLines()
	s.Restore(n, d.stationKey)
	s.scrollToUnfolded(d, n, height)
	from, to := s.Scroll(n, height)
	p.Total, p.Top, p.Visible = n, from, height
	s.columns = newStationColumns(width, slices.ContainsFunc(rows[:min(len(rows), height)], unfolds))
	for i := from; i < to; i++ {
		p.Lines = append(p.Lines, s.columns.row(d, d.stationLine(i), i == s.At, focused, width))
	}
	if len(rows) == 0 {
		p.Lines = d.nothingFound(width)
	}
	return p
}

func unfolds(r sources.StationRow) bool { return r.Unfolds }

func (c stationColumns) row(d *deck, x stationLine, chosen, focused bool, width int) string {
	if x.tree != nil {
		return c.subject(d, x, chosen, focused, width)
	}
	t, r := d.theme, x.station
	l := screen.NewRow(t, width, chosen, focused)
	l.Left(t.Dim, d.stations.marker(x), c.fold)
	name := t.Hue(r.Station.Name)
	if !r.Reading {
		name = t.Dim
	}
	l.Left(name, screen.CutMiddle(screen.Clean(r.Key), c.name-1), c.name)
	l.Left(t.Dim, r.Station.Kind.Words(), c.kind)
	if c.messages > 0 {
		l.Right(t.Dim, screen.Short(messagesOf(r)), c.messages-1)
		l.Gap(1)
	}
	if c.bytes > 0 {
		l.Right(t.Dim, screen.Size(r.Station.Bytes), c.bytes-1)
		l.Gap(1)
	}
	switch {
	case r.Refused != "":
		l.Right(t.Bad, "✗ refused", c.rate+c.spark)
	case !r.Reading:
		l.Right(t.Faint, "listed only", c.rate+c.spark)
	case backfilling(r):
		c.backfill(l, t, r)
	default:
		l.Right(rateStyle(t, r.Rate), screen.Rate(r.Rate), c.rate-1)
		l.Gap(1)
		l.Left(t.Spark, screen.Sparkline(r.Rates, c.spark), c.spark)
	}
	return l.String()
}

func rateStyle(t *screen.Theme, perSecond float64) screen.Style {
	if perSecond <= 0 {
		return t.Faint
	}
	return t.Text
}
