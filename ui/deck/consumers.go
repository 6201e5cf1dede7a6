package deck

import "signalbox/sources"

// consumerList is pane 3: who reads the stations, and what is wrong with them in words.
type consumerList struct{ list }

func consumerKey(r *sources.ConsumerRow) string { return r.Bus + "\x00" + r.Station + "\x00" + r.Name }

func (d *deck) consumerKey(i int) string { return consumerKey(&d.calm().Consumers[i]) }

func (c *consumerList) move(d *deck, by int) {
	c.list.move(by, len(d.calm().Consumers), d.consumerKey)
}

func (c *consumerList) chosen(d *deck) *sources.ConsumerRow {
	rows := d.calm().Consumers
	c.settle(len(rows), d.consumerKey)
	if len(rows) == 0 {
		return nil
	}
	return &rows[c.at]
}

// consumerColumns are the widths of the columns; 0 leaves one out.
type consumerColumns struct{ name, station, lag, unacked, word, text int }

func newConsumerColumns(rows []sources.ConsumerRow, width int) consumerColumns {
	c := consumerColumns{lag: 5, word: 2}
	for i := range rows {
		c.lag = max(c.lag, len(known(rows[i].Lag))+1)
		c.word = max(c.word, len(rows[i].Diagnosis.Word))
	}
	c.lag, c.word = c.lag+4, min(c.word, 12)
	if width >= 60 {
		name := 8
		for i := range rows {
			name = max(name, len(rows[i].Name))
			c.station = max(c.station, len(rows[i].Station))
		}
		c.name, c.station, c.unacked = min(name+2, width/4), min(c.station+2, width/5), 13
		c.text, c.word = width-1-c.name-c.station-c.lag-c.unacked, 0
		return c
	}
	c.name = width - 1 - c.lag - c.word
	return c
}

func (c *consumerList) draw(d *deck, width, height int, focused bool) panel {
	rows := d.calm().Consumers
	p := panel{number: "3", title: "Consumers"}
	if len(rows) > 0 {
		p.info = []string{grouped(uint64(len(rows)))}
	}
	c.settle(len(rows), d.consumerKey)
	from, to := c.window(len(rows), height)
	p.total, p.top, p.visible = len(rows), from, height
	columns := newConsumerColumns(rows[from:to], width)
	for i := from; i < to; i++ {
		p.lines = append(p.lines, columns.row(d.theme, &rows[i], i == c.at, focused, width))
	}
	if len(rows) == 0 {
		p.lines = says(d.theme, width, "nobody reads here, or the broker does not tell who does")
	}
	return p
}

func (c consumerColumns) row(t *theme, r *sources.ConsumerRow, chosen, focused bool, width int) string {
	l := newRow(t, width, chosen, focused)
	l.cell(t.text, cutMiddle(clean(r.Name), c.name-1), c.name)
	l.cell(t.hue(r.Station), cutMiddle(clean(r.Station), c.station-1), c.station)
	l.put(t.dim, "lag ")
	l.cell(lagStyle(t, r.Lag), known(r.Lag), c.lag-4)
	if c.unacked > 0 {
		l.put(t.dim, "unacked ")
		l.cell(lagStyle(t, r.Unacked), known(r.Unacked), c.unacked-8)
	}
	word, text := clean(r.Diagnosis.Word), clean(r.Diagnosis.Text)
	l.cell(severity(t, r.Diagnosis.Severity), word, c.word)
	if c.text > 0 {
		if text == "" {
			text = word
		}
		l.cell(severity(t, r.Diagnosis.Severity), text, c.text)
	}
	return l.String()
}

// grave is the least severity of what does not get well by itself.
const grave = 4

// severity is the style of a diagnosis.
func severity(t *theme, n int) style {
	switch {
	case n <= 0:
		return t.good
	case n < grave:
		return t.warn
	}
	return t.bad
}

func lagStyle(t *theme, n int64) style {
	if n <= 0 {
		return t.faint
	}
	return t.text
}

// known writes a count of which -1 is unknown.
func known(n int64) string {
	if n < 0 {
		return "?"
	}
	return short(uint64(n))
}
