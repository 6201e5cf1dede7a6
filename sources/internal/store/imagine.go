package store

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// Imagined is one event of a history as it might have been.
type Imagined struct {
	Number uint64       // of the held event that it is, or was made of; 0: it is new
	Event  *event.Event // what comes instead of that one: only its Received part counts; nil: the held event as it was
	Again  bool         // it comes once more, besides the one that came
}

// WhatIf is a history as it might have been beside the real one, and the states that the two lead to.
type WhatIf struct {
	Entity        state.Entity
	Steps         []ImaginedStep // of the history that was imagined, oldest first: the newest MaxHistory
	Skipped       int            // steps before them
	Version, Real uint64         // that it comes to, and that it really came to
	State, Was    []state.Field  // likewise
	Parted        *Parting       // nil: the states are the same everywhere
	Together      bool           // the states are the same at the end
}

// ImaginedStep is one event of a history as it might have been, with what it leads to there.
type ImaginedStep struct {
	HistoryStep
	Of    Imagined
	Other bool   // it leads to something else there than it really did: Fault says what it really was
	Was   string // why it was really refused, or failed; "" when it was accepted
	Apart bool   // the state after it is not the real one at this place
}

// Parting is the first place at which the two states are not the same.
type Parting struct {
	Number     uint64 // the real event at that place; 0 before the first
	Version    uint64 // really, after it
	Type       string // of the event: of the real one where that is not there, else of the imagined one
	Gone       bool   // the real event is not there, or not yet
	State, Was []state.Field
}

// Imagination folds a history as it might have been, and beside it the real one. It can be left between two steps.
type Imagination struct {
	store *Store
	slot  uint32
	kind  *state.Kind
	list  []Imagined
	next  int // in list
	place int // real events that were folded

	numbers     []uint64 // of the real events, oldest first
	index       map[uint64]int
	taken       []bool // by index: the event was met in the list
	real, other state.State
	clock       int64 // of the newest event
	out         WhatIf
	err         error
}

// Numbers are those of the held events of an entity, oldest first, from the newest back; whole tells that its first is
// among them.
func (st *Store) Numbers(slot uint32) (numbers []uint64, whole bool) {
	for c := st.Chain(slot); ; c.Back() {
		number, _, ok := c.Here()
		if !ok {
			break
		}
		numbers = append(numbers, number)
	}
	slices.Reverse(numbers)
	r := st.Entities.At(slot)
	if len(numbers) > 0 && st.earlierOf(slot) != nil {
		return numbers, !r.Partial()
	}
	return numbers, len(numbers) > 0 && numbers[0] == r.Born
}

// Imagine begins one. Real events count up to a number; 0 is all.
func (st *Store) Imagine(slot uint32, list []Imagined, until uint64) (*Imagination, error) {
	r := st.Entities.At(slot)
	x := &Imagination{store: st, slot: slot, kind: st.Entities.Kind(r), list: list, index: map[uint64]int{}}
	x.out.Entity = state.Entity{Kind: x.kind.Name(), ID: packed.Clone(st.Entities.ID(r))}
	var whole bool
	x.numbers, whole = st.Numbers(slot)
	if until != 0 {
		x.numbers = slices.DeleteFunc(x.numbers, func(n uint64) bool { return st.later(n, until) })
	}
	x.taken = make([]bool, len(x.numbers))
	for i, n := range x.numbers {
		x.index[n] = i
	}
	x.real, x.other = state.State{Kind: x.kind, Most: st.State}, state.State{Kind: x.kind, Most: st.State}
	x.real.Partial, x.other.Partial = r.Partial(), r.Partial()
	x.real.Missed, x.other.Missed = r.Lack() == entities.Missed, r.Lack() == entities.Missed
	if len(x.numbers) == 0 {
		return nil, fmt.Errorf("none of the events of %s is held: there is nothing to begin with", x.out.Entity)
	}
	return x, x.begin(whole)
}

// begin finds the state before the oldest held event.
func (x *Imagination) begin(whole bool) error {
	st := x.store
	oldest, _ := st.Held(x.numbers[0])
	x.clock = oldest.Time()
	if whole {
		return nil
	}
	ev := event.Event{Past: st.Past()}
	st.Read(x.numbers[0], oldest, &ev)
	then := ev.Past.States(&ev)
	if then == nil || then.NoBefore {
		return fmt.Errorf("the state of %s before its oldest held event is not known: there is nothing to begin with", x.out.Entity)
	}
	version := oldest.Version()
	if oldest.Folded() {
		version--
	}
	for _, s := range []*state.State{&x.real, &x.other} {
		values := make([]state.Value, 0, len(then.Before()))
		for _, v := range then.Before() {
			values = append(values, v.Own())
		}
		s.SetValues(values)
		s.Measure()
		s.Version = version
	}
	return nil
}

// Step folds up to so many events and tells whether all were.
func (x *Imagination) Step(most int) bool {
	for ; most > 0 && x.next < len(x.list) && x.err == nil; most-- {
		x.imagined(x.list[x.next])
		x.next++
	}
	for ; most > 0 && x.next == len(x.list) && x.place < len(x.numbers) && x.err == nil; most-- {
		x.pass()
	}
	return x.err != nil || x.next == len(x.list) && x.place == len(x.numbers)
}

// imagined folds one event of the list, and real ones up to it.
func (x *Imagination) imagined(of Imagined) {
	at, held := x.index[of.Number]
	inPlace := held && !of.Again && at >= x.place && !x.taken[at]
	var really event.Outcome
	if inPlace {
		x.taken[at] = true
		for x.place < at && x.err == nil {
			x.pass()
		}
		really, _ = x.fold(&x.real, Imagined{Number: of.Number}, nil)
		x.place++
	}
	if x.err != nil {
		return
	}
	step := ImaginedStep{Of: of}
	out, ev := x.fold(&x.other, of, &step)
	if x.err != nil {
		return
	}
	if inPlace && of.Event == nil {
		step.Other, step.Was = really.Rejected != out.Rejected || really.Failed != out.Failed, cmp.Or(really.Rejected, really.Failed)
	}
	if step.Apart = !same(x.real.Values(), x.other.Values()); step.Apart && x.out.Parted == nil {
		x.part(packed.Clone(ev.Type), false)
	}
	x.out.Steps = append(x.out.Steps, step)
	if len(x.out.Steps) >= 2*MaxHistory {
		n := len(x.out.Steps) - MaxHistory
		x.out.Steps, x.out.Skipped = slices.Clone(x.out.Steps[n:]), x.out.Skipped+n
	}
}

// pass folds the next real event, which is not there in the list, or later.
func (x *Imagination) pass() {
	_, ev := x.fold(&x.real, Imagined{Number: x.numbers[x.place]}, nil)
	x.place++
	if x.err == nil && x.out.Parted == nil && !same(x.real.Values(), x.other.Values()) {
		x.part(packed.Clone(ev.Type), true)
	}
}

// part notes that the states part here.
func (x *Imagination) part(typ string, gone bool) {
	p := &Parting{Type: typ, Gone: gone, Version: x.real.Version, State: x.fields(&x.other), Was: x.fields(&x.real)}
	if x.place > 0 {
		p.Number = x.numbers[x.place-1]
	}
	x.out.Parted = p
}

// fold folds an event into one of the states, and describes that in a step where one is wanted.
func (x *Imagination) fold(s *state.State, of Imagined, step *ImaginedStep) (event.Outcome, *event.Event) {
	ev, err := x.event(of)
	if err != nil {
		x.err = err
		return event.Outcome{}, nil
	}
	out := event.Apply(ev, s)
	if step != nil {
		step.HistoryStep = HistoryStep{
			Version: out.Version, Number: of.Number, Time: time.Unix(0, ev.UnixNano), Type: packed.Clone(ev.Type), Station: packed.Clone(ev.Station), Subject: packed.Clone(ev.Subject),
			Folded: ev.Fold != nil && out.Rejected == "" && out.Failed == "", Rejected: packed.Clone(out.Rejected), Failed: packed.Clone(out.Failed),
			Changes: x.kind.Describe(out.Changes), Position: ev.Position,
		}
		if ev.Undecodable {
			step.Unread = packed.Clone(ev.Problem)
		}
	}
	s.Commit()
	x.clock = ev.UnixNano
	return out, ev
}

// event is an event that can be folded: a held one is understood anew, for no name leads to its fold.
func (x *Imagination) event(of Imagined) (*event.Event, error) {
	st := x.store
	ev := &event.Event{}
	if of.Event != nil {
		ev.Received = of.Event.Received
		ev.Number, ev.Size = st.Window.Next(), len(ev.Data)
		if ev.UnixNano == 0 {
			ev.UnixNano = x.clock
		}
		if p := st.place(ev.Bus, ev.Station); ev.Traits == nil && p != nil {
			ev.Traits = p.Traits
		}
		st.understand(ev)
		st.whose(ev)
		switch {
		case ev.Kind == nil && ev.Problem != "":
			return nil, fmt.Errorf("what is imagined cannot be understood: %s", ev.Problem)
		case ev.Kind == nil:
			return nil, fmt.Errorf("what is imagined is no event of %s: no domain says whose it is", x.out.Entity)
		case ev.Kind != x.kind || ev.ID != x.out.Entity.ID:
			return nil, fmt.Errorf("what is imagined is an event of %s, not of %s", ev.Entity(), x.out.Entity)
		}
		return ev, nil
	}
	held, here := st.Held(of.Number)
	if _, ok := x.index[of.Number]; !ok || !here {
		return nil, fmt.Errorf("event %d is none that is held of %s, or has left the window meanwhile", of.Number, x.out.Entity)
	}
	st.Read(of.Number, held, ev)
	if ev.Size > len(ev.Data) && held.Folded() {
		return nil, fmt.Errorf("only the beginning of event %d is held: it cannot be folded again", of.Number)
	}
	ev.Understood, ev.Outcome = event.Understood{}, event.Outcome{}
	st.understand(ev)
	ev.Kind, ev.ID = x.kind, x.out.Entity.ID
	if ev.Undecodable {
		ev.Fold = nil
	}
	return ev, nil
}

// Found is what came of it, once all is folded.
func (x *Imagination) Found() (*WhatIf, error) {
	if x.err != nil {
		return nil, x.err
	}
	o := &x.out
	if n := len(o.Steps) - MaxHistory; n > 0 {
		o.Steps, o.Skipped = o.Steps[n:], o.Skipped+n
	}
	o.Version, o.Real = x.other.Version, x.real.Version
	o.State, o.Was = x.fields(&x.other), x.fields(&x.real)
	o.Together = same(x.real.Values(), x.other.Values())
	return o, nil
}

func (x *Imagination) fields(s *state.State) []state.Field {
	var out []state.Field
	for slot, v := range s.Values() {
		if v.Kind() != state.Absent {
			out = append(out, state.Field{Name: x.kind.Field(slot), Value: v.Own()})
		}
	}
	return out
}

// same tells whether two states are.
func same(a, b []state.Value) bool {
	for slot := range max(len(a), len(b)) {
		if !valueAt(a, slot).Equal(valueAt(b, slot)) {
			return false
		}
	}
	return true
}

// valueAt is the value in a slot; absent beyond them.
func valueAt(values []state.Value, slot int) state.Value {
	if slot >= len(values) {
		return state.Value{}
	}
	return values[slot]
}

// EventRef is an event of an entity, in short.
type EventRef struct {
	Number  uint64
	Version uint64 // after it
	Folded  bool   // it made the version
	Idle    bool   // no fold is for it: it can change nothing
}

// Refs are the held events of an entity, oldest first.
func (st *Store) Refs(slot uint32) []EventRef {
	numbers, _ := st.Numbers(slot)
	refs := make([]EventRef, len(numbers))
	for i, n := range numbers {
		held, _ := st.Held(n)
		held.Read(&st.again.Message, &st.again.Facts)
		refs[i] = EventRef{n, held.Version(), held.Folded(), st.again.Result == window.NotFolded}
	}
	return refs
}
