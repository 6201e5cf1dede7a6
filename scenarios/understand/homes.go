package understand

import (
	"strings"

	"signalbox/bus/glob"
	"signalbox/sources/state"
)

// Homes implements sources.Homes: the kinds of the domains that a station is a home of.
func (u *Understanding) Homes(station string) []*state.Kind {
	var all []*state.Kind
	for _, c := range u.claims {
		if c.home(station) {
			all = append(all, c.kind)
		}
	}
	return all
}

// EachHome implements sources.Homes.
func (u *Understanding) EachHome(yield func(k *state.Kind, stations []string)) {
	for _, c := range u.claims {
		yield(c.kind, c.stations)
	}
}

// Kind is the kind of entities with a name, which is made where there is none yet.
func (u *Understanding) Kind(name string) *state.Kind { return u.kinds.Kind(strings.Clone(name)) }

// IsHome tells whether a station is one that the domain names as its own.
func (d *Domain) IsHome(station string) bool {
	for _, pattern := range d.Events.Stations {
		if glob.Match(pattern.Value, station) {
			return true
		}
	}
	return false
}
