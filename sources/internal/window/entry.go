package window

import (
	"encoding/binary"

	"signalbox/sources/internal/packed"
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
		to = packed.AppendText(to, e.Changes)
	}
	if e.ID != "" {
		flags |= hasID
		to = appendSpan(to, e.Data, e.ID)
	}
	if e.Body != nil {
		flags |= hasBody
		to = appendSpan(to, e.Data, packed.String(e.Body))
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
		to = packed.AppendText(to, e.Problem)
	}
	if e.Reason != "" {
		flags |= hasReason
		to = packed.AppendText(to, e.Reason)
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
	d := packed.Reader{Bytes: entry}
	e.Station, e.Type, e.Kind, e.Back, e.Version, e.Status = r.station, r.typ, r.kind, uint64(r.back), r.version, r.status
	e.Result, e.Cut = resultOf(r.flags), r.flags&isCut != 0
	e.TypeName, e.ID, e.Body, e.Correlation, e.Problem, e.Reason, e.Changes = "", "", nil, "", "", "", nil
	if r.flags&hasChanges != 0 {
		e.Changes = d.Raw(d.Uint())
	}
	if r.flags&hasID != 0 {
		e.ID = packed.String(span(&d, e.Data))
	}
	if r.flags&hasBody != 0 {
		e.Body = span(&d, e.Data)
	}
	if r.flags&hasCorrelation != 0 {
		e.Correlation = packed.String(span(&d, e.Data))
	}
	if r.flags&hasType != 0 {
		e.TypeName = packed.String(span(&d, e.Data))
	}
	if r.flags&hasProblem != 0 {
		e.Problem = d.Text()
	}
	if r.flags&hasReason != 0 {
		e.Reason = d.Text()
	}
}

// appendSpan writes where s lies in data, or s itself when it lies elsewhere.
func appendSpan(to, data []byte, s string) []byte {
	if at := packed.Offset(data, s); at >= 0 && at+len(s) <= len(data) {
		return binary.AppendUvarint(binary.AppendUvarint(to, uint64(at)+1), uint64(len(s)))
	}
	return packed.AppendText(append(to, 0), s)
}

// span reads what appendSpan wrote.
func span(from *packed.Reader, data []byte) []byte {
	at := from.Uint()
	if at == 0 {
		return from.Raw(from.Uint())
	}
	part := packed.Reader{Bytes: data[min(at-1, uint64(len(data))):]}
	return part.Raw(from.Uint())
}
