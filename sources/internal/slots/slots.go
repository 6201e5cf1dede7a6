// Package slots is a set of entities by their slots.
package slots

import (
	"iter"
	"math/bits"
)

// Set is a set of slots. Its zero value is empty.
type Set struct {
	words []uint64
	n     int
}

// Put puts a slot in, or takes it out.
func (s *Set) Put(slot uint32, in bool) {
	word, bit := int(slot/64), uint64(1)<<(slot%64)
	if word >= len(s.words) {
		if !in {
			return
		}
		s.words = append(s.words, make([]uint64, word+1-len(s.words))...)
	}
	switch was := s.words[word]&bit != 0; {
	case in && !was:
		s.words[word] |= bit
		s.n++
	case !in && was:
		s.words[word] &^= bit
		s.n--
	}
}

// Has tells whether a slot is in.
func (s *Set) Has(slot uint32) bool {
	word := int(slot / 64)
	return word < len(s.words) && s.words[word]&(1<<(slot%64)) != 0
}

// Len is how many there are.
func (s *Set) Len() int { return s.n }

// All are the slots.
func (s *Set) All() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i, word := range s.words {
			for ; word != 0; word &= word - 1 {
				if !yield(uint32(i*64 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}
