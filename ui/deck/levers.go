package deck

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// aim is what levers are to be pulled on: a station or a consumer that is chosen or open, and its bus.
type aim struct {
	on       bus.Target
	bus      bus.Bus
	operator bus.Operator
}

// name names what is aimed at: "consumer courier of deliveries".
func (a aim) name() string {
	switch {
	case a.on.Consumer != nil:
		return "consumer " + screen.Clean(a.on.Consumer.Name) + " of " + screen.Clean(a.on.Consumer.Station)
	case a.on.Station.Name != "":
		return "station " + screen.Clean(a.on.Station.Name)
	}
	return screen.Clean(a.bus.Info().Name)
}

// short is the name that is typed to confirm.
func (a aim) short() string {
	switch {
	case a.on.Consumer != nil:
		return a.on.Consumer.Name
	case a.on.Station.Name != "":
		return a.on.Station.Name
	}
	return a.bus.Info().Name
}

// operator finds the bus of that name, if it has levers and is armed.
func (d *deck) operator(name string) (aim, bool) {
	if d.opt.ReadOnly {
		return aim{}, false
	}
	for _, b := range d.opt.Buses {
		o, ok := bus.As[bus.Operator](b)
		if !ok || b.Info().Name != name {
			continue
		}
		if armed, _ := d.opt.Armed(b); armed {
			return aim{bus: b, operator: o}, true
		}
	}
	return aim{}, false
}

// aimed is what levers would be pulled on here.
func (d *deck) aimed() (aim, bool) {
	if v, ok := d.top().(*detailView); ok {
		return v.aim(d)
	}
	switch {
	case inPane(stationsPane)(d):
		if r := d.stations.chosen(d); r != nil {
			return d.atStation(r)
		}
	case inPane(consumersPane)(d):
		if r := d.consumers.chosen(d); r != nil {
			return d.atConsumer(r, 0)
		}
	}
	return aim{}, false
}

func (d *deck) atStation(r *sources.StationRow) (aim, bool) {
	a, ok := d.operator(r.Bus)
	a.on.Station = r.Station
	return a, ok
}

// atConsumer aims at a consumer. The unacknowledged message that is chosen is put before the others, since levers take
// the first for the one that is meant.
func (d *deck) atConsumer(r *sources.ConsumerRow, entry int) (aim, bool) {
	a, ok := d.operator(r.Bus)
	consumer := r.Consumer
	if entry > 0 && entry < len(consumer.Pending) {
		chosen := consumer.Pending[entry]
		consumer.Pending = append([]bus.Pending{chosen}, slices.Delete(slices.Clone(consumer.Pending), entry, entry+1)...)
	}
	a.on.Consumer = &consumer
	a.on.Station = bus.Station{Name: r.Station}
	if s := d.stationOf(r); s != nil {
		a.on.Station = s.Station
	}
	return a, ok
}

// stationOf is the station that a consumer reads; nil when it is not listed.
func (d *deck) stationOf(c *sources.ConsumerRow) *sources.StationRow {
	rows := d.calm().Stations
	for i := range rows {
		if s := &rows[i]; s.Station.Name == c.Station && s.Bus == c.Bus {
			return s
		}
	}
	return nil
}

// leverable is a place: there may be levers for what is chosen or open here.
func leverable(d *deck) bool {
	_, ok := d.aimed()
	return ok
}

// openLevers lists the levers of what is chosen or open, and with a station those of its bus.
func (d *deck) openLevers() tea.Cmd {
	a, ok := d.aimed()
	if !ok {
		return nil
	}
	choices := d.leverChoices(a)
	if a.on.Consumer == nil {
		choices = append(choices, d.leverChoices(aim{bus: a.bus, operator: a.operator})...)
	}
	if len(choices) == 0 {
		d.say(bus.Say, "there are no levers for "+a.name())
		return nil
	}
	return d.openPicker("levers · "+a.name(), "pull", choices)
}

func (d *deck) leverChoices(a aim) []choice {
	var choices []choice
	for _, lever := range a.operator.Levers(a.on) {
		note := ""
		if lever.Harms {
			note = "destroys"
		}
		choices = append(choices, choice{name: screen.Clean(lever.Title), about: screen.Clean(lever.About), note: note,
			pick: func(d *deck) tea.Cmd { d.openLever(a, lever); return nil }})
	}
	return choices
}

// openLever opens the sheet of a lever.
func (d *deck) openLever(a aim, lever bus.Lever) {
	d.openSheet(&sheet{
		title: screen.Clean(lever.Title) + " · " + a.name(), about: lever.About, doing: "pulling the lever", button: "Pull", fields: lever.Fields,
		act: func(d *deck, o *sheet, values map[string]string) tea.Cmd {
			return d.confirm(a, lever, values, func(d *deck) tea.Cmd {
				return o.start(d, func(ctx context.Context) (string, error) {
					return a.operator.Pull(ctx, a.on, lever.Name, values)
				})
			})
		},
	}, a.seen)
}

// seen is what a field could be, told by its default: any unacknowledged message when it is one, any member when it is one.
func (a aim) seen(f bus.LeverField) []string {
	if a.on.Consumer == nil || f.Default == "" {
		return nil
	}
	var entries, members []string
	for _, p := range a.on.Consumer.Pending {
		entries = append(entries, a.on.Consumer.Positions.Format(p.Position))
	}
	for _, m := range a.on.Consumer.Members {
		members = append(members, m.Name)
	}
	for _, values := range [][]string{entries, members} {
		if slices.Contains(values, f.Default) {
			return values
		}
	}
	return nil
}

// confirm has somebody say that they mean it: with a key, or by typing when it destroys something; and once more where
// the bus is not on this machine.
func (d *deck) confirm(a aim, lever bus.Lever, values map[string]string, then func(*deck) tea.Cmd) tea.Cmd {
	what := screen.Clean(lever.Title) + ": " + a.name() + a.where() + "."
	var said []string
	for _, f := range lever.Fields {
		if v := values[f.Name]; v != "" {
			said = append(said, screen.Clean(f.Label)+" "+screen.Clean(v))
		}
	}
	if len(said) > 0 {
		what += " " + strings.Join(said, ", ") + "."
	}
	sure := then
	if foreign := d.foreign(a.bus); foreign != "" {
		sure = func(d *deck) tea.Cmd {
			d.ask(screen.Clean(a.bus.Info().Name)+" "+foreign+". "+what+" Do it there?", then)
			return nil
		}
	}
	if lever.Harms {
		d.open(&pledge{text: what, about: lever.About, name: a.short(), then: sure})
		return nil
	}
	d.ask(what, sure)
	return nil
}

// where says which bus, unless that is what is aimed at.
func (a aim) where() string {
	if a.on.Station.Name == "" && a.on.Consumer == nil {
		return ""
	}
	return " on " + screen.Clean(a.bus.Info().Name)
}
