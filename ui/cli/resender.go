package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/bus/recording"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// resender sends the messages of a recording again, on one goroutine.
type resender struct {
	file    *recording.Bus
	plan    *plan
	publish func(ctx context.Context, out bus.Outgoing) error
	ids     newIDs
	speed   float64

	underway *underway // what publish sent; nil where nothing is sent

	sent, removals, cut uint64
	first               int64 // time of the first message
	begun               time.Time
}

// origin is the station that one of the recording is sent to.
func (r *resender) origin(name string) (bus.NewStation, bus.Kind, bool) {
	was, kind, kept := r.file.Origin(name)
	for _, known := range []string{name, was.Name} {
		if other := r.plan.rename[known]; other != "" {
			was.Name, was.Subjects = other, renamed(was.Subjects, was.Name, other)
			break
		}
	}
	return was, kind, kept
}

// renamed are the subjects that begin with a name, with another.
func renamed(subjects []string, name, other string) (out []string) {
	for _, subject := range subjects {
		if rest, ok := strings.CutPrefix(subject, name); ok {
			out = append(out, other+rest)
		}
	}
	return out
}

// all sends what comes, until the recording is read and nothing of it waits.
func (r *resender) all(ctx context.Context, messages <-chan *sources.Event, read <-chan error) error {
	var end error
	for done := false; ; {
		select {
		case e := <-messages:
			if err := r.one(ctx, e); err != nil {
				return err
			}
			continue
		default:
		}
		if done {
			return end
		}
		select {
		case e := <-messages:
			if err := r.one(ctx, e); err != nil {
				return err
			}
		case end = <-read:
			done = true
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// one sends one message when it is due.
func (r *resender) one(ctx context.Context, e *sources.Event) error {
	traits := e.StationTraits()
	if traits.Keyed {
		if _, removed := traits.Done(e.Headers); removed {
			r.removals++
			return nil
		}
	}
	if e.Size > len(e.Data) {
		r.cut++
		return nil
	}
	if err := r.wait(ctx, e.UnixNano); err != nil {
		return err
	}
	if err := r.publish(ctx, r.outgoing(e, traits)); err != nil {
		return err
	}
	r.sent++
	return nil
}

// outgoing is an event as a message to be sent.
func (r *resender) outgoing(e *sources.Event, traits *bus.Traits) bus.Outgoing {
	was, kind, _ := r.origin(e.Station)
	out := bus.Outgoing{Station: was.Name, Kind: kind, Subject: e.Subject, Headers: recording.Resent(e.Headers), Data: e.Data}
	if traits.Keyed {
		out.Headers = slices.DeleteFunc(out.Headers, func(h bus.Header) bool { return h.Name == traits.Operation })
	}
	name, _, _ := r.file.Origin(e.Station)
	if was.Name != name.Name { // its subject is that of the other: its own name gives way to the new one
		if rest, ok := strings.CutPrefix(out.Subject, name.Name); ok {
			out.Subject = was.Name + rest
		}
	}
	if traits.Separators == "" && !traits.Keyed {
		out.Subject = ""
	}
	r.ids.change(e, &out, traits.Separators)
	return out
}

// wait waits until a message of a time is due.
func (r *resender) wait(ctx context.Context, unixNano int64) error {
	if r.begun.IsZero() {
		r.begun, r.first = time.Now(), unixNano
	}
	var due time.Duration
	switch every := r.plan.every; {
	case every < 0:
		return ctx.Err()
	case every > 0:
		due = time.Duration(r.sent) * every
	default:
		due = time.Duration(float64(unixNano-r.first) / r.speed)
	}
	if due -= time.Since(r.begun); due <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(due)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// left says what was not sent.
func (r *resender) left() string {
	text := ""
	if r.removals > 0 {
		text += fmt.Sprintf("; %s of keys left out", screen.Plural(r.removals, "removal"))
	}
	if r.cut > 0 {
		text += fmt.Sprintf("; %s left out, of which not all is in the recording", screen.Plural(r.cut, "message"))
	}
	return text
}
