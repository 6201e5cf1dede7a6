// Package slab keeps many small records and blocks of bytes in pages without pointers, so that the garbage collector need
// not look inside, however many there are: Slab and Index for records of one size, Arena for bytes.
//
// They are for one goroutine. What they hand out is shared with them until they are changed.
package slab

import "unsafe"

// Slab holds records without pointers in pages: growing never copies, and the garbage collector never looks inside.
type Slab[T any] struct {
	pages []*[slabPage]T
	n     uint32
}

const slabPage = 256

// At finds a record that grow has made.
func (s *Slab[T]) At(i uint32) *T { return &s.pages[i/slabPage][i%slabPage] }

// grow makes one more record and returns its index.
func (s *Slab[T]) grow() uint32 {
	if s.n%slabPage == 0 {
		s.pages = append(s.pages, new([slabPage]T))
	}
	s.n++
	return s.n - 1
}

// Len is how many records were made, unused ones included: they are at 0 up to Len.
func (s *Slab[T]) Len() uint32 { return s.n }

// bytes is what the slab holds.
func (s *Slab[T]) bytes() int64 {
	return int64(len(s.pages)) * int64(unsafe.Sizeof([slabPage]T{})+unsafe.Sizeof(s.pages[0]))
}
