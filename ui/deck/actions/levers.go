package actions

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/deck/forms"
	"signalbox/ui/screen"
)

// target is what levers are to be pulled on: a station or a consumer that is chosen or open, and its bus.
type target struct {
	on       bus.Target
	bus      bus.Bus
	operator bus.Operator
}

// name says what is meant: "consumer courier of deliveries".
func (a target) name() string {
	switch {
	case a.on.Consumer != nil:
		return "consumer " + screen.Clean(a.on.Consumer.Name) + " of " + screen.Clean(a.on.Consumer.Station)
	case a.on.Station.Name != "":
		return "station " + screen.Clean(a.on.Station.Name)
	}
	return screen.Clean(a.bus.Info().Name)
}

// short is the name that is typed to confirm.
func (a target) short() string {
	switch {
	case a.on.Consumer != nil:
		return a.on.Consumer.Name
	case a.on.Station.Name != "":
		return a.on.Station.Name
	}
	return a.bus.Info().Name
}

// chosenTarget is what levers would be pulled on here.
func chosenTarget(d *component.Deck) (target, bool) {
	if r := d.ChosenStation(); r != nil {
		return stationTarget(d, r)
	}
	if holder, ok := component.Chosen[component.ConsumerHolder](d); ok {
		if r, message := holder.ChosenConsumer(d); r != nil {
			return consumerTarget(d, r, message)
		}
	}
	return target{}, false
}

func stationTarget(d *component.Deck, r *sources.StationRow) (a target, ok bool) {
	a.bus, a.operator, ok = d.Sender.Operator(r.Bus)
	a.on.Station = r.Station
	return a, ok
}

// consumerTarget puts the chosen unacknowledged message before the others, since levers take the first for the one that is
// meant.
func consumerTarget(d *component.Deck, r *sources.ConsumerRow, message int) (a target, ok bool) {
	a.bus, a.operator, ok = d.Sender.Operator(r.Bus)
	consumer := r.Consumer
	if message > 0 && message < len(consumer.Pending) {
		chosen := consumer.Pending[message]
		consumer.Pending = append([]bus.Pending{chosen}, slices.Delete(slices.Clone(consumer.Pending), message, message+1)...)
	}
	a.on.Consumer = &consumer
	a.on.Station = bus.Station{Name: r.Station}
	if s := d.StationOf(r); s != nil {
		a.on.Station = s.Station
	}
	return a, ok
}

// hasLevers is where there may be levers for what is chosen or open.
func hasLevers(d *component.Deck) bool {
	_, ok := chosenTarget(d)
	return ok
}

// openLevers lists the levers of what is chosen or open, and with a station those of its bus that the station does not
// have itself.
func openLevers(d *component.Deck) tea.Cmd {
	a, ok := chosenTarget(d)
	if !ok {
		return nil
	}
	own := a.operator.Levers(a.on)
	choices := leverChoices(a, own)
	if a.on.Consumer == nil {
		whole := target{bus: a.bus, operator: a.operator}
		choices = append(choices, leverChoices(whole, slices.DeleteFunc(a.operator.Levers(whole.on), func(l bus.Lever) bool {
			return slices.ContainsFunc(own, func(o bus.Lever) bool { return o.Name == l.Name })
		}))...)
	}
	if len(choices) == 0 {
		d.Say(bus.Say, "there are no levers for "+a.name())
		return nil
	}
	dialogs.Pick(d, "levers · "+a.name(), "pull", choices)
	return nil
}

func leverChoices(a target, levers []bus.Lever) []dialogs.Choice {
	var choices []dialogs.Choice
	for _, lever := range levers {
		note := ""
		if lever.Harms {
			note = "destroys"
		}
		choices = append(choices, dialogs.Choice{Name: screen.Clean(lever.Title), About: screen.Clean(lever.About), Note: note,
			Pick: func(d *component.Deck) tea.Cmd { openLever(d, a, lever); return nil }})
	}
	return choices
}

// openLever opens the form of a lever.
func openLever(d *component.Deck, a target, lever bus.Lever) {
	form := &forms.Action{
		Title: screen.Clean(lever.Title) + " · " + a.name(), About: lever.About, Doing: "pulling the lever",
		Button: screen.Clean(lever.Title),
		Fields: lever.Fields, Seen: a.seen,
		Act: func(o *forms.Action, values map[string]string) tea.Cmd {
			return confirm(d, a, lever, values, func() tea.Cmd {
				return o.Start(d, func(ctx context.Context) (string, error) {
					return a.operator.Pull(ctx, a.on, lever.Name, values)
				})
			})
		},
	}
	form.Open(d)
}

// seen is what a field could be, told by its default: any unacknowledged message when it is one, any member when it is one.
func (a target) seen(f bus.LeverField) []string {
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
func confirm(d *component.Deck, a target, lever bus.Lever, values map[string]string, then func() tea.Cmd) tea.Cmd {
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
	if why := d.Sender.AsksFirst(a.bus); why != "" {
		sure = func() tea.Cmd {
			dialogs.Ask(d, screen.Clean(a.bus.Info().Name)+" "+why+". "+what+" Do it there?", then)
			return nil
		}
	}
	if lever.Harms {
		dialogs.AskTyped(d, what, lever.About, a.short(), sure)
		return nil
	}
	dialogs.Ask(d, what, sure)
	return nil
}

// where says which bus, unless that is what is meant.
func (a target) where() string {
	if a.on.Station.Name == "" && a.on.Consumer == nil {
		return ""
	}
	return " on " + screen.Clean(a.bus.Info().Name)
}
