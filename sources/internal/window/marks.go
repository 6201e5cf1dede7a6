package window

import "math/bits"

// mark says whether the event at i is one that the search wants.
func (c *chunk) mark(search uint64, i int, wanted bool) {
	if c.search != search {
		c.search, c.marked = search, 0
		clear(c.marks)
	}
	for len(c.marks) <= i/64 {
		c.marks = append(c.marks, 0)
	}
	switch was := c.marks[i/64]&(1<<(i%64)) != 0; {
	case wanted && !was:
		c.marks[i/64] |= 1 << (i % 64)
		c.marked++
	case !wanted && was:
		c.marks[i/64] &^= 1 << (i % 64)
		c.marked--
	}
}

// found is how many marks of the search there are.
func (c *chunk) found(search uint64) int {
	if c.search != search {
		return 0
	}
	return c.marked
}

// rank is how many marks lie before i.
func (c *chunk) rank(search uint64, i int) int {
	n := 0
	if c.search == search {
		for w := 0; w < len(c.marks) && w <= i/64; w++ {
			word := c.marks[w]
			if w == i/64 {
				word &= 1<<(i%64) - 1
			}
			n += bits.OnesCount64(word)
		}
	}
	return n
}

// nth is the place of the mark with that rank.
func (c *chunk) nth(rank int) int {
	for w, word := range c.marks {
		if n := bits.OnesCount64(word); rank >= n {
			rank -= n
			continue
		}
		for ; rank > 0; rank-- {
			word &= word - 1
		}
		return w*64 + bits.TrailingZeros64(word)
	}
	return -1
}
