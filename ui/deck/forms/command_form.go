package forms

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios/command"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// commandForm is a command being filled in, with what it would do beside it.
type commandForm struct {
	command *command.Command
	fields
	preview
	sending
	sent *sentValues
	post *bus.Outgoing // what is posted to an application; nil for what is sent to a station, or cannot be composed
}

// openCommand opens the form of a command. Values are filled in, defaults where there is none, and where something is to be named,
// what is chosen or was seen last.
func openCommand(d *component.Deck, c *command.Command, values map[string]string, sent *sentValues) tea.Cmd {
	o := &commandForm{command: c, sent: sent, fields: fields{faultAt: -1}}
	defaults := c.Defaults()
	for _, f := range c.Fields {
		value, known := cmp.Or(values[f.Name], defaults[f.Name]), []string(nil)
		if value == "" && !f.Optional && len(f.Options) == 0 {
			if known = seen(d, f); len(known) > 0 {
				value = known[0]
			}
		}
		o.inputs, o.seen = append(o.inputs, screen.NewInput(value)), append(o.seen, known)
	}
	d.Open(o)
	o.focusBy(0)
	return o.consider(d)
}

func (o *commandForm) enter(d *component.Deck) tea.Cmd {
	return o.fields.enter(d, &o.outcome, o.submit)
}

func (o *commandForm) Update(d *component.Deck, msg tea.Msg) tea.Cmd {
	if o.at >= len(o.inputs) || o.going {
		return nil
	}
	if options := o.choices(); len(options) > 0 {
		if k, ok := msg.(tea.KeyPressMsg); ok {
			return o.chooseBy(d, k.Text)
		}
		return nil
	}
	if !o.inputs[o.at].Update(msg) {
		return nil
	}
	return o.consider(d)
}

// Field implements component.Writing: a field with options has no text.
func (o *commandForm) Field() *screen.Input {
	if len(o.choices()) > 0 {
		return nil
	}
	return o.fields.Field()
}

// choices are the options of the field being filled; none when it is typed.
func (o *commandForm) choices() []string {
	if o.at >= len(o.inputs) {
		return nil
	}
	return o.options(o.at)
}

// options are what a field can be chosen from; none when it is typed.
func (o *commandForm) options(i int) []string {
	switch f := o.command.Fields[i]; f.Type {
	case "choice":
		return f.Options
	case "bool":
		return []string{"true", "false"}
	default:
		return nil
	}
}

// choose moves along the options.
func (o *commandForm) choose(d *component.Deck, by int) tea.Cmd {
	options := o.choices()
	if len(options) == 0 || o.going {
		return nil
	}
	at := slices.Index(options, o.inputs[o.at].Value())
	if at < 0 && by < 0 {
		at = 0
	}
	o.inputs[o.at].Set(options[(at+by+len(options))%len(options)])
	return o.consider(d)
}

// chooseBy goes to the next option for a blank, and for a letter to the next one that begins with it.
func (o *commandForm) chooseBy(d *component.Deck, typed string) tea.Cmd {
	if typed == " " {
		return o.choose(d, +1)
	}
	options := o.choices()
	at := slices.Index(options, o.inputs[o.at].Value())
	for i := 1; i <= len(options) && typed != ""; i++ {
		if strings.HasPrefix(options[(at+i+len(options))%len(options)], typed) {
			return o.choose(d, i)
		}
	}
	return nil
}

// values are what was filled in.
func (o *commandForm) values() map[string]string {
	values := map[string]string{}
	for i, f := range o.command.Fields {
		values[f.Name] = o.inputs[i].Value()
	}
	return values
}

// consider composes the message and asks what it would do.
func (o *commandForm) consider(d *component.Deck) tea.Cmd {
	o.sending = sending{}
	out, b, ok := o.compose(d)
	if !ok {
		o.forget()
		return nil
	}
	if o.posted(d) { // what comes of it is an event where the application keeps them
		out.Station, out.Subject = o.command.Station, o.command.Station
	}
	return o.ask(d, b, out)
}

// posted tells whether the command is posted to an application.
func (o *commandForm) posted(d *component.Deck) bool { return o.command.Posted(d.Sender.Base) }

// compose makes the message; what is wrong with a field is shown at it.
func (o *commandForm) compose(d *component.Deck) (bus.Outgoing, bus.Bus, bool) {
	o.fault, o.faultAt, o.post = "", -1, nil
	out, b, err := o.message(d)
	if err != nil {
		field, text := faultOf(err)
		o.fault = text
		o.faultAt = slices.IndexFunc(o.command.Fields, func(f command.Field) bool { return f.Name == field })
		if o.faultAt < 0 {
			o.faultAt = len(o.inputs)
		}
		return bus.Outgoing{}, nil, false
	}
	return out, b, true
}

// message is what is sent, and to which bus.
func (o *commandForm) message(d *component.Deck) (out bus.Outgoing, b bus.Bus, err error) {
	if o.posted(d) {
		if out, err = o.command.ComposePost(o.values(), d.Sender.Base); err == nil {
			o.post = &out
			b, err = d.Sender.ApplicationFor(out.Subject)
		}
		return out, b, err
	}
	if b = d.Sender.BusFor(o.command.Station, "", d.Snapshot().Stations); b == nil {
		return out, nil, errors.New("no bus is armed")
	}
	out, err = o.command.Compose(o.values())
	return out, b, err
}

// submit sends the message, unless something is wrong with it: then the cursor goes there. Once it is sent, the state
// pane shows what it was about.
func (o *commandForm) submit(d *component.Deck) tea.Cmd {
	out, b, ok := o.compose(d)
	if !ok {
		o.focusBy(o.faultAt - o.at)
		return nil
	}
	return o.send(d, b, out, func(err error) {
		if err != nil {
			return
		}
		o.sent.remember(o.command, o.values())
		o.focusBy(len(o.inputs) - o.at)
		if o.known && !o.would.Entity.IsZero() {
			d.Selection.Choose(o.would.Entity)
		}
	})
}

// bounds says what a number may be.
func bounds(f command.Field) string {
	var parts []string
	if f.Min != nil {
		parts = append(parts, "at least "+strconv.FormatFloat(*f.Min, 'f', -1, 64))
	}
	if f.Max != nil {
		parts = append(parts, "at most "+strconv.FormatFloat(*f.Max, 'f', -1, 64))
	}
	return strings.Join(parts, ", ")
}

// faultOf is what is wrong with a form: the field, and why; the field is "" when it is about all of it.
func faultOf(err error) (field, text string) {
	if fault, ok := errors.AsType[*command.FieldError](err); ok {
		return fault.Field, fault.Text
	}
	return "", component.OneLine(err)
}
