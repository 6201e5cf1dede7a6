package natsbus

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
	"signalbox/bus/natsbus/internal/jsapi"
)

// How a pull reads ahead: so many messages are asked for and not here yet, at most; the next are asked for when half
// have come. Each request is also bounded in bytes.
const (
	pullWindow    = 4096
	pullExpires   = 30 * time.Second
	pullHeartbeat = 2 * time.Second
	inactivity    = 5 * time.Second // after which the server removes a consumer that nobody pulls from
)

// pull is one life of an ordered consumer: it ends, and another begins, when anything is out of order.
type pull struct {
	bus      *Bus
	stream   string
	consumer string
	inbox    string
	sub      *nats.Subscription
	messages chan *nats.Msg
	start    uint64 // the sequence it begins with
	held     uint64 // how many messages there were from start on, when it began
	bytes    int    // bound of a request

	last     uint64 // the consumer's sequence of the message before
	left     int    // asked for, and not here yet
	heard    bool   // anything since the last look
	progress bool   // a message since the last complaint about its size
	large    bool   // the next message is larger than the bound of a request
}

// consumable tells whether a consumer on a stream disturbs nobody.
func consumable(info *jetstream.StreamInfo) bool {
	return info.Config.Retention == jetstream.LimitsPolicy
}

// newPull creates a consumer that starts as where says, and subscribes to what it will deliver.
func (b *Bus) newPull(ctx context.Context, stream string, where jetstream.ConsumerConfig, bytes int) (*pull, error) {
	p := &pull{bus: b, stream: stream, consumer: "signalbox-" + nuid.Next(), inbox: b.core.Conn.NewInbox(), bytes: bytes}
	// Room for all that is asked for, and for what the server says besides.
	p.messages = make(chan *nats.Msg, 2*pullWindow)
	var err error
	p.sub, err = b.core.Subscribe(ctx, p.inbox, func() (*nats.Subscription, error) { return b.core.Conn.ChanSubscribe(p.inbox, p.messages) })
	if err != nil {
		return nil, err
	}
	where.Name, where.AckPolicy, where.InactiveThreshold = p.consumer, jetstream.AckNonePolicy, inactivity
	where.MemoryStorage, where.Replicas = true, 1
	b.own(p.consumer, true)
	var info jetstream.ConsumerInfo
	err = b.js.Do(ctx, "CONSUMER.CREATE."+stream+"."+p.consumer, map[string]any{"stream_name": stream, "config": where}, &info)
	if err != nil {
		p.stop()
		return nil, err
	}
	p.start, p.held = info.Delivered.Stream+1, info.NumPending
	return p, nil
}

// stop removes the consumer. A server that cannot be asked removes it by itself.
func (p *pull) stop() {
	_ = p.sub.Unsubscribe()
	defer p.bus.own(p.consumer, false)
	if !p.bus.core.Conn.IsConnected() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = p.bus.js.Do(ctx, "CONSUMER.DELETE."+p.stream+"."+p.consumer, nil, &struct{}{})
}

// refill asks for more once half of what was asked for has come.
func (p *pull) refill() {
	request := struct {
		Batch     int           `json:"batch"`
		MaxBytes  int           `json:"max_bytes,omitempty"`
		Expires   time.Duration `json:"expires"`
		Heartbeat time.Duration `json:"idle_heartbeat"`
	}{pullWindow - p.left, p.bytes, pullExpires, pullHeartbeat}
	switch {
	case p.large && p.left > 0, !p.large && p.left > pullWindow/2:
		return
	case p.large:
		request.Batch, request.MaxBytes = 1, 0
	}
	data, err := json.Marshal(request)
	if err != nil {
		return
	}
	// If it fails the connection is down, and the feed is about to be told.
	if p.bus.core.Conn.PublishRequest(p.bus.js.Subject("CONSUMER.MSG.NEXT."+p.stream+"."+p.consumer), p.inbox, data) == nil {
		p.left += request.Batch
	}
}

// arrived notes a message. It reports false when one before it is missing.
func (p *pull) arrived(d jsapi.Delivery) bool {
	if d.Consumer != p.last+1 {
		return false
	}
	p.last = d.Consumer
	p.left--
	p.heard, p.progress, p.large = true, true, false
	p.refill()
	return true
}

// status takes what the server says of a request. It returns why the consumer cannot go on, or nil.
func (p *pull) status(m *nats.Msg) error {
	p.heard = true
	code, text := m.Header.Get("Status"), m.Header.Get("Description")
	switch {
	case code == "100": // a heartbeat
		return nil
	case code == "404", code == "408": // nothing came in time
	case code == "409" && text == "Batch Completed": // with bytes to spare
	case code == "409" && text == "Message Size Exceeds MaxBytes":
		p.large = !p.progress
		p.progress = false
	default:
		return fmt.Errorf("consumer ended: %s %s", code, text)
	}
	rest, err := strconv.Atoi(m.Header.Get("Nats-Pending-Messages"))
	if err != nil {
		rest = p.left
	}
	p.left = max(0, p.left-rest)
	p.refill()
	return nil
}

// pending asks how many messages are still to come.
func (p *pull) pending(ctx context.Context) (uint64, error) {
	var info jetstream.ConsumerInfo
	err := p.bus.js.Do(ctx, "CONSUMER.INFO."+p.stream+"."+p.consumer, nil, &info)
	return info.NumPending, err
}

// own remembers, or forgets, a consumer of this session: it is not listed among those of the system.
func (b *Bus) own(consumer string, is bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if is {
		b.mine[consumer] = struct{}{}
	} else {
		delete(b.mine, consumer)
	}
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
