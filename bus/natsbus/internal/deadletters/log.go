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
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

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
	own  jsapi.Own

	asking    sync.Mutex // held by whoever asks the server
	listening map[string]bool
	refused   error                 // to listen
	stuck     map[Key]stuckConsumer // by consumer, as found last
	searched  map[Key]uint64        // by consumer of a work queue: the first sequence that was not looked at
	inferable map[Key]*leftover     // by consumer of other streams, those of which it is still to be looked at; nil before the first look

	mu      sync.Mutex
	order   []*entry // oldest first
	byKey   map[Key]*entry
	bytes   int           // of the messages of order
	tallies map[Key]Tally // by consumer
	hearing bool          // that messages are given up
	subs    []*core.Subscription
}

// Tally is how many messages of a consumer are known to be dead.
type Tally struct {
	GivenUp    int // delivered as often as the consumer allows
	Listed     int // of GivenUp, those that List returns
	Terminated int
}

// Key names a message of a consumer.
type Key struct {
	Stream, Consumer string
	Sequence         uint64 // 0 where all messages of the consumer are meant
}

// entry is one dead letter.
type entry struct {
	key     Key  // never changes, and is read without mu
	fetched bool // the message was asked for
	what    bus.DeadLetter
}

// consumer is the key of an entry's consumer.
func (k Key) consumer() Key { return Key{Stream: k.Stream, Consumer: k.Consumer} }

// New makes an empty log. The consumers of the session, which own tells of, are no concern of it.
func New(c *core.Client, js *jsapi.Client, own jsapi.Own) *Log {
	return &Log{core: c, js: js, own: own, listening: map[string]bool{}, stuck: map[Key]stuckConsumer{}, searched: map[Key]uint64{}, byKey: map[Key]*entry{},
		tallies: map[Key]Tally{}}
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
			l.hearing = l.hearing || kind == AdvisoryMax
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
	var advice advice
	if json.Unmarshal(data, &advice) != nil || advice.Stream == "" || advice.Consumer == "" || strings.HasPrefix(advice.Stream, "$") {
		return
	}
	said := map[string]struct {
		standing bus.Standing
		why      string
	}{AdvisoryMax: {bus.GivenUp, whyExhausted}, adviceTerm: {bus.Terminated, whyTerm}, adviceNak: {bus.Delivered, whyNak}}[kind]
	why := said.why
	if advice.Reason != "" {
		why += ": " + advice.Reason
	}
	l.add(entry{
		key: Key{advice.Stream, advice.Consumer, advice.Sequence},
		what: bus.DeadLetter{
			Standing: said.standing, Station: l.js.StationName(advice.Stream), Consumer: advice.Consumer, Position: bus.Position{Major: advice.Sequence},
			Deliveries: advice.Deliveries, Why: why, UnixNano: advice.Time.UnixNano(), Message: advice.message(),
		},
	})
}

// advice is what a server says of a message. Some tell what message it was, too: that may be gone by now.
type advice struct {
	Time       time.Time `json:"timestamp"`
	Stream     string    `json:"stream"`
	Consumer   string    `json:"consumer"`
	Sequence   uint64    `json:"stream_seq"`
	Deliveries int64     `json:"deliveries"`
	Reason     string    `json:"reason"`
	Headers    []byte    `json:"headers"`
	Data       []byte    `json:"data"`
	Sent       int64     `json:"time_sent"`
}

// message is the message that came along, without the subject, which is not told; nil when none came.
func (a *advice) message() *bus.Message {
	if a.Data == nil {
		return nil
	}
	whole := nats.Msg{Data: a.Data}
	if len(a.Headers) > 0 {
		var err error
		if whole.Header, err = nats.DecodeHeadersMsg(a.Headers); err != nil {
			return nil
		}
	}
	m := core.Message(&whole)
	m.UnixNano, m.Position = a.Sent, bus.Position{Major: a.Sequence}
	return &m
}

// add keeps an entry, or what is new of one; when there are too many the oldest go.
func (l *Log) add(fresh entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if old := l.byKey[fresh.key]; old != nil {
		if !fresh.what.Dead() && old.what.Dead() {
			return
		}
		l.tally(old, -1, -1)
		l.bytes += size(fresh.what.Message) - size(old.what.Message)
		if fresh.what.Message == nil {
			fresh.what.Message = old.what.Message
			l.bytes += size(old.what.Message)
		}
		old.what = fresh.what
		l.tally(old, 1, 1)
		return
	}
	l.byKey[fresh.key] = &fresh
	l.order = append(l.order, &fresh)
	l.bytes += size(fresh.what.Message)
	l.tally(&fresh, 1, 1)
	l.trim()
}

// size is how many bytes of payload are kept.
func size(m *bus.Message) int {
	if m == nil {
		return 0
	}
	return len(m.Data)
}

// tally counts an entry, or no longer; what is no longer listed has been given up all the same.
func (l *Log) tally(x *entry, known, listed int) {
	t := l.tallies[x.key.consumer()]
	switch x.what.Standing {
	case bus.GivenUp:
		t.GivenUp, t.Listed = t.GivenUp+known, t.Listed+listed
	case bus.Terminated:
		t.Terminated += known
	default:
		return
	}
	l.tallies[x.key.consumer()] = t
}

func (l *Log) trim() {
	for len(l.order) > maxEntries || l.bytes > maxBytes && len(l.order) > 1 {
		l.forget(l.order[0], false)
		l.order = l.order[1:]
	}
}

// forget forgets an entry, which may turn out not to be dead after all.
func (l *Log) forget(x *entry, undone bool) {
	delete(l.byKey, x.key)
	l.bytes -= size(x.what.Message)
	if undone {
		l.tally(x, -1, -1)
	} else {
		l.tally(x, 0, -1)
	}
}

// Fate is what became of a message that a consumer will not get again, as far as is known, or "".
func (l *Log) Fate(station, consumer string, sequence uint64) bus.Standing {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, stream := range []string{station, jsapi.BucketPrefix + station} {
		if known := l.byKey[Key{stream, consumer, sequence}]; known != nil && known.what.Dead() {
			return known.what.Standing
		}
	}
	return ""
}

// Deliveries is how often a message had been delivered when its consumer refused it last, or -1.
func (l *Log) Deliveries(key Key) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known := l.byKey[key]; known != nil && !known.what.Dead() {
		return known.what.Deliveries
	}
	return -1
}

// Tallies counts what is known to be dead, by consumer. watch is the same as long as nothing can have been missed, and 0
// while nothing is heard.
func (l *Log) Tallies() (counts map[Key]Tally, watch uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hearing {
		watch = l.core.Conn.Stats().Reconnects + 1
	}
	return maps.Clone(l.tallies), watch
}

// forgetAnswered forgets the messages that a consumer acknowledged after all: those that it did not accept at first, and
// given up ones as far as the server, asked after they were counted, has no more of them. It does not say which: messages
// that have left the stream are taken first, then the oldest. whole says that these are all consumers.
func (l *Log) forgetAnswered(consumers []jsapi.Consumer, whole bool, counted map[Key]Tally) {
	infos, over := map[Key]jsapi.Consumer{}, map[Key]int{}
	for _, r := range consumers {
		key := Key{Stream: r.Info.Stream, Consumer: r.Info.Name}
		infos[key] = r
		if !Hidden(r.Info) {
			over[key] = counted[key].Listed - r.Info.NumRedelivered
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.tallies, func(consumer Key, t Tally) bool {
		_, known := infos[consumer]
		return whole && !known && t.Listed == 0
	})
	l.drop(func(x *entry) bool {
		r, known := infos[x.key.consumer()]
		switch {
		case !known:
			return false
		case !x.what.Dead():
			return x.key.Sequence <= r.Info.AckFloor.Stream
		case x.what.Standing == bus.GivenUp && over[x.key.consumer()] > 0 && r.Stream != nil && x.key.Sequence < r.Stream.State.FirstSeq:
			over[x.key.consumer()]--
			return true
		}
		return false
	})
	l.drop(func(x *entry) bool {
		if x.what.Standing != bus.GivenUp || over[x.key.consumer()] <= 0 {
			return false
		}
		over[x.key.consumer()]--
		return true
	})
}

// drop forgets the entries that are not dead after all.
func (l *Log) drop(undone func(*entry) bool) {
	l.order = slices.DeleteFunc(l.order, func(x *entry) bool {
		if !undone(x) {
			return false
		}
		l.forget(x, true)
		return true
	})
}

// Hidden tells whether a server may keep silent about how many messages were redelivered or given up: recent ones do
// where nothing is delivered twice.
func Hidden(info *jetstream.ConsumerInfo) bool {
	return info.Config.MaxDeliver == 1 && info.NumRedelivered == 0
}
