package forms

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// Action is a form for something to be done that needs saying a few things first: a lever, or where to read a station
// from.
type Action struct {
	Title  string
	About  string
	Doing  string // "pulling"
	Button string
	Fields []bus.LeverField
	Seen   func(bus.LeverField) []string                     // what a field could also be
	Act    func(o *Action, values map[string]string) tea.Cmd // does it, with Start or otherwise
	fields
	outcome
}

// Open opens the form with its defaults.
func (o *Action) Open(d *component.Deck) {
	o.faultAt = -1
	for _, f := range o.Fields {
		o.inputs, o.seen = append(o.inputs, screen.NewInput(f.Default)), append(o.seen, o.Seen(f))
	}
	d.Open(o)
	o.focusBy(0)
}

// Update implements component.Overlay.
func (o *Action) Update(d *component.Deck, msg tea.Msg) tea.Cmd {
	if o.at < len(o.inputs) && !o.going && o.inputs[o.at].Update(msg) {
		return o.consider(d)
	}
	return nil
}

// consider forgets what was said of the fields as they were.
func (o *Action) consider(*component.Deck) tea.Cmd {
	if !o.going {
		o.fault, o.faultAt, o.outcome = "", -1, outcome{}
	}
	return nil
}

func (o *Action) enter(d *component.Deck) tea.Cmd { return o.fields.enter(d, &o.outcome, o.submit) }

// submit acts, unless something is missing: then the cursor goes there.
func (o *Action) submit(d *component.Deck) tea.Cmd {
	if o.going {
		return nil
	}
	o.consider(d)
	values := map[string]string{}
	for i, f := range o.Fields {
		values[f.Name] = strings.TrimSpace(o.inputs[i].Value())
		if values[f.Name] == "" && !f.Optional {
			o.Blame(i, "this is needed")
			return nil
		}
	}
	return o.Act(o, values)
}

// Blame says what is wrong with a field, and puts the cursor there.
func (o *Action) Blame(field int, fault string) {
	o.fault, o.faultAt = fault, field
	o.focusBy(field - o.at)
}

// Timeout is how long a broker may take to do what is asked for.
const Timeout = 30 * time.Second

// Start does it in a command. What came of it stands on the form or, when that is closed, where the keys stand.
func (o *Action) Start(d *component.Deck, do func(context.Context) (string, error)) tea.Cmd {
	o.outcome = outcome{going: true}
	o.focusBy(len(o.inputs) - o.at)
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(d.Life, Timeout)
		defer cancel()
		text, err := do(ctx)
		return component.Result(func() tea.Cmd {
			o.outcome = outcome{text: text, failed: err != nil}
			level := bus.Say
			if err != nil {
				o.text, level = component.OneLine(err), bus.Fail
			}
			if d.Overlays.Top() != component.Overlay(o) {
				d.Say(level, screen.Clean(o.text))
			}
			return nil
		})
	}
}

// Draw implements component.Overlay.
func (o *Action) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	look := formLook{title: o.Title, about: o.About,
		button: func(t *screen.Theme, width int) string { return o.buttonRow(t, o.Button, width).String() },
		below:  func(t *screen.Theme, width, _ int) []string { return o.result(t, width) }}
	for _, f := range o.Fields {
		about := f.About
		if f.Optional {
			about += " · may be empty"
		}
		look.fields = append(look.fields, fieldLook{label: f.Label, about: about})
	}
	return o.drawForm(d, look)
}

// result is what came of it, in words.
func (o *Action) result(t *screen.Theme, width int) []string {
	text, k := o.text, t.Good
	switch {
	case o.going:
		text, k = o.Doing+"…", t.Dim
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
