package natsbus

import (
	"reflect"
	"sync"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
)

// taps are the subscriptions whose messages a wire takes. They outlive its connection, as their numbers do.
type taps struct {
	mu      sync.Mutex
	open    map[int64]*tap
	waiting map[int64]*tap // to be opened
}

// receiver takes the messages of a subscription, without waiting. It may change the slice, and not keep it.
type receiver interface{ Offer(messages ...bus.Message) }

// tap leads from a wire to a receiver.
type tap struct {
	sub     *nats.Subscription
	to      receiver
	subject string // of the newest message: they are often the same
}

// add begins to tap a subscription, as soon as that does not change the order of its messages.
func (t *taps) add(sub *nats.Subscription, to receiver) {
	sid, known := number(sub)
	if !known {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting == nil {
		t.open, t.waiting = map[int64]*tap{}, map[int64]*tap{}
	}
	t.waiting[sid] = &tap{sub: sub, to: to}
}

// remove ends it: what still comes goes to the client library.
func (t *taps) remove(sub *nats.Subscription) {
	sid, _ := number(sub)
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.open, sid)
	delete(t.waiting, sid)
}

// settle opens those of whose messages the client library has none left. It is called when the library has taken what was
// read before, and nothing of it is the beginning of a message; t is locked.
func (t *taps) settle() {
	for sid, waiting := range t.waiting {
		if left, _, err := waiting.sub.Pending(); err == nil && left == 0 {
			delete(t.waiting, sid)
			t.open[sid] = waiting
		}
	}
}

// shut lets the client library deliver all from now on, until they settle on another connection; t is locked.
func (t *taps) shut() {
	for sid, tap := range t.open {
		t.waiting[sid] = tap
	}
	clear(t.open)
}

// message makes a message of its headers and payload, which it points into.
func (t *tap) message(f frame, body []byte, nano int64) bus.Message {
	if t.subject != string(f.subject) {
		t.subject = string(f.subject)
	}
	m := bus.Message{Subject: t.subject, Data: body[f.headers:], UnixNano: nano, Size: len(body) - f.headers}
	if f.headers > 0 {
		h, _ := nats.DecodeHeadersMsg(body[:f.headers]) // the library, too, delivers a message whose headers are none
		m.Headers = core.Headers(h)
	}
	return m
}

// number is what a subscription is called on the wire. The client library does not tell; a version that keeps it elsewhere
// delivers the messages itself.
func number(sub *nats.Subscription) (sid int64, known bool) {
	field := reflect.ValueOf(sub).Elem().FieldByName("sid")
	if !field.IsValid() || !field.CanInt() {
		return 0, false
	}
	return field.Int(), true
}
