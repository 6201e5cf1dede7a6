package core

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/nats-io/nats.go"
)

// answersHeld bounds the bytes of answers that wait to be handed out.
const answersHeld = 8 << 20

// answers are those to messages of many: all come on one subscription, and the last word of their subject says to what. The zero
// answers are ready.
type answers struct {
	starting sync.Mutex // held while it is subscribed

	mu      sync.Mutex
	inbox   string // empty until it is subscribed
	last    uint64
	waiting map[string]chan *nats.Msg
}

// RequestMany is Request for one of many messages: gone is called once it is on its way, behind those for which it was called
// before. Where that cannot be told it is not called.
func (c *Client) RequestMany(ctx context.Context, m *nats.Msg, gone func()) (*nats.Msg, error) {
	if c.vague.doubts(m.Subject) {
		return c.Request(ctx, m)
	}
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	word, answer, err := c.expect(ctx)
	if err != nil {
		return c.Request(ctx, m) // and says why no answer comes
	}
	defer c.answered.forget(word)
	ctx, done := c.Watch(ctx, m.Subject)
	defer done()
	m.Reply = c.answered.inbox + "." + word
	if err := c.Conn.PublishMsg(m); err != nil {
		return nil, c.explain(err)
	}
	gone()
	select {
	case got := <-answer:
		if len(got.Data) == 0 && got.Header.Get("Status") == "503" {
			return nil, nats.ErrNoResponders
		}
		return got, nil
	case <-ctx.Done():
	}
	if refused := Refused(ctx, m.Subject); refused != nil {
		return nil, refused
	}
	return nil, c.explain(ctx.Err())
}

// expect is where an answer will come, and the last word of its subject.
func (c *Client) expect(ctx context.Context) (string, <-chan *nats.Msg, error) {
	a := &c.answered
	if err := c.hearAnswers(ctx); err != nil {
		return "", nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last++
	word, answer := strconv.FormatUint(a.last, 36), make(chan *nats.Msg, 1)
	a.waiting[word] = answer
	return word, answer, nil
}

// hearAnswers subscribes to answers, once.
func (c *Client) hearAnswers(ctx context.Context) error {
	a := &c.answered
	a.starting.Lock()
	defer a.starting.Unlock()
	if a.inbox != "" {
		return nil
	}
	inbox := c.Conn.NewInbox()
	if _, err := c.Listen(ctx, inbox+".*", answersHeld, a.take); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.inbox, a.waiting = inbox, map[string]chan *nats.Msg{}
	return nil
}

// take hands an answer to whoever waits for it. Of several to one message the first counts.
func (a *answers) take(m *nats.Msg) {
	word := m.Subject[strings.LastIndexByte(m.Subject, '.')+1:]
	a.mu.Lock()
	defer a.mu.Unlock()
	if answer := a.waiting[word]; answer != nil {
		delete(a.waiting, word)
		answer <- m
	}
}

func (a *answers) forget(word string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, word)
}
