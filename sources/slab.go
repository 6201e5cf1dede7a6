package sources

import "unsafe"

// slab holds records without pointers in pages: growing never copies, and the garbage collector never looks inside.
type slab[T any] struct {
	pages []*[slabPage]T
	n     uint32
}

const slabPage = 256

// at finds a record that grow has made.
func (s *slab[T]) at(i uint32) *T { return &s.pages[i/slabPage][i%slabPage] }

// grow makes one more record and returns its index.
func (s *slab[T]) grow() uint32 {
	if s.n%slabPage == 0 {
		s.pages = append(s.pages, new([slabPage]T))
	}
	s.n++
	return s.n - 1
}

// bytes is what the slab holds.
func (s *slab[T]) bytes() int64 {
	return int64(len(s.pages)) * int64(unsafe.Sizeof([slabPage]T{})+unsafe.Sizeof(s.pages[0]))
}
