package deck

import (
	"signalbox/sources"
	"signalbox/ui/screen"
)

// consumerList is pane 3: who reads the stations, and what is wrong with them in words.
type consumerList struct{ screen.List }

func consumerKey(r *sources.ConsumerRow) string { return r.Bus + "\x00" + r.Station + "\x00" + r.Name }

func (d *deck) consumerKey(i int) string { return consumerKey(&d.calm().Consumers[i]) }

func (c *consumerList) move(d *deck, by int) {
	c.List.Move(by, len(d.calm().Consumers), d.consumerKey)
}

func (c *consumerList) chosen(d *deck) *sources.ConsumerRow {
	rows := d.calm().Consumers
	c.Restore(len(rows), d.consumerKey)
	if len(rows) == 0 {
		return nil
	}
	return &rows[c.At]
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

func (c *consumerList) draw(d *deck, width, height int, focused bool) screen.Panel {
	rows := d.calm().Consumers
	p := screen.Panel{Number: "3", Title: "Consumers"}
	if len(rows) > 0 {
		p.Info = []string{screen.Grouped(uint64(len(rows)))}
	}
	c.Restore(len(rows), d.consumerKey)
	from, to := c.Scroll(len(rows), height)
	p.Total, p.Top, p.Visible = len(rows), from, height
	columns := newConsumerColumns(rows[from:to], width)
	for i := from; i < to; i++ {
		p.Lines = append(p.Lines, columns.row(d.theme, &rows[i], i == c.At, focused, width))
	}
	if len(rows) == 0 {
		p.Lines = screen.Note(d.theme, width, "nobody reads here, or the broker does not tell who does")
	}
	return p
}

func (c consumerColumns) row(t *screen.Theme, r *sources.ConsumerRow, chosen, focused bool, width int) string {
	l := screen.NewRow(t, width, chosen, focused)
	l.Left(t.Text, screen.CutMiddle(screen.Clean(r.Name), c.name-1), c.name)
	l.Left(t.Hue(r.Station), screen.CutMiddle(screen.Clean(r.Station), c.station-1), c.station)
	l.Put(t.Dim, "lag ")
	l.Left(lagStyle(t, r.Lag), known(r.Lag), c.lag-4)
	if c.unacked > 0 {
		l.Put(t.Dim, "unacked ")
		l.Left(lagStyle(t, r.Unacked), known(r.Unacked), c.unacked-8)
	}
	word, text := screen.Clean(r.Diagnosis.Word), screen.Clean(r.Diagnosis.Text)
	l.Left(severity(t, r.Diagnosis.Severity), word, c.word)
	if c.text > 0 {
		if text == "" {
			text = word
		}
		l.Left(severity(t, r.Diagnosis.Severity), text, c.text)
	}
	return l.String()
}

// grave is the least severity of what does not get well by itself.
const grave = 4

// severity is the style of a diagnosis.
func severity(t *screen.Theme, n int) screen.Style {
	switch {
	case n <= 0:
		return t.Good
	case n < grave:
		return t.Warn
	}
	return t.Bad
}

func lagStyle(t *screen.Theme, n int64) screen.Style {
	if n <= 0 {
		return t.Faint
	}
	return t.Text
}

// known writes a count of which -1 is unknown.
func known(n int64) string {
	if n < 0 {
		return "?"
	}
	return screen.Short(uint64(n))
}
