package streams

import (
	"context"
	"slices"
	"sync"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/session"
)

// Readers are the readers of a session's streams. A server's begins with its first stream and ends with its last.
type Readers struct {
	session   *session.Session
	inspector *Inspector

	mu  sync.Mutex // guards what follows, and which feeds the readers have
	all map[string]*reader
}

// NewReaders makes the readers of a session. Its inspector's connections are used to see whether a stream may be read.
func NewReaders(s *session.Session, inspector *Inspector) *Readers {
	return &Readers{session: s, inspector: inspector, all: make(map[string]*reader)}
}

// at is by what the reader of a server is found: one is for all where there is no cluster, wherever the server is.
func (x *Readers) at(addr string) string {
	if x.session.Servers.Clustered() {
		return addr
	}
	return ""
}

// add has a feed read at a server. It reports false when the session has ended.
func (x *Readers) add(f *feed, addr string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.give(f, x.at(addr))
}

// give adds a feed to the reader of a server, which it makes when there is none; x is locked.
func (x *Readers) give(f *feed, addr string) bool {
	r := x.all[addr]
	if r == nil {
		r = newReader(x, addr)
		if !x.session.Go("the reader of streams", r.run) {
			return false
		}
		x.all[addr] = r
	}
	f.reader = r
	r.count++
	r.coming = append(r.coming, f)
	r.wakeUp()
	return true
}

// take removes a feed from its reader, which it returns when that has no other; x is locked.
func (x *Readers) take(f *feed) *reader {
	r := f.reader
	f.reader, r.changed = nil, true
	if r.count--; r.count > 0 {
		return nil
	}
	if x.all[r.addr] == r {
		delete(x.all, r.addr)
	}
	r.stop()
	return r
}

// remove ends reading for a feed. The last feed of a reader waits until that has closed its connection.
func (x *Readers) remove(f *feed) {
	x.mu.Lock()
	var last *reader
	if !f.closed && f.reader != nil {
		last = x.take(f)
	}
	f.closed = true
	x.mu.Unlock()
	if last != nil {
		<-last.done
	}
}

// move has a feed of a reader read at another server. Only the reader's goroutine calls it.
func (x *Readers) move(f *feed, from *reader, to fault.Redirect) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if f.reader != from || x.at(to.Addr) == from.addr && f.asking == to.Ask {
		return
	}
	f.asking = to.Ask
	f.session.Notify(bus.Say, f.station, "%s is read from %s now: its slot moved there, or is on its way", f.key, to.Addr)
	f.resume()
	x.take(f)
	if !x.give(f, x.at(to.Addr)) {
		f.Queue.Close()
	}
}

// conclude has the reader of a feed ask the server about all of its streams soon.
func (x *Readers) conclude(f *feed) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if f.reader != nil {
		f.reader.concludes = true
		f.reader.wakeUp()
	}
}

// concludes tells whether a reader is to ask about all of its streams, for once.
func (x *Readers) concludes(r *reader) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	concludes := r.concludes
	r.concludes = false
	return concludes
}

// has tells whether a reader has a feed.
func (x *Readers) has(r *reader, f *feed) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return f.reader == r
}

// adopt gives a reader the feeds that are its own now, and tells whether these are others than before.
func (x *Readers) adopt(r *reader) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !r.changed && len(r.coming) == 0 {
		return false
	}
	r.feeds = append(r.feeds, r.coming...)
	r.feeds = slices.DeleteFunc(r.feeds, func(f *feed) bool { return f.reader != r })
	r.changed, r.coming = false, nil
	return true
}

// end closes the feeds of a reader when the session ends, so that nobody waits for them.
func (x *Readers) end(ctx context.Context, r *reader) {
	x.adopt(r)
	if ctx.Err() != nil && x.session.Ended() {
		for _, f := range r.feeds {
			f.Queue.Close()
		}
	}
}
