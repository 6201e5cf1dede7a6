package overlays

import (
	"cmp"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
)

// onJourney is where an event is chosen or open that is tied to others.
func onJourney(d *component.Deck) bool {
	e := d.ChosenEvent()
	return e != nil && journeyOf(e) != ""
}

// journeyOf names the journey that an event is a step of: its correlation, or the entity that it happens to.
func journeyOf(e *sources.Event) string { return cmp.Or(e.Correlation, e.ID) }

// follow narrows the events to those that are tied to the chosen one, on whichever station: its journey.
func follow(d *component.Deck) {
	e := d.ChosenEvent()
	if e == nil || journeyOf(e) == "" {
		d.Say(bus.Say, "nothing ties this event to others")
		return
	}
	d.Overlays.CloseAll()
	if d.Selection.Events.Journey() == journeyOf(e) {
		component.FocusOn[component.EventHolder](d)
		return
	}
	err := component.GoNarrowed[component.EventHolder](d, func() error {
		d.Selection.Events.OnJourney(journeyOf(e))
		return nil
	})
	if err != nil {
		d.SayError(err)
	}
	d.Time.Follow()
}

// toEntity shows the entity of the chosen event.
func toEntity(d *component.Deck) {
	e := d.ChosenEvent()
	if e == nil || e.Kind == nil || e.ID == "" {
		d.Say(bus.Say, "this event belongs to no entity")
		return
	}
	d.Overlays.CloseAll()
	d.Selection.Choose(e.Entity())
	component.GoTo[component.StateHolder](d)
}

func chosenEventKeys() []component.Key {
	onEvent := component.Is[component.EventHolder]
	return []component.Key{
		{Names: []string{"e"}, Short: "entity", Help: "show the entity of this event", Rank: component.RankRow, For: onEvent,
			Do: component.Plain(toEntity)},
		{Names: []string{"c"}, Short: "journey", Help: "follow what this event is a step of through the system",
			Rank: component.RankFollow, For: onEvent, Where: onJourney, Needs: "an event that is tied to others",
			Do: component.Plain(follow)},
	}
}
