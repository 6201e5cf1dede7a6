package truth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/state"
)

// known is an engine that has some entities and has seen all of their events.
type known []sources.EntityRow

func (k known) Entities(_ context.Context, _ string, filter *sources.EntityFilter) ([]sources.EntityRow, error) {
	if filter != nil {
		return nil, nil // what only copies know has no events
	}
	return k, nil
}

func (k known) Knows(context.Context, string) (sources.Knowledge, error) {
	return sources.Knowledge{All: true}, nil
}

// store keeps copies under the paths d:0, d:1 and so on.
type store int

func (s store) CopyStore() string { return "redis" }

func (s store) Copies(_ context.Context, paths []string) ([]bus.Copied, error) {
	if len(paths) > bus.CopiesAtOnce {
		return nil, errors.New("it is asked for too many at once")
	}
	out := make([]bus.Copied, len(paths))
	for i := range out {
		out[i] = bus.Copied{Kept: true}
	}
	return out, nil
}

func (s store) CopyPaths(_ context.Context, _, _ string, yield func(string) bool) error {
	for i := range 2 * int(s) { // each comes twice
		if !yield(fmt.Sprintf("d:%d", i/2)) {
			return nil
		}
	}
	return nil
}

// No more copies than there is room for are taken to be without events, and a report says that there are more.
func TestCopiesWithoutEventsHaveABound(t *testing.T) {
	place, _ := ParsePlace("delivery", "redis", "d:{id}")
	for _, c := range []struct {
		copies, alone int
		more          bool
	}{{3, 2, false}, {MostAlone + 1, MostAlone, false}, {MostAlone + 2, MostAlone, true}} {
		engine := known{{Entity: sources.Entity{Kind: "delivery", ID: "1"}}} // no event of it was accepted: it has no copy of its own
		check := Check{Place: &place, Engine: engine, Copies: store(c.copies)}
		report, err := check.Run(t.Context())
		if err != nil || len(report.Drifts) != c.alone || report.More != c.more {
			t.Errorf("of %d copies %d are alone, and more: %v, %v; want %d, %v", c.copies, len(report.Drifts), report.More, err, c.alone, c.more)
		}
	}
}

// Fields that are too many to be told are counted.
func TestFieldsThatDifferAreCounted(t *testing.T) {
	place, _ := ParsePlace("delivery", "redis", "d:{id}")
	row := sources.EntityRow{Entity: sources.Entity{Kind: "delivery", ID: "1"}}
	other := map[string]int{}
	for i := range mostFields + 3 {
		name := fmt.Sprintf("f%d", i)
		row.Fields = append(row.Fields, state.Field{Name: name, Value: state.IntValue(1)})
		other[name] = 2
	}
	data, err := json.Marshal(other)
	if err != nil {
		t.Fatal(err)
	}
	d, differs := place.Compare(&row, bus.Copied{Kept: true, Data: data, Size: len(data)}, nil)
	if !differs || len(d.Fields) != mostFields || d.Others != 3 || !strings.HasSuffix(d.String(), ", and 3 more") {
		t.Errorf("%d fields, %d others: %s", len(d.Fields), d.Others, d.String())
	}
}
