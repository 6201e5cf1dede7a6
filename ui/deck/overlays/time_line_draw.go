package overlays

import (
	"strings"
	"time"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// sign is what happened in a column of the time line, the most telling where there are several.
type sign int

const (
	nothing sign = iota
	failure
	refusal
	sent
	hit
	gap
	marked
)

// signText is how signs are drawn, and what they are called.
var signText = [...]struct{ letter, name string }{
	nothing: {" ", ""}, failure: {"!", "failed"}, refusal: {"✗", "refused"}, sent: {"↑", "sent from here"}, hit: {"●", "breakpoint"}, gap: {"?", "gap"}, marked: {"▸", "mark"},
}

func signStyle(t *screen.Theme, s sign) screen.Style {
	switch s {
	case failure, refusal:
		return t.Bad
	case gap, hit:
		return t.Warn
	case sent, marked:
		return t.Accent
	case nothing:
	}
	return t.Faint
}

// signs are what happened in each column.
func (v *timeLine) signs(d *component.Deck, t *sources.TimeLine) []sign {
	signs := make([]sign, len(t.Columns))
	put := func(from, to time.Time, s sign) {
		for c := max(columnOf(t, from), 0); c <= min(columnOf(t, to), len(signs)-1); c++ {
			signs[c] = max(signs[c], s)
		}
	}
	for i, c := range t.Columns {
		switch {
		case c.Refused > 0:
			signs[i] = refusal
		case c.Faults > 0:
			signs[i] = failure
		}
	}
	for _, g := range t.Gaps {
		put(g.Since, g.Until, gap)
	}
	for _, m := range d.Marks.All() {
		if m.Sent {
			put(m.At, m.At, sent)
		} else {
			put(m.At, m.At, marked)
		}
	}
	for _, b := range d.Snapshot().Breaks {
		for _, h := range b.Events {
			if !h.Time.IsZero() {
				put(h.Time, h.Time, hit)
			}
		}
	}
	return signs
}

// extent says how much of the time that is held is shown.
func extent(t *sources.TimeLine) string {
	held := screen.Duration(t.End.Sub(t.First))
	if !t.From.After(t.First) && !t.To.Before(t.End) {
		return "all " + held
	}
	return screen.Duration(t.To.Sub(t.From)) + " shown of " + held
}

func (v *timeLine) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b, th := v.place(d), d.Theme
	p := screen.Panel{Title: "time line"}
	if sign, past := d.Sign(b.W); past {
		p.Chips = []screen.Chip{sign}
	}
	t := v.shown(d)
	if t == nil {
		p.Lines = screen.Note(th, b.W-2, "nothing is held yet")
		return p, b
	}
	most := 0.0
	for _, c := range t.Columns {
		most = max(most, c.Events)
	}
	per := t.To.Sub(t.From).Seconds() / float64(len(t.Columns))
	p.Info = []string{"at most " + screen.Rate(most/per), extent(t)}
	at, signs := v.cursor(d, t), v.signs(d, t)
	bars := b.H - 2 - 2
	for row := range bars {
		p.Lines = append(p.Lines, barRow(th, t, most, bars-1-row, bars, at))
	}
	l := screen.NewLine(b.W-2, "")
	for i, s := range signs {
		style := signStyle(th, s)
		letter := signText[s].letter
		if i == at && s == nothing {
			style, letter = th.Warn, "│"
		}
		l.Put(style, letter)
	}
	p.Lines = append(p.Lines, l.String(), v.axis(d, t, at, signs[at], b.W-2))
	return p, b
}

// barRow is one row of the rates, counted from the lowest of so many.
func barRow(th *screen.Theme, t *sources.TimeLine, most float64, row, rows, at int) string {
	const eighths = 8
	l := screen.NewLine(len(t.Columns), "")
	for i, c := range t.Columns {
		full := 0
		if most > 0 && c.Events > 0 {
			full = max(int(c.Events/most*float64(rows*eighths)+0.5), 1)
		}
		level := min(max(full-row*eighths, 0), eighths)
		style, letter := th.Spark, screen.Level(level)
		if i == at {
			if style = th.Flag; level == 0 {
				style, letter = th.Warn, "│"
			}
		}
		l.Put(style, letter)
	}
	return l.String()
}

// axis is the row of times: of the left end, the cursor and the right end, and what the signs mean.
func (v *timeLine) axis(d *component.Deck, t *sources.TimeLine, at int, here sign, width int) string {
	th := d.Theme
	left, right := d.Day(t.From)+d.Clock(t.From, false), d.Day(t.To)+d.Clock(t.To, false)
	middle := d.Clock(shownMoment(d), true)
	if d.Time.At() == 0 {
		middle = "now"
	}
	if c := t.Columns[at]; c.Events > 0 {
		middle += " · " + screen.Plural(uint64(c.Events+0.5), "event")
		if c.Refused > 0 {
			middle += ", " + screen.Grouped(uint64(c.Refused+0.5)) + " refused"
		}
	}
	if here > refusal {
		middle += " · " + signText[here].name
		for _, m := range d.Marks.All() {
			if columnOf(t, m.At) == at && m.Text != "" {
				middle += " " + screen.CleanUpTo(m.Text, 40)
			}
		}
	}
	l := screen.NewLine(width, "")
	l.Put(th.Faint, left)
	room := width - 2*max(screen.Cells(left), screen.Cells(right)) - 2
	middle = screen.Cut(middle, max(room, 0))
	from := min(max(at-screen.Cells(middle)/2, screen.Cells(left)+1), max(width-screen.Cells(right)-1-screen.Cells(middle), 0))
	l.Put(th.Faint, strings.Repeat(" ", max(from-screen.Cells(left), 0)))
	l.Put(th.Bright, middle)
	l.Right(th.Faint, right, l.Free())
	return l.String()
}
