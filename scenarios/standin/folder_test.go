package standin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/state"
)

// wordDomain understands "KIND TYPE ID NAME…", with "-" for no ID; an event without an ID may stand for a kind of its own.
type wordDomain map[string]*state.Kind

func (d wordDomain) kind(name string) *state.Kind {
	if d[name] == nil {
		d[name] = state.NewKind(name, "sum")
	}
	return d[name]
}

func (d wordDomain) Understand(e *sources.Event) {
	words := strings.Fields(string(e.Data))
	e.Kind, e.Type, e.ID, e.Fold = d.kind(words[0]), words[1], words[2], wordFold{}
	if e.Names = words[3:]; e.ID == "-" {
		e.ID, e.AloneKind, e.AloneID = "", d.kind("alone"), strings.Join(words[3:], "")
	}
}

type wordFold struct{}

func (wordFold) Apply(e *sources.Event, s *state.State) (string, error) {
	sum, _ := s.Get(1).Int()
	s.Set(1, state.IntValue(sum+1))
	s.Set(0, state.TextValue(e.Type))
	switch e.Type {
	case "REFUSE":
		return fmt.Sprintf("refused at %d", sum), nil
	case "FAIL":
		return "", errors.New("failed")
	case "PANIC":
		panic("as told")
	}
	return "", nil
}

// oneStation is a bus with one station, which delivers one batch.
type oneStation struct {
	bus.Bus
	batch *bus.Batch
}

func (s *oneStation) Info() bus.Info             { return bus.Info{Name: "one", Link: bus.Live} }
func (s *oneStation) Notices() <-chan bus.Notice { return nil }
func (s *oneStation) Close() error               { return nil }

func (s *oneStation) Stations(context.Context, ...string) ([]bus.Station, error) {
	return []bus.Station{{Name: "s", Kind: bus.Stream, Readable: true, Replayable: true}}, nil
}

func (s *oneStation) Open(context.Context, bus.Station, bus.From) (bus.Feed, error) { return s, nil }

func (s *oneStation) Next(context.Context) (*bus.Batch, error) {
	b := s.batch
	if s.batch = nil; b == nil {
		return nil, io.EOF
	}
	b.CaughtUp, b.Ended = true, true
	return b, nil
}

// outcomeOf is what is to be the same of an event wherever it is folded.
func outcomeOf(e *sources.Event) string {
	return fmt.Sprint(e.Entity(), e.Version, e.Status, e.Rejected, e.Failed)
}

// Whatever the events, a stand-in finds the same entities as the engine does and comes to the same outcomes.
func TestStandInsFoldAsTheEngineDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var payloads []string
		name := rapid.SampledFrom([]string{"x", "y", "z"})
		for range rapid.IntRange(1, 20).Draw(t, "events") {
			words := []string{
				rapid.SampledFrom([]string{"cart", "order"}).Draw(t, "kind"),
				rapid.SampledFrom([]string{"SET", "SET", "REFUSE", "FAIL", "PANIC"}).Draw(t, "type"),
				rapid.SampledFrom([]string{"1", "2", "-", "-"}).Draw(t, "id"),
			}
			payloads = append(payloads, strings.Join(append(words, rapid.SliceOfN(name, 0, 2).Draw(t, "names")...), " "))
		}
		s, domain, f := &oneStation{batch: bus.NewBatch(bus.FullBatch)}, wordDomain{}, newFolder(nil)
		var played []string
		for i, data := range payloads {
			s.batch.Add(&bus.Message{Subject: "s", Data: []byte(data), Size: len(data), Position: bus.Position{Major: uint64(i + 1)}})
			e := sources.Event{Received: sources.Received{Data: []byte(data)}}
			domain.Understand(&e)
			f.apply(&e)
			f.settle(true)
			played = append(played, outcomeOf(&e))
		}
		var live []string
		engine := sources.NewEngine(sources.Options{Domains: wordDomain{}, Tap: func(e *sources.Event) { live = append(live, outcomeOf(e)) }})
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- engine.Run(ctx) }()
		err := errors.Join(engine.Attach(ctx, s, sources.Selection{From: bus.From{Start: bus.FromAll}}), engine.CaughtUp(ctx))
		stop()
		if err := errors.Join(err, <-done); err != nil {
			t.Fatal(err)
		}
		for i, data := range payloads {
			if live[i] != played[i] {
				t.Fatalf("%q: the engine says %s, the stand-in %s; of %q", data, live[i], played[i], payloads)
			}
		}
	})
}

// A stand-in that lets states go of which there is no copy knows it; one that keeps copies loses nothing.
func TestStandInsSayThatStatesAreLetGo(t *testing.T) {
	none := func(*sources.Event) []byte { return nil }
	for _, c := range []struct {
		entities int
		load     func(*sources.Event) []byte
		full     bool
	}{{maxFolded, nil, false}, {maxFolded + 1, nil, true}, {maxFolded + 1, none, false}} {
		domain, f := wordDomain{}, newFolder(c.load)
		for i := range c.entities {
			e := sources.Event{Received: sources.Received{Data: fmt.Appendf(nil, "cart SET %d", i)}}
			domain.Understand(&e)
			f.apply(&e)
			f.settle(true)
		}
		if f.full != c.full || len(f.states) > maxFolded {
			t.Errorf("of %d, with copies %t: it let states go: %t, and has %d", c.entities, c.load != nil, f.full, len(f.states))
		}
	}
}
