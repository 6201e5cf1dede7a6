package recording

import (
	"sync"

	"signalbox/bus/recording/internal/blocks"
)

// mostCached is how many blocks are kept that were read, for the feeds of other stations: these go on side by side.
const (
	mostCached = 8
	largeBlock = 4 << 20 // is not kept
)

// cache has the blocks that were read last. Any goroutine may use it; one block is read by one of those who want it.
type cache struct {
	blocks *blocks.File

	mu   sync.Mutex
	kept []*cached // the newest last
}

type cached struct {
	head int
	once sync.Once
	body []byte
	err  error
}

// body is what a block holds. Nobody changes it.
func (c *cache) body(head int) ([]byte, error) {
	one := c.find(head)
	one.once.Do(func() { one.body, one.err = c.blocks.Body(&c.blocks.Heads[head]) })
	return one.body, one.err
}

func (c *cache) find(head int) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range c.kept {
		if one.head == head {
			return one
		}
	}
	one := &cached{head: head}
	if c.blocks.Heads[head].Plain() > largeBlock {
		return one
	}
	if len(c.kept) == mostCached {
		c.kept = append(c.kept[:0], c.kept[1:]...)
	}
	c.kept = append(c.kept, one)
	return one
}
