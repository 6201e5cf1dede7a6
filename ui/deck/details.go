package deck

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
)

// detailView is a station or a consumer, opened. It is drawn from the newest snapshot, so that its figures are live.
type detailView struct {
	title  string
	facts  func(*deck) (reader, bool) // ok is false when it is gone
	reader reader
}

func (v *detailView) typing() bool                  { return false }
func (v *detailView) moves() bool                   { return true }
func (v *detailView) update(*deck, tea.Msg) tea.Cmd { return nil }
func (v *detailView) move(d *deck, by int)          { v.reader.move(by, v.place(d).h-2) }

func (v *detailView) place(d *deck) box {
	return d.centred(min(d.layout.width, 92), min(len(v.reader.lines)+2, d.layout.height-4))
}

func (v *detailView) draw(d *deck) (panel, box) {
	top := v.reader.top
	facts, ok := v.facts(d)
	if !ok {
		facts.head("it is gone")
	}
	facts.wrapTo(min(d.layout.width, 92) - 2)
	v.reader = facts
	v.reader.top = top
	b := v.place(d)
	p := v.reader.panel(d.theme, b.w-2, b.h-2)
	p.title = v.title
	return p, b
}

func newStationView(key string) overlay {
	return &detailView{title: "station " + clean(key), facts: func(d *deck) (r reader, ok bool) {
		for i := range d.snap.Stations {
			if s := &d.snap.Stations[i]; s.Key == key {
				stationFacts(d, &r, s)
				return r, true
			}
		}
		return r, false
	}}
}

func stationFacts(d *deck, r *reader, s *sources.StationRow) {
	r.fact("kind", kindWord(s.Station))
	r.fact("bus", s.Bus)
	switch {
	case s.Refused != "":
		r.fault("refused", s.Refused)
	case !s.Reading:
		r.add(warnLine, "reading", "listed only")
	default:
		r.fact("reading", s.Station.Reading)
	}
	r.fact("from", s.From)
	if s.Backfill > 0 && s.Backfill < 1 {
		r.add(warnLine, "catching up", strconv.Itoa(int(s.Backfill*100))+" % of what it held")
	}
	r.fact("rate", rate(s.Rate)+"  "+spark(s.Rates, 40))
	if !s.Last.IsZero() {
		r.fact("newest", d.clock(s.Last, true))
	}
	r.fact("subjects", strings.Join(s.Station.Subjects, "  "))
	if s.Station.Replayable {
		r.fact("messages", grouped(s.Station.Messages)+" kept, "+size(s.Station.Bytes))
		r.fact("positions", s.Station.Kind.Format(s.Station.First)+" to "+s.Station.Kind.Format(s.Station.Last))
	}
	if s.Station.Consumers >= 0 {
		r.fact("consumers", strconv.Itoa(s.Station.Consumers))
	}
	if !s.Station.Created.IsZero() {
		r.fact("created", s.Station.Created.In(d.opt.Now().Location()).Format("2006-01-02 15:04:05"))
	}
	detailFacts(r, s.Station.Details)
	r.head("ledger")
	ledgerFacts(r, s.Ledger)
}

func newConsumerView(key string) overlay {
	_, name, _ := strings.Cut(key[strings.Index(key, "\x00")+1:], "\x00")
	return &detailView{title: "consumer " + clean(name), facts: func(d *deck) (r reader, ok bool) {
		for i := range d.snap.Consumers {
			if consumerKey(&d.snap.Consumers[i]) == key {
				consumerFacts(d, &r, &d.snap.Consumers[i])
				return r, true
			}
		}
		return r, false
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
	r.fact("lag", known(c.Lag)+"  "+spark(c.Lags, 40))
	r.fact("unacked", limited(c.Unacked, c.AckLimit))
	r.fact("redelivered", known(c.Redelivered))
	r.fact("waiting", known(c.Waiting)+" for messages right now")
	if c.MaxDeliver > 0 {
		r.fact("gives up", "after "+plural(uint64(c.MaxDeliver), "delivery"))
	}
	r.fact("delivered", bus.Stream.Format(c.Delivered))
	r.fact("all acked to", bus.Stream.Format(c.AckFloor))
	r.fact("rate", rate(c.Rate))
	if !c.PausedUntil.IsZero() {
		r.fact("paused until", d.clock(c.PausedUntil, false))
	}
	if !c.LastActive.IsZero() {
		r.fact("last active", lasting(d.opt.Now().Sub(c.LastActive))+" ago")
	}
	detailFacts(r, c.Details)
	if len(c.Members) > 0 {
		r.head("members")
		for _, m := range c.Members {
			r.fact(m.Name, plural(uint64(max(m.Pending, 0)), "message")+" pending, idle "+lasting(m.Idle))
		}
	}
	if len(c.Pending) > 0 {
		r.head("oldest unacknowledged")
		for _, p := range c.Pending {
			r.fact(positionText(p.Position), strings.TrimSpace("for "+lasting(p.Age)+", delivered "+
				plural(uint64(max(p.Deliveries, 0)), "time")+"  "+p.Member))
		}
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

// positionText writes a position of any kind of station.
func positionText(p bus.Position) string {
	if p.Minor != 0 {
		return bus.Log.Format(p)
	}
	return bus.Stream.Format(p)
}

func detailFacts(r *reader, details []bus.Detail) {
	for _, x := range details {
		r.fact(x.Name, x.Value)
	}
}

// kindWord is a kind of station in a word for people.
func kindWord(s bus.Station) string {
	switch s.Kind {
	case bus.Bucket:
		return "key-value"
	case bus.Log:
		return "redis stream"
	}
	return string(s.Kind)
}

// messagesOf is how many messages a station keeps or, where it keeps none, how many have come from it.
func messagesOf(s *sources.StationRow) uint64 {
	if s.Station.Replayable {
		return s.Station.Messages
	}
	return s.Ledger.Received
}
