// Package deadletters learns of messages that groups of Memphis gave up, in all three ways in which it is told of:
//
//   - by advisories of the server, and by where a group stood before this session watched: as package natsbus tells of them;
//   - by what clients say when a member refuses a message for good, with a reason;
//   - by the copies that lie in dead-letter stations. A copy tells its station and why, and not its group.
//
// Stations and groups have the names that users of Memphis know. What is kept is bounded: the oldest go.
//
// All methods may be called from any goroutine. List asks the server, and listens from its first call on.
package deadletters

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/memphisbus/internal/stations"
)

// Bounds of what is kept, and of how many messages are fetched at one time.
const (
	mostRefusals  = 1000
	mostCopies    = 500
	mostFetches   = 64
	refusalBuffer = 1 << 20
)

// Server is who is asked.
type Server interface {
	Message(ctx context.Context, stream *jetstream.StreamInfo, sequence uint64) (bus.Message, error)
}

// Parts are what a log is made of.
type Parts struct {
	Server Server
	Below  func(context.Context) ([]bus.DeadLetter, error) // those of streams and consumers
	All    func(context.Context) ([]stations.Station, error)
	Listen func(ctx context.Context, subject string, bytes int, handle func(*nats.Msg)) error
}

// Log is the dead letters learnt of so far.
type Log struct {
	Parts

	asking    sync.Mutex // held by whoever asks the server
	listening bool
	refused   error            // to listen
	copies    map[string]*room // by stream

	mu       sync.Mutex
	refusals []*refusal // oldest first
}

// New makes an empty log.
func New(p Parts) *Log { return &Log{Parts: p, copies: map[string]*room{}} }

// place is where a message of a group is.
type place struct {
	stream, consumer string
	sequence         uint64
}

// List returns what groups gave up or refused, oldest first.
func (l *Log) List(ctx context.Context) ([]bus.DeadLetter, error) {
	l.asking.Lock()
	defer l.asking.Unlock()
	heard := l.listen(ctx)
	all, err := l.Below(ctx)
	found, listErr := l.All(ctx)
	where := streams(found)
	letters := make([]bus.DeadLetter, 0, len(all))
	known := map[place]int{}
	for _, d := range all {
		if names.System(d.Station) || names.System(d.Consumer) {
			continue
		}
		at := place{d.Station, d.Consumer, d.Position.Major}
		if p, ok := where[d.Station]; ok {
			p.translate(&d)
		}
		known[at] = len(letters)
		letters = append(letters, d)
	}
	left := mostFetches
	letters = l.addRefusals(ctx, letters, known, where, &left)
	letters = l.addCopies(ctx, letters, found, &left)
	slices.SortStableFunc(letters, func(a, b bus.DeadLetter) int { return cmp.Compare(a.UnixNano, b.UnixNano) })
	return letters, errors.Join(heard, err, listErr)
}

// partition is a stream as a part of its station.
type partition struct {
	station *stations.Station
	stations.Partition
}

func streams(all []stations.Station) map[string]partition {
	where := map[string]partition{}
	for i := range all {
		for _, p := range all[i].Partitions {
			where[p.Stream()] = partition{&all[i], p}
		}
	}
	return where
}

// translate writes a dead letter of a stream as one of its station.
func (p partition) translate(d *bus.DeadLetter) {
	d.Station, d.Consumer = p.station.Name, names.Group(d.Consumer)
	d.Position = p.station.Place(p.Number, d.Position.Major)
	d.Positions = p.form()
	if d.Message != nil {
		d.Message = p.shown(*d.Message)
	}
}

// shown is a message of the stream as users of the station know it.
func (p partition) shown(m bus.Message) *bus.Message {
	m.Subject = names.Shown(cmp.Or(m.Subject, names.Final(p.Stream())))
	m.Position = p.station.Place(p.Number, m.Position.Major)
	return &m
}

// form is how positions of the station are written.
func (p partition) form() bus.PositionForm {
	if len(p.station.Partitions) > 1 {
		return bus.PartitionOffsets
	}
	return bus.Sequences
}

// listen listens to what clients refuse, once. That it may not is remembered.
func (l *Log) listen(ctx context.Context) error {
	if l.listening {
		return l.refused
	}
	err := l.Listen(ctx, refusals, refusalBuffer, func(m *nats.Msg) { l.take(m.Data) })
	if err != nil {
		err = fmt.Errorf("listen for messages that groups refuse: %w", err)
	}
	if err == nil || errors.Is(err, bus.ErrRefused) {
		l.listening, l.refused = true, err
	}
	return err
}
