package core

import (
	"context"

	"github.com/nats-io/nats.go"

	"signalbox/bus/goroutine"
)

// Subscription is a subscription whose messages the client library hands to a function.
type Subscription struct {
	*nats.Subscription
	conn  *nats.Conn
	ended chan struct{} // closed when the function has been called for the last time
}

// messageCost is about how many bytes of memory the client library takes for a message besides its payload.
const messageCost = 192

// Listen subscribes to a subject and calls handle for each message, one after the other, from a goroutine of the client
// library. That holds up to so many bytes while handle is busy, and drops what comes beyond.
func (c *Client) Listen(ctx context.Context, subject string, bytes int, handle nats.MsgHandler) (*Subscription, error) {
	return c.ListenAs(ctx, subject, "", bytes, handle)
}

// ListenAs is Listen as a member of a queue group, of which only one gets a message; "" is none.
func (c *Client) ListenAs(ctx context.Context, subject, group string, bytes int, handle nats.MsgHandler) (*Subscription, error) {
	s := &Subscription{conn: c.Conn, ended: make(chan struct{})}
	var err error
	s.Subscription, err = c.Subscribe(ctx, subject, func() (*nats.Subscription, error) {
		read := func(m *nats.Msg) { goroutine.Call("the reader of a subject", func() { handle(m) }) }
		start := func() (*nats.Subscription, error) { return c.Conn.QueueSubscribe(subject, group, read) }
		if group == "" {
			start = func() (*nats.Subscription, error) { return c.Conn.Subscribe(subject, read) }
		}
		sub, err := start()
		if err != nil {
			return nil, err
		}
		sub.SetClosedHandler(func(string) { goroutine.Call("the end of a subscription", func() { close(s.ended) }) })
		s.Subscription = sub
		s.Hold(bytes)
		return sub, nil
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Hold has the client library hold so many bytes at most while handle is busy.
func (s *Subscription) Hold(bytes int) {
	_ = s.SetPendingLimits(max(1, bytes/messageCost), bytes) // refused once it has ended
}

// Held is about how many bytes of memory the client library holds for handle.
func (s *Subscription) Held() int64 {
	messages, bytes, err := s.Pending()
	if err != nil {
		return 0
	}
	return int64(bytes) + int64(messages)*messageCost
}

// Unread is how many messages the client library holds for handle.
func (s *Subscription) Unread() uint64 {
	messages, _, err := s.Pending()
	if err != nil {
		return 0
	}
	return uint64(max(messages, 0))
}

// Lost is how many messages the client library has dropped so far.
func (s *Subscription) Lost() uint64 {
	n, err := s.Dropped()
	if err != nil {
		return 0
	}
	return uint64(n)
}

// Wait waits until handle is not called any more, after Stop or after the connection was closed.
func (s *Subscription) Wait() { <-s.ended }

// Stop unsubscribes and waits until handle is not called any more. When the connection is closed it does nothing: then handle
// is about to be called for the last time.
func (s *Subscription) Stop() error {
	if s.conn.IsClosed() {
		return nil
	}
	if err := s.Unsubscribe(); err != nil {
		if s.conn.IsClosed() {
			return nil
		}
		return err
	}
	s.Wait()
	return nil
}
