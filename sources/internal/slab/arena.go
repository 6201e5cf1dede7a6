package slab

import "encoding/binary"

// Arena holds many small blocks of bytes, each with one owner, without a pointer among them. A block lies in a page of
// its size class. When a class has grown sparse the blocks of its emptiest page move to others, so that what is freed in one class
// becomes room for another; the owners of the blocks that move are told.
type Arena struct {
	pages   []arenaPage
	unused  []uint32 // pages without memory
	classes [classes]class
	OnMove  func(owner uint32, block uint32) // is told where an owner's block is now
	Size    int64                            // bytes of all pages
}

type arenaPage struct {
	bytes []byte
	class uint8
	live  uint16
}

// class is the list of free blocks of one size.
type class struct {
	free  uint32 // the first free block, 0 for none
	spare uint32 // how many are free
	total uint32 // how many there are
}

// A block is named by its page and its place there in units of 8 bytes, the page counted from 1. It begins with its
// owner; a free one has freeOwner there, then the free block after it and the one before it.
const (
	PageSize  = 8 << 10
	units     = PageSize / 8
	header    = 4
	MostBlock = 4096 - header
	freeOwner = ^uint32(0)
)

// Alloc finds a block for n bytes, at most MostBlock.
func (a *Arena) Alloc(n int, owner uint32) uint32 {
	c := classOf(n)
	if a.classes[c].free == 0 {
		a.addPage(c)
	}
	block := a.classes[c].free
	a.unlink(block, c)
	a.page(block).live++
	binary.LittleEndian.PutUint32(a.raw(block), owner)
	return block
}

// Release gives a block back.
func (a *Arena) Release(block uint32) {
	page := a.page(block)
	page.live--
	c := page.class
	a.link(block, c)
	class, perPage := &a.classes[c], uint32(PageSize/int(classSizes[c]))
	if class.spare < perPage+perPage/2+class.total/8 {
		return
	}
	if page.live > 0 {
		a.evacuate(a.emptiest(c))
		return
	}
	a.evacuate(block / units)
}

// Bytes are the n bytes of a block, shared with the arena until it changes in any way.
func (a *Arena) Bytes(block uint32, n int) []byte { return a.raw(block)[header : header+n] }

// Fits tells whether n bytes belong into the size class of the block, or into one that is little smaller: a state that
// grows and shrinks by a few bytes stays where it is.
func (a *Arena) Fits(block uint32, n int) bool {
	have, want := a.page(block).class, classOf(n)
	return want <= have && have <= want+2
}

func (a *Arena) page(block uint32) *arenaPage { return &a.pages[block/units-1] }

func (a *Arena) raw(block uint32) []byte { return a.page(block).bytes[block%units*8:] }

func (a *Arena) addPage(c uint8) {
	if len(a.unused) == 0 {
		a.pages = append(a.pages, arenaPage{})
		a.unused = append(a.unused, uint32(len(a.pages)))
	}
	number := a.unused[len(a.unused)-1]
	a.unused = a.unused[:len(a.unused)-1]
	a.pages[number-1] = arenaPage{bytes: make([]byte, PageSize), class: c}
	a.Size += PageSize
	for at := 0; at+int(classSizes[c]) <= PageSize; at += int(classSizes[c]) {
		a.link(number*units+uint32(at/8), c)
		a.classes[c].total++
	}
}

// emptiest finds the page of a class with the fewest live blocks.
func (a *Arena) emptiest(c uint8) uint32 {
	best, live := uint32(0), ^uint16(0)
	for i := range a.pages {
		if page := &a.pages[i]; page.class == c && page.bytes != nil && page.live < live {
			best, live = uint32(i+1), page.live
		}
	}
	return best
}

// evacuate moves the live blocks of a page to other pages of its class and drops it.
func (a *Arena) evacuate(number uint32) {
	page := &a.pages[number-1]
	size := int(classSizes[page.class])
	var live []uint32
	for at := 0; at+size <= PageSize; at += size {
		block := number*units + uint32(at/8)
		if binary.LittleEndian.Uint32(a.raw(block)) == freeOwner {
			a.unlink(block, page.class) // so that none is moved to this page
		} else {
			live = append(live, block)
		}
	}
	for _, from := range live {
		owner := binary.LittleEndian.Uint32(a.raw(from))
		to := a.Alloc(size-header, owner)
		copy(a.raw(to)[header:size], a.raw(from)[header:size])
		a.OnMove(owner, to)
	}
	a.classes[page.class].total -= uint32(PageSize / size)
	a.pages[number-1] = arenaPage{}
	a.Size -= PageSize
	a.unused = append(a.unused, number)
}

func (a *Arena) link(block uint32, c uint8) {
	class := &a.classes[c]
	raw := a.raw(block)
	binary.LittleEndian.PutUint32(raw, freeOwner)
	binary.LittleEndian.PutUint32(raw[4:], class.free)
	binary.LittleEndian.PutUint32(raw[8:], 0)
	if class.free != 0 {
		binary.LittleEndian.PutUint32(a.raw(class.free)[8:], block)
	}
	class.free = block
	class.spare++
}

func (a *Arena) unlink(block uint32, c uint8) {
	raw := a.raw(block)
	next, before := binary.LittleEndian.Uint32(raw[4:]), binary.LittleEndian.Uint32(raw[8:])
	if before == 0 {
		a.classes[c].free = next
	} else {
		binary.LittleEndian.PutUint32(a.raw(before)[4:], next)
	}
	if next != 0 {
		binary.LittleEndian.PutUint32(a.raw(next)[8:], before)
	}
	a.classes[c].spare--
}

// Has tells whether alloc has a block for n bytes without another page.
func (a *Arena) Has(n int) bool { return a.classes[classOf(n)].free != 0 }
