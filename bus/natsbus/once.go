package natsbus

import (
	"slices"
	"sync"
	"sync/atomic"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/subjects"
)

// streamed are the subjects of the streams that are read. What comes on those is shown as the stream's, and once: core
// subscriptions leave it out. A message that its stream refuses is left out with it; its sender is told.
type streamed struct{ subjects atomic.Pointer[[]string] }

// streamReader is a feed that delivers what streams take.
type streamReader interface{ subjects() []string }

func (f *streamFeed) subjects() []string { return f.takes }
func (f *queueFeed) subjects() []string  { return f.takes }

// takes notes what a stream takes now: nothing when it was deleted, for then a subscription alone has its messages.
func (b *Bus) takes(f *streamFeed, subjects []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f.takes = subjects
	b.streamed.tell(b.feeds)
}

// tell replaces the subjects by those of all open feeds.
func (s *streamed) tell(feeds map[feed]struct{}) {
	var all []string
	for f := range feeds {
		if r, ok := f.(streamReader); ok {
			all = append(all, r.subjects()...)
		}
	}
	s.subjects.Store(&all)
}

// duplicates tells what a core subscription leaves out. It remembers the newest subject: they are often the same.
type duplicates struct {
	streamed *streamed

	mu      sync.Mutex // guards what follows
	asked   *[]string
	subject string
	out     bool
}

// without removes from messages those that the feed of a stream delivers.
func (d *duplicates) without(messages []bus.Message) []bus.Message {
	all := d.streamed.subjects.Load()
	if all == nil || len(*all) == 0 {
		return messages
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(messages, func(m bus.Message) bool { return d.leavesOut(all, m.Subject) })
}

// leavesOut tells whether a message on a subject comes from one of the streams that take all.
func (d *duplicates) leavesOut(all *[]string, subject string) bool {
	if d.asked != all || d.subject != subject {
		d.asked, d.subject = all, subject
		d.out = slices.ContainsFunc(*all, func(taken string) bool { return subjects.Matches(taken, subject) })
	}
	return d.out
}
