package backlog

import (
	"slices"
	"sync"

	"signalbox/bus"
)

// parcel is a batch with the slab that its messages point into.
type parcel struct {
	batch   *bus.Batch
	headers []bus.Header // of all its messages
	slab    *Slab        // nil once it has been released
	kept    bool         // the slab is somebody else's now
	lends   func() (release func())
}

var parcels sync.Pool

func newParcel() *parcel {
	if p, ok := parcels.Get().(*parcel); ok {
		return p
	}
	p := &parcel{}
	p.batch = bus.NewBatch(0, func(*bus.Batch) { p.release() })
	p.lends = p.keep
	return p
}

// release gives batch and slab back.
func (p *parcel) release() {
	if p.slab == nil {
		return
	}
	p.batch.Reset()
	clear(p.headers)
	p.headers = p.headers[:0]
	if !p.kept {
		p.slab.release()
	}
	p.slab, p.kept = nil, false
	parcels.Put(p)
}

// keep takes the slab out of the parcel.
func (p *parcel) keep() (release func()) {
	p.kept = true
	return p.slab.release
}

// Batch makes a batch of the slab, which points into it. Releasing the batch gives both back for another use.
func (s *Slab) Batch() *bus.Batch {
	p := newParcel()
	p.slab = s
	p.headers = slices.Grow(p.headers, s.headers)
	b := p.batch
	b.Messages = slices.Grow(b.Messages, s.count)
	b.Gaps, b.CaughtUp = s.gaps, s.caughtUp
	b.Lend(s.data, p.lends)
	r := s.reader()
	var subject string
	var nano int64
	for range s.count {
		if n := r.number(); n > 0 {
			subject = r.text(n - 1)
		}
		nano += r.signed()
		m := bus.Message{Subject: subject, UnixNano: nano, Position: bus.Position{Major: r.number(), Minor: r.number()}}
		count := r.number()
		if count&1 != 0 {
			m.Position.Partition = uint32(r.number())
		}
		m.Headers = p.unpack(&r, int(count>>1))
		m.Data = r.bytes(r.number())
		m.Size = len(m.Data) + int(r.number())
		b.Messages = append(b.Messages, m)
	}
	return b
}

// unpack reads the headers of one message.
func (p *parcel) unpack(r *reader, n int) bus.Headers {
	if n == 0 {
		return nil
	}
	from := len(p.headers)
	for range n {
		p.headers = append(p.headers, bus.Header{Name: r.text(r.number()), Value: r.text(r.number())})
	}
	return p.headers[from:len(p.headers):len(p.headers)]
}
