package dialogs

import (
	"strings"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// widestPicker is how wide a picker is where there is room.
const widestPicker = 110

func (o *picker) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	t := d.Theme
	most := max(d.Layout().Height*2/3, 10)
	width := min(widestPicker, max(d.Layout().Width-4, 0))
	c := o.columns(width - 2)
	height := 4
	for i := 0; i < len(o.choices) && height < most; i++ {
		height += len(c.lines(&o.choices[i]))
	}
	b := d.Layout().Centred(width, min(max(height, 5), most))
	width, height = b.W-2, b.H-2
	p := screen.Panel{Title: o.title, Info: []string{screen.Grouped(uint64(len(o.found)))}}
	l := screen.NewLine(width, "")
	l.Put(t.Accent, " "+o.prompt+" ")
	o.input.Draw(l, t, "")
	p.Lines = append(p.Lines, l.String(), o.below(t, width))
	rows := height - 2
	o.room, o.widths = rows, c
	o.scroll(c, rows)
	o.drawn = o.drawn[:0]
	i := o.list.Top
	for ; i < len(o.found) && len(o.drawn) < rows; i++ {
		for _, line := range o.row(t, c, i) {
			if len(o.drawn) < rows {
				p.Lines, o.drawn = append(p.Lines, line), append(o.drawn, i)
			}
		}
	}
	p.Total, p.Top, p.Visible = len(o.found), o.list.Top, i-o.list.Top
	if len(o.found) == 0 {
		p.Lines = append(p.Lines, screen.Note(t, width, "nothing by that name")...)
	}
	return p, b
}

// below is the line under what is typed: what is wrong with it, or how it goes on.
func (o *picker) below(t *screen.Theme, width int) string {
	l := screen.NewLine(width, "")
	i, _, ok := o.line()
	switch {
	case o.fault != "":
		l.Gap(3)
		l.Put(t.Bad, "✗ "+screen.CleanUpTo(o.fault, l.Free()))
	case ok:
		l.Gap(3)
		l.Put(t.Faint, o.choices[i].Name+" "+o.choices[i].Form)
	}
	return l.String()
}

// scroll scrolls just so far that all lines of the chosen one are seen.
func (o *picker) scroll(c pickerColumns, rows int) {
	top, at := min(o.list.Top, o.list.At), o.list.At
	if at >= len(o.found) {
		o.list.Top = 0
		return
	}
	for first, taken := at, 0; first >= top; first-- {
		if taken += len(c.lines(&o.choices[o.found[first].Index])); taken > rows && first < at {
			top = first + 1
			break
		}
	}
	o.list.Top = top
}

// pickerColumns are the widths of a picker's columns.
type pickerColumns struct{ width, names int }

func (o *picker) columns(width int) pickerColumns {
	names := 0
	for i := range o.choices {
		if c := &o.choices[i]; c.About != "" {
			names = max(names, screen.Cells(c.Name))
		}
	}
	return pickerColumns{width, min(names, width*2/5)}
}

// pickerLine is a line of a choice.
type pickerLine struct{ name, about string }

// lines are those of a choice: nothing of it is cut.
func (c pickerColumns) lines(x *Choice) []pickerLine {
	room := max(c.width-1-screen.Cells(x.Note)-2, 8)
	if x.About == "" {
		var lines []pickerLine
		for _, part := range screen.Wrap(x.Name, room) {
			lines = append(lines, pickerLine{name: part})
		}
		return lines
	}
	names, about := screen.Wrap(x.Name, c.names), screen.Wrap(x.About, max(room-c.names-2, 8))
	lines := make([]pickerLine, max(len(names), len(about)))
	for i := range lines {
		if i < len(names) {
			lines[i].name = names[i]
		}
		if i < len(about) {
			lines[i].about = about[i]
		}
	}
	return lines
}

// row draws all lines of a choice that was found; what was typed stands out in its name.
func (o *picker) row(t *screen.Theme, c pickerColumns, i int) []string {
	match := o.found[i]
	x := &o.choices[match.Index]
	marked := map[int]bool{}
	for _, at := range match.MatchedIndexes {
		marked[at] = true
	}
	var rows []string
	from := 0
	for n, line := range c.lines(x) {
		l := screen.NewRow(t, c.width, i == o.list.At, true)
		if skipped := strings.Index(x.Name[from:], line.name); skipped > 0 {
			from += skipped
		}
		for at, r := range line.name {
			k := t.Text
			if marked[from+at] {
				k = t.Accent.With(t.Bright)
			}
			l.Put(k, string(r))
		}
		from = min(from+len(line.name), len(x.Name))
		if x.About != "" {
			l.Gap(c.names + 2 - screen.Cells(line.name))
			l.Put(t.Dim, line.about)
		}
		if n == 0 {
			l.Gap(l.Free() - screen.Cells(x.Note) - 1)
			l.Put(t.Key, x.Note)
		}
		rows = append(rows, l.String())
	}
	return rows
}
