package lists

import (
	"iter"
	"math/bits"
)

// slots is a set of entities by their slots.
type slots struct {
	words []uint64
	n     int
}

// set puts a slot in, or takes it out.
func (s *slots) set(slot uint32, in bool) {
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

// all are the slots.
func (s *slots) all() iter.Seq[uint32] {
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
