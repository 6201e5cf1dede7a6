package panes

import (
	"signalbox/sources"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// consumerColumns are the widths of the columns; 0 leaves one out.
type consumerColumns struct{ name, station, lag, unacked, word, text int }

func newConsumerColumns(rows []sources.ConsumerRow, width int) consumerColumns {
	c := consumerColumns{lag: 5, word: 2}
	for i := range rows {
		c.lag = max(c.lag, len(wording.Known(rows[i].Lag))+1)
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

func (c consumerColumns) row(t *screen.Theme, r *sources.ConsumerRow, chosen, focused bool, width int) string {
	l := screen.NewRow(t, width, chosen, focused)
	l.Left(t.Text, screen.CutMiddle(screen.Clean(r.Name), c.name-1), c.name)
	l.Left(t.Hue(r.Station), screen.CutMiddle(screen.Clean(r.Station), c.station-1), c.station)
	l.Put(t.Dim, "lag ")
	l.Left(lagStyle(t, r.Lag), wording.Known(r.Lag), c.lag-4)
	if c.unacked > 0 {
		l.Put(t.Dim, "unacked ")
		l.Left(lagStyle(t, r.Unacked), wording.Known(r.Unacked), c.unacked-8)
	}
	word, text := screen.Clean(r.Diagnosis.Word), screen.Clean(r.Diagnosis.Text)
	l.Left(wording.SeverityStyle(t, r.Diagnosis.Severity), word, c.word)
	if c.text > 0 {
		if text == "" {
			text = word
		}
		l.Left(wording.SeverityStyle(t, r.Diagnosis.Severity), text, c.text)
	}
	return l.String()
}

func lagStyle(t *screen.Theme, n int64) screen.Style {
	if n <= 0 {
		return t.Faint
	}
	return t.Text
}
