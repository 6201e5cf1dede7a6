// Package wire reads core NATS messages from the connection itself, below the client library. The library makes an object
// of each message, copies it and passes it to another goroutine, under three locks: with that, a subject is read at about
// two thirds of the speed, and reading subjects is what signalbox is for.
//
// Routes says which subscriptions are read here and who receives their messages; Wrap puts a reader of the protocol between
// a connection and the client library. All that belongs to no route passes to the library, byte for byte, but nothing that no
// server says: the library believes all of it. So that nothing goes by unseen, TLS is done here (Encrypt) and frames of
// WebSockets are taken apart (WrapSocket), neither of which the library can tell from what it does itself.
//
// Order is kept and nothing is delivered twice: a route begins only when the library has nothing left of its subscription.
package wire

import (
	"iter"
	"net"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/subjects"
)

// Receiver takes the messages of a subscription, which are all made in the same place, one after the other. It must not
// wait: the client library's answers come on the same connection. It must keep nothing of a message, which points into a
// buffer that is used again.
type Receiver interface {
	OfferEach(messages iter.Seq[*bus.Message])
}

// Routes are the subscriptions whose messages are read from the connection. They outlive a connection that is lost. The
// zero Routes is empty; all methods may be called from any goroutine.
type Routes struct {
	Body int // bytes of a payload that are kept, its beginning; 0 is all; set before there is a connection

	mu      sync.Mutex
	open    map[int64]*route // by number of the subscription
	waiting map[int64]*route // to be opened
	newest  *conn
	inboxes string          // prefix of the connection's own
	sizes   map[int64][]int // by number of the subscription: of messages that were cut, see Whole
	refused error           // see Refused

	refusedAt time.Time

	heard atomic.Int64 // see Heard
}

// Inboxes tells the prefix of the inboxes that are this connection's own; it is called before there is a connection.
func (r *Routes) Inboxes(prefix string) { r.inboxes = prefix }

// Own tells whether a message is a question that a session of signalbox, this one or another, has asked of the server or of
// services, or an answer to it: no event, but what looking at a bus causes. What somebody has it send is an event, as what others
// send and ask.
func (r *Routes) Own(subject, reply string) bool {
	return r.inboxes != "" && (r.ownInbox(subject) || strings.HasPrefix(subject, "$") && r.ownInbox(reply))
}

func (r *Routes) ownInbox(subject string) bool {
	return strings.HasPrefix(subject, r.inboxes) || subjects.OfSession(subject)
}

// route leads from a connection to a receiver.
type route struct {
	sub     *nats.Subscription
	to      Receiver
	subject string // of the newest message: they are often the same

	exchanges bool // see AddExchanges
}

// Wrap is a connection as the client library is to see it.
func (r *Routes) Wrap(connection net.Conn) net.Conn {
	c := &conn{Conn: connection, routes: r}
	c.source = plain{c}
	return r.use(c)
}

// WrapSocket is Wrap for a connection on which there will be a WebSocket, without compression.
func (r *Routes) WrapSocket(connection net.Conn) net.Conn {
	c := &conn{Conn: connection, routes: r}
	c.socket = newSocket(plain{c})
	c.source = c.socket
	return r.use(c)
}

func (r *Routes) use(c *conn) *conn {
	c.messages = c.offer
	r.mu.Lock()
	defer r.mu.Unlock()
	r.newest = c
	return c
}

// Add begins to read a subscription's messages, as soon as that does not change their order.
func (r *Routes) Add(sub *nats.Subscription, to Receiver) { r.add(&route{sub: sub, to: to}) }

// AddExchanges is Add of a subscription to requests, or to their replies: messages are not left out because they are Own, and
// a bus.ExchangeHeader says first where a reply is awaited.
func (r *Routes) AddExchanges(sub *nats.Subscription, to Receiver) {
	r.add(&route{sub: sub, to: to, exchanges: true})
}

func (r *Routes) add(to *route) {
	id, known := subscriptionID(to.sub)
	if !known {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting == nil {
		r.open, r.waiting = map[int64]*route{}, map[int64]*route{}
	}
	r.waiting[id] = to
}

// Remove ends it: what still comes goes to the client library. The receiver is not called after Remove has returned.
func (r *Routes) Remove(sub *nats.Subscription) {
	id, _ := subscriptionID(sub)
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, id)
	delete(r.waiting, id)
	delete(r.sizes, id)
}

// openWaiting opens the routes of those subscriptions of which the client library has no message left. It is called when
// the library has all that was read before, and that does not end within a message; r is locked.
func (r *Routes) openWaiting() {
	for id, waiting := range r.waiting {
		if left, _, err := waiting.sub.Pending(); err == nil && left == 0 {
			delete(r.waiting, id)
			r.open[id] = waiting
		}
	}
}

// message makes m the message of its headers and payload, which it points into.
func (x *route) message(m *bus.Message, l line, body []byte, nano int64) {
	if x.subject != string(l.subject) {
		x.subject = string(l.subject)
	}
	m.Subject, m.Data, m.UnixNano, m.Size, m.Headers = x.subject, body[l.headers:], nano, l.size-l.headers, nil
	if l.headers > 0 {
		h, _ := nats.DecodeHeadersMsg(body[:l.headers]) // the library, too, delivers a message whose headers cannot be read
		m.Headers = core.Headers(h)
	}
	if x.exchanges && len(l.reply) > 0 {
		m.Headers = append(bus.Headers{{Name: bus.ExchangeHeader, Value: string(l.reply)}}, m.Headers...)
	}
}

// subscriptionID is the number of a subscription in the protocol. The client library has no function for it; with a version
// that keeps it elsewhere there are no routes, and the library delivers the messages itself.
func subscriptionID(sub *nats.Subscription) (id int64, known bool) {
	field := reflect.ValueOf(sub).Elem().FieldByName("sid")
	if !field.IsValid() || !field.CanInt() {
		return 0, false
	}
	return field.Int(), true
}
