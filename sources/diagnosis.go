package sources

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"signalbox/bus"
)

// consumer is what the engine keeps of one consumer: how it was at the last polls.
type consumer struct {
	samples []sample // oldest first, at most lagSamples
	lags    []float64
}

type consumerKey struct{ bus, station, name string }

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
func (c *consumer) follow(bus string, x bus.Consumer, now time.Time) ConsumerRow {
	c.samples = append(c.samples[max(0, len(c.samples)-lagSamples+1):], sample{now, x.Lag, x.Lag > 0 || x.Unacked > 0, x.Delivered, x.AckFloor, x.LastActive})
	c.lags = append(c.lags[max(0, len(c.lags)-lagSamples+1):len(c.lags):len(c.lags)], float64(max(0, x.Lag)))
	row := ConsumerRow{Bus: bus, Consumer: x, Lags: c.lags}
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
func diagnose(c *ConsumerRow, idle time.Duration, now time.Time) Diagnosis {
	waits, behind := max(0, c.Lag)+max(0, c.Unacked), c.Lag > 0 && float64(c.Lag) > keepsUp*c.Rate
	entry, entryFound := c.entry()
	switch {
	case c.Kind == "subscribers" && c.Waiting == 0:
		return Diagnosis{2, "alone", "nobody listens"}
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
	case c.GivenUp > 0:
		return Diagnosis{4, "given up", messages(c.GivenUp) + " given up (max deliveries)"}
	case !behind:
		return Diagnosis{0, "ok", "keeping up"}
	case c.CaughtUp > 0:
		return Diagnosis{1, "behind", "behind, caught up in " + roughly(c.CaughtUp)}
	}
	return Diagnosis{2, "behind", "behind, and not catching up"}
}

// consumed takes in what a bus said of its consumers.
func (e *Engine) consumed(a *attached, list []bus.Consumer) {
	now := e.now()
	known := a.consumers
	a.consumers = make(map[consumerKey]*consumer, len(list))
	rows := slices.DeleteFunc(slices.Clone(e.consumers), func(r ConsumerRow) bool { return r.Bus == a.name })
	for _, x := range list {
		key := consumerKey{a.name, x.Station, x.Name}
		c := known[key]
		if c == nil {
			c = &consumer{}
		}
		a.consumers[key] = c
		rows = append(rows, c.follow(a.name, x, now))
	}
	slices.SortStableFunc(rows, func(x, y ConsumerRow) int {
		return cmp.Or(cmp.Compare(y.Diagnosis.Severity, x.Diagnosis.Severity), cmp.Compare(x.Bus, y.Bus),
			cmp.Compare(x.Station, y.Station), cmp.Compare(x.Name, y.Name))
	})
	e.consumers = rows
	e.dirty = true
}
