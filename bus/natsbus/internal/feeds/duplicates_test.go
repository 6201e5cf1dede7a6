package feeds

import (
	"fmt"
	"iter"
	"slices"
	"testing"

	"signalbox/bus"
)

func numbered(n int) *bus.Message { return &bus.Message{Subject: "jobs", Data: fmt.Append(nil, n)} }

// A message that is both fetched and received counts once, whichever comes first; the same contents twice are two messages.
func TestDuplicatesAreFoundOnce(t *testing.T) {
	d := newDuplicates()
	if d.fetched(numbered(1), true) || !d.received(numbered(1)) || d.received(numbered(1)) {
		t.Error("fetched, received, received: want the second alone to be a duplicate")
	}
	if !d.fetched(numbered(1), true) || d.fetched(numbered(1), true) {
		t.Error("fetched twice after it was received once: want the first alone to be a duplicate")
	}
	if d.fetched(numbered(2), false) || d.received(numbered(2)) {
		t.Error("what cannot be received any more is no duplicate")
	}
	if d.received(&bus.Message{Subject: "jobs", Headers: bus.Headers{{Name: "a", Value: "1"}}}) || d.fetched(&bus.Message{Subject: "jobs", Headers: bus.Headers{{Name: "a", Value: "2"}}}, true) {
		t.Error("messages with other headers are no duplicates")
	}
}

// What was received is remembered for a while, not for ever.
func TestDuplicatesAreForgotten(t *testing.T) {
	d := newDuplicates()
	for n := range 3 * maxReceived {
		d.received(numbered(n))
	}
	if d.fetched(numbered(0), true) {
		t.Error("the oldest is remembered")
	}
	if !d.fetched(numbered(2*maxReceived), true) {
		t.Error("one of the newest is forgotten")
	}
	select {
	case <-d.halfForgotten:
	default:
		t.Error("it was not said that the older half is forgotten")
	}
}

// each offers messages one after the other.
func each(messages []bus.Message) iter.Seq[*bus.Message] {
	return func(yield func(*bus.Message) bool) {
		for i := range messages {
			if !yield(&messages[i]) {
				return
			}
		}
	}
}

// A subject's feed leaves out what the feeds of streams deliver, as long as they are open.
func TestStreamFilter(t *testing.T) {
	var read streamSubjects
	filter := streamFilter{read: &read}
	rest := func() (left []string) {
		var all []bus.Message
		for _, subject := range []string{"orders.1", "orders.1", "votes.1", "other", "orders.2"} {
			all = append(all, bus.Message{Subject: subject})
		}
		for m := range filter.rest(each(all)) {
			left = append(left, m.Subject)
		}
		return left
	}
	if got := rest(); len(got) != 5 {
		t.Errorf("without streams %q are left", got)
	}
	orders, votes := &streamFeed{takes: []string{"orders.>"}}, &queueFeed{takes: []string{"votes.*"}}
	read.update(map[feed]struct{}{orders: {}, votes: {}})
	if got := rest(); !slices.Equal(got, []string{"other"}) {
		t.Errorf("with both streams %q are left", got)
	}
	read.update(map[feed]struct{}{votes: {}})
	if got := rest(); !slices.Equal(got, []string{"orders.1", "orders.1", "other", "orders.2"}) {
		t.Errorf("with one stream %q are left", got)
	}
}
