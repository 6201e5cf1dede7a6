package redisbus

import (
	"fmt"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// verbs are the commands of each kind of topic.
var verbs = map[bus.Kind]struct{ join, leave string }{
	bus.Channel: {"SUBSCRIBE", "UNSUBSCRIBE"},
	bus.Pattern: {"PSUBSCRIBE", "PUNSUBSCRIBE"},
	bus.Sharded: {"SSUBSCRIBE", "SUNSUBSCRIBE"},
}

// receive drains a connection until it breaks; from is the server's address.
func (l *line) receive(in *resp.Reader, from string) error {
	for {
		t, err := in.Next()
		if err != nil {
			return err
		}
		switch t.Kind {
		case '*':
			err = l.frame(in, t.N)
		case '-':
			refusal := resp.Error(t.Text)
			if _, moved := fault.Redirected(refusal, from); moved {
				return refusal
			}
			l.answered(refusal)
		case '+':
			l.answered(nil)
		default:
			err = in.Skip(t)
		}
		if err != nil {
			return err
		}
	}
}

// frame reads an array: a message, or the answer to a command.
func (l *line) frame(in *resp.Reader, n int64) error {
	if n < 2 || n > 4 {
		return fmt.Errorf("%w: an array of %d where a message belongs", resp.ErrProtocol, n)
	}
	word, err := in.Word()
	if err != nil {
		return err
	}
	switch {
	case string(word) == "message" && n == 3:
		return l.message(in, bus.Channel)
	case string(word) == "pmessage" && n == 4:
		return l.message(in, bus.Pattern)
	case string(word) == "smessage" && n == 3:
		return l.message(in, bus.Sharded)
	}
	gone := string(word) == "sunsubscribe" // by our wish, or because the slot moved
	for i := range n - 1 {
		t, err := in.Next()
		if err != nil {
			return err
		}
		if gone && i == 0 && t.Kind == '$' && t.N > 0 {
			name, _, err := in.Bulk(t.N, resp.MaxWord)
			if err != nil {
				return err
			}
			if l.has(topic{bus.Sharded, string(name)}) {
				return errMoved
			}
			continue
		}
		if err := in.Skip(t); err != nil {
			return err
		}
	}
	l.answered(nil)
	return nil
}

// message reads the rest of a message and gives it to the feeds of its topic, with those that came on its heels.
func (l *line) message(in *resp.Reader, kind bus.Kind) error {
	word, err := in.Word()
	if err != nil {
		return err
	}
	l.name = append(l.name[:0], word...)
	topicEnd := len(l.name)
	if kind == bus.Pattern { // the pattern came first, now the channel
		if word, err = in.Word(); err != nil {
			return err
		}
		l.name = append(l.name, word...)
	}
	t, err := in.Next()
	if err != nil {
		return err
	}
	if t.Kind != '$' || t.N < 0 {
		return fmt.Errorf("%w: %q where a payload belongs", resp.ErrProtocol, t.Kind)
	}
	data, _, err := in.Bulk(t.N, l.bus.options.Body)
	if err != nil {
		return err
	}
	l.burst = append(l.burst[:0], arrival{data, int(t.N)})
	l.gather(in, kind, l.name[:topicEnd], l.name[topicEnd:])
	l.mu.RLock()
	defer l.mu.RUnlock()
	sub := l.subs[topic{kind, string(l.name[:topicEnd])}]
	if sub == nil {
		return nil // its last feed was closed while the message was on its way
	}
	for _, f := range sub.feeds {
		f.put(l.name[topicEnd:], l.burst, in.Arrived)
	}
	return nil
}

// gather adds the messages that lie behind the first in the reader's buffer and begin as it did, byte for byte: in a
// burst that is all of them. What they carry are views until the next read.
func (l *line) gather(in *resp.Reader, kind bus.Kind, name, channel []byte) {
	if in.Buffered() == 0 {
		return
	}
	switch kind {
	case bus.Pattern:
		l.head = resp.AppendWords(append(l.head[:0], "*4\r\n"...), []byte("pmessage"), name, channel)
	case bus.Sharded:
		l.head = resp.AppendWords(append(l.head[:0], "*3\r\n"...), []byte("smessage"), name)
	default:
		l.head = resp.AppendWords(append(l.head[:0], "*3\r\n"...), []byte("message"), name)
	}
	l.head = append(l.head, '$')
	for {
		data, ok := in.BulkAfter(l.head)
		if !ok {
			return
		}
		l.burst = append(l.burst, arrival{data[:min(int64(len(data)), l.bus.options.Body)], len(data)})
	}
}

// answered matches an answer of the server, or its refusal, with the oldest command that waits for one.
func (l *line) answered(refusal error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.asked) == 0 {
		return
	}
	a := l.asked[0]
	l.asked = l.asked[1:]
	sub := a.sub
	if sub == nil || l.subs[a.topic] != sub {
		return
	}
	first := !sub.settled()
	switch {
	case refusal != nil && first:
		sub.err = fault.Explain(refusal)
	case refusal != nil:
		sub.why = forbidden
		l.bus.say(bus.Fail, written(a.topic.kind, a.topic.name, false), "subscribing to %s again: %v", a.topic.name, fault.Explain(refusal))
	case !sub.since.IsZero() && !first:
		for _, f := range sub.feeds {
			f.gap(sub.since, time.Now(), sub.why)
		}
	}
	if refusal == nil {
		sub.since, sub.why = time.Time{}, ""
	}
	if first {
		close(sub.ready)
	}
}

// live tells whether the server has confirmed the subscription on the connection that there is.
func (s *subscription) live() bool { return s.settled() && s.err == nil && s.since.IsZero() }

// settled tells whether the server has answered the subscription once.
func (s *subscription) settled() bool {
	select {
	case <-s.ready:
		return true
	default:
		return false
	}
}
