package feeds

import (
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/subjects"
)

// streamSubjects are the subjects of the streams and services that are read. What comes on them is shown once, as theirs: the feeds
// of subjects leave it out. A message that its stream does not store is left out with the others; its sender is told.
type streamSubjects struct{ all atomic.Pointer[[]string] }

// streamReader is a feed that delivers what streams or services take.
type streamReader interface{ subjects() []string }

func (f *streamFeed) subjects() []string { return f.takes }
func (f *queueFeed) subjects() []string  { return f.takes }

// changed notes what a stream takes now: nothing when it was deleted, for then only feeds of subjects have its messages.
func (s *Set) changed(f *streamFeed, subjects []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(f.takes, subjects) {
		f.takes = subjects
		s.updateSubjects()
	}
}

// changedSubjects notes that a feed reads other subjects than before.
func (s *Set) changedSubjects() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updateSubjects()
}

// listens counts the feeds of subjects: only they need to know what the others read.
func (s *Set) listens(more int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listening += more
	s.updateSubjects()
}

// updateSubjects notes what is read now, where that matters: it takes a while where there are thousands of streams. s is locked.
func (s *Set) updateSubjects() {
	if s.listening > 0 && s.life.Err() == nil {
		s.read.update(s.feeds)
	}
}

// update replaces the subjects by those of all open feeds.
func (s *streamSubjects) update(feeds map[feed]struct{}) {
	var all []string
	for f := range feeds {
		if r, ok := f.(streamReader); ok {
			all = append(all, r.subjects()...)
		}
	}
	s.all.Store(&all)
}

// streamFilter leaves out of a subject's messages those that the feeds of streams deliver.
type streamFilter struct {
	read *streamSubjects

	mu      sync.Mutex // guards what follows: what was found out last, since many messages have the same subject
	all     *[]string
	subject string
	out     bool
}

// rest is messages without those.
func (f *streamFilter) rest(messages iter.Seq[*bus.Message]) iter.Seq[*bus.Message] {
	all := f.read.all.Load()
	if all == nil || len(*all) == 0 {
		return messages
	}
	return func(yield func(*bus.Message) bool) {
		f.mu.Lock()
		defer f.mu.Unlock()
		for m := range messages {
			if !f.leavesOut(all, m.Subject) && !yield(m) {
				return
			}
		}
	}
}

// leavesOut tells whether one of the streams' subjects matches a message's.
func (f *streamFilter) leavesOut(all *[]string, subject string) bool {
	if f.all != all || f.subject != subject {
		f.all, f.subject = all, subject
		f.out = subjects.AnyMatches(*all, subject)
	}
	return f.out
}
