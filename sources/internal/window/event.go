package window

import (
	"signalbox/bus"
	"signalbox/sources/internal/packed"
)

// Facts are what is held of an event beside its message. Kinds, types, statuses and stations are numbers that the caller
// gives them.
type Facts struct {
	Station uint16

	// What was understood. The texts may be parts of the payload: then they take next to no memory.
	Type        uint16
	TypeName    string // of a type without a number
	Kind        uint16 // of the entity
	ID          string // of the entity
	Body        []byte // nil: all of the payload
	Correlation string
	Problem     string

	// What it led to.
	Back     uint64 // how many events ago the entity's event before this one was; 0 when there is none
	Version  uint32
	Status   uint16 // that the event gave its entity
	Result   Result
	Reason   string // of a refusal or a failure
	Cut      bool   // the state before it cannot be told from the state after it
	Partial  bool   // the entity's first events were not read
	Unjudged bool   // it could not be told whether the fold refuses it
	Copy     bool   // it tells of an application's copy
	Changes  []byte // that it made to the state, as the caller encodes them
}

// Result is what an event led to.
type Result uint8

// Results.
const (
	NotFolded Result = iota
	Folded
	Rejected
	Failed
	Undecodable
)

// Held is an event in the window. It reads no more of it than is asked for.
type Held struct {
	r     *record
	entry []byte // and what follows in the page
	batch *bus.Batch
}

// Station is the station's number.
func (h Held) Station() uint16 { return h.r.station }

// Kind is the number of the entity's kind; 0 when it has none.
func (h Held) Kind() uint16 { return h.r.kind }

// Version is the entity's version after the event.
func (h Held) Version() uint64 { return uint64(h.r.version) }

// Back is how many events ago the entity's event before this one was; 0 when there is none.
func (h Held) Back() uint64 { return uint64(h.r.back) }

// Folded tells whether the event made the version.
func (h Held) Folded() bool { return h.r.flags&isFolded != 0 }

// Rejected tells whether the event was refused.
func (h Held) Rejected() bool { return h.r.flags&isRejected != 0 }

// Result is what the event led to.
func (h Held) Result() Result { return resultOf(h.r.flags) }

// Copy tells whether the event tells of an application's copy of an entity.
func (h Held) Copy() bool { return h.r.flags&isCopy != 0 }

// Cut tells whether the state before the event cannot be told from the state after it.
func (h Held) Cut() bool { return h.r.flags&isCut != 0 }

// Partial tells whether the entity was partial after the event.
func (h Held) Partial() bool { return h.r.flags&isPartial != 0 }

// Time is the time of the message.
func (h Held) Time() int64 { return h.batch.Time(int(h.r.at)) }

// Changes are what the event changed.
func (h Held) Changes() []byte {
	if h.r.flags&hasChanges == 0 {
		return nil
	}
	d := packed.Reader{Bytes: h.entry}
	return d.Raw(d.Uint())
}

// Read fills in m and f. The memory of the list of headers is used again.
func (h Held) Read(m *bus.Message, f *Facts) {
	h.batch.Read(int(h.r.at), m)
	readEntry(h.r, h.entry, m.Data, f)
}
