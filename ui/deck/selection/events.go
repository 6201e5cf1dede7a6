package selection

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"signalbox/scenarios/filter"
	"signalbox/sources"
)

// Events says which events are shown: those of one station, those that a filter wants, or both. A filter is always one
// that could have been typed; that it stands for a subject or a journey is forgotten as soon as another is.
type Events struct {
	Station string // only this one's, by its key; "" is all
	Copies  bool   // what tells of copies that applications keep is shown, too
	text    string
	filter  *sources.EventFilter
	subject string // the filter of the subject that was chosen
	journey string // what ties the events of a journey together
	picked  map[uint64]bool
}

// MostPicked bounds the events that can be picked.
const MostPicked = 10_000

// Pick picks an event by its number, or picks it no more; false where there are too many.
func (e *Events) Pick(number uint64) bool {
	switch {
	case e.picked[number]:
		delete(e.picked, number)
		return true
	case len(e.picked) == MostPicked:
		return false
	case e.picked == nil:
		e.picked = map[uint64]bool{}
	}
	e.picked[number] = true
	return true
}

// IsPicked tells whether an event is picked.
func (e *Events) IsPicked(number uint64) bool { return e.picked[number] }

// Picked are the numbers of the events that are picked, in order.
func (e *Events) Picked() []uint64 { return slices.Sorted(maps.Keys(e.picked)) }

// PickNone picks none any more.
func (e *Events) PickNone() { e.picked = nil }

// Text is the filter as typed; "" wants every event.
func (e *Events) Text() string { return e.text }

// Filter is what the text means.
func (e *Events) Filter() *sources.EventFilter { return e.filter }

// Narrow filters by what was typed. What cannot be understood changes nothing.
func (e *Events) Narrow(text string) error {
	text = strings.TrimSpace(text)
	filter, err := filter.ParseEvents(text)
	if err == nil {
		e.text, e.filter = text, filter
	}
	return err
}

// Widen shows all events again.
func (e *Events) Widen() { e.Station, e.text, e.filter = "", "", nil }

// Narrowed tells whether any are hidden.
func (e *Events) Narrowed() bool { return e.text != "" || e.Station != "" }

// OnSubject narrows to the events of a subject, or of all under it, given as the filter that one would type.
func (e *Events) OnSubject(station, text string) error {
	err := e.Narrow(text)
	if err == nil {
		e.Station, e.subject = station, text
	}
	return err
}

// Subject is the filter of the chosen subject; "" when none is, or another filter has been typed since.
func (e *Events) Subject() string {
	if e.subject == e.text {
		return e.subject
	}
	return ""
}

// OnJourney narrows to the events that an identifier ties together, on whichever station.
func (e *Events) OnJourney(id string) {
	e.Station, e.journey, e.text = "", id, journeyText(id)
	e.filter = sources.NewFilter(func(x *sources.Event) bool { return x.Correlation == id || x.ID == id })
}

// journeyText is the filter of a journey as one would type it.
func journeyText(id string) string {
	quoted := strconv.Quote(id)
	return "correlation == " + quoted + " || entity.id == " + quoted
}

// Journey is what ties the events of the journey together that is shown; "" when none is, or another filter has been
// typed since.
func (e *Events) Journey() string {
	if e.journey != "" && e.text == journeyText(e.journey) {
		return e.journey
	}
	return ""
}
