package sources

import (
	"context"
	"testing"
	"time"

	"signalbox/bus"
)

// historian is a bus that knows how it was.
type historian struct {
	*memoryBus
	past []bus.Figures
}

func (h *historian) History(_ context.Context, yield func(bus.Figures) bool) error {
	for _, f := range h.past {
		if !yield(f) {
			break
		}
	}
	return nil
}

// Of a bus that knows how it was, any moment is shown with its stations and consumers as they were; and now as they were at last.
func TestRecalled(t *testing.T) {
	h := &historian{memoryBus: newMemoryBus()}
	h.add(bus.Station{Name: "s", Kind: bus.Stream, Readable: true, Replayable: true, Messages: 3, Last: bus.Position{Major: 3}})
	for i := range 3 {
		second := time.Unix(int64(1000+10*i), 0)
		h.past = append(h.past, bus.Figures{Time: second, Stations: []bus.Station{{Name: "s", Kind: bus.Stream, Messages: uint64(100 + i)}, {Name: "not wanted"}},
			Consumers: []bus.Consumer{{Station: "s", Name: "courier", Lag: int64(10 * i)}}})
	}
	e, ctx := running(t, Options{})
	if err := e.Attach(ctx, h, Selection{Names: []string{"s"}, From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	last := batchOf(message(1001, "thing SET a status=1"), message(1012, "thing SET a status=2"), message(1021, "thing SET a status=3"))
	last.CaughtUp = true
	h.send(ctx, t, e, "s", last)
	for at, want := range map[uint64]int64{1: 0, 2: 10, 3: 20} {
		s := looks(ctx, t, e, View{At: at}, func(s *Snapshot) bool { return s.Then != nil })
		if len(s.Consumers) != 1 || s.Consumers[0].Lag != want || s.Stations[0].Station.Messages != uint64(100+want/10) || len(s.Stations) != 1 {
			t.Errorf("after event %d: %+v, %+v", at, s.Consumers, s.Stations)
		}
	}
	if s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Then == nil }); len(s.Consumers) != 1 || s.Consumers[0].Lag != 20 || s.Stations[0].Station.Messages != 3 {
		t.Errorf("now: %+v, %+v", s.Consumers, s.Stations)
	}
}
