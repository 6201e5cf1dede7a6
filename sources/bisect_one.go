package sources

import "signalbox/sources/internal/store"

// bisectOne goes back through the events of one entity, and notes the last that it comes to, after which something held. Of an
// event that changed none of the fields that are asked for it is known without asking.
type bisectOne struct {
	store   *store.Store
	way     *store.WayBack
	born    uint64 // of the entity
	holds   *EventFilter
	fields  uint64 // that it asks for, by slot,
	alone   bool   // and nothing else
	unread  bool   // nothing of an event itself is asked for
	same    bool   // what is come to is answered as the event after it was
	last    bool   // how that was answered
	event   Event
	newest  uint64 // version
	looked  uint64
	earlier uint64 // of them
	found   uint64 // the number of the event; 0: none
}

func newBisectOne(s *store.Store, slot uint32, holds *EventFilter) *bisectOne {
	r := s.Entities.At(slot)
	b := &bisectOne{store: s, way: s.WayBack(slot), born: r.Born, holds: holds, newest: uint64(r.Version)}
	b.fields, b.alone = holds.Slots(s.Entities.Kind(r))
	b.unread = holds.AsksStatesOnly()
	b.event.Kind, b.event.Past = s.Entities.Kind(r), b.way
	return b
}

// back looks at up to so many events, and tells how many more it might have, and whether all were looked at.
func (b *bisectOne) back(most int) (left int, over bool) {
	for ; most > 0; most-- {
		number, held, ok := b.way.Here()
		if !ok {
			return most, true
		}
		partial := held.Partial() // what is absent may be unknown
		if !b.same || partial {
			if b.unread {
				b.event.Number, b.event.Partial = number, partial
			} else {
				b.store.Read(number, held, &b.event)
			}
			failed, _ := b.holds.Failed()
			b.last = b.holds.Wants(&b.event)
			again, _ := b.holds.Failed()
			partial = partial || again != failed // each that fails is counted
		}
		if b.looked++; store.IsEarlier(number) {
			b.earlier++
		}
		if b.last {
			b.found = number
		}
		fields, doubtful := b.way.Back()
		b.same = b.alone && !doubtful && !partial && fields&b.fields == 0
	}
	return 0, false
}

// progress is how much was looked at.
func (b *bisectOne) progress() float64 {
	return float64(b.looked) / float64(max(b.newest, b.looked, 1))
}
