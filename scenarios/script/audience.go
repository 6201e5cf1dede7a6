package script

import (
	"cmp"
	"context"

	"signalbox/bus"
	"signalbox/sources"
)

// Audience watches a run while it goes on. It is called by the goroutines of the run, by several at once where steps are taken at
// once.
type Audience interface {
	// Hear is told a line that is said, before the step has passed. It may wait until somebody has read it; its error ends the run.
	Hear(ctx context.Context, line string) error

	// See is told of each message that was sent. It must not wait.
	See(Sent)
}

// Sent is a message that a run has sent.
type Sent struct {
	Type      string         // of the event that it is understood as
	Entity    sources.Entity // that it is about; zero where that is not known
	Station   string         // where it went: the station that keeps it, else what it was addressed to
	Subject   string
	Receipt   bus.Receipt
	Listening []string // stand-ins that hear what no station keeps
	After     uint64   // the number of the last event before it was sent
}

// show tells the audience of what was sent.
func (p *Run) show(out bus.Outgoing, receipt bus.Receipt, listening []string, after uint64) {
	if p.Audience == nil {
		return
	}
	subject, station := cmp.Or(out.Subject, out.Station), cmp.Or(receipt.Station, out.Station)
	e := p.Understand(station, bus.Message{Subject: subject, Headers: out.Headers, Data: out.Data, Position: receipt.Position, Size: len(out.Data)})
	p.Audience.See(Sent{Type: e.Type, Entity: e.Entity(), Station: cmp.Or(receipt.Station, subject), Subject: subject, Receipt: receipt,
		Listening: listening, After: after})
}

// last is the number of the last event that the engine has; 0 in the demo, which has none.
func (p *Run) last() uint64 {
	if p.engine == nil {
		return 0
	}
	return p.engine.Last()
}
