package deck

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/screen"
)

// sheet is something to be done that needs saying a few things first: a lever, or where to read a station from.
type sheet struct {
	title  string
	about  string
	doing  string // "pulling"
	button string
	fields []bus.LeverField
	act    func(d *deck, o *sheet, values map[string]string) tea.Cmd
	slots
	outcome
}

// openSheet opens a sheet with its defaults; seen are what its fields could also be.
func (d *deck) openSheet(o *sheet, seen func(bus.LeverField) []string) {
	o.faultAt = -1
	for _, f := range o.fields {
		o.inputs, o.seen = append(o.inputs, screen.NewInput(f.Default)), append(o.seen, seen(f))
	}
	d.open(o)
	o.focusBy(0)
}

func (o *sheet) update(d *deck, msg tea.Msg) tea.Cmd {
	if o.at < len(o.inputs) && !o.going && o.inputs[o.at].Update(msg) {
		return o.consider(d)
	}
	return nil
}

// consider forgets what was said of the fields as they were.
func (o *sheet) consider(*deck) tea.Cmd {
	if !o.going {
		o.fault, o.faultAt, o.outcome = "", -1, outcome{}
	}
	return nil
}

// enter goes on to the next field; on the button it acts, and once that is done it closes the sheet.
func (o *sheet) enter(d *deck) tea.Cmd {
	switch {
	case o.text != "" && !o.failed && o.at == len(o.inputs):
		d.shut()
		return nil
	case o.at == len(o.inputs):
		return o.submit(d)
	}
	o.focusBy(1)
	return nil
}

// submit acts, unless something is missing: then the cursor goes there.
func (o *sheet) submit(d *deck) tea.Cmd {
	if o.going {
		return nil
	}
	o.consider(d)
	values := map[string]string{}
	for i, f := range o.fields {
		values[f.Name] = strings.TrimSpace(o.inputs[i].Value())
		if values[f.Name] == "" && !f.Optional {
			o.blame(i, "this is needed")
			return nil
		}
	}
	return o.act(d, o, values)
}

// blame says what is wrong with a field, and puts the cursor there.
func (o *sheet) blame(field int, fault string) {
	o.fault, o.faultAt = fault, field
	o.focusBy(field - o.at)
}

// actTimeout is how long a broker may take to do what a sheet asks for.
const actTimeout = 30 * time.Second

// start does it in a command. Its outcome stands on the sheet or, when that is closed, where the keys stand.
func (o *sheet) start(d *deck, do func(context.Context) (string, error)) tea.Cmd {
	o.outcome = outcome{going: true}
	o.focusBy(len(o.inputs) - o.at)
	ctx := d.ctx
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, actTimeout)
		defer cancel()
		text, err := do(ctx)
		return resultMsg(func(d *deck) tea.Cmd {
			o.outcome = outcome{text: text, failed: err != nil}
			level := bus.Say
			if err != nil {
				o.text, level = oneLine(err), bus.Fail
			}
			if d.top() != overlay(o) {
				d.say(level, screen.Clean(o.text))
			}
			return nil
		})
	}
}

func (o *sheet) draw(d *deck) (screen.Panel, box) {
	t := d.theme
	width := min(88, d.layout.width) - 2
	p := screen.Panel{Title: o.title}
	p.Lines = screen.Note(t, width, screen.Clean(o.about))
	p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	labels := 0
	for _, f := range o.fields {
		labels = max(labels, screen.Cells(screen.Clean(f.Label)))
	}
	labels = min(labels, width/3) + 2
	for i := range o.fields {
		p.Lines = append(p.Lines, o.field(t, i, labels, width))
		p.Lines = append(p.Lines, o.remark(t, i, labels, width)...)
	}
	p.Lines = append(p.Lines, screen.NewLine(width, "").String(), o.pressed(t, width))
	p.Lines = append(p.Lines, o.result(t, width)...)
	b := d.centred(88, len(p.Lines)+2)
	if over := len(p.Lines) - (b.h - 2); over > 0 { // a low window: what is at the bottom is being filled in
		p.Lines = p.Lines[over:]
	}
	return p, b
}

func (o *sheet) field(t *screen.Theme, i, labels, width int) string {
	l := screen.NewRow(t, width, i == o.at, true)
	k := t.Dim
	if i == o.at {
		k = t.Bright
	}
	l.Gap(1)
	l.Left(k, screen.Cut(screen.Clean(o.fields[i].Label), labels-1), labels)
	o.inputs[i].Draw(l, t, "")
	return l.String()
}

// remark stands under a field: what is wrong with it, or what it is about.
func (o *sheet) remark(t *screen.Theme, i, labels, width int) []string {
	k, text := t.Faint, o.fields[i].About
	switch {
	case o.faultAt == i:
		k, text = t.Bad, "✗ "+o.fault
	case i != o.at:
		return nil
	case o.fields[i].Optional:
		text += " · may be empty"
	}
	if o.faultAt != i && len(o.seen[i]) > 1 {
		text += " · ctrl+n for another of " + screen.Grouped(uint64(len(o.seen[i])))
	}
	var lines []string
	for _, part := range screen.Wrap(screen.Clean(strings.TrimPrefix(text, " · ")), max(width-labels-3, 8)) {
		l := screen.NewLine(width, "")
		l.Gap(labels + 2)
		l.Put(k, part)
		lines = append(lines, l.String())
	}
	return lines
}

func (o *sheet) pressed(t *screen.Theme, width int) string {
	l := screen.NewRow(t, width, o.at == len(o.inputs), true)
	k := t.Accent.With(t.Bright)
	if o.at == len(o.inputs) {
		k = k.With(t.Reverse)
	}
	l.Gap(1)
	l.Tag(k, " "+o.button+" ")
	return l.String()
}

// result is what came of it, in words.
func (o *sheet) result(t *screen.Theme, width int) []string {
	text, k := o.text, t.Good
	switch {
	case o.going:
		text, k = o.doing+"…", t.Dim
	case o.text == "":
		return []string{screen.NewLine(width, "").String()}
	case o.failed:
		text, k = "✗ "+text, t.Bad
	default:
		text = "✓ " + text
	}
	lines := []string{screen.NewLine(width, "").String()}
	for _, part := range screen.Wrap(screen.Clean(text), width-4) {
		l := screen.NewLine(width, "")
		l.Gap(2)
		l.Put(k, part)
		lines = append(lines, l.String())
	}
	return lines
}
