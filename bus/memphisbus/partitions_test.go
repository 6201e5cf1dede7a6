package memphisbus_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"signalbox/bus"
)

// Partitions are one station, under the name that Memphis has for it, in whatever letters it is asked for.
func TestPartitionsAreOneStation(t *testing.T) {
	p := newPlace(t)
	station(t, p.server.URL(), "Orders.EU", 3)
	for i := range 9 {
		p.produce("Orders.EU", i%3+1, fmt.Sprint(i))
	}
	for _, name := range []string{"Orders.EU", "orders.eu", "ORDERS.EU", "orders#eu"} {
		s := p.one(name)
		if s.Name != "orders.eu" || s.Messages != 9 || s.Partitions != 3 || !slices.Equal(s.Subjects, []string{"orders.eu"}) {
			t.Errorf("%s is %+v", name, s)
		}
	}
	all, err := p.bus.Stations(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != "orders.eu" {
		t.Errorf("stations: %+v, %v", all, err)
	}
	if got := detail(all[0].Details, "partition 2"); !strings.HasPrefix(got, "messages 3, bytes ") || !strings.HasSuffix(got, ", from 1 to 3") {
		t.Errorf("partition 2 has %q", got)
	}
}

// What partitions hold comes in order of time, whichever of them has it; the last are the last of all.
func TestPartitionsAreMergedInOrderOfTime(t *testing.T) {
	p := newPlace(t)
	station(t, p.server.URL(), "Orders.EU", 3)
	const count = 300
	for i := range count {
		p.produce("Orders.EU", i*i%7%3+1, fmt.Sprint(i))
	}
	s := p.one("Orders.EU")
	inOrder := func(got []bus.Message, from int) {
		t.Helper()
		for i, m := range got {
			if string(m.Data) != fmt.Sprint(from+i) || m.Subject != "orders.eu" || int(m.Position.Partition) != (from+i)*(from+i)%7%3+1 {
				t.Fatalf("message %d is %s on %s at %s", from+i, m.Data, m.Subject, s.Positions.Format(m.Position))
			}
		}
	}
	all := p.read(s, bus.From{Start: bus.FromAll}, count)
	inOrder(all, 0)
	inOrder(p.read(s, bus.From{Start: bus.FromLast, Last: 10}, 10), count-10)

	third := all[50]
	again := p.read(s, bus.From{Start: bus.FromAt, Position: third.Position, Form: s.Positions}, 1)
	if string(again[0].Data) != string(third.Data) || again[0].Position != third.Position {
		t.Errorf("from %s comes %s", s.Positions.Format(third.Position), again[0].Data)
	}
	one, err := p.bus.Get(t.Context(), s, third.Position)
	if err != nil || string(one.Data) != string(third.Data) || one.Subject != third.Subject || one.UnixNano != third.UnixNano {
		t.Errorf("got %+v, %v; want %+v", one, err, third)
	}
	var on []bus.Message
	err = p.bus.MessagesOn(t.Context(), s, "orders.eu", bus.Position{}, func(m *bus.Message) bool {
		one := *m
		one.Data = slices.Clone(m.Data)
		on = append(on, one)
		return len(on) < 20
	})
	if err != nil || len(on) != 20 {
		t.Fatalf("%d messages on the subject, %v", len(on), err)
	}
	inOrder(on, 0)
}

// What comes while it is read keeps the order of each partition, and nothing is lost.
func TestPartitionsAreReadLive(t *testing.T) {
	p := newPlace(t)
	station(t, p.server.URL(), "Orders.EU", 3)
	s := p.one("Orders.EU")
	f, err := p.bus.Open(t.Context(), s, bus.From{Start: bus.FromAll})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const count = 60
	for i := range count {
		p.produce("Orders.EU", i%3+1, fmt.Sprint(i))
	}
	last := map[uint32]uint64{}
	for n := 0; n < count; {
		b, err := f.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range b.Messages() {
			if at := m.Position; at.Major != max(last[at.Partition], 1)+1 {
				t.Fatalf("%s follows %d in partition %d", s.Positions.Format(at), last[at.Partition], at.Partition)
			}
			last[m.Position.Partition] = m.Position.Major
			n++
		}
	}
}
