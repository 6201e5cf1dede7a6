package samples

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// taken is a sample as a model keeps it.
type taken struct {
	time  int64
	last  uint64
	facts Facts
}

// What is read is what was taken, however it lies, and however much was thinned.
func TestSamplesAreReadAsTheyWereTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Album{Limit: rapid.SampledFrom([]int64{3_000, 20_000, 1 << 30}).Draw(t, "limit")}
		layouts := []any{new(int), new(string)}
		var all []taken
		time, last := int64(1), uint64(0)
		f := Facts{Layout: layouts[0], Ints: make([]int64, 3), Texts: make([]string, 2)}
		for range rapid.IntRange(1, 400).Draw(t, "samples") {
			time += rapid.Int64Range(1, 3).Draw(t, "later")
			last += rapid.Uint64Range(0, 3).Draw(t, "events")
			f.Ints, f.Texts = slices.Clone(f.Ints), slices.Clone(f.Texts)
			f.Ints[rapid.IntRange(0, len(f.Ints)-1).Draw(t, "fact")] = rapid.Int64().Draw(t, "value")
			f.Texts[rapid.IntRange(0, 1).Draw(t, "text")] = rapid.SampledFrom([]string{"", "ok", "behind"}).Draw(t, "word")
			if rapid.IntRange(0, 40).Draw(t, "another layout") == 0 {
				f.Layout = layouts[rapid.IntRange(0, 1).Draw(t, "layout")]
				f.Ints = make([]int64, rapid.IntRange(1, 5).Draw(t, "facts"))
			}
			a.Take(time, last, f)
			all = append(all, taken{time, last, f})
		}
		if a.Held() > a.Limit && len(a.runs) > 1 {
			t.Fatalf("%d bytes held of %d", a.Held(), a.Limit)
		}
		at := rapid.Int64Range(0, time+2).Draw(t, "asked")
		got, ok := a.AtTime(at)
		if want := slices.IndexFunc(all, func(x taken) bool { return x.time == got.Time }); ok {
			if want < 0 || got.Time > at || !slices.Equal(got.Ints, all[want].facts.Ints) || !slices.Equal(got.Texts, all[want].facts.Texts) || got.Layout != all[want].facts.Layout {
				t.Fatalf("at %d: %+v, which was not taken", at, got)
			}
		} else if at >= a.First() {
			t.Fatalf("nothing at %d, though the first was taken at %d", at, a.First())
		}
		number := rapid.Uint64Range(0, last+1).Draw(t, "number")
		got, ok = a.AfterEvent(number)
		if ok != (number <= last) || ok && got.Last < number {
			t.Fatalf("after event %d of %d: %+v, %t", number, last, got, ok)
		}
		if a.Limit > 1<<20 && ok {
			want := slices.IndexFunc(all, func(x taken) bool { return x.last >= number })
			if !slices.Equal(got.Ints, all[want].facts.Ints) {
				t.Fatalf("after event %d: %v, want %v", number, got.Ints, all[want].facts.Ints)
			}
		}
		var times []int64
		a.Before(at, 10, func(s *Sample) { times = append(times, s.Time) })
		if !slices.IsSorted(times) || len(times) > 0 && times[len(times)-1] > at {
			t.Fatalf("up to %d: %v", at, times)
		}
	})
}

func TestTheSameIsKeptOnce(t *testing.T) {
	a := Album{Limit: 1 << 20}
	f := Facts{Ints: []int64{1}}
	for time := range int64(1000) {
		a.Take(time, 7, f)
	}
	s, ok := a.AtTime(500)
	if !ok || s.Time != 0 || s.Until != 999 || len(a.runs) != 1 || len(a.runs[0].moment) != 1 {
		t.Errorf("%+v of %d runs", s, len(a.runs))
	}
}

func TestOldRunsLeaveWithTheEvents(t *testing.T) {
	a := Album{Limit: 1 << 20}
	for i := range int64(10 * perRun) {
		a.Take(i, uint64(i), Facts{Ints: []int64{i}})
	}
	a.Trim(5 * perRun)
	if s, ok := a.AfterEvent(5 * perRun); !ok || s.Last != 5*perRun || a.First() < 3*perRun {
		t.Errorf("%+v, the first from %d", s, a.First())
	}
	var held int64
	for _, r := range a.runs {
		held += r.cost()
	}
	if held != a.bytes {
		t.Errorf("%d bytes held, counted %d", held, a.bytes)
	}
}
