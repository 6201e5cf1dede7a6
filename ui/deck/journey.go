package deck

import (
	"cmp"
	"strconv"
	"time"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// onJourney is a place: an event is chosen or open that is tied to others.
func onJourney(d *deck) bool {
	if !onEvent(d) {
		return false
	}
	e := d.chosenEvent()
	return e != nil && journeyOf(e) != ""
}

// journeyOf names the journey that an event is a step of: its correlation, or the entity that it happens to.
func journeyOf(e *sources.Event) string { return cmp.Or(e.Correlation, e.ID) }

// follow narrows the events to those that are tied to the chosen one, on whichever station: its journey. It is a filter
// like any other, but that rows tell how long each step took.
func (d *deck) follow() {
	e := d.chosenEvent()
	if e == nil || journeyOf(e) == "" {
		d.say(bus.Say, "nothing ties this event to others")
		return
	}
	id := journeyOf(e)
	d.overlays = nil
	d.events.journey = id
	d.events.filter = eventFilter{
		text: journeyText(id), apply: sources.NewFilter(func(x *sources.Event) bool { return x.Correlation == id || x.ID == id }),
	}
	d.events.station, d.events.cursor = "", 0
	d.focusOn(eventsPane)
}

// journeyText is the filter as one would type it.
func journeyText(id string) string {
	quoted := strconv.Quote(id)
	return "correlation == " + quoted + " || entity.id == " + quoted
}

// onTheWay is the journey that is followed; "" when none is, or another filter has been typed since.
func (e *eventList) onTheWay() string {
	if e.journey != "" && e.filter.text == journeyText(e.journey) {
		return e.journey
	}
	return ""
}

// since writes how long after another event one came.
func since(d time.Duration) string {
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	switch {
	case d < time.Millisecond:
		return sign + strconv.FormatInt(d.Microseconds(), 10) + "µs"
	case d < time.Second:
		return sign + strconv.FormatInt(d.Milliseconds(), 10) + "ms"
	case d < time.Minute:
		return sign + strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + "s"
	}
	return sign + screen.Duration(d)
}
