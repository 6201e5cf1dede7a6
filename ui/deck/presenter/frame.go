package presenter

import (
	"strconv"
	"strings"

	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// widestLine is how many cells of a line stand beside each other: more is hard to read from afar.
const widestLine = 56

// Frame implements component.Whole. What stands where depends on the size alone, so that nothing jumps from line to line.
func (v *View) Frame(d *component.Deck, width, height int) []string {
	lineRows := max((height-3)*3/10, 3)
	flowRows := 4
	switch {
	case height < 20:
		flowRows = 2
	case height < 30:
		flowRows = 3
	}
	rows := []string{v.head(d, width)}
	rows = append(rows, fill(v.spoken(d, width, lineRows), width, lineRows)...)
	rows = append(rows, fill(v.flow(d, width, flowRows-1), width, flowRows)...)
	room := height - len(rows) - 1
	rows = append(rows, fill(v.card(d, width, room), width, room)...)
	return append(rows, v.standing(d, width))
}

// fill makes rows as many as there is room for.
func fill(rows []string, width, height int) []string {
	for len(rows) < height {
		rows = append(rows, screen.NewLine(width, "").String())
	}
	return rows[:max(height, 0)]
}

// part is text in a style.
type part struct {
	style screen.Style
	text  string
}

// centred puts parts into the middle of a row.
func centred(width int, parts ...part) string {
	total := 0
	for _, p := range parts {
		total += screen.Cells(p.text)
	}
	l := screen.NewLine(width, "")
	l.Gap((width - total) / 2)
	for _, p := range parts {
		l.Put(p.style, p.text)
	}
	return l.String()
}

// head is the name of the script, and which line is shown.
func (v *View) head(d *component.Deck, width int) string {
	l := screen.NewLine(width, "")
	l.Gap(2)
	of, text := len(v.lines()), ""
	if at := v.at(); at >= 0 {
		text = strconv.Itoa(at+1-min(v.earlier, at)) + " of " + strconv.Itoa(of)
	}
	name := screen.CleanUpTo(v.Script.FullName(), width/2)
	l.Put(d.Theme.Faint, screen.Cut(name+" · "+screen.CleanUpTo(v.Bus, width/3), width-6-screen.Cells(text)))
	l.Gap(l.Free() - screen.Cells(text) - 2)
	l.Put(d.Theme.Faint, text)
	return l.String()
}

// spoken is what is said, in the middle of its rows, with room between its own where there is any.
func (v *View) spoken(d *component.Deck, width, height int) []string {
	t := d.Theme
	var text string
	k, more := t.Bright, []part(nil)
	switch {
	case v.run == nil || v.again:
		text, k = v.Script.FullName(), t.Accent.With(t.Bright)
		more = wrapped(t.Dim, v.Script.About, width)
		if v.NotesAt != "" {
			more = append(more, part{t.Faint, screen.CleanUpTo("notes: curl -N "+v.NotesAt, width-4)})
		}
	case v.earlier > 0:
		lines := v.run.Lines()
		text, k = lines[max(len(lines)-1-v.earlier, 0)], t.Dim
	case v.failed():
		result, err := v.run.Result()
		if err != nil {
			text, k = "It cannot go on.", t.Bad.With(t.Bright)
			more = wrapped(t.Text, component.OneLine(err), width)
			break
		}
		text, k = "This is not as it was expected.", t.Bad.With(t.Bright)
		more = append(labelled(t, "expected", result.Failed.Expected, width), labelled(t, "found", result.Failed.Found, width)...)
	default:
		if text = v.run.Spoken(); text == "" {
			text, k = v.step(), t.Text
		}
	}
	lines := screen.Wrap(screen.Clean(text), min(width-4, widestLine))
	spaced := len(more) == 0 && 2*len(lines) <= height-1
	var rows []string
	for i, line := range lines {
		if i > 0 && spaced {
			rows = append(rows, centred(width))
		}
		rows = append(rows, centred(width, part{k, line}))
	}
	for i, p := range more {
		if i == 0 && len(rows)+len(more) < height {
			rows = append(rows, centred(width))
		}
		if len(rows) == height-1 && i+1 < len(more) {
			cells := screen.Cells(p.text)
			p.text = screen.Cut(strings.TrimRight(p.text, " "), cells-2) + " …"
			p.text += strings.Repeat(" ", cells-screen.Cells(p.text))
		}
		rows = append(rows, centred(width, p))
	}
	for above := (height - len(rows) + 1) / 2; above > 0; above-- {
		rows = append([]string{centred(width)}, rows...)
	}
	return rows
}

// step is what is done now, or was done last.
func (v *View) step() string {
	if now := v.run.Now(); now != nil {
		return now.Text
	}
	if at := v.at(); at >= 0 {
		return v.run.Step(v.lines()[at]).Text
	}
	return ""
}

// failed tells whether it has ended, and not well.
func (v *View) failed() bool {
	level, _ := v.run.Verdict()
	return v.run.Ended() && level == bus.Fail
}

// wrapped are the rows of a sentence that is read beside the line.
func wrapped(k screen.Style, text string, width int) (parts []part) {
	for _, line := range screen.Wrap(screen.Clean(text), min(width-6, 90)) {
		parts = append(parts, part{k, line})
	}
	return parts
}

// labelled are the rows of a text behind a label, as wide as each other.
func labelled(t *screen.Theme, label, text string, width int) (parts []part) {
	const column = 10
	room := min(width-4, 80) - column
	for i, line := range screen.Wrap(screen.Clean(text), room) {
		l := strings.Repeat(" ", column)
		if i == 0 {
			l = label + l[len(label):]
		}
		parts = append(parts, part{t.Text, l + line + strings.Repeat(" ", room-screen.Cells(line))})
	}
	return parts
}

// standing is the last row: what is done now, that a key is waited for, or how it ended.
func (v *View) standing(d *component.Deck, width int) string {
	t := d.Theme
	switch {
	case v.again:
		return centred(width, part{t.Faint, "back to the start"})
	case v.run == nil:
		return centred(width, part{t.Dim, "space begins"})
	case v.earlier > 0:
		return centred(width, part{t.Dim, "an earlier line · → goes on"})
	case v.failed():
		return centred(width, part{t.Dim, "r is back to the start · esc shows the deck"})
	case v.run.Ended():
		level, text := v.run.Verdict()
		k := t.Good
		if level == bus.Warn {
			k = t.Warn
		}
		return centred(width, part{k, screen.CleanUpTo(text, width-4)}, part{t.Dim, " · r is back to the start"})
	case v.run.Waits():
		return centred(width, part{t.Dim, "space goes on"})
	}
	text := "…"
	if now := v.run.Now(); now != nil && now.Kind != "say" {
		text = screen.CutWords(screen.Clean(strings.ReplaceAll(doing(now), "\n", " ")), min(width-6, 90))
	}
	return centred(width, part{t.Accent, "▸ "}, part{t.Faint, text})
}
