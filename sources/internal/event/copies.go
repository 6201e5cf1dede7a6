package event

import (
	"slices"
	"unsafe"

	"signalbox/bus"
	"signalbox/sources/state"
)

// Copies are events with memory of their own, which Reset uses again: copying one allocates nothing once there was as
// much before. What is kept of an event has no pointers, so that it is written and let go at the cost of its bytes. They
// belong to one goroutine at a time.
type Copies struct {
	events   []copied
	texts    texts
	stations []fromStation // of all events so far; they outlive Reset
	kinds    []*state.Kind // likewise
}

// copied is what is kept of an event.
type copied struct {
	number    uint64
	unixNano  int64
	position  bus.Position
	size      int
	version   uint64
	station   int
	kind      int // behind its place; 0 is none
	aloneKind int // likewise

	undecodable, partial, unjudged, follows, copy bool

	texts copiedTexts
}

// fromStation is what the events of a station share.
type fromStation struct {
	bus, station string
	source       bus.Kind
	traits       *bus.Traits
}

// Add copies an event. The copy has neither Names nor Fold nor Changes.
func (c *Copies) Add(e *Event) {
	n := len(c.events)
	if n == cap(c.events) {
		c.events = slices.Grow(c.events, 1)
	}
	c.events = c.events[:n+1]
	x := &c.events[n] // written where it stays, each field of it
	x.number, x.unixNano, x.position, x.size, x.version = e.Number, e.UnixNano, e.Position, e.Size, e.Version
	x.undecodable, x.partial, x.unjudged, x.follows, x.copy = e.Undecodable, e.Partial, e.Unjudged, e.Follows, e.Copy
	x.station = placeOf(&c.stations, fromStation{e.Bus, e.Station, e.Source, e.Traits})
	x.kind, x.aloneKind = c.kindOf(e.Kind), c.kindOf(e.AloneKind)
	x.texts.subject = span{}
	if n > 0 {
		x.texts.subject = c.events[n-1].texts.subject
	}
	c.texts.add(e, &x.texts)
}

// kindOf is behind the place of a kind; 0 is none.
func (c *Copies) kindOf(k *state.Kind) int {
	if k == nil {
		return 0
	}
	return placeOf(&c.kinds, k) + 1
}

// placeOf finds a value in a list, or appends it.
func placeOf[T comparable](list *[]T, x T) int {
	i := slices.Index(*list, x)
	if i < 0 {
		i = len(*list)
		*list = append(*list, x)
	}
	return i
}

// Len is how many copies there are.
func (c *Copies) Len() int { return len(c.events) }

// Read fills in e with a copy. Its strings and slices are valid until Reset; the memory of its list of headers is used
// again.
func (c *Copies) Read(i int, e *Event) {
	x := &c.events[i]
	o := &c.stations[x.station]
	e.Number, e.UnixNano, e.Position, e.Size, e.Version = x.number, x.unixNano, x.position, x.size, x.version
	e.Undecodable, e.Partial, e.Unjudged, e.Follows, e.Copy = x.undecodable, x.partial, x.unjudged, x.follows, x.copy
	e.Bus, e.Station, e.Source, e.Traits = o.bus, o.station, o.source, o.traits
	e.Kind, e.AloneKind = nil, nil
	if x.kind > 0 {
		e.Kind = c.kinds[x.kind-1]
	}
	if x.aloneKind > 0 {
		e.AloneKind = c.kinds[x.aloneKind-1]
	}
	e.Names, e.Fold, e.Changes, e.Past = nil, nil, nil, nil
	c.texts.read(&x.texts, e)
}

// Size is about how many bytes the copies take.
func (c *Copies) Size() int {
	return len(c.texts.bytes) + len(c.events)*int(unsafe.Sizeof(copied{})) + len(c.texts.headers)*int(unsafe.Sizeof(copiedHeader{}))
}

// Reset lets all copies go.
func (c *Copies) Reset() {
	c.events, c.texts.bytes, c.texts.headers = c.events[:0], c.texts.bytes[:0], c.texts.headers[:0]
}
