package panes

import (
	"strings"

	"signalbox/scenarios/standin"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// consumerColumns are the widths of the columns; 0 leaves one out.
type consumerColumns struct{ name, station, lag, unacked, redelivered, givenUp, rate, verdict int }

// consumerNeeds are what consumers of late have had use for.
type consumerNeeds struct{ name, station, word, text layout.Recent }

// Most of what one column takes from the others.
const (
	wholeName   = 18 // a name up to here is shown whole before other columns are shown at all
	mostName    = 40
	mostVerdict = 60
)

// measure takes in the consumers and returns the columns with what they want, the most important first, and how much more
// the sentences want that stand in the column of the word.
func (n *consumerNeeds) measure(d *component.Deck, rows []sources.ConsumerRow) (columns [8]screen.Column, more int) {
	now := d.Now()
	name, station, word, text := len("consumer"), len("station"), 2, 2
	for i := range rows[:min(len(rows), 200)] {
		r := &rows[i]
		name, station = max(name, len(r.Name)), max(station, len(r.Station))
		short, long := verdict(d, r)
		word, text = max(word, screen.Cells(short)), max(text, screen.Cells(long))
	}
	name, station = n.name.Most(now, min(name, mostName)), n.station.Most(now, min(station, mostName))
	word = n.word.Most(now, word)
	text = n.text.Most(now, min(max(text, word), mostVerdict))
	return [8]screen.Column{{Want: name + 1, Least: wholeName}, {Want: word, Least: word}, {Want: 7, Least: 6}, {Want: 9, Least: 8},
		{Want: 9, Least: 9}, {Want: 12, Least: 7}, {Want: 9, Least: 8}, {Want: station + 1, Least: 10}}, text - word
}

// fit gives the columns their widths.
func (n *consumerNeeds) fit(d *component.Deck, rows []sources.ConsumerRow, width int) consumerColumns {
	wants, _ := n.measure(d, rows)
	w := screen.Fit(width-2, wants[:]...)
	c := consumerColumns{name: w[0], verdict: w[1], lag: w[2], unacked: w[3], givenUp: w[4], redelivered: w[5], rate: w[6], station: w[7]}
	c.verdict = max(width-2-(c.sum()-c.verdict), 0)
	return c
}

func (c consumerColumns) sum() int {
	return c.name + c.station + c.lag + c.unacked + c.redelivered + c.givenUp + c.rate + c.verdict
}

// heading names the columns.
func (c consumerColumns) heading(t *screen.Theme, width int) string {
	l := screen.NewLine(width, "")
	l.Gap(1)
	redelivered := "redelivered"
	if c.redelivered <= len(redelivered) {
		redelivered = "redel."
	}
	l.Left(t.Faint, "consumer", c.name)
	l.Left(t.Faint, "station", c.station)
	l.Right(t.Faint, "lag", c.lag)
	l.Right(t.Faint, "unacked", c.unacked)
	l.Right(t.Faint, redelivered, c.redelivered)
	l.Right(t.Faint, "given up", c.givenUp)
	l.Right(t.Faint, "rate", c.rate)
	return l.String()
}

// verdict is what is wrong with a consumer, in a word and in a sentence, and that signalbox plays it.
func verdict(d *component.Deck, r *sources.ConsumerRow) (word, text string) {
	word, text = screen.Clean(r.Diagnosis.Word), screen.Clean(r.Text())
	if p, plays := d.Played(r); plays {
		text = strings.TrimSuffix(wording.Played(p)+": "+text, ": ")
		if p.Condition != standin.On || word == "ok" || word == "" {
			word = wording.Played(p)
		}
	}
	return word, text
}

func (c consumerColumns) row(d *component.Deck, r *sources.ConsumerRow, chosen, focused bool, width int) string {
	t := d.Theme
	l := screen.NewRow(t, width, chosen, focused)
	l.Left(t.Text, screen.CutMiddle(screen.Clean(r.Name), c.name-1), c.name)
	l.Left(t.Hue(r.Station), screen.CutMiddle(screen.Clean(r.Station), c.station-1), c.station)
	l.Right(countStyle(r.Lag, t.Text, t), wording.Known(r.Lag), c.lag)
	l.Right(countStyle(r.Unacked, t.Text, t), wording.Known(r.Unacked), c.unacked)
	l.Right(countStyle(r.Redelivered, t.Warn, t), wording.Known(r.Redelivered), c.redelivered)
	l.Right(countStyle(r.GivenUp, t.Bad, t), wording.GivenUp(r), c.givenUp)
	l.Right(wording.RateStyle(t, r.Rate), shortRate(r.Rate), c.rate)
	l.Gap(1)
	word, text := verdict(d, r)
	if text == "" || c.verdict < readable {
		text = word
	}
	l.Left(wording.SeverityStyle(t, r.Diagnosis.Severity), text, c.verdict)
	return l.String()
}

// shortRate is a rate for a column that stands close to another.
func shortRate(perSecond float64) string {
	if perSecond >= 10_000 {
		return screen.Short(uint64(perSecond)) + "/s"
	}
	return screen.Rate(perSecond)
}

// readable is from how many cells on a sentence, cut if need be, says more than its one word.
const readable = 18

// countStyle is faint for nothing, and for what is not known.
func countStyle(n int64, style screen.Style, t *screen.Theme) screen.Style {
	if n <= 0 {
		return t.Faint
	}
	return style
}
