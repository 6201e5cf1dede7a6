package deck

import "signalbox/sources"

// stationList is pane 1: which stations there are and what goes through them.
type stationList struct{ list }

func (d *deck) stationKey(i int) string { return d.calm().Stations[i].Key }

func (s *stationList) move(d *deck, by int) { s.list.move(by, len(d.calm().Stations), d.stationKey) }

func (s *stationList) chosen(d *deck) *sources.StationRow {
	rows := d.calm().Stations
	s.settle(len(rows), d.stationKey)
	if len(rows) == 0 {
		return nil
	}
	return &rows[s.at]
}

// stationColumns are the widths of the columns; 0 leaves one out.
type stationColumns struct{ name, kind, messages, bytes, rate, spark int }

func newStationColumns(width int) stationColumns {
	c := stationColumns{rate: 9, spark: 8}
	if width >= 40 {
		c.messages = 9
	}
	if width >= 60 {
		c.kind, c.bytes, c.spark = 13, 10, 16
	}
	c.name = width - 1 - c.kind - c.messages - c.bytes - c.rate - c.spark - 1
	return c
}

func (s *stationList) draw(d *deck, width, height int, focused bool) panel {
	rows := d.calm().Stations
	p := panel{number: "1", title: "Stations"}
	if len(rows) > 0 {
		p.info = []string{grouped(uint64(len(rows)))}
	}
	s.settle(len(rows), d.stationKey)
	from, to := s.window(len(rows), height)
	p.total, p.top, p.visible = len(rows), from, height
	columns := newStationColumns(width)
	for i := from; i < to; i++ {
		p.lines = append(p.lines, columns.row(d, &rows[i], i == s.at, focused, width))
	}
	if len(rows) == 0 {
		p.lines = d.nothingFound(width)
	}
	return p
}

func (c stationColumns) row(d *deck, r *sources.StationRow, chosen, focused bool, width int) string {
	t := d.theme
	l := newRow(t, width, chosen, focused)
	name := t.hue(r.Station.Name)
	if !r.Reading {
		name = t.dim
	}
	l.cell(name, cutMiddle(clean(r.Key), c.name-1), c.name)
	l.cell(t.dim, kindWord(r.Station), c.kind)
	if c.messages > 0 {
		l.figure(t.dim, short(messagesOf(r)), c.messages-1)
		l.gap(1)
	}
	if c.bytes > 0 {
		l.figure(t.dim, size(r.Station.Bytes), c.bytes-1)
		l.gap(1)
	}
	switch {
	case r.Refused != "":
		l.figure(t.bad, "✗ refused", c.rate+c.spark)
	case !r.Reading:
		l.figure(t.faint, "listed only", c.rate+c.spark)
	case backfilling(r):
		c.backfill(l, t, r)
	default:
		l.figure(rateInk(t, r.Rate), rate(r.Rate), c.rate-1)
		l.gap(1)
		l.cell(t.spark, spark(r.Rates, c.spark), c.spark)
	}
	return l.String()
}

func rateInk(t *theme, perSecond float64) ink {
	if perSecond <= 0 {
		return t.faint
	}
	return t.text
}

// newRow starts a row of a list with its mark, ▌ when it is the chosen one.
func newRow(t *theme, width int, chosen, focused bool) *line {
	under, mark := ink(""), " "
	if chosen {
		under, mark = t.chosen, "▌"
		if focused {
			under = t.chosenOn
		}
	}
	l := newLine(width, under)
	l.put(t.accent, mark)
	return l
}
