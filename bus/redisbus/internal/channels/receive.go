package channels

import (
	"fmt"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// received is what the goroutine of a connection uses again for each message.
type received struct {
	name     []byte            // of the topic, and after it that of the channel that a pattern matched
	start    []byte            // the bytes that a message of the same topic and channel begins with
	payloads []payload         // of messages that go to the same feeds
	message  bus.Message       // one of them
	subjects map[string]string // channels that patterns matched: each is made a string once
}

// payload is what one message carried.
type payload struct {
	data []byte // a view
	size int    // at the server
}

// Bounds of received: how many messages go to the feeds at once, and how many subjects are kept.
const (
	maxMessages = 1024
	maxSubjects = 4096
)

// receive drains a connection until it breaks; from is the server's address.
func (c *connection) receive(in *resp.Reader, from string) error {
	for {
		t, err := in.Next()
		if err != nil {
			return err
		}
		switch t.Kind {
		case '*':
			err = c.receiveArray(in, t.N)
		case '-':
			refusal := resp.Error(t.Text)
			if _, moved := fault.Redirected(refusal, from); moved {
				return refusal
			}
			c.answer(refusal)
		case '+':
			c.answer(nil)
		default:
			err = in.Skip(t)
		}
		if err != nil {
			return err
		}
	}
}

// receiveArray reads the rest of an array: a message, or the answer to a command.
func (c *connection) receiveArray(in *resp.Reader, n int64) error {
	if n < 2 || n > 4 {
		return fmt.Errorf("%w: an array of %d where a message belongs", resp.ErrProtocol, n)
	}
	word, err := in.Word()
	if err != nil {
		return err
	}
	switch {
	case string(word) == "message" && n == 3:
		return c.receiveMessage(in, bus.Channel)
	case string(word) == "pmessage" && n == 4:
		return c.receiveMessage(in, bus.Pattern)
	case string(word) == "smessage" && n == 3:
		return c.receiveMessage(in, bus.Sharded)
	}
	if string(word) == "sunsubscribe" { // as we wished, or because the slot moved
		name, err := in.Text()
		if err != nil {
			return err
		}
		if c.subscribed(Topic{bus.Sharded, name}) {
			return errMoved
		}
		n--
	}
	for range n - 1 {
		if err := in.SkipNext(); err != nil {
			return err
		}
	}
	c.answer(nil)
	return nil
}

// receiveMessage reads the rest of a message and gives it to the feeds of its topic, together with the messages after it
// that are for the same feeds.
func (c *connection) receiveMessage(in *resp.Reader, kind bus.Kind) error {
	r := &c.received
	word, err := in.Word()
	if err != nil {
		return err
	}
	r.name = append(r.name[:0], word...)
	topicEnd := len(r.name)
	if kind == bus.Pattern { // the pattern came first, now the channel
		if word, err = in.Word(); err != nil {
			return err
		}
		r.name = append(r.name, word...)
	}
	t, err := in.Next()
	if err != nil {
		return err
	}
	if t.Kind != '$' || t.N < 0 {
		return fmt.Errorf("%w: %q where a payload belongs", resp.ErrProtocol, t.Kind)
	}
	data, _, err := in.Bulk(t.N, c.session.Body)
	if err != nil {
		return err
	}
	topic, channel := r.name[:topicEnd], r.name[topicEnd:]
	c.mu.RLock()
	defer c.mu.RUnlock()
	sub := c.subscriptions[Topic{kind, string(topic)}]
	if sub == nil {
		return nil // its last feed was closed while the message was on its way
	}
	r.message = bus.Message{Subject: sub.feeds[0].topic.Name, UnixNano: in.Arrived.UnixNano()}
	if kind == bus.Pattern {
		r.message.Subject = r.subject(channel)
	}
	r.payloads = append(r.payloads[:0], payload{data, int(t.N)})
	r.gather(in, kind, topic, channel, c.session.Body)
	for _, f := range sub.feeds {
		f.queue.OfferEach(r.messages)
	}
	return nil
}

// messages makes a message of each payload.
func (r *received) messages(yield func(*bus.Message) bool) {
	for i := range r.payloads {
		r.message.Data, r.message.Size = r.payloads[i].data, r.payloads[i].size
		yield(&r.message)
	}
}

// gather adds the messages that lie behind the first one in the reader's buffer and begin with the same bytes: in a burst
// that is all of them. It does not wait. The payloads are views until the next read.
func (r *received) gather(in *resp.Reader, kind bus.Kind, topic, channel []byte, keep int64) {
	if in.Buffered() == 0 {
		return
	}
	switch kind {
	case bus.Pattern:
		r.start = resp.AppendWords(append(r.start[:0], "*4\r\n"...), []byte("pmessage"), topic, channel)
	case bus.Sharded:
		r.start = resp.AppendWords(append(r.start[:0], "*3\r\n"...), []byte("smessage"), topic)
	default:
		r.start = resp.AppendWords(append(r.start[:0], "*3\r\n"...), []byte("message"), topic)
	}
	r.start = append(r.start, '$')
	for len(r.payloads) < maxMessages {
		data, ok := in.BulkAfter(r.start)
		if !ok {
			return
		}
		r.payloads = append(r.payloads, payload{data[:min(int64(len(data)), keep)], len(data)})
	}
}

// subject is the name of a channel that a pattern matched.
func (r *received) subject(channel []byte) string {
	if name, ok := r.subjects[string(channel)]; ok {
		return name
	}
	if len(r.subjects) == maxSubjects || r.subjects == nil {
		r.subjects = make(map[string]string)
	}
	name := string(channel)
	r.subjects[name] = name
	return name
}
