package component

import (
	"signalbox/scenarios/cohort"
	"signalbox/sources"
)

// What a pane or the overlay on top may have chosen, so that keys can work on it wherever it stands; see Chosen.
type (
	// EventHolder has an event chosen or open; nil when none is.
	EventHolder interface {
		ChosenEvent(d *Deck) *sources.Event
	}
	// StationHolder has a station chosen or open; nil when none is.
	StationHolder interface {
		ChosenStation(d *Deck) *sources.StationRow
	}
	// ConsumerHolder has a consumer chosen or open, nil when none is, and which of its unacknowledged messages.
	ConsumerHolder interface {
		ChosenConsumer(d *Deck) (r *sources.ConsumerRow, message int)
		HoldConsumer(d *Deck) // it stays chosen, also if it was only the first of the list
	}
	// EntityHolder shows the chosen entity, or a row of it.
	EntityHolder interface {
		ChosenEntity(d *Deck) sources.Entity
	}
	// CohortHolder lists entities, and can list those of a cohort.
	CohortHolder interface {
		ShowCohort(d *Deck, name string, c *cohort.Cohort)
		Cohort() string // the name of the one that is listed; "" for none
	}
	// StateHolder shows the state of the chosen entity, and has a step of its history chosen, counted from the newest.
	StateHolder interface {
		ChosenStep(d *Deck) int
	}
	// LetterHolder has a dead letter chosen or open; nil when none is.
	LetterHolder interface {
		ChosenLetter(d *Deck) *sources.DeadLetterRow
	}
)

// Chosen is the overlay on top or, when there is none, the focused pane, if it is a T.
func Chosen[T any](d *Deck) (T, bool) {
	if top := d.Overlays.Top(); top != nil {
		t, ok := top.(T)
		return t, ok
	}
	t, ok := d.Panes.Focused().(T)
	return t, ok
}

// ChosenEvent is the event that is chosen or open; nil when there is none.
func (d *Deck) ChosenEvent() *sources.Event {
	if holder, ok := Chosen[EventHolder](d); ok {
		return holder.ChosenEvent(d)
	}
	return nil
}

// ChosenLetter is the dead letter that is chosen or open; nil when there is none.
func (d *Deck) ChosenLetter() *sources.DeadLetterRow {
	if holder, ok := Chosen[LetterHolder](d); ok {
		return holder.ChosenLetter(d)
	}
	return nil
}

// ChosenStation is the station that is chosen or open; nil when there is none.
func (d *Deck) ChosenStation() *sources.StationRow {
	if holder, ok := Chosen[StationHolder](d); ok {
		return holder.ChosenStation(d)
	}
	return nil
}
