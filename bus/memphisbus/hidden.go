package memphisbus

import (
	"context"
	"fmt"
	"sync/atomic"

	"signalbox/bus"
)

// hidden is whether it was told what is hidden.
type hidden struct{ told atomic.Bool }

// tellHidden tells once how many streams are hidden because they are Memphis's own.
func (b *Bus) tellHidden(ctx context.Context) {
	if b.hidden.told.Swap(true) {
		return
	}
	n, err := b.stations.Hidden(ctx)
	if err != nil {
		b.hidden.told.Store(false)
		return
	}
	if n > 0 {
		b.notices.Add(bus.Say, "", "%s", hiddenText(n))
	}
}

func hiddenText(n int) string {
	if n == 1 {
		return "1 stream of Memphis's own ($memphis…) is hidden"
	}
	return fmt.Sprintf("%d streams of Memphis's own ($memphis…) are hidden", n)
}
