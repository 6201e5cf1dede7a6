package bus_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"signalbox/bus"
)

func TestPositionForms(t *testing.T) {
	for _, c := range []struct {
		form                      bus.PositionForm
		at                        bus.Position
		text, name, start, asJSON string
	}{
		{bus.Sequences, bus.Position{Major: 48193}, "48193", "#48193", "seq:48193", "48193"},
		{bus.TimedIDs, bus.Position{Major: 1700000000000}, "1700000000000-0", "entry 1700000000000-0", "id:1700000000000-0", `"1700000000000-0"`},
		{bus.TimedIDs, bus.Position{Major: 1700000000000, Minor: 7}, "1700000000000-7", "entry 1700000000000-7", "id:1700000000000-7", `"1700000000000-7"`},
		{bus.PartitionOffsets, bus.Position{Partition: 3, Major: 48194}, "3:48193", "#3:48193", "seq:3:48193", `"3:48193"`},
		{bus.PartitionOffsets, bus.Position{Major: 1}, "0:0", "#0:0", "seq:0:0", `"0:0"`},
		{bus.PartitionOffsets, bus.Position{Partition: 3}, "", "#", "seq:", `""`}, // before the first of its partition
	} {
		asJSON, err := json.Marshal(c.form.JSON(c.at))
		if err != nil || c.form.Format(c.at) != c.text || c.form.Name(c.at) != c.name || c.form.Start(c.at) != c.start || string(asJSON) != c.asJSON {
			t.Errorf("form %d of %v: %q, %q, %q, %s, %v, want %q, %q, %q, %s", c.form, c.at,
				c.form.Format(c.at), c.form.Name(c.at), c.form.Start(c.at), asJSON, err, c.text, c.name, c.start, c.asJSON)
		}
	}
	for _, form := range forms {
		if text, asJSON := form.Format(bus.Position{}), form.JSON(bus.Position{}); text != "" || asJSON != nil {
			t.Errorf("form %d of nowhere: %q, %v", form, text, asJSON)
		}
	}
}

var forms = []bus.PositionForm{bus.Sequences, bus.TimedIDs, bus.PartitionOffsets}

// What is between two positions is told only where positions count messages.
func TestPositionDistance(t *testing.T) {
	at := func(partition uint32, n uint64) bus.Position { return bus.Position{Partition: partition, Major: n} }
	for _, c := range []struct {
		form bus.PositionForm
		p, q bus.Position
		n    uint64
		ok   bool
	}{
		{bus.Sequences, at(0, 3), at(0, 10), 7, true},
		{bus.Sequences, at(0, 10), at(0, 3), 0, false},
		{bus.TimedIDs, at(0, 3), at(0, 10), 0, false},
		{bus.PartitionOffsets, at(2, 3), at(2, 10), 7, true},
		{bus.PartitionOffsets, at(1, 3), at(2, 10), 0, false},
	} {
		if n, ok := c.form.Distance(c.p, c.q); n != c.n || ok != c.ok {
			t.Errorf("form %d from %v to %v: %d, %t, want %d, %t", c.form, c.p, c.q, n, ok, c.n, c.ok)
		}
	}
}

// A form reads its own texts, and refuses those of others.
func TestPositionFormParses(t *testing.T) {
	texts := map[string][]bus.PositionForm{
		"17": {bus.Sequences, bus.TimedIDs}, "17-0": {bus.TimedIDs}, "17-3": {bus.TimedIDs}, "1:17": {bus.PartitionOffsets},
		"1:17-3": nil, "x": nil, "": nil,
	}
	for text, readers := range texts {
		for _, form := range forms {
			if p, err := form.Parse(text); (err == nil) != slices.Contains(readers, form) {
				t.Errorf("form %d reads %q as %v, %v", form, text, p, err)
			}
		}
	}
}

func TestParsePositionRefuses(t *testing.T) {
	for _, text := range []string{"", "x", "-", "1-", "-1", "1-x", "1-2-3", " 1", "18446744073709551616", "1:", ":1", "1:2-3", "4294967296:1", "0:18446744073709551615"} {
		if p, err := bus.ParsePosition(text); err == nil {
			t.Errorf("ParsePosition(%q) = %v, want an error", text, p)
		}
	}
}

func position(t *rapid.T, label string) bus.Position {
	return bus.Position{Partition: rapid.Uint32Range(0, 2).Draw(t, label), Major: rapid.Uint64Range(1, 1<<63).Draw(t, label), Minor: rapid.Uint64Range(0, 3).Draw(t, label)}
}

func TestPositionSurvivesItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := position(t, "position")
		for form, want := range map[bus.PositionForm]bus.Position{
			bus.Sequences: {Major: whole.Major}, bus.TimedIDs: {Major: whole.Major, Minor: whole.Minor},
			bus.PartitionOffsets: {Partition: whole.Partition, Major: whole.Major},
		} {
			if got, err := form.Parse(form.Format(want)); err != nil || got != want {
				t.Fatalf("%v became %v, %v", want, got, err)
			}
		}
	})
}

func TestPositionOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := position(t, "a"), position(t, "b")
		if before, after := a.Less(b), b.Less(a); before && after || !before && !after && a != b {
			t.Fatalf("%v and %v: Less %t and %t", a, b, before, after)
		}
		if (bus.Position{}).Less(a) != true {
			t.Fatalf("nowhere does not come before %v", a)
		}
	})
}
