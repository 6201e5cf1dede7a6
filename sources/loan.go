package sources

import (
	"encoding/binary"

	"signalbox/bus"
)

// loan is memory of a feed's batch that the window keeps for the payloads in it, so that they need not be copied: under a
// flood that would be the dearest part of keeping an event. It is given back when the last chunk with one of them leaves.
type loan struct {
	memory  []byte
	release func()
	reading bool   // its batch is being taken in
	chunk   *chunk // the newest that needs it, nil when there is none
	place   int    // in its loans
}

// What is worth it. A reference is a place in the loans of a chunk and one in the memory, see refer.
const (
	leastLoan = 32 << 10
	mostLoan  = 1 << refBits
	refBits   = 18
	refSize   = 4
)

// mostBorrowed bounds the loans of a chunk, in pages: large payloads leave a page nearly empty, and what is held is
// looked at when a chunk is opened.
const mostBorrowed = 8

// borrow keeps the memory of a batch, which is to be taken in now, when little of it is anything but payload.
func (w *window) borrow(b *bus.Batch) *loan {
	size := cap(b.Memory())
	if size < leastLoan || size > min(mostLoan, w.pageSize) {
		return nil
	}
	payload := 0
	for i := range b.Messages {
		payload += len(b.Messages[i].Data)
	}
	if payload < size-size/4 {
		return nil
	}
	l := &loan{memory: b.Memory(), reading: true}
	l.release = b.Keep()
	return l
}

// settle ends the taking in of a feed's batch.
func (w *window) settle(f *feed) {
	w.loan = nil
	if l := f.loan; l != nil {
		if l.reading = false; l.chunk == nil {
			l.release()
		}
		f.loan = nil
	}
}

// refer makes a reference to what lies at a place of a loan.
func (w *window) refer(c *chunk, l *loan, at int) uint32 {
	if l.chunk != c {
		if l.chunk == nil {
			w.held += int64(cap(l.memory))
		}
		l.chunk, l.place = c, len(c.loans)
		c.loans = append(c.loans, l)
		c.borrowed += cap(l.memory)
	}
	return uint32(l.place)<<refBits | uint32(at)
}

// lent is what a reference leads to.
func (c *chunk) lent(reference []byte, size uint32) []byte {
	ref := binary.LittleEndian.Uint32(reference)
	at := ref % mostLoan
	return c.loans[ref>>refBits].memory[at : at+size : at+size]
}

// repay gives back what no other chunk needs.
func (w *window) repay(c *chunk) {
	for _, l := range c.loans {
		if l.chunk != c {
			continue
		}
		w.held -= int64(cap(l.memory))
		if l.chunk = nil; !l.reading {
			l.release()
		}
	}
	clear(c.loans)
	c.loans, c.borrowed = c.loans[:0], 0
}
