package redisbus

import (
	"sync"

	"signalbox/bus"
)

// Bounds of a batch, and about what one message takes besides its bytes.
const (
	batchMessages = 1024
	batchBytes    = 256 << 10
	messageCost   = 96
)

// parcel is a batch with the memory that its messages point into. Releasing the batch gives both back.
type parcel struct {
	batch *bus.Batch
	arena []byte
	heads bus.Headers
	held  int64 // about what its messages take
	out   bool  // its batch has been handed over
}

var parcels sync.Pool

func newParcel() *parcel {
	if p, ok := parcels.Get().(*parcel); ok {
		return p
	}
	p := &parcel{arena: make([]byte, 0, batchBytes)}
	p.batch = bus.NewBatch(batchMessages, func(*bus.Batch) { p.release() })
	return p
}

// smallParcel is for one message that is kept.
func smallParcel() *parcel { return &parcel{batch: bus.NewBatch(1, nil)} }

func (p *parcel) release() {
	if !p.out {
		return
	}
	p.out, p.held, p.arena = false, 0, p.arena[:0]
	clear(p.heads)
	p.heads = p.heads[:0]
	p.batch.Reset()
	parcels.Put(p)
}

// hand gives the batch to its reader.
func (p *parcel) hand() *bus.Batch {
	p.out = true
	return p.batch
}

func (p *parcel) full() bool {
	return len(p.batch.Messages) == batchMessages || p.held >= batchBytes
}

func (p *parcel) empty() bool { return len(p.batch.Messages) == 0 && len(p.batch.Gaps) == 0 }

// keep copies bytes into the parcel, unless they are memory of their own already.
func (p *parcel) keep(data []byte, own bool) []byte {
	if own {
		return data
	}
	if len(p.arena)+len(data) > cap(p.arena) {
		return append([]byte(nil), data...)
	}
	start := len(p.arena)
	p.arena = append(p.arena, data...)
	return p.arena[start:len(p.arena):len(p.arena)]
}

// add appends a message.
func (p *parcel) add(m bus.Message) {
	p.batch.Messages = append(p.batch.Messages, m)
	p.held += int64(len(m.Data)) + messageCost
}
