package deck

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
)

// frameTime is the least time between two messages about snapshots that nobody asked for: the deck draws no more than
// thirty of them a second. When so many events come that no eye could follow them, half as many do, and the processor
// is the engine's.
const (
	frameTime = 33 * time.Millisecond
	blurTime  = 2 * frameTime
	blurRate  = 20_000 // messages a second
)

// looks is how often a second Bubble Tea looks whether there is a newer frame to be written: an idle deck pays for each
// look, and a key waits for the next.
const looks = 40

// pump tells the program of newer snapshots and of each second for its clock, until ctx ends. It throttles from the
// first change on, so that a lone event is shown at once; so is the snapshot that answers a look.
func pump(ctx context.Context, source Source, send func(tea.Msg)) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	var answered uint64
	due, paused := false, true
	for {
		select {
		case <-ctx.Done():
			return
		case at := <-clock.C:
			send(tickMsg(at))
			continue
		case <-pause.C:
			paused = false
		case <-source.Changed():
			due = true
		}
		s := source.Snapshot()
		if !due || paused && s.View.Serial == answered {
			continue
		}
		send(snapshotMsg{})
		due, paused, answered = false, true, s.View.Serial
		if s.Intake > blurRate {
			pause.Reset(blurTime)
		} else {
			pause.Reset(frameTime)
		}
	}
}
