package store

import (
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/state"
)

// EntityRow is one entity in a list.
type EntityRow = entities.Row

// EntityDetail is one entity with the version chosen.
type EntityDetail struct {
	EntityRow               // at the version shown
	Shown     uint64        // the version shown; Newest when the newest
	Newest    uint64        // its newest version
	State     []StateField  // every field, status first
	Unknown   []string      // fields that the kind's rules are about and no event that was seen has set, where events are missing
	History   []HistoryStep // oldest first, refused events included; bounded to the newest MaxHistory
	Missing   uint64        // versions before History[0] that have left the window or were never seen
}

// MaxHistory bounds the steps of an EntityDetail.
const MaxHistory = 1000

// StateField is a field with where it comes from.
type StateField struct {
	state.Field
	Was     state.Value // before it was last set; Absent when it was not there
	SetBy   string      // the type of the event that last set it; "" when that has left the window
	SetAt   uint64      // the version that last set it; 0 when unknown
	Changed bool        // set by the version shown
}

// HistoryStep is one event of an entity.
type HistoryStep struct {
	Version  uint64 // after it
	Number   uint64 // of the event
	Time     time.Time
	Type     string
	Station  string // its key
	Subject  string
	Position bus.Position
	Folded   bool // the fold accepted it: it made the version
	Rejected string
	Failed   string
	Unjudged bool   // whether the fold refuses it depends on what was not seen
	Unread   string // why its payload could not be read, or ""
	Changes  []state.FieldChange
}

// Fault says what went wrong with the step, and why.
func (h *HistoryStep) Fault() (fault event.Fault, why string) {
	if h.Unread != "" {
		return event.Undecodable, h.Unread
	}
	return event.FaultOf(h.Rejected, h.Failed)
}
