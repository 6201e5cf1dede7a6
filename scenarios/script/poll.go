package script

import (
	"context"
	"time"
)

// How long poll rests between two looks, at first and at most.
const (
	leastRest = 20 * time.Millisecond
	mostRest  = 200 * time.Millisecond
)

// firstAnswer is how long the first answer may take, however soon something is to be so: else nothing could be said of it.
const firstAnswer = 5 * time.Second

// seen is what a look has found.
type seen struct {
	text  string
	met   bool // it is as it is to be
	blind bool // nothing could be learnt
}

// poll is for what nobody tells when it changes: it looks again and again until what it sees is as it is to be, for some time, and
// returns what was seen last. The error is that of ctx.
func poll(ctx context.Context, within time.Duration, look func(context.Context) seen) (seen, error) {
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	last := seen{text: "no answer", blind: true}
	for rest := leastRest; ; rest = min(2*rest, mostRest) {
		patient, stop := limited, context.CancelFunc(func() {})
		if last.blind {
			patient, stop = context.WithTimeout(ctx, max(within, firstAnswer))
		}
		now := look(patient)
		answered := patient.Err() == nil
		stop()
		switch {
		case ctx.Err() != nil:
			return last, ctx.Err()
		case answered && (last.blind || !now.blind):
			last = now
		}
		if last.met {
			return last, nil
		}
		select {
		case <-time.After(rest):
		case <-limited.Done():
			return last, ctx.Err()
		}
	}
}

// outcome is that of an expectation which has been polled.
func outcome(last seen, err error, expected string) (string, error) {
	switch {
	case err != nil:
		return "", err
	case last.met:
		return last.text, nil
	}
	return "", &Failure{Expected: expected, Found: last.text, blind: last.blind}
}
