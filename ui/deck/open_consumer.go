package deck

import (
	"math"
	"strings"

	"signalbox/bus"
	"signalbox/sources"
)

// newConsumerView opens a consumer.
func newConsumerView(key string) overlay {
	_, name, _ := strings.Cut(key[strings.Index(key, "\x00")+1:], "\x00")
	return &detailView{title: "consumer " + clean(name), consumer: key, facts: func(d *deck) (r reader, ok bool) {
		c := d.consumerRow(key)
		if c != nil {
			consumerFacts(d, &r, c)
		}
		return r, c != nil
	}}
}

func consumerFacts(d *deck, r *reader, c *sources.ConsumerRow) {
	kind := goodLine
	switch {
	case c.Diagnosis.Severity >= grave:
		kind = badLine
	case c.Diagnosis.Severity > 0:
		kind = warnLine
	}
	text := c.Diagnosis.Word
	if c.Diagnosis.Text != "" {
		text = c.Diagnosis.Text
	}
	r.add(kind, "diagnosis", text)
	r.fact("station", c.Station)
	r.fact("kind", consumerKind(c))
	r.fact("lag", known(c.Lag)+trend(c)+"  "+spark(c.Lags, min(len(c.Lags), 40)))
	r.fact("unacked", limited(c.Unacked, c.AckLimit))
	r.fact("redelivered", known(c.Redelivered))
	if c.GivenUp > 0 {
		r.fact("given up", plural(uint64(c.GivenUp), "message"))
	}
	r.fact("waiting", known(c.Waiting)+" for messages right now")
	if c.MaxDeliver > 0 {
		r.fact("gives up", "after "+plural(uint64(c.MaxDeliver), "delivery"))
	}
	placeFacts(d, r, c)
	r.fact("rate", rate(c.Rate))
	if !c.PausedUntil.IsZero() {
		r.fact("paused until", d.clock(c.PausedUntil, false))
	}
	if !c.LastActive.IsZero() {
		r.fact("last active", lasting(d.opt.Now().Sub(c.LastActive))+" ago")
	}
	detailFacts(r, c.Details)
	memberFacts(d, r, c)
}

// trend is where the lag is going, in words.
func trend(c *sources.ConsumerRow) string {
	switch {
	case c.Lag < 0:
		return ""
	case c.LagRate >= 0.05:
		return ", rising by " + rate(c.LagRate)
	case c.LagRate <= -0.05 && c.CaughtUp > 0:
		return ", falling by " + rate(-c.LagRate) + ", none in " + lasting(c.CaughtUp)
	case c.LagRate <= -0.05:
		return ", falling by " + rate(-c.LagRate)
	}
	return ", steady"
}

// placeFacts show where the consumer stands among its station's messages.
func placeFacts(d *deck, r *reader, c *sources.ConsumerRow) {
	s, format := d.stationOf(c), c.Positions.Format
	if s == nil || s.Station.Last.IsZero() || c.Delivered.IsZero() {
		r.fact("delivered", format(c.Delivered))
		r.fact("all acked to", floorText(format, c.AckFloor))
		return
	}
	first, last := s.Station.First, s.Station.Last
	r.fact("position", positionBar(first, c.AckFloor, c.Delivered, last, 40))
	var parts []string
	for _, p := range []struct{ sign, at string }{
		{"first ", format(first)}, {"█ all acked to ", floorText(format, c.AckFloor)},
		{"▓ delivered to ", format(c.Delivered)}, {"░ last ", format(last)},
	} {
		if p.at != "" {
			parts = append(parts, p.sign+p.at)
		}
	}
	r.add(dimLine, "", strings.Join(parts, "   "))
}

// floorText writes the position up to which all is acknowledged. In a Redis stream it can be the last conceivable one
// before an entry, which no entry has.
func floorText(format func(bus.Position) string, p bus.Position) string {
	if p.Minor == math.MaxUint64 {
		return "before " + format(bus.Position{Major: p.Major + 1})
	}
	return format(p)
}

// positionBar draws a station's messages from the first to the last: █ acknowledged without exception, ▓ delivered, ░ not
// yet. What there is of the middle is seen even when it is small.
func positionBar(first, floor, delivered, last bus.Position, width int) string {
	at := func(p bus.Position) int {
		switch {
		case p.IsZero() || p.Less(first):
			return 0
		case !p.Less(last):
			return width
		}
		span := float64(last.Major-first.Major) + 1
		return min(int(float64(p.Major-first.Major+1)/span*float64(width)), width-1)
	}
	acked, given := at(floor), at(delivered)
	if floor.Less(delivered) && !delivered.Less(first) && acked >= given {
		acked, given = max(given-1, 0), max(given, 1)
	}
	given = max(given, acked)
	return strings.Repeat("█", acked) + strings.Repeat("▓", given-acked) + strings.Repeat("░", width-given)
}

// memberFacts list the members, and the oldest messages that they have not acknowledged.
func memberFacts(d *deck, r *reader, c *sources.ConsumerRow) {
	if len(c.Members) > 0 {
		r.head("members")
		for _, m := range c.Members {
			text := plural(uint64(max(m.Pending, 0)), "message") + " pending, idle " + lasting(m.Idle)
			if m.Inactive > 0 {
				text += ", read nothing for " + lasting(m.Inactive)
			}
			r.fact(m.Name, text)
		}
	}
	if len(c.Pending) == 0 {
		return
	}
	title, line := "oldest unacknowledged", r.fact
	if leverable(d) {
		title, line = title+" · tab chooses one, x pulls a lever on it", r.choice
	}
	r.head(title)
	for _, p := range c.Pending {
		text := ""
		if p.Age > 0 {
			text = "for " + lasting(p.Age) + ", "
		}
		if p.Deliveries >= 0 {
			text += "delivered " + plural(uint64(p.Deliveries), "time")
		}
		line(c.Positions.Format(p.Position), strings.TrimSpace(strings.TrimSuffix(text, ", ")+"  "+p.Member))
	}
}

func consumerKind(c *sources.ConsumerRow) string {
	if c.Push {
		return c.Kind + ", pushed to"
	}
	return c.Kind
}

func limited(n, limit int64) string {
	if limit <= 0 {
		return known(n)
	}
	return known(n) + " of at most " + grouped(uint64(limit))
}
