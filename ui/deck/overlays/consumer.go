package overlays

import (
	"cmp"
	"math"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// consumer is an open consumer.
type consumer struct {
	details
	key string
}

// Name implements component.Overlay.
func (v *consumer) Name() string { return "an open consumer" }

// OpenConsumer opens a consumer.
func OpenConsumer(d *component.Deck, key string) {
	_, name, _ := strings.Cut(key[strings.Index(key, "\x00")+1:], "\x00")
	v := &consumer{key: key}
	v.title = "consumer " + screen.Clean(name)
	v.facts = func(d *component.Deck) (r screen.Text, ok bool) {
		c := d.ConsumerRow(key)
		if c != nil {
			consumerFacts(d, &r, c)
		}
		return r, c != nil
	}
	d.Open(v)
}

// ChosenConsumer implements component.ConsumerHolder.
func (v *consumer) ChosenConsumer(d *component.Deck) (r *sources.ConsumerRow, message int) {
	return d.ConsumerRow(v.key), v.picked
}

// HoldConsumer implements component.ConsumerHolder: it is open, and so chosen.
func (v *consumer) HoldConsumer(*component.Deck) {}

// Row implements component.CopyingRow.
func (v *consumer) Row(d *component.Deck) any {
	if r := d.ConsumerRow(v.key); r != nil {
		return output.ConsumerJSON(*r)
	}
	return nil
}

// next chooses the next unacknowledged message, and scrolls to it.
func (v *consumer) next(d *component.Deck) tea.Cmd {
	v.picked = (v.picked + 1) % max(v.text.Choices(), 1)
	v.write(d)
	if at := v.text.Chosen(); at >= 0 {
		v.text.Top = screen.ScrollTo(v.text.Top, at, len(v.text.Lines), v.place(d).H-2)
	}
	return nil
}

func consumerKeys() []component.Key {
	key := component.InOverlay(component.Key{Names: []string{"tab"}, Short: "entry", Help: "to the next unacknowledged message"},
		(*consumer).next)
	key.Where = component.Over(func(v *consumer) bool { return v.text.Choices() > 0 })
	key.Needs = "messages that are delivered and not acknowledged"
	open := component.InOverlay(component.Key{Names: []string{"enter"}, Short: "open", Help: "open the chosen unacknowledged message, with its entity's state then"},
		(*consumer).enter)
	open.Where, open.Needs = key.Where, key.Needs
	return []component.Key{key, open}
}

// enter opens the chosen unacknowledged message.
func (v *consumer) enter(d *component.Deck) tea.Cmd {
	r := d.ConsumerRow(v.key)
	if r == nil || v.picked >= len(r.Pending) {
		return nil
	}
	return openMessage(d, r.Bus, r.Station, r.Pending[v.picked].Position)
}

func consumerFacts(d *component.Deck, r *screen.Text, c *sources.ConsumerRow) {
	kind := screen.GoodLine
	switch {
	case c.Diagnosis.Severity >= wording.Severe:
		kind = screen.BadLine
	case c.Diagnosis.Severity > 0:
		kind = screen.WarnLine
	}
	r.Add(kind, "diagnosis", cmp.Or(c.Text(), c.Diagnosis.Word))
	if p, plays := d.Played(c); plays {
		r.Fact("played", wording.PlayedText(p))
	}
	r.Fact("station", c.Station)
	r.Fact("kind", consumerKind(c))
	r.Fact("lag", wording.Known(c.Lag)+trend(c)+"  "+screen.Sparkline(c.Lags, min(len(c.Lags), 40)))
	r.Fact("unacked", limited(c.Unacked, c.AckLimit))
	r.Fact("redelivered", wording.Known(c.Redelivered))
	if c.GivenUp > 0 || c.MaxDeliver > 0 {
		r.Fact("given up", givenUp(c))
	}
	if c.Terminated > 0 {
		r.Fact("terminated", screen.Plural(uint64(c.Terminated), "message")+" while this session watched")
	}
	r.Fact("waiting", wording.Known(c.Waiting)+" for messages right now")
	if c.MaxDeliver > 0 {
		r.Fact("gives up", "after "+screen.Plural(uint64(c.MaxDeliver), "delivery"))
	}
	placeFacts(d, r, c)
	r.Fact("rate", screen.Rate(c.Rate))
	if !c.PausedUntil.IsZero() {
		r.Fact("paused until", d.Clock(c.PausedUntil, false))
	}
	if !c.LastActive.IsZero() {
		r.Fact("last active", screen.Duration(shownAt(d).Sub(c.LastActive))+" ago")
	}
	detailFacts(r, c.Details)
	if d.Steady().Then != nil {
		r.Add(screen.DimLine, "members", "they, and its unacknowledged messages, are not sampled")
		return
	}
	memberFacts(d, r, c)
}

// shownAt is the moment that is shown.
func shownAt(d *component.Deck) time.Time {
	if then := d.Steady().Then; then != nil && !then.Sampled.IsZero() {
		return then.Sampled
	}
	return d.Now()
}

// givenUp is how many messages the consumer has given up, and how many of them the dead letters do not list.
func givenUp(c *sources.ConsumerRow) string {
	text := c.GivenUpText()
	if c.AtLeast {
		text += ", the broker does not tell more"
	}
	if c.Unlisted > 0 {
		text += ", " + screen.Grouped(uint64(c.Unlisted)) + " of them before this session watched: it is not known which"
	}
	return text
}

// trend is where the lag is going, in words.
func trend(c *sources.ConsumerRow) string {
	switch {
	case c.Lag < 0:
		return ""
	case c.LagRate >= 0.05:
		return ", rising by " + screen.Rate(c.LagRate)
	case c.LagRate <= -0.05 && c.CaughtUp > 0:
		return ", falling by " + screen.Rate(-c.LagRate) + ", none in " + screen.Duration(c.CaughtUp)
	case c.LagRate <= -0.05:
		return ", falling by " + screen.Rate(-c.LagRate)
	}
	return ", steady"
}

// placeFacts show where the consumer stands among its station's messages.
func placeFacts(d *component.Deck, r *screen.Text, c *sources.ConsumerRow) {
	s, format := d.StationOf(c), c.Positions.Format
	if s == nil || s.Station.Last.IsZero() || c.Delivered.IsZero() {
		r.Fact("delivered", format(c.Delivered))
		r.Fact("all acked to", floorText(format, c.AckFloor))
		return
	}
	first, last := s.Station.First, s.Station.Last
	r.Fact("position", positionBar(first, c.AckFloor, c.Delivered, last, 40))
	var parts []string
	for _, p := range []struct{ sign, at string }{
		{"first ", format(first)}, {"█ all acked to ", floorText(format, c.AckFloor)},
		{"▓ delivered to ", format(c.Delivered)}, {"░ last ", format(last)},
	} {
		if p.at != "" {
			parts = append(parts, p.sign+p.at)
		}
	}
	r.Add(screen.DimLine, "", strings.Join(parts, "   "))
}

// floorText writes the position up to which all is acknowledged. Where positions are times it can be the last conceivable one
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

// memberText says what a member does, as far as its broker tells.
func memberText(m *bus.Member) string {
	if m.Pending < 0 && m.Idle < 0 {
		return "what it holds is told to nobody"
	}
	text := screen.Plural(uint64(max(m.Pending, 0)), "message") + " pending, idle " + screen.Duration(m.Idle)
	if m.Inactive > 0 {
		text += ", read nothing for " + screen.Duration(m.Inactive)
	}
	return text
}

// memberFacts list the members, and the oldest messages that they have not acknowledged.
func memberFacts(d *component.Deck, r *screen.Text, c *sources.ConsumerRow) {
	if len(c.Members) > 0 {
		r.Heading("members")
		for _, m := range c.Members {
			r.Fact(m.Name, memberText(&m))
		}
		if c.MoreMembers > 0 {
			r.Fact("and", screen.Plural(uint64(c.MoreMembers), "more member")+", which are not listed")
		}
	}
	if len(c.Pending) == 0 {
		return
	}
	title := "oldest unacknowledged · tab chooses one, enter opens it"
	if _, _, ok := d.Sender.Operator(c.Bus); ok {
		title += ", x pulls a lever on it"
	}
	r.Heading(title)
	for _, p := range c.Pending {
		text := ""
		if p.Age > 0 {
			text = "for " + screen.Duration(p.Age) + ", "
		}
		if p.Deliveries >= 0 {
			text += "delivered " + screen.Plural(uint64(p.Deliveries), "time")
		}
		r.Choice(c.Positions.Format(p.Position), strings.TrimSpace(strings.TrimSuffix(text, ", ")+"  "+p.Member))
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
		return wording.Known(n)
	}
	return wording.Known(n) + " of at most " + screen.Grouped(uint64(limit))
}
