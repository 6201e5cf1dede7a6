package store

import (
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/state"
)

// An entity is whole where all of its events are surely held. It is not where it began, or may have, before what was read
// of a station that it has events at, and where something was missed there since. Rules that ask such an entity for what
// is not known of it refuse nothing: see state.State.

// Unseen notes that of a station events before a time were not seen, or may not have been.
func (st *Store) Unseen(p *Place, before int64) {
	if before > p.Since {
		st.noteUnseen(p, before)
	}
	p.Since = max(p.Since, before)
	if homes, ok := st.Domains.(event.Homes); ok {
		for _, k := range homes.Homes(p.Name) {
			k.Since = max(k.Since, p.Since)
		}
	}
}

// Elsewhere notes which kinds have events at stations that are not read; read tells which are.
func (st *Store) Elsewhere(read func(pattern string) bool) {
	homes, ok := st.Domains.(event.Homes)
	if !ok {
		return
	}
	homes.EachHome(func(k *state.Kind, _ []string) { k.Elsewhere = false })
	homes.EachHome(func(k *state.Kind, stations []string) { // a domain of which no station is read says nothing of the others
		some, all := false, true
		for _, pattern := range stations {
			there := read(pattern)
			some, all = some || there, all && there
		}
		k.Elsewhere = k.Elsewhere || some && !all
	})
}

// Came notes the time of the first message of a station that is not read from its beginning: see Unseen. An entity that was
// completed before it came is as whole as it was: all that the station had was read for it.
func (st *Store) Came(p *Place, first int64) {
	var completed []*earlier
	for slot, x := range st.completed {
		if !st.Entities.IsUsed(slot) {
			continue
		}
		if k := st.Entities.Kind(st.Entities.At(slot)); st.IsHome(p.Name, k) && st.isCompleted(slot, max(k.Since, p.Since)) {
			completed = append(completed, x)
		}
	}
	st.Unseen(p, first)
	for _, x := range completed {
		x.since = max(x.since, first)
	}
}

// Late notes the stations of which nothing has come yet, and of which messages before the first one that will be read were not
// seen: up to a time, about.
func (st *Store) Late(stations map[string]int64) {
	homes, ok := st.Domains.(event.Homes)
	if !ok {
		return
	}
	homes.EachHome(func(k *state.Kind, _ []string) { k.Late = 0 })
	for name, until := range stations {
		for _, k := range homes.Homes(name) {
			k.Late = max(k.Late, until)
		}
	}
}

// Forget begins anew: nothing is known to have been missed.
func (st *Store) Forget() {
	st.Window.Clear()
	st.Entities.Clear()
	st.completed, st.earlierBytes = nil, 0
	st.amended++
	if homes, ok := st.Domains.(event.Homes); ok {
		homes.EachHome(func(k *state.Kind, _ []string) { k.Since, k.Late = 0, 0 })
	}
	for _, p := range st.Places {
		p.Since = 0
	}
	st.unseen = nil
}

// began tells whether an entity that nothing is known of yet, and has an event at a station, may have begun before.
func began(k *state.Kind, id string, p *Place) bool {
	since := max(k.Since, k.Late)
	if p != nil {
		since = max(since, p.Since)
	}
	return k.Elsewhere || since != 0 && minted(id) < since
}

// missed notes that events of an entity that is known may have been missed, before an event of it at a station is folded.
func (st *Store) missed(slot uint32, r *entities.Record, k *state.Kind, p *Place) {
	k.Since = max(k.Since, p.Since)
	if r.First() < k.Since && !st.isCompleted(slot, k.Since) {
		st.Entities.Miss(r)
	}
}

// MayMiss tells whether events of an entity may have been missed since its first, although none that came since tells.
func (st *Store) MayMiss(slot uint32) bool {
	r := st.Entities.At(slot)
	k := st.Entities.Kind(r)
	return r.First() < k.Since && !st.isCompleted(slot, k.Since)
}

// minted is when an ID was made, where that can be read in it: a ULID, or a UUID of version 7. It is 0 elsewhere.
func minted(id string) int64 {
	const milli = 1e6
	switch {
	case len(id) == 26 && id[0] <= '7':
		var ms int64
		for i := range len(id) {
			digit := crockford[id[i]]
			if digit < 0 {
				return 0
			}
			if i < 10 {
				ms = ms<<5 | int64(digit)
			}
		}
		return ms * milli
	case len(id) == 36 && id[8] == '-' && id[13] == '-' && id[14] == '7':
		var ms int64
		for i := range 13 {
			if i == 8 {
				continue
			}
			digit := hexDigit(id[i])
			if digit < 0 {
				return 0
			}
			ms = ms<<4 | digit
		}
		return ms * milli
	}
	return 0
}

// crockford are the digits of a ULID, in either case; -1 for what is none.
var crockford = func() (digits [256]int8) {
	for i := range digits {
		digits[i] = -1
	}
	for i, c := range []byte("0123456789ABCDEFGHJKMNPQRSTVWXYZ") {
		digits[c] = int8(i)
		if c >= 'A' {
			digits[c+'a'-'A'] = int8(i)
		}
	}
	return digits
}()

func hexDigit(c byte) int64 {
	switch {
	case c >= '0' && c <= '9':
		return int64(c - '0')
	case c >= 'a' && c <= 'f':
		return int64(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int64(c-'A') + 10
	}
	return -1
}
