package event

import (
	"unsafe"

	"signalbox/bus"
)

// texts are the texts and payloads of events, one after the other.
type texts struct {
	bytes   []byte
	headers []copiedHeader
}

// span is where a text lies.
type span struct{ at, len uint32 }

// copiedTexts is where the texts of an event lie.
type copiedTexts struct {
	data, body, subject, typ, id, correlation  span
	aloneID, problem, status, rejected, failed span
	headers                                    span // in the list of headers
	hasBody                                    bool
}

type copiedHeader struct{ name, value span }

// add copies the texts of an event. The subject that x has is that of another event, or none.
func (t *texts) add(e *Event, x *copiedTexts) {
	x.data = t.text(view(e.Data))
	if x.hasBody = e.Body != nil; x.hasBody {
		x.body = t.part(e, x, view(e.Body))
	}
	x.typ, x.id, x.correlation = t.part(e, x, e.Type), t.part(e, x, e.ID), t.part(e, x, e.Correlation)
	if e.Subject != t.string(x.subject) {
		x.subject = t.text(e.Subject)
	}
	x.aloneID = t.part(e, x, e.AloneID)
	x.problem, x.status, x.rejected, x.failed = t.text(e.Problem), t.text(e.Status), t.text(e.Rejected), t.text(e.Failed)
	x.headers = span{uint32(len(t.headers)), uint32(len(e.Headers))}
	for i := range e.Headers {
		h := &e.Headers[i]
		t.headers = append(t.headers, copiedHeader{t.text(h.Name), t.text(h.Value)})
	}
}

// text copies a text.
func (t *texts) text(s string) span {
	if s == "" {
		return span{}
	}
	at := len(t.bytes)
	t.bytes = append(t.bytes, s...)
	return span{uint32(at), uint32(len(s))}
}

// part is the same part of the copied payload as of the event's, where a text is a part of it.
func (t *texts) part(e *Event, x *copiedTexts, s string) span {
	if s == "" {
		return span{}
	}
	at := uintptr(unsafe.Pointer(unsafe.StringData(s))) - uintptr(unsafe.Pointer(unsafe.SliceData(e.Data)))
	if at < uintptr(len(e.Data)) && at+uintptr(len(s)) <= uintptr(len(e.Data)) {
		return span{x.data.at + uint32(at), uint32(len(s))}
	}
	return t.text(s)
}

// read fills in the texts of an event.
func (t *texts) read(x *copiedTexts, e *Event) {
	e.Data, e.Body = t.slice(x.data), nil
	if x.hasBody {
		if e.Body = t.slice(x.body); e.Body == nil {
			e.Body = []byte{}
		}
	}
	e.Subject, e.Type, e.ID, e.Correlation = t.string(x.subject), t.string(x.typ), t.string(x.id), t.string(x.correlation)
	e.AloneID, e.Problem, e.Status = t.string(x.aloneID), t.string(x.problem), t.string(x.status)
	e.Rejected, e.Failed = t.string(x.rejected), t.string(x.failed)
	e.Headers = e.Headers[:0]
	for _, h := range t.headers[x.headers.at:][:x.headers.len] {
		e.Headers = append(e.Headers, bus.Header{Name: t.string(h.name), Value: t.string(h.value)})
	}
}

func (t *texts) slice(s span) []byte {
	end := s.at + s.len
	return t.bytes[s.at:end:end]
}

func (t *texts) string(s span) string { return view(t.slice(s)) }

// view is bytes as a text that shares them.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
