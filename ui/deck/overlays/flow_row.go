package overlays

import (
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// flowColumns are the widths of the columns of a flow's arrows and waiting entities.
type flowColumns struct{ width, from, to, count, median, p95 int }

// newFlowColumns fits the columns into so many cells.
func newFlowColumns(f *sources.Flow, width int) flowColumns {
	from, to := 6, 10
	for i := range f.Boxes {
		from = max(from, screen.Cells(output.FlowBoxName(f, i))+2)
	}
	for i := range f.Arrows {
		to = max(to, screen.Cells(output.FlowTo(f, &f.Arrows[i]))+2)
	}
	for _, w := range f.Waiting {
		to = max(to, min(screen.Cells(screen.CleanID(w.ID)), idRoom(width))+2)
	}
	c := screen.Fit(width-1, screen.Column{Want: from, Least: 8}, screen.Column{Want: to, Least: 8}, screen.Column{Want: 8, Least: 8},
		screen.Column{Want: 8, Least: 8}, screen.Column{Want: 8, Least: 8})
	return flowColumns{width, c[0], c[1], c[2], c[3], c[4]}
}

// idRoom is how long an id may be, so that there is room for what is said of it.
func idRoom(width int) int {
	if width < 100 {
		return 14
	}
	return 26
}

func (c flowColumns) heading(t *screen.Theme) string {
	l := screen.NewLine(c.width, "")
	l.Gap(1)
	l.Left(t.Dim, "from", c.from)
	l.Left(t.Dim, "to", c.to)
	l.Left(t.Dim, "count", c.count)
	l.Left(t.Dim, "median", c.median)
	l.Left(t.Dim, "p95", c.p95)
	l.Put(t.Dim, "by")
	return l.String()
}

// row is an arrow or, behind the last of them, an entity that waits.
func (c flowColumns) row(d *component.Deck, f *sources.Flow, i int, chosen bool) string {
	t := d.Theme
	l := screen.NewRow(t, c.width, chosen, true)
	if i >= len(f.Arrows) {
		w := &f.Waiting[i-len(f.Arrows)]
		l.Left(t.Text, screen.Cut(output.FlowBoxName(f, w.Box), c.from-2), c.from)
		l.Left(t.Bright, screen.CutID(screen.CleanID(w.ID), c.to-2), c.to)
		l.Left(t.Warn, "waits", c.count)
		l.Left(t.Warn, screen.Took(f.Time.Sub(w.Since)), c.median)
		l.Left(t.Dim, "", c.p95)
		l.Put(t.Dim, "99 of 100 were there up to "+screen.Took(f.Boxes[w.Box].P99)+"; since "+d.Clock(w.Since, true))
		return l.String()
	}
	a := &f.Arrows[i]
	to := t.Text
	switch {
	case a.Refused:
		to = t.Bad
	case a.Rare:
		to = t.Warn
	case a.From == a.To:
		to = t.Dim
	}
	l.Left(t.Text, screen.Cut(output.FlowBoxName(f, a.From), c.from-2), c.from)
	l.Left(to, screen.Cut(output.FlowTo(f, a), c.to-2), c.to)
	l.Left(t.Bright, screen.Short(a.Count), c.count)
	median, p95 := "", ""
	if a.Timed {
		median, p95 = screen.Took(a.Median), screen.Took(a.P95)
	}
	l.Left(t.Text, median, c.median)
	l.Left(t.Text, p95, c.p95)
	l.Put(t.Dim, screen.Cut(output.FlowBy(a), l.Free()))
	return l.String()
}
