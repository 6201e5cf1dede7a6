package sources

import (
	"encoding/binary"
	"unsafe"

	"signalbox/bus"
)

// What an entry has, beyond what each has.
const (
	hasChanges = uint16(1) << iota
	hasMinor
	hasHeaders
	hasID
	hasBody
	hasCorrelation
	hasType
	hasProblem
	hasReason
	isSized    // its size at the broker is not that of the payload held
	isRejected // refused by the fold; the reason follows
	isFailed   // the fold could not be computed; the reason follows
	isFolded
	isCut  // the state before it cannot be told from the state after it
	isLent // its payload lies in a loan
	hasPartition
)

// appendEntry writes all of an event that is not in its record and not its payload, and returns the flags that say what
// was written. Texts that lie in the payload are written as the place where.
func appendEntry(to []byte, e *Event, typed bool, changes []byte) ([]byte, uint16) {
	var flags uint16
	if len(changes) > 0 {
		flags |= hasChanges
		to = appendText(to, changes)
	}
	to = appendText(to, e.Subject)
	to = binary.AppendUvarint(to, e.Position.Major)
	if e.Position.Minor != 0 {
		flags |= hasMinor
		to = binary.AppendUvarint(to, e.Position.Minor)
	}
	if e.Position.Partition != 0 {
		flags |= hasPartition
		to = binary.AppendUvarint(to, uint64(e.Position.Partition))
	}
	if len(e.Headers) > 0 {
		flags |= hasHeaders
		to = binary.AppendUvarint(to, uint64(len(e.Headers)))
		for _, h := range e.Headers {
			to = appendText(appendText(to, h.Name), h.Value)
		}
	}
	if e.Size != len(e.Data) {
		flags |= isSized
		to = binary.AppendUvarint(to, uint64(e.Size))
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
	if !typed && e.Type != "" {
		flags |= hasType
		to = appendSpan(to, e.Data, e.Type)
	}
	if e.Problem != "" {
		flags |= hasProblem
		to = appendText(to, e.Problem)
	}
	switch {
	case e.Rejected != "":
		flags |= hasReason | isRejected
		to = appendText(to, e.Rejected)
	case e.Failed != "":
		flags |= hasReason | isFailed
		to = appendText(to, e.Failed)
	}
	return to, flags
}

// appendSpan writes where s lies in data, or s itself when it lies elsewhere.
func appendSpan(to, data []byte, s string) []byte {
	if at := offset(data, s); at >= 0 && at+len(s) <= len(data) {
		return binary.AppendUvarint(binary.AppendUvarint(to, uint64(at)+1), uint64(len(s)))
	}
	return appendText(append(to, 0), s)
}

// offset is where in data s begins, when it is a part of it and not a copy; else -1.
func offset(data []byte, s string) int {
	at := uintptr(unsafe.Pointer(unsafe.StringData(s))) - uintptr(unsafe.Pointer(unsafe.SliceData(data)))
	if len(s) > 0 && at < uintptr(len(data)) {
		return int(at)
	}
	return -1
}

// span reads what appendSpan wrote; it is cut to the part of data that there is.
func (d *decoder) span(data []byte) []byte {
	at := d.uint()
	if at == 0 {
		return d.raw(d.uint())
	}
	from := min(at-1, uint64(len(data)))
	to := min(at-1+d.uint(), uint64(len(data)))
	return data[from:to:to]
}

// changeBytes is the journal of an event, encoded.
func changeBytes(r *record, entry []byte) []byte {
	if r.flags&hasChanges == 0 {
		return nil
	}
	d := decoder{bytes: entry}
	return d.raw(d.uint())
}

// readEntry fills in an event from its entry and payload, sharing their bytes. The payload may lack its end.
func readEntry(r *record, entry, data []byte, e *Event) {
	d := decoder{bytes: entry}
	e.UnixNano, e.Version = r.unixNano, uint64(r.version)
	e.Data = data
	e.Size = int(r.data)
	if r.flags&hasChanges != 0 {
		d.raw(d.uint())
	}
	e.Subject = d.text()
	e.Position = bus.Position{Major: d.uint()}
	if r.flags&hasMinor != 0 {
		e.Position.Minor = d.uint()
	}
	if r.flags&hasPartition != 0 {
		e.Position.Partition = uint32(d.uint())
	}
	if r.flags&hasHeaders != 0 {
		for n := d.uint(); n > 0 && !d.bad; n-- {
			e.Headers = append(e.Headers, bus.Header{Name: d.text(), Value: d.text()})
		}
	}
	if r.flags&isSized != 0 {
		e.Size = int(d.uint())
	}
	if r.flags&hasID != 0 {
		e.ID = view(d.span(e.Data))
	}
	if r.flags&hasBody != 0 {
		e.Body = d.span(e.Data)
		if e.Body == nil {
			e.Body = []byte{}
		}
	}
	if r.flags&hasCorrelation != 0 {
		e.Correlation = view(d.span(e.Data))
	}
	if r.flags&hasType != 0 {
		e.Type = view(d.span(e.Data))
	}
	if r.flags&hasProblem != 0 {
		e.Problem = d.text()
	}
	if r.flags&hasReason != 0 {
		if reason := d.text(); r.flags&isRejected != 0 {
			e.Rejected = reason
		} else {
			e.Failed = reason
		}
	}
}
