package sources

import (
	"signalbox/sources/internal/event"
	"signalbox/sources/state"
)

// Event is a message with what became of it. On the engine's goroutine its strings and slices may be views into memory
// that is used again: whoever keeps an Event beyond the call that handed it over keeps a Clone, or one of many Copies.
type Event = event.Event

// Received is what the broker said of an Event. The parts of one are filled in one after the other.
type Received = event.Received

// Understood is what Domains.Understand finds.
type Understood = event.Understood

// JoinName is what a name begins with that leads from an event to the entity of the one before it.
const JoinName = event.JoinName

// Outcome is what the event led to.
type Outcome = event.Outcome

// States are the states of an event's entity before and after it, as far as they can be told; see Event.Past.
type States = event.States

// Moment is an event with its entity's state before and after it, in memory of its own.
type Moment = event.Moment

// MomentOf is the moment of an event that is at hand, on the engine's goroutine.
func MomentOf(e *Event) *Moment { return event.MomentOf(e) }

// Entity names one thing that events happen to.
type Entity = state.Entity

// Copies are events with memory of their own.
type Copies = event.Copies

// JSONForm writes events as JSON, one after the other.
type JSONForm = event.JSONForm

// Domains understands messages. Package scenarios implements it.
type Domains = event.Domains

// Fold computes the next state of an entity.
type Fold = event.Fold

// Apply folds an event into the state of its entity and says what that led to.
func Apply(e *Event, s *state.State) Outcome { return event.Apply(e, s) }

// Fault is what went wrong with an event, as the ledger counts it and filters name it: "" when nothing did.
type Fault = event.Fault

// Faults.
const (
	Refused     = event.Refused     // by a rule of its fold
	NotFolded   = event.NotFolded   // its fold could not be computed
	Undecodable = event.Undecodable // its payload could not be read
)

// Filter tells what is wanted. A nil one wants everything.
type Filter[T any] = event.Filter[T]

// EventFilter is a filter of events.
type EventFilter = Filter[Event]

// EntityFilter is a filter of entities.
type EntityFilter = Filter[EntityRow]

// NewFilter makes a filter of a function, which is called on the engine's goroutine, must not keep what it is asked
// about, and must be safe to call again at any time.
func NewFilter[T any](wants func(*T) bool) *Filter[T] { return event.NewFilter(wants) }

// NewAgingFilter makes one of a function that may want something else as time goes by: lists ask it again and again.
func NewAgingFilter[T any](wants func(*T) bool) *Filter[T] { return event.NewAgingFilter(wants) }
