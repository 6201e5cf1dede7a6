package window

import (
	"encoding/binary"
	"unsafe"
)

// What an entry has.
const (
	hasChanges = uint16(1) << iota
	hasID
	hasBody
	hasCorrelation
	hasType
	hasProblem
	hasReason
	isRejected // refused by the fold; the reason follows
	isFailed   // the fold could not be computed; the reason follows
	isFolded
	isCut
)

// appendEntry writes what of an event is neither in its record nor in its message, and returns the flags that say what
// was written. Texts that lie in the payload are written as the place where.
func appendEntry(to []byte, e *Event) ([]byte, uint16) {
	var flags uint16
	if len(e.Changes) > 0 {
		flags |= hasChanges
		to = appendText(to, e.Changes)
	}
	if e.ID != "" {
		flags |= hasID
		to = appendSpan(to, e.Data, e.ID)
	}
	if e.Body != nil {
		flags |= hasBody
		to = appendSpan(to, e.Data, view(e.Body))
	}
	if e.Correlation != "" {
		flags |= hasCorrelation
		to = appendSpan(to, e.Data, e.Correlation)
	}
	if e.TypeName != "" {
		flags |= hasType
		to = appendSpan(to, e.Data, e.TypeName)
	}
	if e.Problem != "" {
		flags |= hasProblem
		to = appendText(to, e.Problem)
	}
	if e.Reason != "" {
		flags |= hasReason
		to = appendText(to, e.Reason)
	}
	if e.Cut {
		flags |= isCut
	}
	return to, flags | resultFlags[e.Result]
}

var resultFlags = [...]uint16{NotFolded: 0, Folded: isFolded, Rejected: isRejected, Failed: isFailed}

func resultOf(flags uint16) Result {
	switch {
	case flags&isFolded != 0:
		return Folded
	case flags&isRejected != 0:
		return Rejected
	case flags&isFailed != 0:
		return Failed
	}
	return NotFolded
}

// readEntry fills in all of an event but its message, which must have been read already.
func readEntry(r *record, entry []byte, e *Event) {
	d := decoder{entry}
	*e = Event{
		Message: e.Message, Station: r.station, Type: r.typ, Kind: r.kind, Back: uint64(r.back), Version: r.version,
		Status: r.status, Result: resultOf(r.flags), Cut: r.flags&isCut != 0,
	}
	if r.flags&hasChanges != 0 {
		e.Changes = d.bytes()
	}
	if r.flags&hasID != 0 {
		e.ID = view(d.span(e.Data))
	}
	if r.flags&hasBody != 0 {
		e.Body = d.span(e.Data)
	}
	if r.flags&hasCorrelation != 0 {
		e.Correlation = view(d.span(e.Data))
	}
	if r.flags&hasType != 0 {
		e.TypeName = view(d.span(e.Data))
	}
	if r.flags&hasProblem != 0 {
		e.Problem = view(d.bytes())
	}
	if r.flags&hasReason != 0 {
		e.Reason = view(d.bytes())
	}
}

func appendText[T string | []byte](to []byte, s T) []byte {
	return append(binary.AppendUvarint(to, uint64(len(s))), s...)
}

// appendSpan writes where s lies in data, or s itself when it lies elsewhere.
func appendSpan(to, data []byte, s string) []byte {
	if at := Within(data, s); at >= 0 && at+len(s) <= len(data) {
		return binary.AppendUvarint(binary.AppendUvarint(to, uint64(at)+1), uint64(len(s)))
	}
	return appendText(append(to, 0), s)
}

// Within is where in data s begins, when it is a part of it and not a copy; else -1.
func Within(data []byte, s string) int {
	at := uintptr(unsafe.Pointer(unsafe.StringData(s))) - uintptr(unsafe.Pointer(unsafe.SliceData(data)))
	if len(s) > 0 && at < uintptr(len(data)) {
		return int(at)
	}
	return -1
}

// view is bytes as a text that shares them.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// decoder reads from the front what appendEntry wrote.
type decoder struct{ rest []byte }

func (d *decoder) number() uint64 {
	if n := d.rest[0]; n < 0x80 {
		d.rest = d.rest[1:]
		return uint64(n)
	}
	n, size := binary.Uvarint(d.rest)
	d.rest = d.rest[size:]
	return n
}

func (d *decoder) bytes() []byte { return d.part(d.number()) }

func (d *decoder) part(n uint64) []byte {
	part := d.rest[:n:n]
	d.rest = d.rest[n:]
	return part
}

// span reads what appendSpan wrote.
func (d *decoder) span(data []byte) []byte {
	at := d.number()
	if at == 0 {
		return d.bytes()
	}
	n := d.number()
	return data[at-1 : at-1+n : at-1+n]
}
