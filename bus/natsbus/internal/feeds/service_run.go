package feeds

import (
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/subjects"
)

// Serves tells the feeds of a service how it is now. Its station's Subjects are those to be read.
func (s *Set) Serves(station bus.Station) {
	for _, f := range s.services(station.Name) {
		s.mu.Lock()
		f.station = station
		s.mu.Unlock()
		f.tell(station.Subjects)
	}
}

// Silent tells the feeds of a service that it did not answer. Where there are such feeds it returns how the service was when it
// answered last.
func (s *Set) Silent(name string) (last bus.Station, read bool) {
	for _, f := range s.services(name) {
		s.mu.Lock()
		last, read = f.station, true
		s.mu.Unlock()
		f.tell(nil)
	}
	return last, read
}

// Services are the names of the services that are read.
func (s *Set) Services() (names []string) {
	for _, f := range s.services("") {
		names = append(names, f.name)
	}
	return names
}

// services are the feeds of a service, or of all.
func (s *Set) services(name string) (found []*serviceFeed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range s.feeds {
		if x, is := f.(*serviceFeed); is && (name == "" || x.name == name) {
			found = append(found, x)
		}
	}
	return found
}

// tell hands on what is newest.
func (f *serviceFeed) tell(endpoints []string) {
	for {
		select {
		case f.told <- endpoints:
			return
		default:
		}
		select {
		case <-f.told:
		default:
		}
	}
}

func (f *serviceFeed) run() {
	defer close(f.done)
	look := time.NewTicker(lookAtIdle)
	defer look.Stop()
	for {
		select {
		case <-f.life.Done():
			return
		case inbox := <-f.asking:
			f.hear(inbox)
		case endpoints := <-f.told:
			f.follow(endpoints)
		case now := <-look.C:
			f.forgetIdle(now.Add(-idleInbox))
		}
	}
}

// hear listens to the inboxes of whoever awaits a reply at one of them.
func (f *serviceFeed) hear(at string) {
	pattern, ok := inboxesOf(at)
	if !ok || f.deaf {
		return
	}
	if known := f.inboxes[pattern]; known != nil {
		known.last = time.Now()
		return
	}
	if len(f.inboxes) == mostInboxes {
		f.forgetIdle(f.oldest())
	}
	_ = f.listenTo(f.life, pattern) // what is refused is told, and a connection that is down comes back
}

// inboxesOf are the inboxes of a client, of which one is known: <prefix>.<client>.<request>, or one for a single request. What
// begins with $ is the server's, such as the acknowledgement of what a stream delivers.
func inboxesOf(inbox string) (pattern string, ok bool) {
	switch {
	case strings.HasPrefix(inbox, "$"), subjects.Check(inbox) != nil, subjects.HasWildcard(inbox):
		return "", false
	case strings.Count(inbox, ".") < 2:
		return inbox, true
	}
	return inbox[:strings.LastIndexByte(inbox, '.')] + ".*", true
}

// oldest is when the one was used last that was not used for longest.
func (f *serviceFeed) oldest() time.Time {
	oldest := time.Now()
	for _, x := range f.inboxes {
		if x.last.Before(oldest) {
			oldest = x.last
		}
	}
	return oldest
}

// forgetIdle stops listening to inboxes that were not used since a time.
func (f *serviceFeed) forgetIdle(since time.Time) {
	for pattern, x := range f.inboxes {
		if !f.all && !x.last.After(since) {
			_ = f.forget(pattern) // the connection is down: then it is forgotten there, too
		}
	}
}

// follow listens to the endpoints that the service has now, or to none once it is silent.
func (f *serviceFeed) follow(endpoints []string) {
	now := time.Now()
	if endpoints == nil {
		if f.silent++; f.silent == mostSilent {
			f.since = now
			_ = f.unlisten(nil) // see forgetIdle
			f.set.changedSubjects()
		}
		return
	}
	if f.silent >= mostSilent {
		f.queue.Gap(bus.Gap{Since: f.since, Until: now, Unknown: true, Why: "nobody answered"})
	}
	f.silent = 0
	_ = f.unlisten(endpoints)
	if err := f.listen(f.life, endpoints); err != nil && f.life.Err() == nil {
		f.set.Notices.Add(bus.Warn, f.name, "not all endpoints of %s can be read: %v", f.name, err)
	}
	f.set.changedSubjects()
}
