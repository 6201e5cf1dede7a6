// Package session is what lasts from Connect to Close and what feeds need of a bus: the servers, the state of the link, the
// goroutines and the notices.
//
// All methods may be called from any goroutine, and none waits but Close. A goroutine that Go started must return when its
// context ends: Close waits for it.
package session

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/servers"
)

// Session is a connection to the servers, for as long as it is wanted.
type Session struct {
	Servers *servers.Servers
	Budget  *bus.Budget // that feeds draw on
	Body    int64       // bytes of a payload that are kept, its beginning
	Pace    Pace

	notices *bus.NoticeBuffer
	ctx     context.Context // ends with Close
	stop    context.CancelFunc
	running goroutine.Group
	breaks  atomic.Int64 // how often the link broke

	mu      sync.Mutex // guards what follows
	info    bus.Info
	closing bool
}

// Pace is how often the server is asked what it does not tell by itself. It is not changed once the session is in use.
type Pace struct {
	Poll        time.Duration // between two looks at all keys
	Review      time.Duration // whether the server still tells of keys
	Subscribers time.Duration // who subscribes
	Dead        time.Duration // a member that was idle for so long is taken for dead
}

// UsualPace is the pace of a session unless a test wants another.
var UsualPace = Pace{Poll: 2 * time.Second, Review: 5 * time.Second, Subscribers: 5 * time.Second, Dead: 10 * time.Second}

// Start begins a session. first is the connection by which it tells whether the server is there; the session closes it.
func Start(all *servers.Servers, first *resp.Conn, info bus.Info, budget *bus.Budget, body int64) *Session {
	s := &Session{Servers: all, Budget: budget, Body: body, Pace: UsualPace, notices: bus.NewNoticeBuffer(), info: info}
	s.info.Link, s.info.Since = bus.Live, time.Now()
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.running.Go("the watch on the link", func() { s.watch(s.ctx, first) })
	return s
}

// Unlinked is a session without servers, for tests of feeds.
func Unlinked(budget *bus.Budget, body int64) *Session {
	s := &Session{Budget: budget, Body: body, Pace: UsualPace, notices: bus.NewNoticeBuffer()}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Close ends the context of all goroutines, closes the connections that answer questions, and waits for the goroutines.
// Only the first call does anything.
func (s *Session) Close() error {
	s.mu.Lock()
	again := s.closing
	s.closing = true
	s.mu.Unlock()
	if again {
		return nil
	}
	s.stop()
	err := s.Servers.Close() // ends what waits for an answer
	s.running.Wait()
	s.setLink(bus.Closed, "")
	s.notices.Close()
	return err
}

// Go runs work on a goroutine with a name for people, that Close waits for; its context ends with the session. It reports false when the session
// is closed already.
func (s *Session) Go(name string, work func(ctx context.Context)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.running.Go(name, func() { work(s.ctx) })
	return true
}

// Done is closed when the session ends.
func (s *Session) Done() <-chan struct{} { return s.ctx.Done() }

// Ended tells whether the session was closed.
func (s *Session) Ended() bool { return s.ctx.Err() != nil }

// During ends a caller's context with the session at the latest. The function that it returns must be called.
func (s *Session) During(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := goroutine.AfterFunc(s.ctx, "what ends a question", cancel)
	return ctx, func() { stop(); cancel() }
}

// Notify tells the user something about a station, or about the bus when station is "".
func (s *Session) Notify(level bus.Level, station, format string, args ...any) {
	s.notices.Add(level, station, format, args...)
}

// Notices delivers what Notify was told.
func (s *Session) Notices() <-chan bus.Notice { return s.notices.Notices() }
