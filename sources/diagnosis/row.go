package diagnosis

import (
	"strconv"
	"strings"
	"time"

	"signalbox/bus"
)

// Row is one consumer and what is wrong with it.
type Row struct {
	Bus string
	bus.Consumer
	Diagnosis Diagnosis
	LagRate   float64       // change of the lag in messages a second; negative when catching up
	CaughtUp  time.Duration // until the lag is zero at LagRate; 0 when there is none or it never will be
	Rate      float64       // deliveries a second
	Lags      []float64     // the last 60 samples, oldest first
}

// Text is what is wrong with the consumer, how many messages it has given up and how many it wants no more, in words. Both
// are dead letters.
func (c *Row) Text() string {
	var parts []string
	if c.Diagnosis.Text != "" {
		parts = append(parts, c.Diagnosis.Text)
	}
	if c.GivenUp > 0 {
		parts = append(parts, c.GivenUpText()+" given up")
	}
	if c.Terminated > 0 {
		parts = append(parts, strconv.FormatInt(c.Terminated, 10)+" terminated")
	}
	return strings.Join(parts, ", ")
}

// GivenUpText is how many messages the consumer has given up, as far as the broker tells: "3", "at least 3", "unknown".
func (c *Row) GivenUpText() string {
	switch {
	case !c.AtLeast:
		return strconv.FormatInt(c.GivenUp, 10)
	case c.GivenUp == 0:
		return "unknown"
	}
	return "at least " + strconv.FormatInt(c.GivenUp, 10)
}

// Diagnosis is what is wrong with a consumer.
type Diagnosis struct {
	Severity int    // 0 is well; the larger the worse
	Word     string // one word for the list: "ok", "behind", "stuck", "full", "redelivering", "paused", "listening"
	Text     string // in words: "behind, caught up in 40 s"
}
