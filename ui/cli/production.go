package cli

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"

	"signalbox/bus"
	"signalbox/ui/cli/internal/marks"
	"signalbox/ui/cli/internal/target"
)

// marked are the marks that were found on buses. A bus that was production stays so, whichever server it is led to next.
type marked struct {
	mu  sync.Mutex // guards all, and options.marks once a bus is connected
	all map[bus.Bus]marks.Mark
}

// connect connects to a bus that was named, and finds out whether what is marked as production may be about it.
func (o *options) connect(ctx context.Context, t target.Target, settings bus.Settings) (bus.Bus, error) {
	b, err := t.Connect(ctx, settings)
	if err != nil {
		return nil, err
	}
	info := b.Info()
	o.marked.mu.Lock()
	looked := o.marks.Clone()
	o.marked.mu.Unlock()
	unknown := looked.LookUp(ctx, net.DefaultResolver, info)
	o.marked.mu.Lock()
	o.marks = looked
	o.marked.mu.Unlock()
	if len(unknown) > 0 && !info.Loopback {
		settings.Warn(fmt.Sprintf("%s is marked as production, and its address cannot be found out now: whether it is %s is not known",
			strings.Join(unknown, ", "), info.Name))
	}
	return b, nil
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
