package feeds

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
)

// getter reads a stream without a consumer, by getting message after message: where there may be only so many consumers,
// the session makes none, since somebody else may need the last.
type getter struct {
	info *jetstream.StreamInfo // as it was when this began
	once int                   // messages to be asked for at once
}

// Bounds of getting: how many messages one feed asks for at once, and all feeds together; and how long it waits before it
// looks again when nothing is new.
const (
	getsAtOnce   = 64
	getsTogether = 128
	leastLook    = 50 * time.Millisecond
	mostLook     = time.Second
)

// newGetter begins to read a stream by gets, in place of a consumer.
func (s *Set) newGetter(info *jetstream.StreamInfo) *getter { return &getter{info: info, once: 1} }

func (g *getter) stop(*Set) {}

// read delivers messages until the stream begins anew, the connection was lost, or the feed is closed.
func (g *getter) read(f *streamFeed) {
	f.caughtUp = false
	for f.life.Err() == nil {
		if f.losses.next > g.info.State.LastSeq {
			f.catchUp()
		}
		found, err := g.get(f)
		if err != nil {
			return
		}
		select {
		case <-f.asked: // it need not be at the end
			f.conclude(0)
		default:
		}
		if !found {
			f.tellLosses()
			f.catchUp() // what was to come may have been purged
			if !g.waitForMore(f) {
				return
			}
		}
	}
}

// waitForMore waits until there may be another message. It reports false when the stream is not the one that was read, the
// connection was lost, or the feed is closed.
func (g *getter) waitForMore(f *streamFeed) bool {
	for wait := max(leastLook, f.set.share()); ; wait = max(min(2*wait, mostLook), f.set.share()) {
		select {
		case <-time.After(wait):
		case <-f.asked:
			f.conclude(0)
		case <-f.restored:
			return false
		case <-f.life.Done():
			return false
		}
		info, err := f.set.Streams.Stream(f.life, f.stream)
		switch {
		case err != nil, !info.Created.Equal(f.created), f.losses.contradicts(info):
			return false
		case info.State.Msgs == 0: // nothing up to the last will come any more
			f.losses.skip(info.State.LastSeq+1, time.Now().UnixNano())
			f.tellLosses()
		case info.State.LastSeq >= f.losses.next:
			return true
		}
	}
}

// got is the answer to one question.
type got struct {
	message bus.Message
	err     error
}

// get asks for the messages to come, more at once as long as there are more, and delivers them. It reports whether there
// were any. Each question is for the first message from a sequence on: what is missing is passed over.
func (g *getter) get(f *streamFeed) (bool, error) {
	answers := make([]got, g.once)
	var asking goroutine.Group
	for i := range answers {
		asking.Go("what gets messages", func() {
			select {
			case f.set.getting <- struct{}{}:
			case <-f.life.Done():
				answers[i].err = core.ErrClosed
				return
			}
			defer func() { <-f.set.getting }()
			x := &answers[i]
			x.message, x.err = f.set.Streams.Message(f.life, g.info, jsapi.Get{Sequence: f.losses.next + uint64(i), Next: ">"})
		})
	}
	asking.Wait()
	found, largest := false, 1
	for _, x := range answers {
		if errors.Is(x.err, bus.ErrMissing) { // none from there on: what others found later comes again
			g.once = 1
			return found, nil
		}
		if x.err != nil {
			return found, x.err
		}
		if x.message.Position.Major < f.losses.next {
			continue
		}
		found, largest = true, max(largest, x.message.Size)
		if !f.take(x.message, 0) {
			return found, core.ErrClosed
		}
	}
	g.once = max(1, min(2*g.once, getsAtOnce, f.requestBytes()/largest))
	return found, nil
}

// firstGet is where a feed begins that reads by gets.
func (s *Set) firstGet(ctx context.Context, info *jetstream.StreamInfo, from bus.From) (uint64, error) {
	state := info.State
	switch from.Start {
	case bus.FromAll:
		return max(1, state.FirstSeq), nil
	case bus.FromLast:
		return max(1, lastOf(state, from.Last)), nil
	case bus.FromSince:
		return s.firstSince(ctx, info, time.Now().Add(-from.Since))
	case bus.FromAt:
		return max(1, state.FirstSeq, from.Position.Major), nil
	default:
		return state.LastSeq + 1, nil
	}
}

// lastOf is the sequence of the last message but so many less one, as far as it is told which are missing.
func lastOf(state jetstream.StreamState, n uint64) uint64 {
	at, missing := state.LastSeq+1, len(state.Deleted)-1
	for n > 0 && at > state.FirstSeq {
		at--
		if missing >= 0 && state.Deleted[missing] == at {
			missing--
			continue
		}
		n--
	}
	return at
}

// firstSince looks for the first message that was stored at a time or later.
func (s *Set) firstSince(ctx context.Context, info *jetstream.StreamInfo, since time.Time) (uint64, error) {
	low, high := max(1, info.State.FirstSeq), info.State.LastSeq+1
	for low < high {
		middle := low + (high-low)/2
		m, err := s.Streams.Message(ctx, info, jsapi.Get{Sequence: middle, Next: ">"})
		switch {
		case errors.Is(err, bus.ErrMissing), err == nil && m.UnixNano >= since.UnixNano():
			high = middle
		case err != nil:
			return 0, err
		default:
			low = m.Position.Major + 1
		}
	}
	return low, nil
}
