package names

import (
	"testing"

	"pgregory.net/rapid"
)

func TestNames(t *testing.T) {
	for _, c := range []struct{ station, stream, shown string }{
		{"election", "election$1", "election"},
		{"Orders.EU", "orders#eu$1", "orders.eu"},
		{"orders#eu", "orders#eu$1", "orders.eu"},
	} {
		if got := Stream(c.station, 1); got != c.stream {
			t.Errorf("partition 1 of %s is %s, want %s", c.station, got, c.stream)
		}
		if got := Station(c.station); got != c.shown {
			t.Errorf("%s is %s in Memphis, want %s", c.station, got, c.shown)
		}
		if station, number, ok := OfStream(c.stream); station != c.shown || number != 1 || !ok {
			t.Errorf("stream %s is partition %d of %s, %t", c.stream, number, station, ok)
		}
		if got := Shown(Final(c.stream)); got != c.shown {
			t.Errorf("subject %s is shown as %s", Final(c.stream), got)
		}
		if got := Shown(c.stream + ".other"); got != c.shown+".other" {
			t.Errorf("subject %s is shown as %s", c.stream+".other", got)
		}
	}
	if station, number, ok := OfStream("orders"); station != "orders" || number != 0 || !ok {
		t.Errorf("the stream of a station before 1.0 is %s, %d, %t", station, number, ok)
	}
	if got := Consumer("esdb.workers"); got != "esdb#workers" || Group(got) != "esdb.workers" {
		t.Errorf("the consumer of the group esdb.workers is %s, and back %s", got, Group(got))
	}
	for _, stream := range []string{"$memphis_syslogs", "$memphis-throughput-v1", "KV_shop", "a$", "a$0", "a$01", "a$b", "a$1$2", "", "$1", "a b"} {
		if station, _, ok := OfStream(stream); ok {
			t.Errorf("stream %q is taken for the station %s", stream, station)
		}
	}
	if !System("$memphis_dls_unacked") || !System("$memphis-throughput-v1") || System("memphis$1") {
		t.Error("what is Memphis's own is not told apart")
	}
}

// What Memphis allows in the name of a station comes back from its stream as Memphis writes it, and so do positions.
func TestThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-zA-Z0-9][a-zA-Z0-9_.-]{0,20}[a-zA-Z0-9]`).Draw(t, "name")
		number := rapid.IntRange(0, 10_000).Draw(t, "partition")
		stream := Stream(name, number)
		if station, n, ok := OfStream(stream); station != Station(name) || n != number || !ok {
			t.Fatalf("%s is partition %d of %s, %t", stream, n, station, ok)
		}
		if got := Shown(Final(stream)); got != Station(name) {
			t.Fatalf("%s is shown as %s", Final(stream), got)
		}
		if again := Station(Station(name)); again != Station(name) {
			t.Fatalf("%s becomes %s", Station(name), again)
		}
		sequence := rapid.Uint64Range(1, 1<<60).Draw(t, "sequence")
		for _, partitions := range []int{1, 3} {
			n, got := Sequence(partitions, number, Place(partitions, number, sequence))
			if n != number || got != sequence {
				t.Fatalf("of %d partitions, %d in %d became %d in %d", partitions, sequence, number, got, n)
			}
		}
	})
}

func FuzzOfStream(f *testing.F) {
	f.Add("orders#eu$1")
	f.Add("a$9999999999999999999")
	f.Fuzz(func(t *testing.T, stream string) {
		if station, number, ok := OfStream(stream); ok && Stream(station, number) != stream {
			t.Errorf("%q is partition %d of %q, whose stream is %q", stream, number, station, Stream(station, number))
		}
	})
}
