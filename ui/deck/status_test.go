package deck

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/scenarios/filter"
	"signalbox/sources"
)

// batchBus has one station, which delivers one batch.
type batchBus struct {
	fakeBus
	station bus.Station
	batch   *bus.Batch
}

func (b *batchBus) Stations(context.Context, ...string) ([]bus.Station, error) {
	return []bus.Station{b.station}, nil
}

func (b *batchBus) Open(context.Context, bus.Station, bus.From) (bus.Feed, error) { return b, nil }

func (b *batchBus) Next(context.Context) (*bus.Batch, error) {
	batch := b.batch
	if b.batch = nil; batch == nil {
		return nil, io.EOF
	}
	batch.CaughtUp, batch.Ended = true, true
	return batch, nil
}

// tenDeliveries is a bus on which ten deliveries were made, the half of which were also collected, and one step of each
// refused.
func tenDeliveries() *batchBus {
	b := &batchBus{fakeBus: *embeddedBus(), batch: bus.NewBatch(bus.FullBatch),
		station: bus.Station{Name: "deliveries", Kind: bus.Stream, Replayable: true, Readable: true}}
	for i := range 10 {
		id := fmt.Sprintf("01M7XA6E%d", i)
		steps := []string{`"CREATE_DELIVERY","data":{"budget":50,"notes":"ring twice"}`, `"START_DELIVERY","data":{}`, `"START_DELIVERY","data":{}`}
		if i%2 == 0 {
			steps = append(steps, `"PICKUP_PRODUCTS","data":{"purchase_price":10,"quantity":2}`)
		}
		for _, step := range steps {
			data := []byte(`{"delivery_id":"` + id + `","type":` + step + `}`)
			b.batch.Add(&bus.Message{Subject: "deliveries." + id, Data: data, Size: len(data), UnixNano: noon.UnixNano(),
				Position: bus.Position{Major: uint64(b.batch.Len() + 1)}})
		}
	}
	return b
}

// What is typed in the deck finds among the events that are held what tail --where finds while they come, although a held
// event is not folded again.
func TestStatusFindsInTheDeckWhatTailFinds(t *testing.T) {
	texts := []string{"status:collected", "status:active", "status:ready", "-status:active", "status:rejected", "status:coll* PICKUP"}
	live := make(map[string][]uint64)
	engine := sources.NewEngine(sources.Options{Domains: scenarios.Builtin().Domains(), Tap: func(e *sources.Event) {
		for _, text := range texts {
			if filter, err := filter.ParseEvents(text); err == nil && filter.Wants(e) {
				live[text] = append(live[text], e.Number)
			}
		}
	}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	over := make(chan error, 1)
	go func() { over <- engine.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-over; err != nil {
			t.Error(err)
		}
	}()
	if err := engine.Attach(ctx, tenDeliveries(), sources.Selection{From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	if err := engine.CaughtUp(ctx); err != nil {
		t.Fatal(err)
	}
	m := newModel(ctx, Options{Engine: engine})
	m.Update(tea.WindowSizeMsg{Width: 160, Height: 60})
	for _, text := range texts {
		m.Update(keyPress("/"))
		m.Update(keyPress("ctrl+u"))
		for _, r := range text {
			m.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
		m.Update(keyPress("enter"))
		found := searched(ctx, t, m, engine)
		if want := live[text]; len(want) == 0 || !slices.Equal(found, want) {
			t.Errorf("%s shows events %v, live it finds %v", text, found, want)
		}
		if info := fmt.Sprintf("%d of 35", len(live[text])); !strings.Contains(checkedScreen(t, m), info) {
			t.Errorf("%s: the screen does not show %q:\n%s", text, info, checkedScreen(t, m))
		}
	}
}

// searched are the numbers of the events that a deck shows once it has been answered.
func searched(ctx context.Context, t *testing.T, m *model, engine *sources.Engine) []uint64 {
	t.Helper()
	for {
		m.Update(snapshotMsg{})
		if s := m.Snapshot(); s.View.Serial == m.asked.Serial && s.Events.Searched == s.Events.Total {
			var numbers []uint64
			for _, e := range s.Events.Rows {
				numbers = append(numbers, e.Number)
			}
			return numbers
		}
		select {
		case <-engine.Changed():
		case <-ctx.Done():
			t.Fatal("the search does not end")
		}
	}
}
