package deck

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/ui/screen"
)

// actKeys are what sends and what pulls.
func actKeys() []binding {
	return []binding{
		{keys: []string{"i"}, label: "i", short: "inject", help: "inject: choose a command, fill its form, send", group: groupAct,
			where: panes, do: (*deck).openInject},
		{keys: []string{"s"}, label: "s", short: "scripts", help: "play a script", group: groupAct,
			where: panes, do: (*deck).openScripts},
		{keys: []string{"r"}, label: "r", short: "resend", help: "edit this event and send it again", group: groupAct,
			where: onEvent, do: (*deck).openResend},
		{keys: []string{"x"}, label: "x", short: "levers", help: "levers: what can be done to a station or a consumer",
			group: groupAct, where: leverable, do: (*deck).openLevers},
		{keys: []string{"ctrl+s"}, label: "ctrl+s", short: "send", help: "send it again", group: groupWrite, quiet: true,
			where: over[*resend], do: on((*resend).submit)},
		{keys: []string{"tab"}, label: "tab", short: "subject or payload", help: "between subject and payload", group: groupWrite,
			quiet: true, where: over[*resend], do: on((*resend).swap)},
	}
}

// armed are the buses that may be sent on.
func (d *deck) armed() []bus.Bus {
	var armed []bus.Bus
	if d.opt.ReadOnly {
		return nil
	}
	for _, b := range d.opt.Buses {
		if _, ok := bus.As[bus.Publisher](b); !ok {
			continue
		}
		if ok, _ := d.opt.Armed(b); ok {
			armed = append(armed, b)
		}
	}
	return armed
}

// disarmed opens why nothing can be sent from here, and how to change that. It is false when something can.
func (d *deck) disarmed() bool {
	if len(d.armed()) > 0 {
		return false
	}
	v := &textView{title: "not armed", box: func(d *deck) box { return d.centred(76, 9+2*len(d.opt.Buses)) }}
	v.reader.Add(screen.PlainLine, "", "")
	for _, line := range screen.Wrap("Nothing can be sent from here, so that nothing is sent by accident.", 70) {
		v.reader.Add(screen.WarnLine, "", line)
	}
	for _, b := range d.opt.Buses {
		why := "it takes no messages in"
		if _, ok := bus.As[bus.Publisher](b); ok {
			_, why = d.opt.Armed(b)
		}
		for _, line := range screen.Wrap(screen.Clean(b.Info().Name)+": "+screen.Clean(why), 70) {
			v.reader.Add(screen.PlainLine, "", line)
		}
	}
	v.reader.Add(screen.PlainLine, "", "")
	v.reader.Add(screen.PlainLine, "", "To arm it, start signalbox again with --write.")
	d.open(v)
	return true
}

// openInject lists the commands.
func (d *deck) openInject() tea.Cmd {
	if d.disarmed() {
		return nil
	}
	choices := d.sendChoices("")
	if len(choices) == 0 {
		d.say(bus.Say, "no domain has commands")
		return nil
	}
	return d.openPicker("inject", "send", choices)
}

// sendChoices are the commands of all domains, as choices.
func (d *deck) sendChoices(prefix string) []choice {
	if d.opt.Library == nil || d.opt.ReadOnly {
		return nil
	}
	var choices []choice
	for _, c := range d.opt.Library.Commands() {
		title := c.Title
		if title == "" {
			title = c.Name
		}
		choices = append(choices, choice{name: prefix + screen.Clean(title), about: screen.Clean(c.FullName()), note: screen.Clean(c.Type),
			pick: func(d *deck) tea.Cmd {
				if d.disarmed() {
					return nil
				}
				return d.openForm(c)
			}})
	}
	return choices
}

// homeOf is the bus that a message belongs on: the one that has its station, else the first that is armed.
func (d *deck) homeOf(station, busName string) bus.Bus {
	armed := d.armed()
	named := func(name string) bus.Bus {
		for _, b := range armed {
			if b.Info().Name == name {
				return b
			}
		}
		return nil
	}
	if b := named(busName); b != nil {
		return b
	}
	for i := range d.snap.Stations {
		if s := &d.snap.Stations[i]; s.Station.Name == station {
			if b := named(s.Bus); b != nil {
				return b
			}
		}
	}
	if len(armed) == 0 {
		return nil
	}
	return armed[0]
}

// faultOf is what is wrong with a form: the field, and why; the field is "" when it is about all of it.
func faultOf(err error) (field, text string) {
	if fault, ok := errors.AsType[*scenarios.FieldError](err); ok {
		return fault.Field, fault.Text
	}
	return "", oneLine(err)
}

// sayError shows an error for a while.
func (d *deck) sayError(err error) { d.say(bus.Fail, oneLine(err)) }
