package diagnosis

import (
	"fmt"
	"time"

	"signalbox/bus"
)

// goneAfter is for how long a member that holds messages may not have asked for more before it counts as gone.
const goneAfter = 5 * time.Minute

// gone names the member that holds the most messages and is gone, or is "".
func (c *Row) gone() string {
	text, most := "", int64(0)
	for _, m := range c.Members {
		if m.Idle >= goneAfter && m.Pending > most {
			text, most = fmt.Sprintf("member %s is gone with %d pending", m.Name, m.Pending), m.Pending
		}
	}
	return text
}

// entry is about the message that was delivered most often, more than once, as far as the broker tells.
func (c *Row) entry() (Diagnosis, bool) {
	var worst bus.Pending
	for _, p := range c.Pending {
		if p.Deliveries > worst.Deliveries {
			worst = p
		}
	}
	name := c.Positions.Name(worst.Position)
	switch {
	case worst.Deliveries < 2:
		return Diagnosis{}, false
	case c.MaxDeliver > 0 && worst.Deliveries >= c.MaxDeliver: // given up it is when the broker says so
		return Diagnosis{5, "redelivering", fmt.Sprintf("redelivering %s for the %s and last time", name, ordinal(worst.Deliveries-1))}, true
	}
	return Diagnosis{5, "redelivering", fmt.Sprintf("redelivering %s for the %s time", name, ordinal(worst.Deliveries-1))}, true
}

// again says what is delivered again, when it is not known how often each was. Where it is not known how many messages
// the consumer gave up, they may be among them.
func (c *Row) again() string {
	switch {
	case c.AtLeast:
		return messages(c.Redelivered) + " redelivered, or given up"
	case len(c.Pending) == 0 || c.Redelivered < c.Unacked:
		return "redelivering " + messages(c.Redelivered)
	case c.Redelivered == 1:
		return "redelivering " + c.Positions.Name(c.Pending[0].Position)
	}
	return fmt.Sprintf("redelivering %s and %d more", c.Positions.Name(c.Pending[0].Position), c.Redelivered-1)
}

// messages counts messages.
func messages(n int64) string {
	if n == 1 {
		return "1 message"
	}
	return fmt.Sprintf("%d messages", n)
}

// ordinal writes 4 as 4th.
func ordinal(n int64) string {
	suffix := "th"
	if tens := n % 100; tens < 11 || tens > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprintf("%d%s", n, suffix)
}

func (c *Row) stuck() string {
	what := fmt.Sprintf("%d waiting", max(0, c.Lag))
	if c.Unacked > 0 {
		what += fmt.Sprintf(", %d unacknowledged", c.Unacked)
	}
	if c.Push {
		return "stuck: nobody takes what is pushed, " + what
	}
	return "stuck: nobody is pulling, " + what
}

// roughly writes a duration as people say it.
func roughly(d time.Duration) string {
	switch {
	case d < time.Second:
		return "1 s"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", d.Round(time.Second)/time.Second)
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", d.Round(time.Minute)/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", d.Round(time.Hour)/time.Hour)
	}
	return fmt.Sprintf("%d days", d.Round(24*time.Hour)/(24*time.Hour))
}
