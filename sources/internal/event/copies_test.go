package event

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"signalbox/bus"
	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// anyCopied makes an event of texts and payloads of which some lie in others, as the engine's do, and overwrites them.
func anyCopied(t *rapid.T) (*Event, func()) {
	memory := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "memory")
	piece := func(label string) []byte {
		from := rapid.IntRange(0, len(memory)).Draw(t, label)
		return memory[from:rapid.IntRange(from, len(memory)).Draw(t, label+" to")]
	}
	text := func(label string) string { return packed.String(piece(label)) }
	e := &Event{
		Received:   Received{Number: 7, Station: "s", Subject: text("subject"), Data: piece("data")},
		Understood: Understood{Type: text("type"), ID: text("id"), AloneID: text("alone"), Correlation: text("correlation"), Problem: text("problem")},
		Outcome:    Outcome{Version: 3, Rejected: text("rejected"), Failed: text("failed")},
	}
	e.Undecodable, e.Partial = rapid.Bool().Draw(t, "undecodable"), rapid.Bool().Draw(t, "partial")
	if rapid.Bool().Draw(t, "has a body") {
		e.Body = piece("body")
	}
	for range rapid.IntRange(0, 3).Draw(t, "headers") {
		e.Headers = append(e.Headers, bus.Header{Name: text("name"), Value: text("value")})
	}
	return e, func() {
		for i := range memory {
			memory[i] ^= 0xff
		}
	}
}

// describeEvent writes all that a copy must keep.
func describeEvent(e *Event) string {
	return fmt.Sprintf("%d %q %q %q %q %t %q %q %q %q %q %d %q %q %q %t %t", e.Number, e.Station, e.Subject, e.Data, e.Body, e.Body == nil, e.Headers,
		e.Type, e.ID, e.AloneID, e.Correlation, e.Version, e.Problem, e.Rejected, e.Failed,
		e.Undecodable, e.Partial)
}

// Copies stay as the events were, whatever becomes of the memory in which those lay.
func TestCopiesStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c Copies
		for range 2 { // the second time in memory that is used again
			c.Reset()
			var want []string
			for range rapid.IntRange(1, 20).Draw(t, "events") {
				e, overwrite := anyCopied(t)
				c.Add(e)
				want = append(want, describeEvent(e))
				clone := e.Clone()
				overwrite()
				if diff := cmp.Diff(want[len(want)-1], describeEvent(clone)); diff != "" {
					t.Fatalf("a clone changed:\n%s", diff)
				}
			}
			var copied Event
			for i := range c.Len() {
				c.Read(i, &copied)
				if diff := cmp.Diff(want[i], describeEvent(&copied)); diff != "" {
					t.Fatalf("copy %d changed:\n%s", i, diff)
				}
			}
		}
	})
}

// A copy has all of an event but what leads to its entity and its next state, whatever fields events are given.
func TestCopiesKeepAllFields(t *testing.T) {
	e := Event{
		Received:   Received{Traits: &bus.Traits{}, Position: bus.Position{Major: 1}, Headers: bus.Headers{{Name: "a", Value: "b"}}},
		Understood: Understood{Kind: state.NewKind("delivery"), AloneKind: state.NewKind("parcel")},
	}
	leftOut := []string{"Names", "Fold", "Changes"}
	var c Copies
	var copied Event
	parts := func(e *Event) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(&e.Received).Elem(), reflect.ValueOf(&e.Understood).Elem(), reflect.ValueOf(&e.Outcome).Elem()}
	}
	for _, part := range parts(&e) {
		for i := range part.NumField() {
			switch f := part.Field(i); f.Interface().(type) {
			case bool:
				f.SetBool(true)
			case int, int64:
				f.SetInt(int64(i) + 1)
			case uint64:
				f.SetUint(uint64(i) + 1)
			case string, bus.Kind:
				f.SetString(part.Type().Field(i).Name)
			case []byte:
				f.SetBytes([]byte(part.Type().Field(i).Name))
			}
		}
	}
	c.Add(&e)
	c.Read(0, &copied)
	for p, part := range parts(&e) {
		for i := range part.NumField() {
			name, have := part.Type().Field(i).Name, parts(&copied)[p].Field(i)
			switch {
			case slices.Contains(leftOut, name):
			case part.Field(i).IsZero():
				t.Errorf("the test gives %s nothing", name)
			case !reflect.DeepEqual(part.Field(i).Interface(), have.Interface()):
				t.Errorf("%s is %v, and %v in a copy", name, part.Field(i), have)
			}
		}
	}
}

func TestCopyingAllocatesNothingOnceThereIsRoom(t *testing.T) {
	var c Copies
	e := &Event{Received: Received{Subject: "orders.17", Data: make([]byte, 200), Headers: bus.Headers{{Name: "a", Value: "b"}}}}
	allocated := testing.AllocsPerRun(100, func() {
		c.Reset()
		for range 100 {
			c.Add(e)
		}
	})
	if allocated > 0 {
		t.Errorf("%v allocations for 100 copies", allocated)
	}
}

func BenchmarkCopies(b *testing.B) {
	var c Copies
	kind := state.NewKind("delivery")
	data := []byte(`{"type": "PICKUP_PRODUCTS", "delivery_id": "01HX7QZZ", "data": {"purchase_price": 10, "quantity": 2, "note": "ring twice, leave it at the neighbours"}}`)
	e := Event{
		Received:   Received{Bus: "127.0.0.1:4222", Station: "deliveries", Subject: "deliveries", Data: data, Size: len(data)},
		Understood: Understood{Type: packed.String(data[10:25]), Kind: kind, ID: packed.String(data[44:52]), Body: data[63 : len(data)-1]},
	}
	b.Run("add", func(b *testing.B) {
		for b.Loop() {
			if c.Add(&e); c.Len() == 1000 {
				c.Reset()
			}
		}
	})
	c.Reset()
	c.Add(&e)
	b.Run("read", func(b *testing.B) {
		var e Event
		for b.Loop() {
			c.Read(0, &e)
		}
	})
}
