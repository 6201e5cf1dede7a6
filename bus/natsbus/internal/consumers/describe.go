package consumers

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/deadletters"
	"signalbox/bus/natsbus/internal/jsapi"
)

// describe describes a consumer of a stream.
func (l *Lister) describe(r jsapi.Consumer, h history, told deadletters.Tally) bus.Consumer {
	info, stream, c := r.Info, r.Stream, r.Info.Config
	out := bus.Consumer{
		Station: l.js.StationName(info.Stream), Name: info.Name, Kind: "ephemeral", Push: c.DeliverSubject != "",
		Filters: r.Filters(), Acks: acks(c), First: bus.Position{Major: firstOf(info, stream)},
		Lag: int64(info.NumPending), Unacked: int64(info.NumAckPending), Redelivered: int64(max(0, info.NumRedelivered-h.givenUp.n)),
		GivenUp: int64(h.givenUp.n), AtLeast: !h.givenUp.exact, Unlisted: int64(max(0, h.givenUp.n-told.Listed)), Terminated: int64(told.Terminated),
		Heard:   bus.Position{Major: h.heard},
		Waiting: int64(info.NumWaiting), AckLimit: max(0, int64(c.MaxAckPending)), MaxDeliver: max(0, int64(c.MaxDeliver)),
		Delivered: bus.Position{Major: info.Delivered.Stream}, AckFloor: bus.Position{Major: info.AckFloor.Stream},
		Created: info.Created,
		Session: c.Durable == "" && c.AckPolicy == jetstream.AckNonePolicy && strings.HasPrefix(info.Name, jsapi.SessionPrefix),
	}
	if c.Durable != "" {
		out.Kind = "durable"
	}
	if c.AckPolicy == jetstream.AckNonePolicy {
		out.AckLimit = 0
	}
	if out.Push && info.PushBound {
		out.Waiting = 1
	}
	if info.Paused {
		out.PausedUntil = time.Now().Add(info.PauseRemaining)
	}
	for _, last := range []*time.Time{info.Delivered.Last, info.AckFloor.Last} {
		if last != nil && last.After(out.LastActive) {
			out.LastActive = *last
		}
	}
	out.Pending = l.unacked(r, h)
	out.Details = consumerDetails(info, out.Filters)
	return out
}

// acks names what a consumer's acknowledgements mean.
func acks(c jetstream.ConsumerConfig) string {
	switch c.AckPolicy {
	case jetstream.AckExplicitPolicy:
		return "explicit"
	case jetstream.AckAllPolicy:
		return "all"
	case jetstream.AckNonePolicy:
		return "none"
	default:
		return ""
	}
}

// firstOf is the first sequence that a consumer may have got, or 0. The server tells no more than where acknowledgements
// begin as long as there are none, and what the stream holds is all younger than some consumers.
func firstOf(info *jetstream.ConsumerInfo, stream *jetstream.StreamInfo) uint64 {
	c, began := info.Config, info.Created
	switch c.DeliverPolicy {
	case jetstream.DeliverAllPolicy:
		return 1
	case jetstream.DeliverByStartSequencePolicy:
		return max(1, c.OptStartSeq)
	case jetstream.DeliverByStartTimePolicy:
		if c.OptStartTime != nil {
			began = *c.OptStartTime
		}
	}
	switch {
	case info.AckFloor.Consumer == 0:
		return info.AckFloor.Stream + 1
	case !stream.State.FirstTime.Before(began):
		return max(1, stream.State.FirstSeq)
	default:
		return 0
	}
}

func consumerDetails(info *jetstream.ConsumerInfo, filters []string) []bus.Detail {
	c := info.Config
	details := []bus.Detail{
		{Name: "mode", Value: mode(info)},
		{Name: "reads", Value: cmp.Or(strings.Join(filters, ", "), "all subjects")},
		{Name: "starts at", Value: c.DeliverPolicy.String()},
		{Name: "acknowledges", Value: cmp.Or(acks(c), c.AckPolicy.String())},
	}
	add := func(name, value string) {
		if value != "" {
			details = append(details, bus.Detail{Name: name, Value: value})
		}
	}
	if c.AckPolicy != jetstream.AckNonePolicy {
		add("within", c.AckWait.String())
		add("deliveries", jsapi.Limit(int64(c.MaxDeliver), strconv.Itoa(c.MaxDeliver)))
		add("unacknowledged", jsapi.Limit(int64(c.MaxAckPending), strconv.Itoa(c.MaxAckPending)))
	}
	if c.DeliverSubject == "" {
		add("waiting pulls", strconv.Itoa(info.NumWaiting)+" of "+jsapi.Limit(int64(c.MaxWaiting), strconv.Itoa(c.MaxWaiting)))
	}
	if c.InactiveThreshold > 0 {
		add("removed after", c.InactiveThreshold.String()+" without use")
	}
	if c.ReplayPolicy == jetstream.ReplayOriginalPolicy {
		add("speed", "as the messages were stored")
	}
	if c.RateLimit > 0 {
		add("at most", strconv.FormatUint(c.RateLimit, 10)+" bits a second")
	}
	if info.Paused {
		add("paused for", info.PauseRemaining.Round(time.Second).String())
	}
	if info.Cluster != nil {
		add("leader", info.Cluster.Leader)
	}
	add("about", c.Description)
	return details
}

// mode says how messages get to whoever reads.
func mode(info *jetstream.ConsumerInfo) string {
	c := info.Config
	if c.DeliverSubject == "" {
		return "pull"
	}
	text := "push to " + c.DeliverSubject
	if c.DeliverGroup != "" {
		text += " in the queue group " + c.DeliverGroup
	}
	if !info.PushBound {
		return text + ", where nobody listens"
	}
	return text + ", where somebody listens"
}
