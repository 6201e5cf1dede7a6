package bus

import "errors"

// Packed is the messages of a batch as bytes, to be written to a file. How they are written is fixed: see docs/recordings.md.
type Packed struct {
	Count  int
	Nano   int64  // time of the first message, from which the others are told
	Major  uint64 // of its position, likewise
	Memory []byte // shared with the batch
}

// ErrPacked is the error about bytes that are no messages.
var ErrPacked = errors.New("these are no packed messages")

// Packed are the messages of the batch, as they lie in its memory.
func (b *Batch) Packed() Packed { return Packed{b.count, b.nano, b.major, b.memory} }

// Batch is a batch that shares the memory of packed messages, which may be anybody's: it is ErrPacked where they cannot be
// read to their end.
func (p Packed) Batch() (*Batch, error) {
	c := checker{memory: p.Memory, texts: -1}
	for range p.Count {
		if !c.message() {
			return nil, ErrPacked
		}
	}
	if c.at != len(p.Memory) {
		return nil, ErrPacked
	}
	return p.Own(), nil
}

// Own is Batch of what this process has packed: nothing is checked.
func (p Packed) Own() *Batch {
	return &Batch{memory: p.Memory[:len(p.Memory):len(p.Memory)], count: p.Count, nano: p.Nano, major: p.Major}
}

// mostSize bounds how much larger a payload may be said to have been than what is kept of it.
const mostSize = 1 << 40

// checker goes through messages as Read does, and believes nothing.
type checker struct {
	memory []byte
	at     int
	texts  int // place of the subject written last; -1: none
}

// message goes to the next one.
func (c *checker) message() bool {
	begin := c.at
	if begin >= len(c.memory) {
		return false
	}
	has := c.memory[begin]
	c.at++
	if has >= hasSize<<1 || !c.number(nil) {
		return false
	}
	if has&hasSubject != 0 {
		c.texts = c.at
		if !c.text() {
			return false
		}
	} else if back := uint64(0); !c.number(&back) || c.texts < 0 || back != uint64(begin-c.texts) {
		return false
	}
	for _, part := range []byte{hasMajor, hasMinor, hasPartition, hasSize} {
		n := uint64(0)
		if has&part != 0 && !c.number(&n) || part == hasSize && n > mostSize {
			return false
		}
	}
	return (has&hasHeaders == 0 || c.headers()) && c.text()
}

// headers go to the end of a list of headers, each of two bytes at least.
func (c *checker) headers() bool {
	n := uint64(0)
	if !c.number(&n) || n > uint64(len(c.memory)-c.at)/2 {
		return false
	}
	for range n {
		name := c.text()
		if value := c.text(); !name || !value {
			return false
		}
	}
	return true
}

// text goes to the end of a text, or of a payload.
func (c *checker) text() bool {
	n := uint64(0)
	if !c.number(&n) || n > uint64(len(c.memory)-c.at) {
		return false
	}
	c.at += int(n)
	return true
}

// number goes to the end of a number, of ten bytes at most.
func (c *checker) number(to *uint64) bool {
	n := uint64(0)
	for shift := 0; shift < 70; shift += 7 {
		if c.at == len(c.memory) {
			return false
		}
		b := c.memory[c.at]
		c.at++
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			if to != nil {
				*to = n
			}
			return true
		}
	}
	return false
}
