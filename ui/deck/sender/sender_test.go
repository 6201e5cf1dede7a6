package sender

import (
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/sources"
)

// named is a bus of which nothing is known but its name.
type named struct {
	bus.Bus
	info bus.Info
}

func (b *named) Info() bus.Info { return b.info }

// publishing takes messages in, and can be operated.
type publishing struct {
	named
	bus.Publisher
	bus.Operator
}

// a is such a bus.
func a(name string, loopback bool) *publishing {
	return &publishing{named: named{info: bus.Info{Name: name, Loopback: loopback}}}
}

func TestWhoMaySend(t *testing.T) {
	deaf, here, there := &named{info: bus.Info{Name: "deaf"}}, a("here", true), a("there", false)
	s := New([]bus.Bus{deaf, here, there}, Rules{Permit: func(b bus.Bus) (bool, string) {
		return b.Info().Name != "there", "it is not on this machine"
	}})
	if armed := s.Armed(); len(armed) != 1 || armed[0] != bus.Bus(here) {
		t.Errorf("armed are %v, want here alone", armed)
	}
	if why := s.WhyNot(deaf); why != "it takes no messages in" {
		t.Errorf("deaf: %s", why)
	}
	if why := s.WhyNot(there); why != "it is not on this machine" {
		t.Errorf("there: %s", why)
	}
	for name, want := range map[string]bool{"here": true, "there": false, "deaf": false, "nobody": false} {
		if _, _, ok := s.Operator(name); ok != want {
			t.Errorf("something can be done to the stations of %s: %t", name, ok)
		}
	}
	s.ReadOnly = true
	if _, _, ok := s.Operator("here"); ok || s.Armed() != nil {
		t.Error("something can be sent although it is read-only")
	}
}

func TestTheBusOfAMessage(t *testing.T) {
	one, two := a("one", true), a("two", true)
	s := New([]bus.Bus{one, two}, Rules{Permit: func(bus.Bus) (bool, string) { return true, "" }})
	stations := []sources.StationRow{{Bus: "two", Station: bus.Station{Name: "orders"}}}
	for _, c := range []struct{ station, bus, want string }{
		{"orders", "", "two"}, {"orders", "one", "one"}, {"orders", "gone", "two"}, {"unknown", "", "one"},
	} {
		if got := s.BusFor(c.station, c.bus, stations).Info().Name; got != c.want {
			t.Errorf("%s on %q: %s, want %s", c.station, c.bus, got, c.want)
		}
	}
	s.ReadOnly = true
	if b := s.BusFor("orders", "", stations); b != nil {
		t.Errorf("a message is sent to %s although it is read-only", b.Info().Name)
	}
}

func TestWhatAsksFirst(t *testing.T) {
	s := New(nil, Rules{})
	here, there, inside := a("here", true), a("there", false), a("inside", false)
	inside.info.Embedded = true
	if s.AsksFirst(here) != "" || s.AsksFirst(inside) != "" || s.AsksFirst(there) != "is not on this machine" {
		t.Errorf("%q, %q, %q", s.AsksFirst(here), s.AsksFirst(inside), s.AsksFirst(there))
	}
	s.Production = func(bus.Bus) Mark { return Mark{Name: "shop\x1b[31m"} }
	if why := s.AsksFirst(here); !strings.HasPrefix(why, "is marked as production (shop") || strings.Contains(why, "\x1b") {
		t.Errorf("production: %q", why)
	}
}
