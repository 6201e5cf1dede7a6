// Package send sends as Memphis's own clients do: to a partition of the station, in turn or by a key, with the headers that its
// consumers and its dashboard look for. What the station's schema does not allow is not sent, and what no station keeps neither.
// It writes to the broker: nothing calls it but what a person, or a script of theirs, has said.
//
// The methods of a Sender may be called from any goroutine and wait for the server.
package send

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/control"
	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/memphisbus/internal/schema"
	"signalbox/bus/memphisbus/internal/stations"
)

// Headers that messages have in Memphis.
const (
	producedBy   = "$memphis_producedBy"
	connectionID = "$memphis_connectionId"
	messageID    = "msg-id"
	own          = "$memphis" // what begins so is Memphis's own, whoever sends

	oldProducedBy   = "producedBy" // before Memphis 1.0
	oldConnectionID = "connectionId"
)

// Server is who takes messages in.
type Server interface {
	Request(ctx context.Context, m *nats.Msg) (*nats.Msg, error)
	MaxPayload() int64
}

// Finder finds stations.
type Finder interface {
	Find(ctx context.Context, name string) (stations.Station, error)
}

// Schemas tells which schema a station has.
type Schemas interface {
	Of(ctx context.Context, station string) (schema.Schema, error)
}

// Sender sends messages on one connection.
type Sender struct {
	server     Server
	stations   Finder
	schemas    Schemas
	connection string // the number that this session goes by

	mu   sync.Mutex
	next map[string]int // of each station with partitions, which is the next in turn
}

// New makes a sender.
func New(server Server, f Finder, x Schemas, connection string) *Sender {
	return &Sender{server: server, stations: f, schemas: x, connection: connection, next: map[string]int{}}
}

// Publish sends a message to a station. That there is no such station is an error that wraps bus.ErrMissing.
func (s *Sender) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	station, err := s.stations.Find(ctx, out.Station)
	if err != nil {
		return bus.Receipt{}, err
	}
	to, rest, err := s.place(&station, out)
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("send to %s: %w", station.Name, err)
	}
	if most := s.server.MaxPayload(); int64(len(out.Data)) > most {
		return bus.Receipt{}, fmt.Errorf("send to %s: it has %d bytes, and the server takes %d at most", station.Name, len(out.Data), most)
	}
	if to.Info.Config.Retention == jetstream.InterestPolicy && to.Info.State.Consumers == 0 {
		return bus.Receipt{Text: "nothing was sent: no group reads " + station.Name + ", and a station that is ack-based keeps only what a group is still to acknowledge"}, nil
	}
	unchecked, err := s.check(ctx, &station, out.Data)
	if err != nil {
		return bus.Receipt{}, err
	}
	receipt, err := s.store(ctx, &station, to, s.message(to, rest, out))
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("send to %s: %w", station.Name, err)
	}
	if unchecked != "" {
		receipt.Text += "; " + unchecked
	}
	return receipt, nil
}

// check refuses a payload that the station's schema does not allow, and says why where it could not be checked.
func (s *Sender) check(ctx context.Context, station *stations.Station, payload []byte) (unchecked string, err error) {
	if station.Partitions[0].Number == 0 { // those before Memphis 1.0 have none
		return "", nil
	}
	x, err := s.schemas.Of(ctx, station.Name)
	switch {
	case errors.Is(err, bus.ErrRefused), errors.Is(err, bus.ErrMissing):
		return "which schema it must fit is not told to this user", nil
	case err != nil:
		return "", fmt.Errorf("send to %s: ask for its schema: %w", station.Name, err)
	}
	if err := x.Check(payload); err != nil {
		return "", &bus.RejectionError{By: "the schema " + x.String() + " of " + station.Name, Text: err.Error() + "; nothing was sent"}
	}
	return x.Unchecked(), nil
}

// message makes the message for a partition.
func (s *Sender) message(to stations.Partition, rest string, out bus.Outgoing) *nats.Msg {
	m := nats.NewMsg(to.Stream() + rest)
	m.Data = out.Data
	by, connection, ids := producedBy, connectionID, messageID
	if to.Number == 0 {
		by, connection, ids = oldProducedBy, oldConnectionID, jetstream.MsgIDHeader
	}
	for _, h := range out.Headers {
		if !strings.HasPrefix(h.Name, own) && h.Name != by && h.Name != connection {
			m.Header[h.Name] = append(m.Header[h.Name], h.Value)
		}
	}
	m.Header[by], m.Header[connection] = []string{control.ProducedBy}, []string{s.connection}
	if out.ID != "" {
		m.Header[ids] = []string{out.ID}
	}
	return m
}

// store sends a message and reads what the server says of it.
func (s *Sender) store(ctx context.Context, station *stations.Station, to stations.Partition, m *nats.Msg) (bus.Receipt, error) {
	answer, err := s.server.Request(ctx, m)
	if errors.Is(err, nats.ErrNoResponders) {
		return bus.Receipt{Text: "nothing keeps what is sent on " + m.Subject + ", and nobody listens: it is lost"}, nil
	}
	if err != nil {
		return bus.Receipt{}, err
	}
	var ack struct {
		Error     *jetstream.APIError `json:"error"`
		Sequence  uint64              `json:"seq"`
		Duplicate bool                `json:"duplicate"`
	}
	if err := json.Unmarshal(answer.Data, &ack); err != nil {
		return bus.Receipt{}, fmt.Errorf("read what the server says of it: %w", err)
	}
	if ack.Error != nil {
		return bus.Receipt{}, fmt.Errorf("nothing was stored: %w", ack.Error)
	}
	receipt := bus.Receipt{Station: station.Name, Position: station.Place(to.Number, ack.Sequence), Duplicate: ack.Duplicate, Receivers: -1}
	if len(station.Partitions) > 1 {
		receipt.Positions = bus.PartitionOffsets
	}
	name := receipt.Positions.Format(receipt.Position)
	receipt.Text = "stored in " + station.Name + " as " + name
	if ack.Duplicate {
		receipt.Text = fmt.Sprintf("%s has a message with the ID %q already, as %s: nothing was stored", station.Name, id(m), name)
	}
	return receipt, nil
}

// id is by which the broker knows a duplicate.
func id(m *nats.Msg) string {
	for _, name := range []string{messageID, jetstream.MsgIDHeader} {
		if ids := m.Header[name]; len(ids) > 0 {
			return ids[0]
		}
	}
	return ""
}

// place is the partition that a message goes to, and what stands behind its stream's name in the subject.
func (s *Sender) place(station *stations.Station, out bus.Outgoing) (to stations.Partition, rest string, err error) {
	rest = names.Final("")
	shown := names.Shown(out.Subject)
	switch stream, behind, _ := strings.Cut(out.Subject, "."); {
	case out.Subject == "" || strings.EqualFold(out.Subject, station.Name):
	case strings.HasPrefix(shown, station.Name+"."):
		rest = strings.TrimPrefix(shown, station.Name)
	case shown != station.Name || behind == "":
		return to, "", &bus.SubjectError{Suggest: station.Name, Text: fmt.Sprintf("all of it comes on the subject %s, and none on %s; nothing was sent", station.Name, out.Subject)}
	default:
		if to, ok := partition(station, stream); ok {
			return to, rest, nil
		}
		return to, "", &bus.SubjectError{Suggest: station.Name, Text: fmt.Sprintf("%s has %d partitions, and %s is none of them; nothing was sent", station.Name, len(station.Partitions), stream)}
	}
	return s.choose(station, out.Key), rest, nil
}

// partition is the one with a stream of a name.
func partition(station *stations.Station, stream string) (stations.Partition, bool) {
	for _, p := range station.Partitions {
		if p.Stream() == stream {
			return p, true
		}
	}
	return stations.Partition{}, false
}

// choose is the partition of a key or, without one, the next in turn.
func (s *Sender) choose(station *stations.Station, key string) stations.Partition {
	n := len(station.Partitions)
	if key != "" {
		return station.Partitions[OfKey(key, n)]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.next[station.Name] % n
	s.next[station.Name] = i + 1
	return station.Partitions[i]
}
