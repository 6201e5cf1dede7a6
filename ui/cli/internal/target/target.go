// Package target finds out which buses a command works on, and opens them: from its arguments, --context, the
// configuration and the environment, in that order; without any it is the broker inside this process. Only Connect does
// I/O on the network. Its values belong to one goroutine.
package target

import (
	"context"
	"errors"

	"signalbox/bus"
	"signalbox/bus/recording"
	"signalbox/ui/cli/internal/brokers"
)

// Target is a bus to attach to, and the stations wanted of it: without any, all that are found. The zero Target is the
// broker inside this process.
type Target struct {
	URL       string
	connector bus.Connector // of a context that another program keeps, instead of a URL
	Context   string        // the name by which it was named; "" when it was by its URL
	Stations  []string
	Speed     float64        // of a recording: how many times as fast as it was; 0 is all at once
	Part      recording.Part // of a recording: what is read of it
}

// Same tells whether two targets name the same bus.
func (t Target) Same(other Target) bool {
	return t.URL == other.URL && (t.connector == nil) == (other.connector == nil) && (t.connector == nil || t.Context == other.Context)
}

// Pipe is how a command that reads names what another program writes to it.
const Pipe = "-"

// Pipe tells whether it is what another program writes.
func (t Target) Pipe() bool { return t.URL == Pipe }

// Recording tells whether it is a file that is opened as a bus.
func (t Target) Recording() bool { return t.connector == nil && brokers.IsRecording(t.URL) }

// Ends tells whether all that is read has an end: lines of another program, and recordings.
func Ends(targets []Target) bool {
	for _, t := range targets {
		if !t.Pipe() && !t.Recording() {
			return false
		}
	}
	return len(targets) > 0
}

// OnlyPipe tells whether nothing else is read.
func OnlyPipe(targets []Target) bool { return len(targets) == 1 && targets[0].Pipe() }

// Embedded tells whether it is the broker inside this process.
func (t Target) Embedded() bool { return t.URL == "" && t.connector == nil }

// Connect opens the bus, which is not the embedded one. It waits as long as the broker's own time limit lets it.
func (t Target) Connect(ctx context.Context, settings bus.Settings) (bus.Bus, error) {
	b, err := t.connect(ctx, settings)
	if err != nil {
		return nil, err
	}
	return brokers.Recognise(ctx, b), nil
}

func (t Target) connect(ctx context.Context, settings bus.Settings) (bus.Bus, error) {
	if t.connector != nil {
		return t.connector(ctx, settings)
	}
	if t.Pipe() {
		return nil, errors.New("what comes on standard input can only be read: by signalbox alone, tail, state, count, flow, bisect and diff")
	}
	if t.Recording() {
		return recording.Open(t.URL, recording.Reading{Speed: t.Speed, Part: t.Part})
	}
	broker, known := brokers.Of(brokers.SchemeOf(t.URL))
	if !known {
		return nil, brokers.CheckURL(t.URL)
	}
	return broker.Connect(ctx, t.URL, settings)
}
