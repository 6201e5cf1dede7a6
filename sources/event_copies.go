package sources

import (
	"slices"
	"unsafe"

	"signalbox/bus"
)

// Copies are events with memory of their own, which Reset uses again: copying one allocates nothing once there was as
// much before. They belong to one goroutine at a time.
type Copies struct {
	events  []Event
	texts   []byte
	headers bus.Headers
}

// Add copies an event. The copy has neither Names nor Fold nor Changes.
func (c *Copies) Add(e *Event) {
	c.events = append(c.events, *e)
	x := &c.events[len(c.events)-1]
	x.Names, x.Fold, x.Changes = nil, nil, nil
	x.Data = c.bytes(e.Data)
	if e.Body != nil {
		x.Body = c.within(e, x, e.Body)
	}
	x.ID, x.Type, x.Correlation = c.part(e, x, e.ID), c.part(e, x, e.Type), c.part(e, x, e.Correlation)
	x.Subject, x.AloneID = c.text(e.Subject), c.text(e.AloneID)
	x.Problem, x.Status, x.Rejected, x.Failed = c.text(e.Problem), c.text(e.Status), c.text(e.Rejected), c.text(e.Failed)
	begin := len(c.headers)
	for _, h := range e.Headers {
		c.headers = append(c.headers, bus.Header{Name: c.text(h.Name), Value: c.text(h.Value)})
	}
	x.Headers = slices.Clip(c.headers[begin:])
}

// Events are the copies. They are valid until Reset.
func (c *Copies) Events() []Event { return c.events }

// Size is about how many bytes the copies take.
func (c *Copies) Size() int {
	return len(c.texts) + len(c.events)*int(unsafe.Sizeof(Event{})) + len(c.headers)*int(unsafe.Sizeof(bus.Header{}))
}

// Reset lets all copies go.
func (c *Copies) Reset() {
	clear(c.events)
	clear(c.headers)
	c.events, c.texts, c.headers = c.events[:0], c.texts[:0], c.headers[:0]
}

// bytes copies bytes. Where texts must grow, what was copied before stays where it is.
func (c *Copies) bytes(b []byte) []byte {
	if c.texts == nil || len(c.texts)+len(b) > cap(c.texts) {
		c.texts = make([]byte, 0, max(2*cap(c.texts), len(b), 4096))
	}
	begin := len(c.texts)
	c.texts = append(c.texts, b...)
	return slices.Clip(c.texts[begin:])
}

func (c *Copies) text(s string) string {
	if s == "" {
		return ""
	}
	b := c.bytes(unsafe.Slice(unsafe.StringData(s), len(s)))
	return unsafe.String(&b[0], len(b))
}

// within is the same part of a copy's payload as of the event's, where it is a part of it.
func (c *Copies) within(e, copied *Event, part []byte) []byte {
	at := uintptr(unsafe.Pointer(unsafe.SliceData(part))) - uintptr(unsafe.Pointer(unsafe.SliceData(e.Data)))
	if n := uintptr(len(part)); n > 0 && at < uintptr(len(e.Data)) && at+n <= uintptr(len(e.Data)) {
		return copied.Data[at : at+n : at+n]
	}
	return c.bytes(part)
}

// part is within for a text.
func (c *Copies) part(e, copied *Event, s string) string {
	if s == "" {
		return ""
	}
	b := c.within(e, copied, unsafe.Slice(unsafe.StringData(s), len(s)))
	return unsafe.String(&b[0], len(b))
}
