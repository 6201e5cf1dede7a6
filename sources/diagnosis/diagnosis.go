// Package diagnosis says in words what is wrong with consumers: from how they are when they are looked at, and from how
// they were the last times.
//
// Consumers is for one goroutine; nothing in it blocks. The rows that it makes are never changed.
package diagnosis

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"signalbox/bus"
)

// Consumers is what is remembered of the consumers of one bus.
type Consumers struct {
	bus   string
	known map[key]*consumer
}

type key struct{ station, name string }

// Of makes the memory of the consumers of a bus with that name.
func Of(bus string) *Consumers { return &Consumers{bus: bus} }

// Follow takes in what the bus says of its consumers now, and makes their rows. Those that are not in the list are
// forgotten.
func (c *Consumers) Follow(list []bus.Consumer, now time.Time) []Row {
	before := c.known
	c.known = make(map[key]*consumer, len(list))
	rows := make([]Row, 0, len(list))
	for _, x := range list {
		k := key{x.Station, x.Name}
		one := before[k]
		if one == nil {
			one = &consumer{}
		}
		c.known[k] = one
		rows = append(rows, one.follow(c.bus, x, now))
	}
	return rows
}

// Sort puts the worst diagnosis first.
func Sort(rows []Row) {
	slices.SortStableFunc(rows, func(x, y Row) int {
		return cmp.Or(cmp.Compare(y.Diagnosis.Severity, x.Diagnosis.Severity), cmp.Compare(x.Bus, y.Bus),
			cmp.Compare(x.Station, y.Station), cmp.Compare(x.Name, y.Name))
	})
}

// consumer is how one consumer was the last times that it was looked at.
type consumer struct {
	samples []sample // oldest first, at most lagSamples
	lags    []float64
}

// sample is a consumer at one moment.
type sample struct {
	at        time.Time
	lag       int64
	waits     bool // for delivery, or for an acknowledgement
	delivered bus.Position
	ackFloor  bus.Position
	active    time.Time // by the broker's clock
}

const (
	lagSamples   = 60
	trendSamples = 5                // a trend is what happened over so many polls
	stuckAfter   = 10 * time.Second // without a delivery or an acknowledgement, while messages wait
	keepsUp      = 1.0              // a lag of what is delivered in so many seconds is none
)

// follow takes a new sample and makes the row.
func (c *consumer) follow(bus string, x bus.Consumer, now time.Time) Row {
	c.samples = append(c.samples[max(0, len(c.samples)-lagSamples+1):], sample{now, x.Lag, x.Lag > 0 || x.Unacked > 0, x.Delivered, x.AckFloor, x.LastActive})
	c.lags = append(c.lags[max(0, len(c.lags)-lagSamples+1):len(c.lags):len(c.lags)], float64(max(0, x.Lag)))
	row := Row{Bus: bus, Consumer: x, Lags: c.lags}
	last := c.samples[len(c.samples)-1]
	past := c.samples[max(0, len(c.samples)-1-trendSamples)]
	if seconds := last.at.Sub(past.at).Seconds(); seconds > 0 {
		if x.Lag >= 0 && past.lag >= 0 {
			row.LagRate = float64(last.lag-past.lag) / seconds
		}
		if n, known := x.Positions.Distance(past.delivered, last.delivered); known {
			row.Rate = float64(n) / seconds
		}
	}
	if x.Lag > 0 && row.LagRate < 0 {
		row.CaughtUp = time.Duration(float64(x.Lag) / -row.LagRate * float64(time.Second))
	}
	row.Diagnosis = diagnose(&row, c.idle(x, now), now)
	return row
}

// idle is for how long messages have been waiting, and nothing was delivered or acknowledged: as far as was seen or, when
// it was so from the first look on, as far as the broker tells.
func (c *consumer) idle(x bus.Consumer, now time.Time) time.Duration {
	last := c.samples[len(c.samples)-1]
	since := last.at
	for _, s := range slices.Backward(c.samples) {
		if !s.waits || s.delivered != last.delivered || s.ackFloor != last.ackFloor || !s.active.Equal(last.active) {
			return now.Sub(since)
		}
		since = s.at
	}
	told := x.LastActive
	if told.IsZero() {
		told = x.Created
	}
	if !told.IsZero() && told.Before(since) {
		since = told
	}
	return now.Sub(since)
}

// diagnose says what is wrong with a consumer, the worst first.
func diagnose(c *Row, idle time.Duration, now time.Time) Diagnosis {
	waits, behind := max(0, c.Lag)+max(0, c.Unacked), c.Lag > 0 && float64(c.Lag) > keepsUp*c.Rate
	entry, entryFound := c.entry()
	switch {
	case c.Session:
		return Diagnosis{0, "ok", "looks on for another session of signalbox"}
	case c.Kind == "subscribers" && c.Waiting == 0:
		return Diagnosis{2, "alone", "nobody listens"}
	case c.Kind == "subscribers" && c.Waiting == c.Sessions:
		return Diagnosis{2, "alone", "nobody listens but other sessions of signalbox"}
	case c.Kind == "subscribers" && c.Lag < 0:
		return Diagnosis{0, "listening", "how far they are cannot be known"}
	case c.PausedUntil.After(now):
		return Diagnosis{3, "paused", "paused for another " + roughly(c.PausedUntil.Sub(now))}
	case c.gone() != "":
		return Diagnosis{8, "stuck", c.gone()}
	case waits > 0 && c.Waiting == 0 && idle >= stuckAfter:
		return Diagnosis{7, "stuck", c.stuck()}
	case c.AckLimit > 0 && c.Unacked >= c.AckLimit:
		return Diagnosis{6, "full", fmt.Sprintf("ack limit reached (%d)", c.AckLimit)}
	case entryFound:
		return entry
	case c.Redelivered > 0:
		return Diagnosis{5, "redelivering", c.again()}
	case behind && c.LagRate > 0:
		return Diagnosis{4, "behind", "behind, and falling further"}
	}
	d := Diagnosis{2, "behind", "behind, and not catching up"}
	switch {
	case !behind:
		d = Diagnosis{0, "ok", "keeping up"}
	case c.CaughtUp > 0:
		d = Diagnosis{1, "behind", "behind, caught up in " + roughly(c.CaughtUp)}
	}
	switch {
	case c.GivenUp > 0:
		d.Severity, d.Word = 4, "given up"
	case c.Terminated > 0:
		d.Severity, d.Word = max(d.Severity, 3), "terminated"
	}
	return d
}
