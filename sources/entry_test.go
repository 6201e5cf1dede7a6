package sources

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"signalbox/bus"
)

func TestEntryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := []byte(rapid.StringN(1, 200, -1).Draw(t, "data"))
		part := func(name string) string { // within the payload, or a text of its own
			from := rapid.IntRange(0, len(data)).Draw(t, name+" from")
			to := rapid.IntRange(from, len(data)).Draw(t, name+" to")
			if rapid.Bool().Draw(t, name+" apart") {
				return clone(string(data[from:to]))
			}
			return view(data[from:to])
		}
		e := Event{Received: Received{
			UnixNano: 42, Subject: part("subject"), Data: data,
			Size:     len(data) + rapid.IntRange(0, 3).Draw(t, "more"),
			Position: bus.Position{Partition: rapid.Uint32().Draw(t, "partition"), Major: rapid.Uint64().Draw(t, "major"), Minor: rapid.Uint64().Draw(t, "minor")},
		}, Understood: Understood{
			Type: part("type"), ID: part("id"), Correlation: part("correlation"), Problem: part("problem"),
		}, Outcome: Outcome{Version: 7}}
		for range rapid.IntRange(0, 3).Draw(t, "headers") {
			e.Headers = append(e.Headers, bus.Header{Name: part("name"), Value: part("value")})
		}
		if rapid.Bool().Draw(t, "has body") {
			e.Body = []byte(part("body"))
			if b := part("body there"); len(b) > 0 && rapid.Bool().Draw(t, "body within") {
				e.Body = data[:len(b)]
			}
		}
		switch rapid.IntRange(0, 2).Draw(t, "outcome") {
		case 1:
			e.Rejected = "refused"
		case 2:
			e.Failed = "failed"
		}
		changes := appendChanges(nil, []Change{{Slot: 1, Is: TextValue(part("is"))}})
		entry, flags := appendEntry(nil, &e, false, changes)
		r := record{unixNano: 42, version: 7, head: uint32(len(entry)), data: uint32(len(data)), flags: flags}
		var got Event
		readEntry(&r, entry, data, &got)
		if diff := cmp.Diff(e, got, cmp.AllowUnexported(Kind{})); diff != "" {
			t.Fatalf("want - got +:\n%s", diff)
		}
		if string(changeBytes(&r, entry)) != string(changes) {
			t.Fatal("other changes")
		}
	})
}
