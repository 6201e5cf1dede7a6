package deck

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"signalbox/sources"
)

// BenchmarkFrame draws frames of a deck whose events, rates and entities all change between them.
func BenchmarkFrame(b *testing.B) {
	for _, size := range [][2]int{{200, 60}, {120, 36}, {80, 24}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) { benchmarkFrame(b, size[0], size[1], nil) })
	}
	b.Run("200x60_overlay", func(b *testing.B) {
		benchmarkFrame(b, 200, 60, func(m *model) { m.Update(keyPress("?")) })
	})
}

func benchmarkFrame(b *testing.B, width, height int, prepare func(*model)) {
	f := demo()
	m := newModel(context.Background(), Options{Engine: f, Title: "demo", Now: func() time.Time { return noon }})
	m.Panes.Resize(width, height)
	if prepare != nil {
		prepare(m)
	}
	snaps := make([]*sources.Snapshot, 64)
	for i := range snaps {
		for range 30 { // events between two frames
			f.add("deliveries", "PICKUP_PRODUCTS", "delivery", fmt.Sprintf("01HX%02dQ", i%40), `{"purchase_price":10,"quantity":2,"note":"ring twice"}`, "")
		}
		view := sources.View{}
		for _, pane := range m.Panes.All() {
			pane.Want(&m.Deck, &view)
		}
		view.Entity = f.entities[0].Entity
		f.view = view
		for e := range f.entities {
			f.entities[e].Version++
		}
		snaps[i] = f.Snapshot()
	}
	var took []time.Duration
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		m.Time.Renew(snaps[i%len(snaps)])
		m.screen = ""
		i++
		began := time.Now()
		m.View()
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
	b.ReportMetric(float64(took[len(took)-1].Microseconds()), "µs-slowest")
}

// TestFrameIsKept holds that a frame is drawn once for each change and not for each message.
func TestFrameIsKept(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	before := s.screen()
	frames := s.model.frames
	for range 10 {
		s.model.View()
	}
	if s.model.frames != frames {
		t.Errorf("%d frames were drawn with nothing changed", s.model.frames-frames)
	}
	s.key("down").key("up")
	if s.screen() == before {
		t.Error("the frame is the one from before the keys")
	}
}
