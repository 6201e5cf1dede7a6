package core

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// Bounds: how many subjects are remembered that the server allows, and how many refusals that somebody took.
const (
	mostAllowed = 10_000
	mostTaken   = 100
)

// vague is how it is found out what a server refuses that does not say which subject: whatever it may refuse is sent in turn, and
// followed by a question that is answered behind the refusal. What was allowed once is sent as usual. The zero vague is for
// servers that say the subject.
type vague struct {
	turns sync.Mutex // held by whoever sends and awaits a refusal

	mu      sync.Mutex
	is      bool
	allowed map[string]bool
	taken   map[error]bool // refusals that somebody took, until they are told of as news
}

// Vague says that the server does not say which subject it refuses. It is said before anything is asked that it may refuse.
func (c *Client) Vague() {
	c.vague.mu.Lock()
	defer c.vague.mu.Unlock()
	c.vague.is, c.vague.allowed, c.vague.taken = true, map[string]bool{}, map[error]bool{}
}

// doubts tells whether it is not known that a subject is allowed.
func (v *vague) doubts(subject string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.is && !v.allowed[subject]
}

// allow remembers that a subject is allowed.
func (v *vague) allow(subject string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.allowed) < mostAllowed {
		v.allowed[subject] = true
	}
}

// forget forgets what was allowed: another server may think otherwise.
func (v *vague) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.allowed)
}

// turn waits for the turn to send, where that is needed; done ends it.
func (v *vague) turn(subject string) (done func()) {
	if !v.doubts(subject) {
		return func() {}
	}
	v.turns.Lock()
	return v.turns.Unlock
}

// takes tells whether an error is a refusal that does not say its subject, and so that of whoever has the turn.
func (v *vague) takes(err error) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.is || !errors.Is(err, nats.ErrPermissionViolation) || RefusedSubject(err) != "" {
		return false
	}
	if len(v.taken) < mostTaken {
		v.taken[err] = true
	}
	return true
}

// took tells whether somebody took a refusal, or has the turn and is about to.
func (v *vague) took(err error) bool {
	v.mu.Lock()
	is, taken := v.is, v.taken[err]
	delete(v.taken, err)
	v.mu.Unlock()
	if !is || taken {
		return taken
	}
	if !v.turns.TryLock() {
		return true
	}
	v.turns.Unlock()
	return false
}

// requestInTurn sends a message, finds out whether the server refuses it, and waits for its answer.
func (c *Client) requestInTurn(ctx context.Context, m *nats.Msg) (*nats.Msg, error) {
	inbox := c.Conn.NewInbox()
	answers, err := c.Conn.SubscribeSync(inbox)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answers.Unsubscribe() }()
	if err := c.sendInTurn(ctx, &nats.Msg{Subject: m.Subject, Reply: inbox, Header: m.Header, Data: m.Data}); err != nil {
		return nil, err
	}
	c.vague.allow(m.Subject)
	answer, err := answers.NextMsgWithContext(ctx)
	if err == nil && len(answer.Data) == 0 && answer.Header.Get("Status") == "503" {
		return nil, nats.ErrNoResponders
	}
	return answer, err
}

func (c *Client) sendInTurn(ctx context.Context, m *nats.Msg) error {
	defer c.vague.turn(m.Subject)()
	before := c.Conn.LastError()
	if err := c.Conn.PublishMsg(m); err != nil {
		return err
	}
	err := c.flush(ctx, m.Subject, before)
	if errors.Is(err, bus.ErrRefused) {
		return fmt.Errorf("%w: no permission for %s", bus.ErrRefused, m.Subject)
	}
	return err
}
