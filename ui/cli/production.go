package cli

import (
	"sync"

	"signalbox/bus"
	"signalbox/ui/cli/internal/marks"
	"signalbox/ui/cli/internal/target"
)

// marked are the marks that were found on buses. A bus that was production stays so, whichever server it is led to next.
type marked struct {
	mu  sync.Mutex
	all map[bus.Bus]marks.Mark
}

// production is the mark of a bus, which was named as t. Any goroutine may call it.
func (o *options) production(b bus.Bus, t target.Target) marks.Mark {
	o.marked.mu.Lock()
	defer o.marked.mu.Unlock()
	if m, known := o.marked.all[b]; known {
		return m
	}
	m := o.marks.Of(t.Context, b.Info())
	if !m.IsZero() {
		if o.marked.all == nil {
			o.marked.all = map[bus.Bus]marks.Mark{}
		}
		o.marked.all[b] = m
	}
	return m
}
