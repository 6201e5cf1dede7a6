package effects

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/state"
)

// event is one that came so many milliseconds after the beginning.
func event(number uint64, milli int64, kind, id, data string, headers ...string) *sources.Event {
	e := &sources.Event{}
	e.Number, e.UnixNano, e.ID, e.Data = number, milli*1e6, id, []byte(data)
	if kind != "" {
		e.Kind = kinds[kind]
	}
	for i := 0; i < len(headers); i += 2 {
		e.Headers = append(e.Headers, bus.Header{Name: headers[i], Value: headers[i+1]})
	}
	return e
}

// found is a search's tree as text: each event with its depth, tie and what ties it.
func found(s *Search) (lines []string) {
	all, _ := s.All()
	for _, x := range all {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s%d %s %s", strings.Repeat(".", x.Depth), x.Event.Number, x.Tie, x.By)))
	}
	return lines
}

func TestWhatFollows(t *testing.T) {
	correlated := func(e *sources.Event, id string) *sources.Event {
		e.Correlation = id
		return e
	}
	tests := []struct {
		name   string
		events []*sources.Event
		want   []string
	}{
		{"a cause is named by a header, whatever its letters", []*sources.Event{
			event(1, 0, "", "", `{}`, "ce-id", "e-1"),
			event(2, 90_000, "", "", `{}`, "causation-id", "e-1", "ce-id", "e-2"),
			event(3, 95_000, "", "", `{}`, "Causation-Id", "e-2"),
			event(4, 96_000, "", "", `{}`, "Causation-Id", "e-9"),
		}, []string{"1", ".2 caused Causation-Id", "..3 caused Causation-Id"}},
		{"a cause is named by a member", []*sources.Event{
			event(1, 0, "", "", `{"id":"c-7"}`), event(2, 1, "", "", `{"id":"x","command_id":"c-7"}`),
		}, []string{"1", ".2 caused data.command_id"}},
		{"a correlation holds at any time", []*sources.Event{
			correlated(event(1, 0, "", "", `{}`), "s"), correlated(event(2, 3_600_000, "", "", `{}`), "s"), correlated(event(3, 3_600_001, "", "", `{}`), "other"),
		}, []string{"1", ".2 correlated correlation"}},
		{"the same entity, soon", []*sources.Event{
			event(1, 0, "order", "o-1", `{}`), event(2, 10_000, "order", "o-1", `{}`), event(3, 10_001, "order", "o-1", `{}`), event(4, 20, "order", "o-2", `{}`),
		}, []string{"1", ".2 inferred order"}},
		{"an id of something else leads to the event that brought it", []*sources.Event{
			event(1, 0, "order", "c-7", `{"id":"c-7"}`), event(2, 1, "order", "c-7", `{"command_id":"c-7","order_id":"o-17"}`),
			event(3, 2, "order", "c-7", `{"order_id":"o-17"}`), event(4, 3, "parcel", "p", `{"orderId":"o-17"}`),
		}, []string{"1", ".2 caused data.command_id", "..3 inferred data.order_id", "..4 inferred data.orderId"}},
		{"a short number is in many events", []*sources.Event{
			event(1, 0, "", "", `{"user_id":7}`), event(2, 1, "", "", `{"user_id":7}`),
		}, []string{"1"}},
		{"what came before counts for nothing", []*sources.Event{
			event(5, 0, "order", "o-1", `{}`), event(4, 0, "order", "o-1", `{}`), event(6, -1, "order", "o-1", `{}`),
		}, []string{"5"}},
	}
	for _, test := range tests {
		s := New(test.events[0], 10*time.Second)
		for _, e := range test.events[1:] {
			s.See(e)
		}
		if diff := cmp.Diff(test.want, found(s)); diff != "" {
			t.Errorf("%s:\n%s", test.name, diff)
		}
	}
}

func TestManyEffectsAreCounted(t *testing.T) {
	s := New(event(1, 0, "order", "o-1", `{}`), time.Second)
	for n := range uint64(MostEffects + 10) {
		s.See(event(n+2, 1, "order", "o-1", `{}`))
	}
	if all, more := s.All(); len(all) != MostEffects || more != 11 {
		t.Errorf("%d events and %d more, want %d and 11", len(all), more, MostEffects)
	}
}

func TestEntitiesAreThoseOfTheNewestEvents(t *testing.T) {
	s := New(event(1, 0, "order", "o-1", `{}`), time.Second)
	s.See(event(2, 1, "parcel", "p-1", `{"order_id":"o-1"}`))
	s.See(event(3, 2, "order", "o-1", `{}`))
	all, _ := s.All()
	var got []string
	for _, e := range Entities(all) {
		got = append(got, fmt.Sprint(e.Entity(), " ", e.Number))
	}
	if diff := cmp.Diff([]string{"order/o-1 3"}, got); diff != "" {
		t.Error(diff)
	}
}

// Whatever a payload is, looking for ties in it neither panics nor ties it to nothing.
func FuzzTies(f *testing.F) {
	f.Add([]byte(`{"id":"a-1","x_id":1e400,"y":[{"id":2}]}`), []byte(`{"x_id":"a-1"}`))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		s := New(event(1, 0, "", "", string(first)), time.Second)
		s.See(event(2, 1, "", "", string(second)))
		if all, more := s.All(); more != 0 || len(all) > 1 && (all[1].Of != 0 || all[1].By == "") {
			t.Errorf("%+v", all)
		}
	})
}

var kinds = map[string]*state.Kind{"order": state.NewKind("order"), "parcel": state.NewKind("parcel")}
