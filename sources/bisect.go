package sources

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
)

// Bisection is what Bisect found.
type Bisection struct {
	Found  []*Moment // the first event after which it held, one of each entity for which it ever did, in order of time
	Count  int       // of the entities for which it did; more than there are in Found where they are too many
	Looked uint64    // events that were looked at
}

// MaxFound bounds Bisection.Found: the first are told.
const MaxFound = 1000

// Bisect finds the first held event of an entity that a filter wants or, where the entity has no ID, that of each entity of
// the kind. Progress is called on the engine's goroutine with how much of all that is to be looked at was, from 0 to 1; it
// may be nil. The filter must be for this alone.
func (e *Engine) Bisect(ctx context.Context, of Entity, holds *EventFilter, progress func(float64)) (Bisection, error) {
	var b *bisection
	var found Bisection
	err := e.requests.inSteps(ctx, func() bool {
		if b == nil {
			b = e.beginBisect(of, holds)
		}
		done := b.step(bisectAtOnce)
		if done {
			found = Bisection{Found: b.moments(), Count: len(b.first), Looked: b.looked}
		}
		if progress != nil {
			progress(b.progress())
		}
		return done
	})
	if err != nil {
		return Bisection{}, err
	}
	return found, nil
}

// bisectAtOnce is how many events are looked at in one step: the engine goes on in between.
const bisectAtOnce = 2000

// bisection goes back through all events that are held, from the newest, which is the order in which states are told fast, and
// then through entities one by one: through those that have earlier events, too, or through the single one that is asked about.
type bisection struct {
	store  *store.Store
	kind   string
	all    bool // of all entities of the kind
	holds  *EventFilter
	event  Event
	number uint64   // the event to be looked at next; 0 at the end
	single []uint32 // the entities to be gone through one by one
	one    *bisectOne
	newest uint64 // the first event that was looked at
	oldest uint64 // the last one that may be
	looked uint64
	first  map[life]uint64
}

// life is an entity as long as it is held.
type life struct {
	slot uint32
	born uint64
}

func (e *Engine) beginBisect(of Entity, holds *EventFilter) *bisection {
	st := e.revisits.storeShown()
	b := &bisection{store: st, kind: of.Kind, holds: holds, first: map[life]uint64{}, oldest: st.Window.First()}
	b.event.Past = st.Past()
	if of.ID == "" {
		b.all, b.number = true, st.Window.Next()-1
	} else if slot, ok := st.Entities.ByName(of); ok {
		b.single = []uint32{slot}
	}
	b.newest = b.number
	return b
}

// step looks at up to so many events and tells whether all were looked at.
func (b *bisection) step(most int) bool {
	w := b.store.Window
	for ; most > 0 && b.number != 0; most-- {
		if !w.Has(b.number) {
			b.number = 0
		} else if held := w.Get(b.number); held.Kind() != 0 && b.store.Entities.KindAt(held.Kind()).Name() == b.kind {
			b.look(b.number, held)
		}
		if b.number = max(b.number, 1) - 1; b.number == 0 {
			b.single = b.store.WithEarlier(b.kind)
		}
	}
	if b.number != 0 {
		return false
	}
	for most > 0 && len(b.single) > 0 {
		most -= b.through(b.single[0], most)
	}
	return len(b.single) == 0
}

func (b *bisection) look(number uint64, held window.Held) {
	b.store.Read(number, held, &b.event)
	b.looked++
	if !b.holds.Wants(&b.event) {
		return
	}
	if slot, ok := b.store.Entities.Find(b.event.Kind, b.event.ID); ok {
		b.first[life{slot, b.store.Entities.At(slot).Born}] = number
	}
}

// through goes back through an entity by itself for so many events, and tells for how many it did.
func (b *bisection) through(slot uint32, most int) int {
	if b.one == nil || b.one.way.Amended() {
		b.one = newBisectOne(b.store, slot, b.holds)
	}
	if !b.store.Entities.IsUsed(slot) || b.store.Entities.At(slot).Born != b.one.born {
		b.single, b.one = b.single[1:], nil
		return 1
	}
	left, over := b.one.back(most)
	if over {
		if b.one.found != 0 {
			b.first[life{slot, b.one.born}] = b.one.found
		}
		if b.looked += b.one.earlier; !b.all {
			b.looked = b.one.looked
		}
		b.single, b.one = b.single[1:], nil
	}
	return most - left
}

// progress is how much was looked at.
func (b *bisection) progress() float64 {
	switch {
	case b.all && b.number != 0:
		return float64(b.newest-b.number) / float64(b.newest-b.oldest+1)
	case !b.all && b.one != nil:
		return b.one.progress()
	}
	return 1
}

// moments are those of the events that were found and are still held.
func (b *bisection) moments() []*Moment {
	const shift = 1 << 63 // what came before all that is held goes before it
	numbers := slices.SortedFunc(maps.Values(b.first), func(x, y uint64) int { return cmp.Compare(x^shift, y^shift) })
	numbers = numbers[:min(len(numbers), MaxFound)]
	slices.Reverse(numbers) // the order in which states are told fast
	var out []*Moment
	for _, number := range numbers {
		if held, ok := b.store.Held(number); ok {
			b.store.Read(number, held, &b.event)
			out = append(out, MomentOf(&b.event))
		}
	}
	slices.Reverse(out)
	return out
}
