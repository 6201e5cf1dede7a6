package component

import (
	"signalbox/scenarios/standin"
	"signalbox/sources"
)

// StandIns are the services that signalbox plays in this process; *standin.Playing is. Its methods do not wait.
type StandIns interface {
	List() []standin.Played
	Of(bus, station, consumer string) (standin.Played, bool)
	Set(name, bus string, to standin.Condition) error
}

// Played is the stand-in that plays a consumer, now.
func (d *Deck) Played(r *sources.ConsumerRow) (standin.Played, bool) {
	if d.StandIns == nil || d.Steady().Then != nil {
		return standin.Played{}, false
	}
	name := r.Name
	if r.Kind == "subscribers" {
		name = "" // of a channel it is only known how many listen
	}
	return d.StandIns.Of(r.Bus, r.Station, name)
}
