package event

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"signalbox/sources/state"
)

// Apply folds an event into the state of its entity and says what that led to. An event that the fold accepts makes the
// next version; after a refusal or a failure the state is as it was before. A fold that panics has failed, and one that
// makes a state larger than it may be. An event without a fold changes nothing.
//
// Texts and changes of the outcome may share memory with the event and the state.
func Apply(e *Event, s *state.State) Outcome {
	e.Version = s.Version
	if e.Fold == nil {
		return Outcome{Version: s.Version}
	}
	s.Begin()
	refused, err := fold(e, s)
	switch {
	case err != nil:
		s.Undo()
		return Outcome{Version: s.Version, Failed: cmp.Or(err.Error(), "the fold does not say why")}
	case refused != "":
		s.Undo()
		return Outcome{Version: s.Version, Rejected: refused}
	}
	growth, field := s.Growth()
	if s.Most > 0 && growth > 0 && s.Taken+growth > s.Most {
		s.Undo()
		return Outcome{Version: s.Version, Failed: tooLarge(s, field, s.Taken+growth)}
	}
	s.Taken += growth
	s.Version++
	out := Outcome{Version: s.Version, Changes: s.Changes(), Unjudged: s.Unjudged}
	if s.StatusGiven() {
		out.Status = s.Get(0).String()
	}
	return out
}

// tooLarge says that a state would take too much memory, and by which field.
func tooLarge(s *state.State, field int, bytes int64) string {
	const mebibyte = 1 << 20
	return fmt.Sprintf("state.%s: the state would take %.1f MiB, and that of one entity may take %.1f MiB",
		s.Kind.Field(field), float64(bytes)/mebibyte, float64(s.Most)/mebibyte)
}

// fold runs the fold of an event; a panic is an error.
func fold(e *Event, s *state.State) (refused string, err error) {
	defer func() {
		if p := recover(); p != nil {
			refused, err = "", fmt.Errorf("the fold panicked: %v", p)
		}
	}()
	return e.Fold.Apply(e, s)
}

// JoinName is what a name begins with that leads from an event to the entity of the one before it: it means another entity
// with every event, and nothing for an event that came earlier.
const JoinName = "\x00before\x00"

// Unjoin takes such names off an event that is not the newest.
func (e *Event) Unjoin() {
	e.Names = slices.DeleteFunc(e.Names, func(name string) bool { return strings.HasPrefix(name, JoinName) })
}

// Identify completes the kind and the ID of the event's entity. An ID that the event has itself goes before its other
// names, of which the first counts that find knows the entity of; then comes what the event stands for alone. An event
// that none of these leads to an entity has none: its Kind is nil.
func (e *Event) Identify(find func(name string) (kind *state.Kind, id string, known bool)) {
	if e.Kind == nil || e.ID != "" {
		return
	}
	for _, name := range e.Names {
		if kind, id, known := find(name); known {
			e.Kind, e.ID = kind, id
			return
		}
	}
	e.Kind, e.ID = e.AloneKind, e.AloneID
	if e.ID == "" {
		e.Kind = nil
	}
}

// Domains understands messages. Package scenarios implements it; the engine calls it on its own goroutine, for every
// message, so it must not block, and should not allocate.
type Domains interface {
	// Understand reads the Received part of e and fills in the Understood part. It must accept any bytes; where it finds
	// nothing to say, it leaves the fields empty.
	Understand(e *Event)
}

// Homes is what Domains can tell that know at which stations their entities have events.
type Homes interface {
	// Homes are the kinds of entities that have events at a station.
	Homes(station string) []*state.Kind

	// EachHome hands out, for each domain, its kind with the globs of stations that it has events at.
	EachHome(yield func(k *state.Kind, stations []string))
}

// Recogniser is what Domains can be that tell what a message looks like without taking it in.
type Recogniser interface {
	// Recognise tells whether a message looks like an event and, where a domain knows it, which and of what kind of entity.
	Recognise(e *Event) (domain, kind string, ok bool)
}

// Fold computes the next state of an entity.
type Fold interface {
	// Apply changes state as the event demands and returns "", or returns the reason of a refusal. An error says that
	// the event lacks what its rule needs ("data.quantity: want a number, have \"x\""). After a refusal or an error the
	// engine undoes what was written.
	Apply(e *Event, state *state.State) (refused string, err error)
}
