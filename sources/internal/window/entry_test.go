package window

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"signalbox/bus"
	"signalbox/sources/internal/packed"
)

// What was put in comes out, whether its texts lie in its payload or not, and however little of the payload is held.
func TestEventsComeOutAsTheyWentIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := []byte(rapid.StringN(1, 200, -1).Draw(t, "data"))
		part := func(name string) string { // within the payload, or a text of its own
			from := rapid.IntRange(0, len(data)).Draw(t, name+" from")
			to := rapid.IntRange(from, len(data)).Draw(t, name+" to")
			if rapid.Bool().Draw(t, name+" apart") {
				return strings.Clone(string(data[from:to]))
			}
			return packed.String(data[from:to])
		}
		message := bus.Message{
			Subject: part("subject"), Data: data, Size: len(data) + rapid.IntRange(0, 3).Draw(t, "more"), UnixNano: 42,
			Position: bus.Position{Partition: rapid.Uint32().Draw(t, "partition"), Major: rapid.Uint64().Draw(t, "major"), Minor: rapid.Uint64().Draw(t, "minor")},
		}
		want := Facts{
			Station: rapid.Uint16Range(0, 300).Draw(t, "station"), Type: rapid.Uint16().Draw(t, "type"), TypeName: part("type name"),
			Kind: rapid.Uint16().Draw(t, "kind"), ID: part("id"), Correlation: part("correlation"), Problem: part("problem"),
			Back: uint64(rapid.Uint32().Draw(t, "back")), Version: rapid.Uint32().Draw(t, "version"), Status: rapid.Uint16().Draw(t, "status"),
			Result: Result(rapid.Uint8Range(0, uint8(Failed)).Draw(t, "result")), Reason: part("reason"),
			Cut: rapid.Bool().Draw(t, "cut"), Partial: rapid.Bool().Draw(t, "partial"), Changes: []byte(part("changes")),
		}
		for range rapid.IntRange(0, 3).Draw(t, "headers") {
			message.Headers = append(message.Headers, bus.Header{Name: part("name"), Value: part("value")})
		}
		if rapid.Bool().Draw(t, "has body") {
			want.Body = []byte(part("body"))
			if b := part("body there"); len(b) > 0 && rapid.Bool().Draw(t, "body within") {
				want.Body = data[:len(b)]
			}
		}
		w := newTest(1024, 1<<20, func([]uint32) {})
		from := w.Begin(bus.NewBatch(0))
		w.Add(from, 0, &message, &want)
		w.End(from)
		held := w.Get(1)
		var m bus.Message
		var got Facts
		held.Read(&m, &got)
		if diff := cmp.Diff(message, m, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("want - got +:\n%s", diff)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("want - got +:\n%s", diff)
		}
		if (got.Body == nil) != (want.Body == nil) {
			t.Fatal("an empty body is not none")
		}
		if held.Station() != want.Station || held.Version() != uint64(want.Version) || held.Back() != want.Back || held.Cut() != want.Cut ||
			held.Time() != 42 || string(held.Changes()) != string(want.Changes) || held.Folded() != (want.Result == Folded) ||
			held.Rejected() != (want.Result == Rejected) {
			t.Fatalf("%+v is held as %+v", want, held)
		}
	})
}
