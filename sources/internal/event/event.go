package event

import (
	"time"

	"signalbox/bus"
	"signalbox/sources/state"
)

// Event is a message with what became of it, in three parts that are filled in one after the other. On the engine's
// goroutine its strings and slices may be views into memory that is used again: whoever keeps an Event beyond the call
// that handed it over keeps a Clone, or one of many Copies.
type Event struct {
	Received
	Understood
	Outcome
	Past Past // asked for the states of its entity, on the engine's goroutine, while the event is at hand; nil: nobody knows them
}

// Received is what the broker said. It is set before Domains.Understand is called.
type Received struct {
	Number   uint64 // arrival in this session, from 1
	UnixNano int64
	Bus      string
	Station  string
	Source   bus.Kind
	Traits   *bus.Traits // of its station; nil when nothing is known of it
	Subject  string
	Position bus.Position
	Headers  bus.Headers
	Data     []byte
	Size     int // at the broker; more than len(Data) when only its beginning is held
}

// Understood is what Domains.Understand finds.
type Understood struct {
	Type        string      // "PICKUP_PRODUCTS", or "" when nothing tells
	Kind        *state.Kind // of the entity; nil when the event has none
	ID          string      // of the entity; may be empty while Names can lead to it
	Names       []string    // other names of the same entity, qualified: "ballot:b-19"
	AloneKind   *state.Kind // the entity it stands for when ID is empty and no name is known
	AloneID     string
	Body        []byte // what expressions call data: part of Data, or decoded from it; nil: all of Data
	Correlation string // what ties events of one story together, or ""
	Fold        Fold   // nil: the event changes no state
	Copy        bool   // it tells of the copy that an application keeps of the entity's state, and is nothing that happened to it
	Follows     bool   // it begins no entity: it belongs to one that is known, or to none
	Problem     string // why it could not be understood, or ""
	Undecodable bool   // it is the payload that could not be read
}

// Outcome is what the event led to.
type Outcome struct {
	Version  uint64         // of the entity after it; 0 when it has none
	Partial  bool           // the entity's first events were not read: its version says how many were since
	Unjudged bool           // whether the fold refuses it depends on what was not seen of the entity: it was folded as if accepted
	Status   string         // that it gave the entity, or ""
	Changes  []state.Change // that it made to the state; nil once the event is held
	Rejected string         // the fold's refusal, or ""
	Failed   string         // the fold could not be computed: why, or ""
}

// Time is when the broker stored the event or, where the broker does not say, when it arrived.
func (e *Event) Time() time.Time { return time.Unix(0, e.UnixNano) }

// StationTraits are those of the event's station, which must not be changed: none when nothing is known of it.
func (e *Event) StationTraits() *bus.Traits {
	if e.Traits == nil {
		return &noTraits
	}
	return e.Traits
}

var noTraits bus.Traits

// Took is how long after its request a reply came; false of what is no reply.
func (e *Event) Took() (took time.Duration, reply bool) {
	if !e.StationTraits().Exchanges {
		return 0, false
	}
	took, err := time.ParseDuration(e.Headers.Get(bus.TookHeader))
	return took, err == nil
}

// Place is where the event came: its station or, where that gathers what comes to many places, the one of them.
func (e *Event) Place() string {
	if e.StationTraits().Gathers {
		return e.Subject
	}
	return e.Station
}

// Entity names the event's entity.
func (e *Event) Entity() Entity {
	if e.Kind == nil {
		return Entity{}
	}
	return Entity{Kind: e.Kind.Name(), ID: e.ID}
}

// Entity names one thing that events happen to.
type Entity = state.Entity

// Clone copies e with all it points to, but for Names, Fold and Changes.
func (e *Event) Clone() *Event {
	n := len(e.Data) + len(e.Body) + len(e.Subject) + len(e.Type) + len(e.ID) + len(e.AloneID) + len(e.Correlation) +
		len(e.Problem) + len(e.Rejected) + len(e.Failed)
	for _, h := range e.Headers {
		n += len(h.Name) + len(h.Value)
	}
	t := texts{bytes: make([]byte, 0, n)}
	var at copiedTexts
	t.add(e, &at)
	x := *e
	x.Names, x.Fold, x.Changes, x.Headers, x.Past = nil, nil, nil, nil, nil
	t.read(&at, &x)
	return &x
}
