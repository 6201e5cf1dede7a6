// Package samples keeps how things were at moments of the past, as numbers and texts whose meaning the caller knows: each
// moment as what is different from the one before it. Its memory is bounded: of the older moments fewer and fewer are kept.
//
// An Album is for one goroutine; nothing in it blocks. What it gives is never changed.
package samples

import (
	"slices"
	"sort"
)

// Facts are what is known at one moment. Layout says whose they are: a pointer, the same as long as that is the same.
type Facts struct {
	Layout any
	Ints   []int64
	Texts  []string
}

// Sample is one moment that was kept.
type Sample struct {
	Time  int64  // when it was taken
	Until int64  // it was the same until then
	Last  uint64 // the number of the newest event then
	Facts
}

// perRun is how many samples a run has; to read one, those before it in its run are read.
const perRun = 64

// mostLevel is how often runs are thinned before they leave: every 64th sample is left then.
const mostLevel = 6

// Album is the samples that are kept. Its zero value is ready, once Limit is set.
type Album struct {
	Limit int64 // bytes

	runs   []*run // oldest first
	newest Facts  // of the newest sample
	bytes  int64
}

// run is samples in a row that have one layout.
type run struct {
	layout any
	level  int
	moment []moment
	packed []byte
}

// moment is one sample of a run.
type moment struct {
	time, until int64
	last        uint64
	end         uint32 // of its bytes in packed
}

const (
	runCost    = 128
	momentCost = 32
)

func (r *run) cost() int64 {
	return runCost + momentCost*int64(cap(r.moment)) + int64(cap(r.packed))
}

// Held is the memory that is taken.
func (a *Album) Held() int64 {
	return a.bytes + 8*int64(cap(a.newest.Ints)) + 16*int64(cap(a.newest.Texts))
}

// Clear forgets all samples.
func (a *Album) Clear() { a.runs, a.bytes, a.newest = nil, 0, Facts{} }

// Take keeps the facts of a moment, which may be changed afterwards. Time does not run backwards in an album.
func (a *Album) Take(time int64, last uint64, f Facts) {
	if newest := a.last(); newest != nil {
		m := &newest.moment[len(newest.moment)-1]
		time, last = max(time, m.until), max(last, m.last)
		if last == m.last && newest.layout == f.Layout && slices.Equal(f.Ints, a.newest.Ints) && slices.Equal(f.Texts, a.newest.Texts) {
			m.until = time
			return
		}
	}
	r := a.last()
	if r == nil || r.level > 0 || r.layout != f.Layout || len(r.moment) == perRun {
		r = &run{layout: f.Layout}
		a.runs = append(a.runs, r)
		a.newest = Facts{Ints: a.newest.Ints[:0], Texts: a.newest.Texts[:0]}
	}
	was := r.cost()
	r.add(moment{time: time, until: time, last: last}, &a.newest, &f)
	a.bytes += r.cost() - was
	if len(r.moment) == 1 {
		a.bytes += was
	}
	a.newest.Layout, a.newest.Ints, a.newest.Texts = f.Layout, append(a.newest.Ints[:0], f.Ints...), append(a.newest.Texts[:0], f.Texts...)
	for room := true; room && a.Held() > a.Limit; {
		room = a.thin()
	}
}

func (a *Album) last() *run {
	if len(a.runs) == 0 {
		return nil
	}
	return a.runs[len(a.runs)-1]
}

func (r *run) add(m moment, before, f *Facts) {
	r.packed = appendFacts(r.packed, before, f)
	m.end = uint32(len(r.packed))
	r.moment = append(r.moment, m)
}

// thin makes room: of the level with the most runs, the oldest one loses every other sample, or leaves. False when there is
// nothing to thin.
func (a *Album) thin() bool {
	var count [mostLevel + 1]int
	for _, r := range a.runs[:len(a.runs)-1] {
		count[r.level]++
	}
	level := 0
	for l, n := range count {
		if n > count[level] {
			level = l
		}
	}
	i := slices.IndexFunc(a.runs[:len(a.runs)-1], func(r *run) bool { return r.level == level })
	if i < 0 {
		return false
	}
	old := a.runs[i]
	a.bytes -= old.cost()
	if level == mostLevel || len(old.moment) == 1 {
		a.runs = slices.Delete(a.runs, i, i+1)
		return true
	}
	a.runs[i] = old.halved()
	a.bytes += a.runs[i].cost()
	return true
}

// halved is the run with every other sample, each of which stands for the one after it too.
func (r *run) halved() *run {
	half := &run{layout: r.layout, level: r.level + 1}
	var before, f Facts
	for i, m := range r.moment {
		r.read(i, &f)
		if i%2 == 0 {
			m.last = r.moment[min(i+1, len(r.moment)-1)].last
			half.add(m, &before, &f)
			before.Ints, before.Texts = append(before.Ints[:0], f.Ints...), append(before.Texts[:0], f.Texts...)
		}
	}
	half.moment, half.packed = slices.Clip(half.moment), slices.Clip(half.packed)
	return half
}

// read makes the facts before those at i those at i.
func (r *run) read(i int, f *Facts) {
	begin := uint32(0)
	if i > 0 {
		begin = r.moment[i-1].end
	}
	readFacts(r.packed[begin:r.moment[i].end], f)
}

// Trim forgets runs of which nobody will ask: those before the one in which a time lies.
func (a *Album) Trim(time int64) {
	n := 0
	for n+1 < len(a.runs) && a.runs[n+1].moment[0].time < time {
		a.bytes -= a.runs[n].cost()
		n++
	}
	if n > 0 {
		a.runs = slices.Clone(a.runs[n:])
	}
}

// First is when the oldest sample was taken; 0 when there is none.
func (a *Album) First() int64 {
	if len(a.runs) == 0 {
		return 0
	}
	return a.runs[0].moment[0].time
}

// AfterEvent is the first sample that was taken once an event had come; false when none was since.
func (a *Album) AfterEvent(number uint64) (Sample, bool) {
	i := sort.Search(len(a.runs), func(i int) bool { return a.runs[i].moment[len(a.runs[i].moment)-1].last >= number })
	if i == len(a.runs) {
		return Sample{}, false
	}
	r := a.runs[i]
	return r.sample(sort.Search(len(r.moment), func(k int) bool { return r.moment[k].last >= number })), true
}

// AtTime is the newest sample that was taken up to a time; false when there is none.
func (a *Album) AtTime(time int64) (Sample, bool) {
	i := sort.Search(len(a.runs), func(i int) bool { return a.runs[i].moment[0].time > time }) - 1
	if i < 0 {
		return Sample{}, false
	}
	r := a.runs[i]
	return r.sample(sort.Search(len(r.moment), func(k int) bool { return r.moment[k].time > time }) - 1), true
}

// Before calls back with up to so many samples of one layout, oldest first, the last of which was taken at a time. What they
// share is used again for the next.
func (a *Album) Before(time int64, most int, each func(*Sample)) {
	end := sort.Search(len(a.runs), func(i int) bool { return a.runs[i].moment[0].time > time }) - 1
	if end < 0 {
		return
	}
	begin, n := end, len(a.runs[end].moment)
	for n < most && begin > 0 && a.runs[begin-1].layout == a.runs[end].layout {
		begin--
		n += len(a.runs[begin].moment)
	}
	for _, r := range a.runs[begin : end+1] {
		s := Sample{Facts: Facts{Layout: r.layout}}
		for i, m := range r.moment {
			if m.time > time {
				return
			}
			r.read(i, &s.Facts)
			s.Time, s.Until, s.Last = m.time, m.until, m.last
			each(&s)
		}
	}
}

func (r *run) sample(i int) Sample {
	m := r.moment[i]
	s := Sample{Time: m.time, Until: m.until, Last: m.last, Facts: Facts{Layout: r.layout}}
	for k := range i + 1 {
		r.read(k, &s.Facts)
	}
	return s
}
