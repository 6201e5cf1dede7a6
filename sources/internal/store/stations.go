package store

import (
	"slices"
	"strings"

	"signalbox/bus"
	"signalbox/sources/internal/event"
	"signalbox/sources/state"
)

// StationsOf are the stations, by their index, that held events of an entity came from.
func (st *Store) StationsOf(slot uint32) map[uint16]bool {
	seen := map[uint16]bool{}
	for c := st.Chain(slot); ; c.Back() {
		_, held, ok := c.Here()
		if !ok {
			return seen
		}
		seen[held.Station()] = true
	}
}

// IsHome tells whether entities of a kind have events at a station, as their domain says.
func (st *Store) IsHome(station string, k *state.Kind) bool {
	homes, ok := st.Domains.(event.Homes)
	return ok && slices.Contains(homes.Homes(station), k)
}

// HeldFrom is the position of the oldest held event of a station; false where none is held.
func (st *Store) HeldFrom(p *Place) (bus.Position, bool) {
	number, ok := st.Window.Oldest(p.Index)
	if !ok {
		return bus.Position{}, false
	}
	var ev event.Event
	st.Read(number, st.Window.Get(number), &ev)
	return ev.Position, true
}

// mostSubjects is how many events are looked at to find out how subjects name entities.
const mostSubjects = 2000

// SubjectOf is the subject on which the events of an entity come at a station, with a wildcard for each other word; "" where
// that cannot be told: the newest events of its kind there must all have their own ID as the same word of as many.
func (st *Store) SubjectOf(station uint16, k *state.Kind, id, separators string) string {
	if separators != "." || id == "" || strings.ContainsAny(id, ".*> \t\r\n") {
		return ""
	}
	words, at := 0, -1
	var ev event.Event
	looked := 0
	for number := st.Window.Next() - 1; looked < mostSubjects && st.Window.Has(number); number-- {
		held := st.Window.Get(number)
		if looked++; held.Station() != station || held.Kind() != k.Index {
			continue
		}
		st.Read(number, held, &ev)
		subject := strings.Split(ev.Subject, separators)
		i := slices.Index(subject, ev.ID)
		if i < 0 || at >= 0 && (i != at || len(subject) != words) {
			return ""
		}
		words, at = len(subject), i
	}
	if at < 0 {
		return ""
	}
	subject := slices.Repeat([]string{"*"}, words)
	subject[at] = id
	return strings.Join(subject, separators)
}
