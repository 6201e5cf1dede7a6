package sources

import (
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
	err := e.requests.inSteps(ctx, func() bool {
		if b == nil {
			b = e.beginBisect(of, holds)
		}
		done := b.step(bisectAtOnce)
		if done {
			b.found = Bisection{Found: b.moments(), Count: len(b.first), Looked: b.looked}
		}
		if progress != nil {
			progress(b.progress())
		}
		return done
	})
	if err != nil {
		return Bisection{}, err
	}
	return b.found, nil
}

// bisectAtOnce is how many events are looked at in one step: the engine goes on in between.
const bisectAtOnce = 2000

// bisection goes back through the events of one entity, or through all that are held, from the newest, which is the order in
// which states are told fast.
type bisection struct {
	store  *store.Store
	kind   string
	single bool
	holds  *EventFilter
	event  Event
	number uint64      // the event to be looked at next; 0 at the end
	chain  store.Chain // of the single entity
	newest uint64      // the first one that was
	oldest uint64      // the last one that may be
	looked uint64
	found  Bisection // once all were
	first  map[life]uint64
}

// life is an entity as long as it is held.
type life struct {
	slot uint32
	born uint64
}

func (e *Engine) beginBisect(of Entity, holds *EventFilter) *bisection {
	b := &bisection{store: e.store, kind: of.Kind, single: of.ID != "", holds: holds, first: map[life]uint64{}}
	b.event.Past = e.store.Past()
	b.oldest = e.store.Window.First()
	if b.single {
		if slot, ok := e.store.Entities.ByName(of); ok {
			b.chain = e.store.Chain(slot)
			b.number = e.store.Entities.At(slot).Last
		}
	} else {
		b.number = e.store.Window.Next() - 1
	}
	b.newest = b.number
	return b
}

// step looks at up to so many events and tells whether all were looked at.
func (b *bisection) step(most int) bool {
	if b.single {
		return b.stepBack(most)
	}
	w := b.store.Window
	for ; most > 0 && b.number != 0; most-- {
		if !w.Has(b.number) {
			b.number = 0
			break
		}
		held := w.Get(b.number)
		if held.Kind() != 0 && b.store.Entities.KindAt(held.Kind()).Name() == b.kind {
			b.look(b.number, held)
		}
		b.number--
	}
	return b.number == 0
}

// stepBack is step for a single entity.
func (b *bisection) stepBack(most int) bool {
	for ; most > 0 && b.number != 0; most-- {
		number, held, ok := b.chain.Here()
		if !ok {
			b.number = 0
			break
		}
		b.look(number, held)
		if b.chain.Back(); !store.IsEarlier(number) {
			b.number = number
		}
	}
	return b.number == 0
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

// progress is how much was looked at.
func (b *bisection) progress() float64 {
	if b.number == 0 || b.newest < b.oldest {
		return 1
	}
	return float64(b.newest-b.number) / float64(b.newest-b.oldest+1)
}

// moments are those of the events that were found and are still held.
func (b *bisection) moments() []*Moment {
	numbers := slices.Sorted(maps.Values(b.first))
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
