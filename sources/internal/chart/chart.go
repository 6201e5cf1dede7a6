// Package chart computes series over time of events as they come: how many there are, or what an expression comes to, for each
// type, station or whatever else events are told apart by.
//
// A Table is for one goroutine. Nothing in it blocks. What it keeps is bounded: series beyond MostSeries are one, and the oldest
// times leave where there would be too many.
package chart

import (
	"math"
	"slices"
	"time"

	"signalbox/sources/internal/event"
	"signalbox/sources/internal/sketch"
)

// Measure is what is computed of the events of one series and one time.
type Measure uint8

// The measures.
const (
	Count Measure = iota
	Rate
	Sum
	Mean
	Least
	Most
	Quantile
	Distinct
)

// Spec says what is computed. It is for one engine, and never changed.
type Spec struct {
	Text    string // as people write it
	Measure Measure
	Part    float64 // of Quantile, from 0 to 1
	By      []string
	Every   time.Duration // 0 is all time at once
	Where   *event.Filter[event.Event]

	AsksStates bool // it asks for the states of entities, as they were when an event came

	// Number is what Sum, Mean, Least, Most and Quantile are of; false where an event has none.
	Number func(*event.Event) (float64, bool)
	// Key appends what Distinct counts; false where an event has none.
	Key func(e *event.Event, to []byte) ([]byte, bool)
	// Series appends the names by which series are told apart, with a zero byte behind each.
	Series func(e *event.Event, to []byte) []byte
}

// Limits bound a table.
type Limits struct {
	Series int   // told apart; further ones are one
	Times  int   // of Every
	Bytes  int64 // of all cells
}

// Deck are the limits for those who look at a chart.
var Deck = Limits{Series: 24, Times: 360, Bytes: 8 << 20}

// Table is a chart that is computed.
type Table struct {
	spec    *Spec
	limits  Limits
	names   map[string]int
	series  []*series
	times   map[int64]*column // by their number since 1970
	newest  int64
	oldest  int64 // earlier ones have no place
	dropped bool  // there were earlier ones
	last    *column
	lastAt  int64
	events  uint64 // that count
	late    uint64 // too old
	others  uint64 // in the series of others
	scratch []byte
	key     []byte
	bytes   int64
}

type series struct {
	name  string
	other bool
	all   cell
}

// column is all series at one time.
type column struct{ cells []cell }

// cell is one series at one time.
type cell struct {
	n           uint64
	sum         float64
	least, most float64
	quantiles   *sketch.Quantiles
	distinct    *sketch.Distinct
}

// New makes an empty table.
func New(spec *Spec, limits Limits) *Table {
	return &Table{spec: spec, limits: limits, names: map[string]int{}, times: map[int64]*column{}, newest: math.MinInt64, oldest: math.MinInt64}
}

// Take takes in an event.
func (t *Table) Take(e *event.Event) {
	if !t.spec.Where.Wants(e) {
		return
	}
	var x float64
	switch t.spec.Measure {
	case Count, Rate:
	case Distinct:
		key, ok := t.spec.Key(e, t.key[:0])
		if t.key = key; !ok {
			return
		}
	default:
		var ok bool
		if x, ok = t.spec.Number(e); !ok {
			return
		}
	}
	c := t.column(e.UnixNano)
	if c == nil {
		t.late++
		return
	}
	t.events++
	s := t.seriesOf(e)
	for len(c.cells) <= s {
		c.cells = append(c.cells, cell{})
		t.bytes += cellSize
	}
	t.add(&c.cells[s], x)
	t.add(&t.series[s].all, x)
}

const cellSize = 56

// column is that of a time; nil when it is too old.
func (t *Table) column(unixNano int64) *column {
	at := int64(0)
	if t.spec.Every > 0 {
		at = floor(unixNano, int64(t.spec.Every))
	}
	if t.last != nil && at == t.lastAt {
		return t.last
	}
	if at < t.oldest {
		return nil
	}
	c := t.times[at]
	if c == nil {
		c = &column{}
		t.times[at] = c
		if at > t.newest {
			t.newest = at
			t.drop()
		}
	}
	t.last, t.lastAt = c, at
	return c
}

func floor(x, by int64) int64 {
	q := x / by
	if x%by < 0 {
		q--
	}
	return q
}

// drop lets times leave that are too old, or for which there is no memory.
func (t *Table) drop() {
	t.last = nil
	oldest := t.newest - int64(t.limits.Times) + 1
	for {
		next := int64(math.MaxInt64)
		for at, c := range t.times {
			if at >= oldest {
				next = min(next, at)
				continue
			}
			t.bytes -= c.bytes()
			delete(t.times, at)
			t.dropped = true
		}
		t.oldest = max(t.oldest, oldest)
		if t.bytes <= t.limits.Bytes || len(t.times) <= 1 {
			return
		}
		oldest = next + 1
	}
}

func (c *column) bytes() (n int64) {
	for i := range c.cells {
		n += c.cells[i].bytes()
	}
	return n
}

func (c *cell) bytes() int64 {
	n := int64(cellSize)
	if c.quantiles != nil {
		n += c.quantiles.Bytes()
	}
	if c.distinct != nil {
		n += c.distinct.Bytes()
	}
	return n
}

// seriesOf is the series of an event.
func (t *Table) seriesOf(e *event.Event) int {
	t.scratch = t.spec.Series(e, t.scratch[:0])
	if i, ok := t.names[string(t.scratch)]; ok {
		return i
	}
	if len(t.series) < t.limits.Series {
		s := &series{name: string(t.scratch)}
		t.names[s.name] = len(t.series)
		t.series = append(t.series, s)
		t.bytes += int64(len(s.name)) + 200
		return len(t.series) - 1
	}
	t.others++
	if len(t.series) == t.limits.Series {
		t.series = append(t.series, &series{other: true})
	}
	return t.limits.Series
}

func (t *Table) add(c *cell, x float64) {
	if c.n == 0 || x < c.least {
		c.least = x
	}
	if c.n == 0 || x > c.most {
		c.most = x
	}
	c.n++
	c.sum += x
	switch t.spec.Measure {
	case Quantile:
		if c.quantiles == nil {
			c.quantiles = &sketch.Quantiles{}
		}
		before := c.quantiles.Bytes()
		c.quantiles.Add(x)
		t.bytes += c.quantiles.Bytes() - before
	case Distinct:
		if c.distinct == nil {
			c.distinct = &sketch.Distinct{}
		}
		before := c.distinct.Bytes()
		c.distinct.Add(t.key)
		t.bytes += c.distinct.Bytes() - before
	}
}

// Bytes is about what the table takes.
func (t *Table) Bytes() int64 { return t.bytes + int64(len(t.times))*64 }

// value is what a cell comes to; NaN where there is nothing to compute.
func (t *Table) value(c *cell) float64 {
	if c.n == 0 {
		if t.spec.Measure <= Sum || t.spec.Measure == Distinct {
			return 0
		}
		return math.NaN()
	}
	switch t.spec.Measure {
	case Rate:
		if t.spec.Every > 0 {
			return float64(c.n) / t.spec.Every.Seconds()
		}
		return float64(c.n)
	case Sum:
		return c.sum
	case Mean:
		return c.sum / float64(c.n)
	case Least:
		return c.least
	case Most:
		return c.most
	case Quantile:
		return c.quantiles.At(t.spec.Part)
	case Distinct:
		return float64(c.distinct.N())
	}
	return float64(c.n)
}

// Chart is a table as it is at one moment, in memory of its own.
type Chart struct {
	*Spec
	Series  []Series // those with the most events first, others last
	Times   []time.Time
	Events  uint64  // that count
	Late    uint64  // older than all times that are kept
	Others  uint64  // in the series of others
	Dropped bool    // earlier times were dropped
	Part    float64 // of what is held that was gone through, from 0 to 1
}

// Series is one line of a chart.
type Series struct {
	Names  []string // one for each of By
	Other  bool     // all that have no series of their own
	Events uint64
	All    float64   // over all times
	Values []float64 // by time; NaN where there is nothing
}

// Chart is the table as it is now. Times without events are there, too.
func (t *Table) Chart() *Chart {
	c := &Chart{Spec: t.spec, Events: t.events, Late: t.late, Others: t.others, Dropped: t.dropped || t.late > 0, Part: 1}
	first, last := int64(math.MaxInt64), t.newest
	for at := range t.times {
		first = min(first, at)
	}
	var columns []*column
	if len(t.times) > 0 {
		for at := first; at <= last; at++ {
			c.Times = append(c.Times, time.Unix(0, at*int64(t.spec.Every)))
			columns = append(columns, t.times[at])
		}
	}
	for i, s := range t.series {
		x := Series{Other: s.other, Events: s.all.n, All: t.value(&s.all), Names: names(s.name), Values: make([]float64, len(columns))}
		for j, column := range columns {
			var none cell
			if x.Values[j] = t.value(&none); column != nil && i < len(column.cells) {
				x.Values[j] = t.value(&column.cells[i])
			}
		}
		c.Series = append(c.Series, x)
	}
	slices.SortStableFunc(c.Series, func(a, b Series) int {
		switch {
		case a.Other != b.Other && a.Other, a.Other == b.Other && a.Events < b.Events:
			return 1
		case a.Other != b.Other, a.Events > b.Events:
			return -1
		}
		return 0
	})
	return c
}

// names are those of a series, taken apart.
func names(name string) []string {
	var all []string
	for from := 0; from < len(name); {
		to := from
		for to < len(name) && name[to] != 0 {
			to++
		}
		all = append(all, name[from:to])
		from = to + 1
	}
	return all
}
