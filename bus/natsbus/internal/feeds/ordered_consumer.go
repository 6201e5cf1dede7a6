package feeds

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
)

// How a consumer reads ahead: so many messages are asked for and not here yet, at most; the next are asked for when half
// have come. Each request is also bounded in bytes. With many feeds each asks for fewer, and has the server say less often
// that it is still there.
const (
	mostWindow     = 4096
	leastWindow    = 64
	windows        = 64 * mostWindow // of all consumers, about
	requestExpires = 30 * time.Second
	leastBeat      = 2 * time.Second
	mostBeat       = 14 * time.Second // a server wants two in a request
	checkEvery     = 5 * time.Second
)

// ahead is how far a consumer reads ahead.
func (s *Set) ahead() int { return min(mostWindow, max(leastWindow, windows/s.size())) }

// beat is how often the server is to say that a consumer is there.
func (s *Set) beat() time.Duration { return min(mostBeat, max(leastBeat, s.share())) }

// orderedConsumer is a consumer of the session on the server, which a streamFeed pulls from. It lives in memory and needs no
// acknowledgements. When anything is out of order the feed makes another.
type orderedConsumer struct {
	set      *Set
	stream   string
	name     string
	inbox    string
	sub      *nats.Subscription
	messages chan *nats.Msg
	start    uint64 // the sequence it begins with
	count    uint64 // of messages there were from start on, when it began
	bytes    int    // bound of a request
	window   int
	beat     time.Duration // how often the server says that it is there

	last     uint64        // the consumer's sequence of the message before
	awaited  int           // messages that were asked for, and are not here yet
	heard    bool          // anything has come since the last check
	silent   time.Duration // since anything came
	progress bool          // a message since the last complaint about its size
	large    bool          // the next message is larger than the bound of a request
}

// newConsumer creates a consumer that starts as where says, and subscribes to what it will deliver.
func (s *Set) newConsumer(ctx context.Context, stream string, where jetstream.ConsumerConfig, bytes int) (*orderedConsumer, error) {
	c := &orderedConsumer{set: s, stream: stream, name: jsapi.SessionPrefix + nuid.Next(), inbox: s.Core.Conn.NewInbox(), bytes: bytes}
	// Room for all that is asked for, and for what the server says besides.
	c.window, c.beat = s.ahead(), s.beat()
	c.messages = make(chan *nats.Msg, 2*c.window)
	var err error
	c.sub, err = s.Core.Subscribe(ctx, c.inbox, func() (*nats.Subscription, error) { return s.Core.Conn.ChanSubscribe(c.inbox, c.messages) })
	if err != nil {
		return nil, err
	}
	if err := c.hears(ctx); err != nil {
		_ = c.sub.Unsubscribe()
		return nil, err
	}
	where.Name, where.AckPolicy, where.InactiveThreshold = c.name, jetstream.AckNonePolicy, Inactivity
	where.MemoryStorage, where.Replicas = true, 1
	s.own(c.name, "")
	var info jetstream.ConsumerInfo
	err = s.Streams.Do(ctx, "CONSUMER.CREATE."+stream+"."+c.name, map[string]any{"stream_name": stream, "config": where}, &info)
	if err != nil {
		c.stop(s)
		return nil, err
	}
	s.own(c.name, stream)
	c.start, c.count = info.Delivered.Stream+1, info.NumPending
	return c, nil
}

// hears makes sure of the subscription where the server has refused one because there are too many: it does not say which.
func (c *orderedConsumer) hears(ctx context.Context) error {
	conn := c.set.Core.Conn
	if !c.set.Core.Full() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, core.Timeout)
	defer cancel()
	if err := conn.Publish(c.inbox, nil); err != nil {
		return core.Error(err)
	}
	if err := conn.FlushWithContext(ctx); err != nil {
		return core.Error(err)
	}
	select {
	case <-c.messages: // it came before the answer to the flush
		return nil
	default:
		return core.ErrSubscriptions
	}
}

// stop removes the consumer. A server that cannot be asked removes it by itself.
func (c *orderedConsumer) stop(s *Set) {
	_ = c.sub.Unsubscribe()
	defer s.disown(c.name)
	if !s.Core.Conn.IsConnected() {
		return
	}
	ctx, done := s.removals.begin()
	done(s.Streams.Do(ctx, "CONSUMER.DELETE."+c.stream+"."+c.name, nil, &struct{}{}) == nil)
}

// request asks for more once half of what was asked for has come.
func (c *orderedConsumer) request() {
	body := struct {
		Batch     int           `json:"batch"`
		MaxBytes  int           `json:"max_bytes,omitempty"`
		Expires   time.Duration `json:"expires"`
		Heartbeat time.Duration `json:"idle_heartbeat"`
	}{Batch: c.window - c.awaited, MaxBytes: c.bytes, Expires: requestExpires}
	switch {
	case c.large && c.awaited > 0, !c.large && c.awaited > c.window/2:
		return
	case c.large:
		body.Batch, body.MaxBytes = 1, 0
	}
	c.beat = c.set.beat() // there may be more feeds by now
	body.Heartbeat = c.beat
	data, err := json.Marshal(body)
	if err != nil {
		return
	}
	// If it fails the connection is down, and the feed is about to be told.
	if c.set.Core.Conn.PublishRequest(c.set.Streams.Subject("CONSUMER.MSG.NEXT."+c.stream+"."+c.name), c.inbox, data) == nil {
		c.awaited += body.Batch
	}
}

// arrived notes a message. It reports false when one before it is missing.
func (c *orderedConsumer) arrived(d jsapi.Delivery) bool {
	if d.Consumer != c.last+1 {
		return false
	}
	c.last = d.Consumer
	c.awaited--
	c.heard, c.progress, c.large = true, true, false
	c.request()
	return true
}

// status takes what the server says of a request. It returns why the consumer cannot go on, or nil, and the sequence below
// which nothing will come any more, or 0 if that is not said.
func (c *orderedConsumer) status(m *nats.Msg) (passed uint64, err error) {
	c.heard = true
	code, text := m.Header.Get("Status"), m.Header.Get("Description")
	switch {
	case code == "100": // a heartbeat
		return c.passed(m.Header), nil
	case code == "404", code == "408": // nothing came in time
	case code == "409" && text == "Batch Completed": // with bytes to spare
	case code == "409" && text == "Message Size Exceeds MaxBytes":
		c.large = !c.progress
		c.progress = false
	default:
		return 0, fmt.Errorf("consumer ended: %s %s", code, text)
	}
	rest, err := strconv.Atoi(m.Header.Get("Nats-Pending-Messages"))
	if err != nil {
		rest = c.awaited
	}
	c.awaited = max(0, c.awaited-rest)
	c.request()
	return 0, nil
}

// passed is the sequence that the consumer has come to, as a heartbeat says, if all that it delivered is here; else 0.
func (c *orderedConsumer) passed(h nats.Header) uint64 {
	delivered, err := strconv.ParseUint(h.Get("Nats-Last-Consumer"), 10, 64)
	if err != nil || delivered != c.last {
		return 0
	}
	last, err := strconv.ParseUint(h.Get("Nats-Last-Stream"), 10, 64)
	if err != nil {
		return 0
	}
	return last + 1
}

// info asks how far the consumer is, and how many messages are still to come.
func (c *orderedConsumer) info(ctx context.Context) (info jetstream.ConsumerInfo, err error) {
	err = c.set.Streams.Do(ctx, "CONSUMER.INFO."+c.stream+"."+c.name, nil, &info)
	return info, err
}

// startAt translates where a feed starts, for a stream in a known state.
func startAt(from bus.From, state jetstream.StreamState) jetstream.ConsumerConfig {
	at := func(sequence uint64) jetstream.ConsumerConfig {
		return jetstream.ConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: max(1, sequence)}
	}
	switch from.Start {
	case bus.FromAll:
		return jetstream.ConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy}
	case bus.FromLast:
		if from.Last >= state.Msgs {
			return jetstream.ConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy}
		}
		return at(max(state.FirstSeq, state.LastSeq-from.Last+1))
	case bus.FromSince:
		since := time.Now().Add(-from.Since)
		return jetstream.ConsumerConfig{DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &since}
	case bus.FromAt:
		return at(from.Position.Major)
	default:
		return jetstream.ConsumerConfig{DeliverPolicy: jetstream.DeliverNewPolicy}
	}
}
