package overlays

import (
	"cmp"
	"math"
	"time"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// Columns of a chart that are for names and numbers.
const (
	chartNames   = 24
	chartNumbers = 9
	mostLines    = 6 // series that are drawn as lines: those with the most events, and the chosen one
)

var (
	shades = []string{" ", "·", "░", "▓", "█"}
	blocks = []string{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}
)

// heat draws a map: a row for each series, a column for each time, the darker the more.
func (v *chartView) heat(d *component.Deck, c *sources.Chart, width, height int) []string {
	names := min(chartNames, width/3)
	columns := width - 1 - names
	wide := min(max(columns/max(len(c.Times), 1), 1), 8)
	from, to := v.window(c, columns/wide)
	rows := height - 1
	first, last := v.series.Scroll(len(c.Series), rows)
	least, most := bounds(c.Series, from, to)
	var lines []string
	for i := first; i < last; i++ {
		s := &c.Series[i]
		l := screen.NewRow(d.Theme, width, i == v.series.At, true)
		l.Left(d.Theme.Hue(output.SeriesName(s)), screen.Cut(output.SeriesName(s), names-1), names)
		for at := from; at < to; at++ {
			v.shade(d.Theme, l, s.Values[at], least, most, wide, i == v.series.At && at == v.chosen(c))
		}
		lines = append(lines, l.String())
	}
	for len(lines) < rows {
		lines = append(lines, screen.NewLine(width, "").String())
	}
	return append(lines, timeAxis(d, c, width, names+1, from, to, wide))
}

// shade draws one place of a map: with its number where there is room.
func (v *chartView) shade(t *screen.Theme, l *screen.Line, x, least, most float64, wide int, chosen bool) {
	style := t.Spark
	if chosen {
		style = t.Reverse
	}
	level := 0
	if !math.IsNaN(x) && x > least {
		level = 1 + int((x-least)/(most-least)*float64(len(shades)-2)+0.5)
		level = min(level, len(shades)-1)
	}
	if wide < 5 {
		for range wide {
			l.Tag(style, shades[level])
		}
		return
	}
	number := ""
	if !math.IsNaN(x) && x != 0 {
		number = output.ChartNumber(x)
	}
	l.Tag(style, shades[level])
	number = screen.Cut(number, wide-2)
	if chosen {
		l.Tag(style, number)
	} else {
		l.Put(t.Text, number)
	}
	l.Gap(wide - 1 - screen.Cells(number))
}

// timeAxis names the first and the last time, and one between where there is room.
func timeAxis(d *component.Deck, c *sources.Chart, width, begin, from, to, wide int) string {
	l := screen.NewLine(width, "")
	l.Gap(begin)
	cells := (to - from) * wide
	clock := func(at int) string {
		if c.Every >= 24*time.Hour {
			return c.Times[at].In(d.Now().Location()).Format("01-02")
		}
		return d.Clock(c.Times[at], false)
	}
	first, last := clock(from), clock(to-1)
	if cells < 2*len(first)+2 {
		l.Put(d.Theme.Faint, last)
		return l.String()
	}
	middle := ""
	if cells > 4*len(first) {
		middle = clock(from + (to-from)/2)
	}
	l.Left(d.Theme.Faint, first, cells/2)
	l.Left(d.Theme.Faint, middle, cells-cells/2-len(last))
	l.Put(d.Theme.Faint, last)
	return l.String()
}

// bars draws the chosen series, a bar for each time.
func (v *chartView) bars(d *component.Deck, c *sources.Chart, width, height int) []string {
	columns, rows := width-chartNumbers-1, height-1
	wide := min(max(columns/max(len(c.Times), 1), 1), 6)
	from, to := v.window(c, columns/wide)
	s := &c.Series[v.series.At]
	least, most := bounds(c.Series[v.series.At:v.series.At+1], from, to)
	style := d.Theme.Hue(output.SeriesName(s))
	var lines []string
	for row := range rows {
		l := newAxis(d.Theme, c, width, row, rows, least, most)
		for at := from; at < to; at++ {
			level := 0.0
			if x := s.Values[at]; !math.IsNaN(x) {
				level = (x - least) / (most - least) * float64(rows)
			}
			part := min(max(level-float64(rows-1-row), 0), 1)
			block := blocks[int(part*8+0.5)]
			look := style
			if at == v.chosen(c) {
				look = d.Theme.Bright
			}
			for range max(wide-1, 1) {
				l.Put(look, block)
			}
			if wide > 1 {
				l.Gap(1)
			}
		}
		lines = append(lines, l.String())
	}
	return append(lines, timeAxis(d, c, width, chartNumbers+1, from, to, wide))
}

// newAxis begins a row with the number that belongs there.
func newAxis(t *screen.Theme, c *sources.Chart, width, row, rows int, least, most float64) *screen.Line {
	l := screen.NewLine(width, "")
	number := ""
	if row == 0 || row == rows-1 || rows > 8 && row%(rows/4) == 0 && row < rows-2 {
		at := most - (most-least)*float64(row)/float64(max(rows-1, 1))
		number = output.ChartNumber(roundTo(at, most-least))
		if c.Measure == sources.ChartRate {
			number += "/s"
		}
	}
	l.Right(t.Faint, number, chartNumbers-1)
	l.Put(t.Faint, " │")
	return l
}

// roundTo rounds a number as an axis of such a length has it.
func roundTo(x, length float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(length))-2)
	return math.Round(x/unit) * unit
}

// plot is the cells of lines.
type plot struct {
	signs  [][]string
	styles [][]screen.Style
}

// lines draws series as lines, the chosen one as points, with what they are called below.
func (v *chartView) lines(d *component.Deck, c *sources.Chart, width, height int) []string {
	columns, rows := width-chartNumbers-1, height-2
	from, to := v.window(c, columns)
	shown := c.Series[:min(len(c.Series), mostLines)]
	if v.series.At >= len(shown) {
		shown = append(shown[:len(shown):len(shown)], c.Series[v.series.At])
	}
	least, most := bounds(shown, from, to)
	p := &plot{}
	for range rows {
		p.signs, p.styles = append(p.signs, make([]string, columns)), append(p.styles, make([]screen.Style, columns))
	}
	n := to - from
	x := func(i int) int {
		if n <= 1 {
			return columns - 1
		}
		return i * (columns - 1) / (n - 1)
	}
	y := func(value float64) int { return rows - 1 - int((value-least)/(most-least)*float64(rows-1)+0.5) }
	chosen, first := &c.Series[v.series.At], min(v.series.At, len(shown)-1)
	hue := func(i int) screen.Style { return d.Theme.Hues[i%len(d.Theme.Hues)] } // neighbours are told apart
	for i := range shown {
		if i != first {
			p.line(shown[i].Values[from:to], x, y, hue(i), false)
		}
	}
	p.line(chosen.Values[from:to], x, y, hue(first).With(d.Theme.Bright), true)
	if at := v.chosen(c) - from; at >= 0 && !math.IsNaN(chosen.Values[from+at]) {
		p.set(x(at), y(chosen.Values[from+at]), "●", d.Theme.Reverse)
	}
	var lines []string
	for row := range rows {
		l := newAxis(d.Theme, c, width, row, rows, least, most)
		for i, sign := range p.signs[row] {
			l.Tag(p.styles[row][i], cmp.Or(sign, " "))
		}
		lines = append(lines, l.String())
	}
	lines = append(lines, timeAxis(d, c, width, chartNumbers+1, from, to, max(columns/max(n, 1), 1)))
	var legend screen.Flow
	for i := range shown {
		name := output.SeriesName(&shown[i])
		mark := "─ "
		if i == first {
			mark = "● "
		}
		legend.Add(hue(i), mark+name+" "+output.ChartNumber(shown[i].All))
	}
	return append(lines, legend.Lines(d.Theme, width, 1)...)
}

func (p *plot) set(x, y int, sign string, style screen.Style) {
	if y >= 0 && y < len(p.signs) && x >= 0 && x < len(p.signs[y]) {
		p.signs[y][x], p.styles[y][x] = sign, style
	}
}

// line draws one series; where it has no number there is a gap.
func (p *plot) line(values []float64, x func(int) int, y func(float64) int, style screen.Style, points bool) {
	for i := range values {
		if math.IsNaN(values[i]) {
			continue
		}
		here := y(values[i])
		if i+1 < len(values) && !math.IsNaN(values[i+1]) {
			p.step(x(i), x(i+1), here, y(values[i+1]), style)
		} else {
			p.set(x(i), here, "─", style)
		}
		if points {
			p.set(x(i), here, "●", style)
		}
	}
}

// step draws the way from one number to the next: level, then up or down just before it.
func (p *plot) step(x, next, y, to int, style screen.Style) {
	for at := x; at < next; at++ {
		p.set(at, y, "─", style)
	}
	if y == to {
		return
	}
	turn := max(next-1, x)
	upper, lower := "╭", "╯"
	if to > y {
		upper, lower = "╮", "╰"
	}
	for at := min(y, to) + 1; at < max(y, to); at++ {
		p.set(turn, at, "│", style)
	}
	p.set(turn, min(y, to), upper, style)
	p.set(turn, max(y, to), lower, style)
}
