package natsbus

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

// Bounds of what is kept of dead letters, and of how many messages are fetched for them at one time.
const (
	maxLetters     = 1000
	maxLetterBytes = 16 << 20
	maxLetterGets  = 64
	maxStuck       = 200
	adviceBacklog  = 2 << 20
)

// What a server says when a consumer has failed with a message, each followed by .<stream>.<consumer>.
const (
	advisories   = "$JS.EVENT.ADVISORY.CONSUMER."
	adviceMax    = "MAX_DELIVERIES"
	adviceTerm   = "MSG_TERMINATED"
	adviceNak    = "MSG_NAKED"
	whyExhausted = "max deliveries"
	whyTerm      = "terminated"
	whyNak       = "not accepted, to be delivered again"
	whyStuck     = "not acknowledged, and nobody is pulling"
)

// letters are the dead letters learnt of so far. It listens only once somebody asked for them.
type letters struct {
	asking  sync.Mutex // held by whoever asks the server
	heard   map[string]bool
	refused error               // to listen
	stuck   map[letterKey]stall // by consumer, as found last

	mu    sync.Mutex
	order []*letter // oldest first
	byKey map[letterKey]*letter
	bytes int // of the messages of order
	subs  []*core.Subscription
}

type letterKey struct {
	stream, consumer string
	sequence         uint64
}

type letter struct {
	key       letterKey
	nak       bool // the consumer will get it again
	exhausted bool // it was delivered as often as the consumer allows
	sought    bool // the message was asked for
	what      bus.DeadLetter
}

func newLetters() letters {
	return letters{heard: map[string]bool{}, stuck: map[letterKey]stall{}, byKey: map[letterKey]*letter{}}
}

// listen subscribes to the advisories, once; the subscriptions end with the connection. A refusal is remembered.
func (l *letters) listen(ctx context.Context, b *Bus) error {
	for _, kind := range []string{adviceMax, adviceTerm, adviceNak} {
		if l.heard[kind] {
			continue
		}
		sub, err := b.core.Listen(ctx, advisories+kind+".>", adviceBacklog, func(m *nats.Msg) { l.advise(b, kind, m.Data) })
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
		l.heard[kind] = true
	}
	return l.refused
}

// wait waits until no advisory is being taken in any more, after the connection was closed.
func (l *letters) wait() {
	l.mu.Lock()
	subs := l.subs
	l.mu.Unlock()
	for _, s := range subs {
		s.Wait()
	}
}

// advise takes an advisory in.
func (l *letters) advise(b *Bus, kind string, data []byte) {
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
	why := map[string]string{adviceMax: whyExhausted, adviceTerm: whyTerm, adviceNak: whyNak}[kind]
	if advice.Reason != "" {
		why += ": " + advice.Reason
	}
	l.add(letter{
		key: letterKey{advice.Stream, advice.Consumer, advice.Sequence}, nak: kind == adviceNak, exhausted: kind == adviceMax,
		what: bus.DeadLetter{
			Station: b.js.StationName(advice.Stream), Consumer: advice.Consumer, Position: bus.Position{Major: advice.Sequence},
			Deliveries: advice.Deliveries, Why: why, UnixNano: advice.Time.UnixNano(),
		},
	})
}

// add keeps a letter, or what is new of one; when there are too many the oldest go.
func (l *letters) add(fresh letter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if old := l.byKey[fresh.key]; old != nil {
		if fresh.nak && !old.nak {
			return
		}
		fresh.what.Message, fresh.sought = old.what.Message, old.sought
		*old = fresh
		return
	}
	l.byKey[fresh.key] = &fresh
	l.order = append(l.order, &fresh)
	l.trim()
}

func (l *letters) trim() {
	for len(l.order) > maxLetters || l.bytes > maxLetterBytes && len(l.order) > 1 {
		l.forget(l.order[0])
		l.order = l.order[1:]
	}
}

func (l *letters) forget(x *letter) {
	delete(l.byKey, x.key)
	if m := x.what.Message; m != nil {
		l.bytes -= len(m.Data)
	}
}

// gaveUp tells whether a consumer is known to have given up a message.
func (l *letters) gaveUp(station, consumer string, sequence uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, stream := range []string{station, jsapi.BucketPrefix + station} {
		if known := l.byKey[letterKey{stream, consumer, sequence}]; known != nil {
			return !known.nak
		}
	}
	return false
}

// deliveries is how often a message had been delivered when its consumer refused it last, or -1.
func (l *letters) deliveries(key letterKey) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known := l.byKey[key]; known != nil && known.nak {
		return known.what.Deliveries
	}
	return -1
}

// givenUp counts the messages known to have been delivered as often as their consumers allow, by consumer.
func (l *letters) givenUp() map[letterKey]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := map[letterKey]int{}
	for _, x := range l.order {
		if x.exhausted {
			counts[letterKey{stream: x.key.stream, consumer: x.key.consumer}]++
		}
	}
	return counts
}

// settled forgets the messages that a consumer did not accept at first and has acknowledged since.
func (l *letters) settled(readers []jsapi.Consumer) {
	floors := map[letterKey]uint64{}
	for _, r := range readers {
		floors[letterKey{stream: r.Info.Stream, consumer: r.Info.Name}] = r.Info.AckFloor.Stream
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := l.order[:0]
	for _, x := range l.order {
		if x.nak && x.key.sequence <= floors[letterKey{stream: x.key.stream, consumer: x.key.consumer}] {
			l.forget(x)
			continue
		}
		kept = append(kept, x)
	}
	clear(l.order[len(kept):])
	l.order = kept
}
