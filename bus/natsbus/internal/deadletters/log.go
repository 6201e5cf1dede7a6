// Package deadletters learns of messages that consumers gave up, refused, or left unacknowledged with nobody pulling any
// more. The server tells the former two by advisories, to which the log listens from the first List on; the last it has to
// find. What is kept is bounded: the oldest go.
//
// All methods may be called from any goroutine. List asks the server and fetches the messages; the others do not wait, but
// for Wait.
package deadletters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
)

// Bounds of what is kept, and of how many messages are fetched at one time.
const (
	maxEntries     = 1000
	maxBytes       = 16 << 20
	maxFetches     = 64
	maxStuck       = 200
	advisoryBuffer = 2 << 20
)

// What a server says when a consumer has failed with a message, each followed by .<stream>.<consumer>.
const (
	Advisories   = "$JS.EVENT.ADVISORY.CONSUMER."
	AdvisoryMax  = "MAX_DELIVERIES"
	adviceTerm   = "MSG_TERMINATED"
	adviceNak    = "MSG_NAKED"
	whyExhausted = "max deliveries"
	whyTerm      = "terminated"
	whyNak       = "not accepted, to be delivered again"
	whyStuck     = "not acknowledged, and nobody is pulling"
)

// Log is the dead letters learnt of so far.
type Log struct {
	core *core.Client
	js   *jsapi.Client
	owns func(consumer string) bool

	asking    sync.Mutex // held by whoever asks the server
	listening map[string]bool
	refused   error                 // to listen
	stuck     map[Key]stuckConsumer // by consumer, as found last

	mu    sync.Mutex
	order []*entry // oldest first
	byKey map[Key]*entry
	bytes int // of the messages of order
	subs  []*core.Subscription
}

// Key names a message of a consumer.
type Key struct {
	Stream, Consumer string
	Sequence         uint64 // 0 where all messages of the consumer are meant
}

// entry is one dead letter.
type entry struct {
	key       Key
	nak       bool // the consumer will get it again
	exhausted bool // it was delivered as often as the consumer allows
	fetched   bool // the message was asked for
	what      bus.DeadLetter
}

// New makes an empty log. The consumers of the session, which owns tells, are no concern of it.
func New(c *core.Client, js *jsapi.Client, owns func(consumer string) bool) *Log {
	return &Log{core: c, js: js, owns: owns, listening: map[string]bool{}, stuck: map[Key]stuckConsumer{}, byKey: map[Key]*entry{}}
}

// listen subscribes to the Advisories, once; the subscriptions end with the connection. A refusal is remembered.
func (l *Log) listen(ctx context.Context) error {
	for _, kind := range []string{AdvisoryMax, adviceTerm, adviceNak} {
		if l.listening[kind] {
			continue
		}
		sub, err := l.core.Listen(ctx, Advisories+kind+".>", advisoryBuffer, func(m *nats.Msg) { l.advise(kind, m.Data) })
		switch {
		case errors.Is(err, bus.ErrRefused):
			l.refused = fmt.Errorf("listen for messages that are given up: %w", err)
		case err != nil:
			return fmt.Errorf("listen for messages that are given up: %w", err)
		default:
			l.mu.Lock()
			l.subs = append(l.subs, sub)
			l.mu.Unlock()
		}
		l.listening[kind] = true
	}
	return l.refused
}

// Wait waits until no advisory is being taken in any more, after the connection was closed.
func (l *Log) Wait() {
	l.mu.Lock()
	subs := l.subs
	l.mu.Unlock()
	for _, s := range subs {
		s.Wait()
	}
}

// advise takes in an advisory of a kind.
func (l *Log) advise(kind string, data []byte) {
	var advice struct {
		Time       time.Time `json:"timestamp"`
		Stream     string    `json:"stream"`
		Consumer   string    `json:"consumer"`
		Sequence   uint64    `json:"stream_seq"`
		Deliveries int64     `json:"deliveries"`
		Reason     string    `json:"reason"`
	}
	if json.Unmarshal(data, &advice) != nil || advice.Stream == "" || advice.Consumer == "" || strings.HasPrefix(advice.Stream, "$") {
		return
	}
	why := map[string]string{AdvisoryMax: whyExhausted, adviceTerm: whyTerm, adviceNak: whyNak}[kind]
	if advice.Reason != "" {
		why += ": " + advice.Reason
	}
	l.add(entry{
		key: Key{advice.Stream, advice.Consumer, advice.Sequence}, nak: kind == adviceNak, exhausted: kind == AdvisoryMax,
		what: bus.DeadLetter{
			Station: l.js.StationName(advice.Stream), Consumer: advice.Consumer, Position: bus.Position{Major: advice.Sequence},
			Deliveries: advice.Deliveries, Why: why, UnixNano: advice.Time.UnixNano(),
		},
	})
}

// add keeps an entry, or what is new of one; when there are too many the oldest go.
func (l *Log) add(fresh entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if old := l.byKey[fresh.key]; old != nil {
		if fresh.nak && !old.nak {
			return
		}
		fresh.what.Message, fresh.fetched = old.what.Message, old.fetched
		*old = fresh
		return
	}
	l.byKey[fresh.key] = &fresh
	l.order = append(l.order, &fresh)
	l.trim()
}

func (l *Log) trim() {
	for len(l.order) > maxEntries || l.bytes > maxBytes && len(l.order) > 1 {
		l.forget(l.order[0])
		l.order = l.order[1:]
	}
}

func (l *Log) forget(x *entry) {
	delete(l.byKey, x.key)
	if m := x.what.Message; m != nil {
		l.bytes -= len(m.Data)
	}
}

// GaveUp tells whether a consumer is known to have given up a message.
func (l *Log) GaveUp(station, consumer string, sequence uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, stream := range []string{station, jsapi.BucketPrefix + station} {
		if known := l.byKey[Key{stream, consumer, sequence}]; known != nil {
			return !known.nak
		}
	}
	return false
}

// Deliveries is how often a message had been delivered when its consumer refused it last, or -1.
func (l *Log) Deliveries(key Key) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known := l.byKey[key]; known != nil && known.nak {
		return known.what.Deliveries
	}
	return -1
}

// GivenUp counts the messages known to have been delivered as often as their consumers allow, by consumer.
func (l *Log) GivenUp() map[Key]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := map[Key]int{}
	for _, x := range l.order {
		if x.exhausted {
			counts[Key{Stream: x.key.Stream, Consumer: x.key.Consumer}]++
		}
	}
	return counts
}

// forgetAcknowledged forgets the messages that a consumer did not accept at first and has acknowledged since.
func (l *Log) forgetAcknowledged(consumers []jsapi.Consumer) {
	floors := map[Key]uint64{}
	for _, r := range consumers {
		floors[Key{Stream: r.Info.Stream, Consumer: r.Info.Name}] = r.Info.AckFloor.Stream
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := l.order[:0]
	for _, x := range l.order {
		if x.nak && x.key.Sequence <= floors[Key{Stream: x.key.Stream, Consumer: x.key.Consumer}] {
			l.forget(x)
			continue
		}
		kept = append(kept, x)
	}
	clear(l.order[len(kept):])
	l.order = kept
}
