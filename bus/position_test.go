package bus_test

import (
	"testing"

	"pgregory.net/rapid"

	"signalbox/bus"
)

func TestPositionFormat(t *testing.T) {
	for _, c := range []struct {
		kind bus.Kind
		at   bus.Position
		want string
	}{
		{bus.Stream, bus.Position{Major: 48193}, "48193"},
		{bus.Log, bus.Position{Major: 1700000000000}, "1700000000000-0"},
		{bus.Log, bus.Position{Major: 1700000000000, Minor: 7}, "1700000000000-7"},
		{bus.Stream, bus.Position{}, ""},
		{bus.Log, bus.Position{}, ""},
	} {
		if got := c.kind.Format(c.at); got != c.want {
			t.Errorf("%s.Format(%v) = %q, want %q", c.kind, c.at, got, c.want)
		}
	}
}

func TestParsePositionRefuses(t *testing.T) {
	for _, text := range []string{"", "x", "-", "1-", "-1", "1-x", "1-2-3", " 1", "18446744073709551616"} {
		if p, err := bus.ParsePosition(text); err == nil {
			t.Errorf("ParsePosition(%q) = %v, want an error", text, p)
		}
	}
}

func position(t *rapid.T, label string) bus.Position {
	return bus.Position{Major: rapid.Uint64Range(1, 1<<63).Draw(t, label), Minor: rapid.Uint64Range(0, 3).Draw(t, label)}
}

func TestPositionSurvivesItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := position(t, "position")
		if got, err := bus.ParsePosition(bus.Log.Format(want)); err != nil || got != want {
			t.Fatalf("%v became %v, %v", want, got, err)
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
