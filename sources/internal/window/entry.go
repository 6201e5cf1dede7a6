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
	isUndecodable
	isPartial
	isUnjudged
	isCopy
)

// bound is the most bytes that an entry takes.
func bound(data []byte, f *Facts) int {
	const numbers = 3 + 4*2 // of texts, and of spans
	most := len(f.Changes) + len(f.ID) + len(f.Correlation) + len(f.TypeName) + len(f.Problem) + len(f.Reason) + numbers*binary.MaxVarintLen64
	if packed.Offset(data, packed.String(f.Body)) < 0 {
		most += len(f.Body)
	}
	return most
}

// appendEntry writes what of an event is neither in its record nor in its message, whose payload is data, and returns the
// flags that say what was written. Texts that lie in the payload are written as the place where.
func appendEntry(to, data []byte, f *Facts) ([]byte, uint16) {
	flags := resultFlags[f.Result]
	if len(f.Changes) > 0 {
		flags |= hasChanges
		to = packed.AppendText(to, f.Changes)
	}
	if f.ID != "" {
		flags |= hasID
		to = appendSpan(to, data, f.ID)
	}
	if f.Body != nil {
		flags |= hasBody
		to = appendSpan(to, data, packed.String(f.Body))
	}
	if f.Correlation != "" {
		flags |= hasCorrelation
		to = appendSpan(to, data, f.Correlation)
	}
	if f.TypeName != "" {
		flags |= hasType
		to = appendSpan(to, data, f.TypeName)
	}
	if f.Problem != "" {
		flags |= hasProblem
		to = packed.AppendText(to, f.Problem)
	}
	if f.Reason != "" {
		flags |= hasReason
		to = packed.AppendText(to, f.Reason)
	}
	if f.Cut {
		flags |= isCut
	}
	if f.Partial {
		flags |= isPartial
	}
	if f.Unjudged {
		flags |= isUnjudged
	}
	if f.Copy {
		flags |= isCopy
	}
	return to, flags
}

var resultFlags = [...]uint16{NotFolded: 0, Folded: isFolded, Rejected: isRejected, Failed: isFailed, Undecodable: isUndecodable}

func resultOf(flags uint16) Result {
	switch {
	case flags&isFolded != 0:
		return Folded
	case flags&isRejected != 0:
		return Rejected
	case flags&isFailed != 0:
		return Failed
	case flags&isUndecodable != 0:
		return Undecodable
	}
	return NotFolded
}

// readEntry fills in f; data is the payload.
func readEntry(r *record, entry, data []byte, f *Facts) {
	d := packed.Reader{Bytes: entry}
	f.Station, f.Type, f.Kind, f.Back, f.Version, f.Status = r.station, r.typ, r.kind, uint64(r.back), r.version, r.status
	f.Result, f.Cut, f.Partial = resultOf(r.flags), r.flags&isCut != 0, r.flags&isPartial != 0
	f.Unjudged, f.Copy = r.flags&isUnjudged != 0, r.flags&isCopy != 0
	f.TypeName, f.ID, f.Body, f.Correlation, f.Problem, f.Reason, f.Changes = "", "", nil, "", "", "", nil
	if r.flags&hasChanges != 0 {
		f.Changes = d.Raw(d.Uint())
	}
	if r.flags&hasID != 0 {
		f.ID = packed.String(span(&d, data))
	}
	if r.flags&hasBody != 0 {
		f.Body = span(&d, data)
	}
	if r.flags&hasCorrelation != 0 {
		f.Correlation = packed.String(span(&d, data))
	}
	if r.flags&hasType != 0 {
		f.TypeName = packed.String(span(&d, data))
	}
	if r.flags&hasProblem != 0 {
		f.Problem = d.Text()
	}
	if r.flags&hasReason != 0 {
		f.Reason = d.Text()
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
