package deck

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
)

// frameTime is the least time between two messages about snapshots: the deck draws no more than thirty frames a second.
const frameTime = 33 * time.Millisecond

// pump tells the program of newer snapshots, at most once a frame, and of each second for its clock, until ctx ends. It
// throttles from the first change on, so that a lone event is shown at once.
func pump(ctx context.Context, changed <-chan struct{}, send func(tea.Msg)) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
		select {
		case <-ctx.Done():
			return
		case at := <-clock.C:
			send(tickMsg(at))
		case <-changed:
			send(snapshotMsg{})
		}
		pause.Reset(frameTime)
	}
}
