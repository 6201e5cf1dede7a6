package bustest

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"signalbox/bus"
)

// Bounds of a batch, so that no bus hands over a whole backlog at once.
const (
	maxMessages = 8192
	maxBytes    = 8 << 20
)

// seen is what the suite keeps of a message: copies, because a batch goes back to its feed.
type seen struct {
	n        int
	at       bus.Position
	when     time.Time
	headers  bus.Headers
	data     string
	size     int
	subject  string
	received time.Time
}

// reader collects what a feed delivers.
type reader struct {
	*site
	feed     bus.Feed
	got      []seen
	gaps     []bus.Gap
	dropped  uint64
	caughtUp int
	ended    bool
}

var number = regexp.MustCompile(`"n":(\d+)`)

// next takes one batch in. It reports false when ctx ended first.
func (r *reader) next(ctx context.Context) bool {
	r.Helper()
	b, err := r.feed.Next(ctx)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
		return false
	}
	if err != nil {
		r.Fatalf("next: %v", err)
	}
	defer b.Release()
	if b.Len() == 0 && len(b.Gaps) == 0 && b.Dropped == 0 && !b.CaughtUp && !b.Ended {
		r.Fatalf("next: a batch with nothing in it")
	}
	if b.Len() > maxMessages {
		r.Fatalf("next: a batch of %d messages, want at most %d", b.Len(), maxMessages)
	}
	bytes := 0
	for _, m := range b.Messages() {
		bytes += len(m.Data)
		r.take(&m)
	}
	if b.Len() > 1 && bytes > maxBytes {
		r.Fatalf("next: a batch of %d bytes, want at most %d", bytes, maxBytes)
	}
	r.gaps = append(r.gaps, b.Gaps...)
	r.dropped += b.Dropped
	if b.CaughtUp {
		r.caughtUp++
	}
	r.ended = r.ended || b.Ended
	return true
}

func (r *reader) take(m *bus.Message) {
	r.Helper()
	match := number.FindSubmatch(m.Data)
	if match == nil {
		r.Fatalf("message on %q at %v is none that was sent: %.200q", m.Subject, m.Position, m.Data)
	}
	n, _ := strconv.Atoi(string(match[1]))
	r.got = append(r.got, seen{n: n, at: m.Position, when: m.Time(), headers: cloned(m.Headers),
		data: string(m.Data), size: m.Size, subject: strings.Clone(m.Subject), received: time.Now()})
}

func cloned(headers bus.Headers) bus.Headers {
	var own bus.Headers
	for _, h := range headers {
		own = append(own, bus.Header{Name: strings.Clone(h.Name), Value: strings.Clone(h.Value)})
	}
	return own
}

// until takes batches in until a condition holds.
func (r *reader) until(what string, holds func() bool) {
	r.Helper()
	ctx, cancel := context.WithTimeout(r.ctx, patience)
	defer cancel()
	for !holds() {
		if !r.next(ctx) {
			r.Fatalf("after %s still not: %s (have %d messages, %d dropped, %d gaps, caught up %d)",
				patience, what, len(r.got), r.dropped, len(r.gaps), r.caughtUp)
		}
	}
}

func (r *reader) untilCount(n int) {
	r.Helper()
	r.until(strconv.Itoa(n)+" messages", func() bool { return len(r.got) >= n })
}

func (r *reader) untilCaughtUp() {
	r.Helper()
	r.until("caught up", func() bool { return r.caughtUp > 0 })
}

// nothingMore watches for a moment that no further message comes.
func (r *reader) nothingMore() {
	r.Helper()
	ctx, cancel := context.WithTimeout(r.ctx, quiet)
	defer cancel()
	before := len(r.got)
	for r.next(ctx) {
	}
	if len(r.got) != before {
		r.Fatalf("%d messages too many, the first being message %d", len(r.got)-before, r.got[before].n)
	}
}

// wantNumbers checks that exactly the messages from to to-1 came, in order.
func (r *reader) wantNumbers(from, to int) {
	r.Helper()
	if len(r.got) != to-from {
		r.Fatalf("%d messages, want %d", len(r.got), to-from)
	}
	for i, m := range r.got {
		if m.n != from+i {
			r.Fatalf("message %d came as number %d, want message %d", m.n, i, from+i)
		}
	}
}

// wantWhole checks that nothing is said to be missing.
func (r *reader) wantWhole() {
	r.Helper()
	if r.dropped != 0 || len(r.gaps) != 0 {
		r.Fatalf("dropped %d, gaps %+v, want none", r.dropped, r.gaps)
	}
}
