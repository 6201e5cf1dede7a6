// Package send publishes messages and asks for answers. It writes to the broker: nothing calls it but what a person, or a
// script of theirs, has said. Its methods may be called from any goroutine and wait for the server.
package send

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/stations"
	"signalbox/bus/natsbus/internal/subjects"
)

// Sender sends messages on one connection.
type Sender struct {
	core     *core.Client
	js       *jsapi.Client
	stations *stations.Lister
	own      Own
	routes   routes
}

// Own tells whether this session itself listens to a subject.
type Own interface{ Hears(subject string) bool }

// New makes a sender.
func New(c *core.Client, js *jsapi.Client, l *stations.Lister, own Own) *Sender {
	return &Sender{core: c, js: js, stations: l, own: own}
}

// Publish sends a message. A stream that takes its subject must store it; where there is none it goes to whoever listens.
// The headers that a stream heeds are sent as they are: with Nats-Expected-Last-Sequence it stores the message only after
// that one.
func (s *Sender) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	if out.Many {
		return s.publishMany(ctx, out)
	}
	m, err := s.message(ctx, out)
	if err != nil {
		return bus.Receipt{}, sending(out, err)
	}
	stored, err := s.streamOf(ctx, out, m.Subject)
	if err != nil {
		return bus.Receipt{}, err
	}
	if !stored {
		return s.deliver(ctx, m, s.listeners(ctx, m.Subject), s.core.Send)
	}
	return s.store(m, out.ID, func() (*nats.Msg, error) { return s.core.Request(ctx, m) })
}

// streamOf tells whether a stream has to store what is sent on a subject. Who may not ask for it finds out by its answer.
func (s *Sender) streamOf(ctx context.Context, out bus.Outgoing, subject string) (stored bool, err error) {
	stream, err := s.js.StreamOf(ctx, subject)
	unknown := errors.Is(err, bus.ErrRefused)
	if err != nil && !unknown {
		return false, fmt.Errorf("publish on %s: %w", subject, err)
	}
	if err := s.check(ctx, out, stream); err != nil {
		return false, sending(out, err)
	}
	return unknown || stream != "", nil
}

// sending says what was to be sent where.
func sending(out bus.Outgoing, err error) error {
	return fmt.Errorf("publish to %s: %w", out.Station, err)
}

// message makes the message to send.
func (s *Sender) message(ctx context.Context, out bus.Outgoing) (*nats.Msg, error) {
	subject, err := s.target(ctx, out)
	if err != nil {
		return nil, err
	}
	if err := subjects.Check(subject); err != nil {
		return nil, &bus.SubjectError{Text: fmt.Sprintf("subject %q: %v", subject, err)}
	}
	if subjects.HasWildcard(subject) {
		return nil, &bus.SubjectError{Text: fmt.Sprintf("subject %q has wildcards: say the exact subject", subject)}
	}
	if most := s.core.Conn.MaxPayload(); int64(len(out.Data)) > most {
		return nil, fmt.Errorf("it has %d bytes, and the server takes %d at most", len(out.Data), most)
	}
	m := nats.NewMsg(subject)
	m.Data = out.Data
	for _, h := range out.Headers.Sent() {
		m.Header[h.Name] = append(m.Header[h.Name], h.Value)
	}
	if out.ID != "" {
		m.Header.Set(jetstream.MsgIDHeader, out.ID)
	}
	return m, nil
}

// target is the subject to publish on: the one given, else the station's first without wildcards.
func (s *Sender) target(ctx context.Context, out bus.Outgoing) (string, error) {
	if out.Subject != "" && out.Kind != bus.Bucket {
		return out.Subject, nil
	}
	if err := subjects.Check(out.Station); err != nil {
		return "", &bus.SubjectError{Text: err.Error()}
	}
	station, err := s.stations.Resolve(ctx, out.Station)
	if err != nil {
		return "", err
	}
	if station.Kind == bus.Bucket {
		if out.Subject == "" {
			return "", &bus.SubjectError{Text: "it is a bucket: say the key as the subject", Suggest: "KEY"}
		}
		return jsapi.KeyPrefix(jsapi.StreamName(station)) + out.Subject, nil
	}
	if out.Subject != "" {
		return out.Subject, nil
	}
	if subject := subjects.FirstExact(station.Subjects); subject != "" {
		return subject, nil
	}
	if len(station.Subjects) == 0 {
		return "", &bus.SubjectError{Text: takesNothing}
	}
	example := s.example(ctx, &station)
	return "", &bus.SubjectError{Suggest: example, Text: fmt.Sprintf("it takes %s: say on which subject exactly, such as %s",
		strings.Join(station.Subjects, ", "), example)}
}

const takesNothing = "it takes no subjects in: it copies what other streams have"

// check refuses a subject that the station does not take: the message would go elsewhere. stream has the subject, if any.
func (s *Sender) check(ctx context.Context, out bus.Outgoing, stream string) error {
	if out.Subject == "" || out.Kind == bus.Bucket || stream != "" && s.js.StationName(stream) == out.Station {
		return nil
	}
	station, err := s.stations.Resolve(ctx, out.Station)
	switch {
	case err != nil:
		return nil //nolint:nilerr // what cannot be told about refuses nothing
	case station.Kind == bus.Stream && len(station.Subjects) == 0:
		return &bus.SubjectError{Text: takesNothing}
	case station.Kind == bus.Stream, station.Kind == bus.Subject && subjects.HasWildcard(station.Name):
		if !subjects.AnyMatches(station.Subjects, out.Subject) {
			return &bus.SubjectError{Suggest: s.example(ctx, &station), Text: fmt.Sprintf("it takes %s, and %s is not among them; nothing was sent",
				strings.Join(station.Subjects, ", "), out.Subject)}
		}
	}
	return nil
}

// deliver sends a message that no stream keeps. Who receives it was asked before; where the server does not tell that, whether
// somebody else is there is known only where the session itself does not listen.
func (s *Sender) deliver(ctx context.Context, m *nats.Msg, told listeners, send func(context.Context, *nats.Msg) error) (bus.Receipt, error) {
	if told.count < 0 && !s.own.Hears(m.Subject) {
		send = nil
	}
	heard, err := s.heard(ctx, m, send)
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("publish on %s: %w", m.Subject, err)
	}
	if !heard || told.count == 0 {
		return nobody(m.Subject), nil
	}
	return bus.Receipt{Receivers: told.count, Text: told.text(m.Subject)}, nil
}

// heard sends a message, and tells whether anybody may have received it. Without a way to send it that is found out by sending.
func (s *Sender) heard(ctx context.Context, m *nats.Msg, send func(context.Context, *nats.Msg) error) (bool, error) {
	if send == nil {
		return s.core.Heard(ctx, m)
	}
	return true, send(ctx, m)
}

// nobody is said of a message that the server took and had nobody for.
func nobody(subject string) bus.Receipt {
	return bus.Receipt{Text: "no stream keeps what is sent on " + subject + ", and nobody listens: it is lost"}
}

// store sends a message that a stream has to store.
func (s *Sender) store(m *nats.Msg, id string, send func() (*nats.Msg, error)) (bus.Receipt, error) {
	answer, err := send()
	if errors.Is(err, nats.ErrNoResponders) {
		return nobody(m.Subject), nil
	}
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("publish on %s: %w", m.Subject, err)
	}
	receipt, err := s.stored(answer, m.Subject, id)
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("publish on %s: %w", m.Subject, err)
	}
	return receipt, nil
}

// stored is what a stream says of a message.
func (s *Sender) stored(answer *nats.Msg, subject, id string) (bus.Receipt, error) {
	var ack struct {
		Error     *jetstream.APIError `json:"error"`
		Stream    string              `json:"stream"`
		Sequence  uint64              `json:"seq"`
		Duplicate bool                `json:"duplicate"`
	}
	if err := json.Unmarshal(answer.Data, &ack); err != nil || ack.Stream == "" && ack.Error == nil {
		return bus.Receipt{Receivers: 1, Text: "published on " + subject + "; a service answered, no stream keeps it"}, nil //nolint:nilerr // an answer, but not a stream's
	}
	if ack.Error != nil {
		return bus.Receipt{}, fmt.Errorf("nothing was stored: %w", jsapi.APIError(ack.Error))
	}
	station := s.js.StationName(ack.Stream)
	receipt := bus.Receipt{Station: station, Position: bus.Position{Major: ack.Sequence}, Duplicate: ack.Duplicate, Receivers: -1}
	receipt.Text = fmt.Sprintf("stored in %s as %d", station, ack.Sequence)
	if ack.Duplicate {
		receipt.Text = fmt.Sprintf("%s has a message with the ID %q already, as %d: nothing was stored", station, id, ack.Sequence)
	}
	return receipt, nil
}
