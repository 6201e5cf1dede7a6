package seconds

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// What is counted is what was added, in whatever order; what is too much is counted in fewer, longer parts.
func TestSecondsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Line{Limit: rapid.SampledFrom([]int64{100 << 10, 1 << 30}).Draw(t, "limit")}
		small := l.Limit < 1<<20
		const span = 5000
		type key struct{ second, station int }
		events, last := map[key]uint32{}, map[int]uint64{}
		total := 0.0
		n := rapid.IntRange(1, 6000).Draw(t, "events")
		step := rapid.IntRange(1, 7).Draw(t, "step")
		for i := range n {
			second, station := i*step%span, i%3
			l.Add(int64(second), station, Counts{Events: 1, Refused: uint32(i % 2), Last: uint64(i + 1)})
			events[key{second, station}]++
			last[second] = max(last[second], uint64(i+1))
			total++
		}
		from, to, ok := l.Extent()
		if !ok || l.Held() > l.Limit+cellCost*2*mostPending {
			t.Fatalf("%d bytes of %d; from %d to %d", l.Held(), l.Limit, from, to)
		}
		columns := l.Columns(from, to, 37)
		sum := 0.0
		for i, c := range columns {
			sum += c.Events
			if i > 0 && c.Last < columns[i-1].Last {
				t.Fatal("the last number of a part is lower than that of the part before it")
			}
		}
		if math.Abs(sum-total) > 1e-6*total && !small {
			t.Fatalf("%v events in all parts, of %v", sum, total)
		}
		if small {
			return
		}
		before := rapid.Int64Range(1, span).Draw(t, "before")
		l.Rates(before, 60, func(station, second int, n float64) {
			at := key{int(before) - 60 + second, station}
			if n != float64(events[at]) {
				t.Fatalf("%v events at %v, want %d", n, at, events[at])
			}
			delete(events, at)
		})
		for at, n := range events {
			if at.second >= int(before)-60 && at.second < int(before) {
				t.Fatalf("%d events at %v are not told", n, at)
			}
		}
		want := uint64(0)
		for second, number := range last {
			if int64(second) < before {
				want = max(want, number)
			}
		}
		if got := l.LastBefore(before); got != want {
			t.Fatalf("the last before %d is %d, want %d", before, got, want)
		}
	})
}

func TestSecondsLeaveWithTheirEvents(t *testing.T) {
	l := Line{Limit: 1 << 20}
	for i := range 100 {
		l.Add(int64(1000+i), 0, Counts{Events: 1, Last: uint64(i + 1)})
	}
	l.settle()
	l.Trim(51)
	if from, to, _ := l.Extent(); from != 1050 || to != 1100 {
		t.Errorf("from %d to %d", from, to)
	}
}
