package sources

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"signalbox/sources/state"
)

// statesOf writes the states of an event, and which fields it changed.
func statesOf(e *Event) string {
	s := e.Past.States(e)
	if s == nil {
		return "none"
	}
	fieldsOf := func(values []state.Value, unknown bool) map[string]string {
		if unknown {
			return map[string]string{"unknown": "yes"}
		}
		fields := map[string]string{}
		for slot, v := range values {
			if v.Kind() != state.Absent {
				flatten(fields, e.Kind.Field(slot), v)
			}
		}
		return fields
	}
	changed := map[string]bool{}
	for slot := range e.Kind.Len() {
		if s.Changed(slot) {
			changed[e.Kind.Field(slot)] = true
		}
	}
	return fmt.Sprint(fieldsOf(s.Before(), s.NoBefore), fieldsOf(s.After, s.NoAfter), changed)
}

// The states before and after an event are those of folding anew up to it: as it is taken in, whether events are held or
// not, and long after, in whatever order is asked.
func TestStatesOfEventsAreRefolds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := model{}
		trees := rapid.Bool().Draw(rt, "trees")
		for range rapid.IntRange(1, 30).Draw(rt, "events") {
			m.texts = append(m.texts, drawText(rt, trees))
		}
		o := Options{}
		if rapid.Bool().Draw(rt, "nothing held") {
			o = Options{States: true, Events: HoldNone}
		}
		live := map[uint64]string{}
		o.Tap = func(e *Event) { live[e.Number] = statesOf(e) }
		e, ctx := running(rt, o)
		b := newMemoryBus("s")
		attach(ctx, rt, e, b)
		b.texts(ctx, rt, e, "s", m.texts...)
		want := map[uint64]string{}
		for i, text := range m.texts {
			want[uint64(i+1)] = m.states(text, uint64(i+1))
		}
		if err := e.requests.do(ctx, func() {}); err != nil {
			rt.Fatal(err)
		}
		if !maps.Equal(live, want) {
			rt.Fatalf("as they came: %v\nwant %v", live, want)
		}
		if o.Events == HoldNone {
			return
		}
		order := rapid.SliceOfN(rapid.Uint64Range(1, uint64(len(m.texts))), 1, 60).Draw(rt, "order")
		if rapid.Bool().Draw(rt, "backwards") {
			order = nil
			for number := len(m.texts); number > 0; number-- {
				order = append(order, uint64(number))
			}
		}
		if err := e.requests.do(ctx, func() {
			ev := Event{Past: e.store.Past()}
			for _, number := range order {
				e.store.Read(number, e.store.Window.Get(number), &ev)
				if got := statesOf(&ev); got != want[number] {
					rt.Errorf("event %d, %q: %s, want %s", number, m.texts[number-1], got, want[number])
				}
			}
		}); err != nil {
			rt.Fatal(err)
		}
	})
}

// states is what statesOf says of an event, found by folding twice.
func (m *model) states(text string, number uint64) string {
	id := strings.Fields(text)[2]
	after := m.fold(id, 0, number)
	before := &modelState{fields: map[string]string{}}
	if number > 1 {
		if s := m.fold(id, 0, number-1); s != nil {
			before = s
		}
	}
	changed := map[string]bool{}
	for name, value := range after.fields {
		if before.fields[name] != value {
			changed[strings.Split(name, ".")[0]] = true
		}
	}
	for name := range before.fields {
		if _, have := after.fields[name]; !have {
			changed[strings.Split(name, ".")[0]] = true
		}
	}
	return fmt.Sprint(before.fields, after.fields, changed)
}
