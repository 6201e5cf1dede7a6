package deck

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
)

// flooded counts the messages about snapshots in three seconds of ten thousand changes a second, at a rate of events.
// Something else is looked at every so often; 0 is never.
func flooded(rate float64, looks time.Duration) (count int, late time.Duration) {
	ctx, cancel := context.WithCancel(context.Background())
	f := demo()
	f.changed, f.base.Intake = make(chan struct{}, 1), rate
	var looked time.Time
	over := make(chan struct{})
	go func() {
		defer close(over)
		pump(ctx, f, func(msg tea.Msg) {
			if _, ok := msg.(snapshotMsg); !ok {
				return
			}
			count++
			if !looked.IsZero() {
				late, looked = max(late, time.Since(looked)), time.Time{}
			}
		})
	}()
	changes := time.NewTicker(100 * time.Microsecond)
	defer changes.Stop()
	view, next := sources.View{}, time.Now().Add(looks)
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); <-changes.C {
		synctest.Wait()
		if looks > 0 && time.Now().After(next) {
			next, looked = time.Now().Add(looks), time.Now()
			view.Serial++
			f.Look(view)
		}
		select {
		case f.changed <- struct{}{}:
		default:
		}
	}
	cancel()
	<-over
	return count, late
}

func TestPumpKeepsToItsFrames(t *testing.T) {
	for _, c := range []struct {
		name        string
		rate        float64
		looks       time.Duration
		least, most int
	}{
		{"few events", 1000, 0, 85, 91},
		{"more than an eye can follow", 500_000, 0, 43, 46},
		{"and keys", 500_000, 50 * time.Millisecond, 58, 110},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				count, late := flooded(c.rate, c.looks)
				if count < c.least || count > c.most {
					t.Errorf("%d snapshots in three seconds, want %d to %d", count, c.least, c.most)
				}
				if late > time.Millisecond {
					t.Errorf("what was looked at came %s late", late)
				}
			})
		})
	}
}
