package scripts

import (
	"context"
	"time"
	"unicode/utf8"

	"signalbox/scenarios/script"
)

// How long a line waits to be read: as its length needs, within bounds.
const (
	lettersASecond = 15
	leastReading   = 1500 * time.Millisecond
	mostReading    = 10 * time.Second
)

func readingTime(line string) time.Duration {
	needed := time.Duration(utf8.RuneCountInString(line)) * time.Second / lettersASecond
	return min(max(needed, leastReading), mostReading)
}

// Hear implements script.Audience: a line waits until it has been read, by its length and the speed, or until somebody says so.
func (r *Run) Hear(ctx context.Context, line string) error {
	if r.byKey {
		return r.hold(ctx, line)
	}
	reading, read := context.WithCancel(ctx)
	defer read()
	r.news.tell(func(t *told) { t.line, t.said, t.read = line, true, read })
	_ = r.control.Wait(reading, readingTime(line)) // that it was read before is no error
	r.news.tell(func(t *told) { t.read = nil })
	return ctx.Err()
}

// moment is how long a line stands alone before what follows it is done.
const moment = time.Second

// hold waits for a key before a line, unless it is the first thing that happens.
func (r *Run) hold(ctx context.Context, line string) error {
	if r.begun.Swap(true) {
		waiting, goOn := context.WithCancel(ctx)
		defer goOn()
		r.news.tell(func(t *told) { t.read = goOn })
		<-waiting.Done()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	r.news.tell(func(t *told) { t.line, t.said, t.read = line, true, nil })
	return r.control.Wait(ctx, moment)
}

// See implements script.Audience.
func (r *Run) See(sent script.Sent) {
	r.begun.Store(true)
	r.news.seen(sent)
}

// readOn goes on: the line has been read.
func (r *Run) readOn() {
	if r.read != nil {
		r.read()
	}
}
