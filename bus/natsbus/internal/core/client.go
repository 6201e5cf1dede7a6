// Package core is core NATS below JetStream: requests, subscriptions and messages on one connection. It adds to the client
// library what that lacks: a server that forbids a subject does not answer but complains on its own, a moment later; here
// that complaint ends the call that caused it, with bus.ErrRefused.
//
// All methods may be called from any goroutine. Those with a context wait for the server until it ends, or for Timeout.
package core

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// Timeout bounds the wait for one answer of the server.
const Timeout = 5 * time.Second

// ErrClosed is the error of calls after the connection was closed.
var ErrClosed = errors.New("the connection is closed")

// ErrSubscriptions says that the server takes no more subscriptions of a connection, for all that is known.
var ErrSubscriptions = errors.New("the server takes no more subscriptions of this user")

// Client is a connection.
type Client struct {
	Conn *nats.Conn
	Why  func() error // why a connection was given up here, if it was: it may be nil

	vague vague
	asked together

	answered answers

	mu      sync.Mutex
	pending map[*call]struct{}
	deaf    error // why no answers come: the server refuses where they would
}

// call waits for the server, which may refuse its subject.
type call struct {
	subject string
	asks    bool // it waits for an answer
	cancel  context.CancelCauseFunc
}

// New makes the client of a connection. Whoever made the connection must pass refusals on to Refuse.
func New(conn *nats.Conn) *Client { return &Client{Conn: conn, pending: map[*call]struct{}{}} }

// Request sends a message and waits for its answer.
func (c *Client) Request(ctx context.Context, m *nats.Msg) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	ctx, done := c.Watch(ctx, m.Subject)
	defer done()
	request := c.Conn.RequestMsgWithContext
	if c.vague.doubts(m.Subject) {
		request = c.requestInTurn
	}
	answer, err := request(ctx, m)
	if err == nil {
		return answer, nil
	}
	if refused := Refused(ctx, m.Subject); refused != nil {
		return nil, refused
	}
	return nil, c.explain(err)
}

// Send sends a message and waits until the server has it, or has refused it.
func (c *Client) Send(ctx context.Context, m *nats.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	ctx, done := c.watch(ctx, &call{subject: m.Subject})
	defer done()
	defer c.vague.turn(m.Subject)()
	before := c.Conn.LastError()
	if err := c.Conn.PublishMsg(m); err != nil {
		return c.explain(err)
	}
	return c.sent(m.Subject, c.flush(ctx, m.Subject, before))
}

// sent says what became of a message that was sent.
func (c *Client) sent(subject string, err error) error {
	if errors.Is(err, bus.ErrRefused) {
		return fmt.Errorf("%w: no permission to send on %s", bus.ErrRefused, subject)
	}
	return err
}

// Heard sends a message as Send does, and tells whether anybody is there who receives it. The server tells it of a message
// with a place for answers, before it takes what comes next; what is answered is let go. Who may not have answers is not told:
// then it is as if somebody were there.
func (c *Client) Heard(ctx context.Context, m *nats.Msg) (bool, error) {
	inbox := c.Conn.NewInbox()
	answers, err := c.Subscribe(ctx, inbox, func() (*nats.Subscription, error) { return c.Conn.SubscribeSync(inbox) })
	if err != nil {
		return true, c.Send(ctx, m)
	}
	defer func() { _ = answers.Unsubscribe() }()
	m.Reply = inbox
	if err := c.Send(ctx, m); err != nil {
		return true, err
	}
	if waiting, _, err := answers.Pending(); err != nil || waiting == 0 {
		return true, nil // where that cannot be asked, the connection is closed, and what it told is lost
	}
	_, err = answers.NextMsgWithContext(ctx)
	return !errors.Is(err, nats.ErrNoResponders), nil
}

// Subscribe calls start, which subscribes to a subject, and waits until the server has confirmed it.
func (c *Client) Subscribe(ctx context.Context, subject string, start func() (*nats.Subscription, error)) (*nats.Subscription, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	ctx, done := c.watch(ctx, &call{subject: subject})
	defer done()
	defer c.vague.turn("")()
	before := c.Conn.LastError()
	sub, err := start()
	if err != nil {
		return nil, c.explain(err)
	}
	err = c.flush(ctx, subject, before)
	switch wasFull := errors.Is(before, nats.ErrMaxSubscriptionsExceeded); {
	case err == nil && (wasFull || !c.Full()): // where it was full, it may have been another one, long ago
		return sub, nil
	case err == nil:
		err = ErrSubscriptions
	}
	_ = sub.Unsubscribe()
	if errors.Is(err, bus.ErrRefused) {
		err = fmt.Errorf("%w: no permission to subscribe to %s", bus.ErrRefused, subject)
	}
	return nil, err
}

// Full tells whether the last complaint of the server was that it takes no more subscriptions. It does not say which.
func (c *Client) Full() bool { return errors.Is(c.Conn.LastError(), nats.ErrMaxSubscriptionsExceeded) }

// flush waits until the server has taken what was sent. It returns bus.ErrRefused when the server refuses a subject: the
// connection learns that before the flush ends, as its last error. Then flush waits for ctx, which is from Watch: it ends
// when the refusal has been passed on to Refuse, so that nobody else is told of it as news.
func (c *Client) flush(ctx context.Context, subject string, before error) error {
	return c.taken(ctx, subject, before, c.Conn.FlushWithContext(ctx))
}

// taken says what a flush has come to.
func (c *Client) taken(ctx context.Context, subject string, before, failed error) error {
	if err := c.Conn.LastError(); err != nil && err != before { //nolint:errorlint // is it a new one
		if c.vague.takes(err) {
			return bus.ErrRefused
		}
		if RefusedSubject(err) == subject {
			<-ctx.Done()
			return bus.ErrRefused
		}
	}
	return c.explain(failed)
}

// explain is Error, but of a connection that was lost, and is not closed, it says so, and why.
func (c *Client) explain(err error) error {
	if !errors.Is(err, nats.ErrConnectionClosed) || c.Conn.IsClosed() {
		return Error(err)
	}
	if c.Why != nil {
		if why := c.Why(); why != nil {
			return fmt.Errorf("%w: %w", bus.ErrUnreachable, why)
		}
	}
	return fmt.Errorf("%w: the connection was lost", bus.ErrUnreachable)
}

// Watch makes a context for a question that ends, too, when the server refuses its subject, or all answers; done must be
// called.
func (c *Client) Watch(ctx context.Context, subject string) (watching context.Context, done func()) {
	return c.watch(ctx, &call{subject: subject, asks: true})
}

func (c *Client) watch(ctx context.Context, x *call) (watching context.Context, done func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	x.cancel = cancel
	c.mu.Lock()
	c.pending[x] = struct{}{}
	if x.asks && c.deaf != nil {
		cancel(c.deaf)
	}
	c.mu.Unlock()
	return ctx, func() {
		c.mu.Lock()
		delete(c.pending, x)
		c.mu.Unlock()
		cancel(nil)
	}
}

// Refused is an error that wraps bus.ErrRefused if a context of Watch ended because the server refused its subject.
func Refused(ctx context.Context, subject string) error {
	if cause := context.Cause(ctx); errors.Is(cause, errDeaf) {
		return cause
	}
	if errors.Is(context.Cause(ctx), nats.ErrPermissionViolation) {
		return fmt.Errorf("%w: no permission for %s", bus.ErrRefused, subject)
	}
	return nil
}

// Refuse tells whoever waits for a subject that the server refuses it, and reports whether anybody does. err is what the
// client library told.
func (c *Client) Refuse(subject string, err error) bool {
	if subject == "" {
		return c.vague.took(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	found, deaf := false, c.answers(subject)
	if deaf {
		c.deaf = fmt.Errorf("%w: this user may not subscribe to %s, where the answers to questions come: it needs %s (inbox=PREFIX in the URL names "+
			"another place, PREFIX.>)", errDeaf, subject, theirs(c.Conn.Opts.InboxPrefix))
	}
	for x := range c.pending {
		if deaf && x.asks {
			x.cancel(c.deaf)
			found = true
		}
		if x.subject == subject {
			x.cancel(err)
			found = true
		}
	}
	return found
}

// errDeaf says that no answer will come.
var errDeaf = fmt.Errorf("%w: no answers come", bus.ErrRefused)

// answers tells whether a subject is that on which the client library awaits the answers to all questions.
func (c *Client) answers(subject string) bool {
	prefix := c.Conn.Opts.InboxPrefix
	return prefix != "" && strings.HasPrefix(subject, prefix) && strings.HasSuffix(subject, ".*")
}

// theirs is what a user must be allowed to subscribe to for inboxes of this connection, which are below a name of its own.
func theirs(prefix string) string {
	prefix = strings.TrimSuffix(prefix, ".")
	if i := strings.LastIndexByte(prefix, '.'); i > 0 {
		prefix = prefix[:i]
	}
	return prefix + ".>"
}

// Disconnected says that the connection is lost: the next server may think otherwise of what this one refused.
func (c *Client) Disconnected() {
	c.vague.forget()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deaf = nil
}

// RefusedSubject is the subject named by a permission error: `Permissions Violation for Publish to "x"`.
func RefusedSubject(err error) string {
	_, rest, _ := strings.Cut(err.Error(), `"`)
	subject, _, _ := strings.Cut(rest, `"`)
	return subject
}

// Error says what an error of the client library means.
func Error(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, nats.ErrReconnectBufExceeded), errors.Is(err, nats.ErrDisconnected), errors.Is(err, nats.ErrConnectionReconnecting):
		return fmt.Errorf("%w: the connection is down", bus.ErrUnreachable)
	case errors.Is(err, nats.ErrConnectionClosed):
		return ErrClosed
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, nats.ErrTimeout):
		return fmt.Errorf("no answer in time: %w", err)
	default:
		return err
	}
}
