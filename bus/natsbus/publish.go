package natsbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/subjects"
)

// Publish sends a message. A stream that takes its subject must store it; where there is none it goes to whoever listens.
// The headers that a stream heeds are sent as they are: with Nats-Expected-Last-Sequence it stores the message only after
// that one.
func (b *Bus) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	m, err := b.message(ctx, out)
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("publish to %s: %w", out.Station, err)
	}
	stream, err := b.js.StreamOf(ctx, m.Subject)
	switch {
	case errors.Is(err, bus.ErrRefused): // who may not ask for the stream finds out by its answer
	case err != nil:
		return bus.Receipt{}, fmt.Errorf("publish on %s: %w", m.Subject, err)
	case stream == "":
		return b.publishCore(ctx, m)
	}
	receipt, err := b.publishStored(ctx, m, out.ID)
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("publish on %s: %w", m.Subject, err)
	}
	return receipt, nil
}

// message makes the message to send.
func (b *Bus) message(ctx context.Context, out bus.Outgoing) (*nats.Msg, error) {
	subject, err := b.target(ctx, out)
	if err != nil {
		return nil, err
	}
	if err := subjects.Check(subject); err != nil {
		return nil, fmt.Errorf("subject %q: %w", subject, err)
	}
	if strings.ContainsAny(subject, "*>") {
		return nil, fmt.Errorf("subject %q has wildcards: say the exact subject", subject)
	}
	if most := b.core.Conn.MaxPayload(); int64(len(out.Data)) > most {
		return nil, fmt.Errorf("it has %d bytes, and the server takes %d at most", len(out.Data), most)
	}
	m := nats.NewMsg(subject)
	m.Data = out.Data
	for _, h := range out.Headers {
		m.Header[h.Name] = append(m.Header[h.Name], h.Value)
	}
	if out.ID != "" {
		m.Header.Set(jetstream.MsgIDHeader, out.ID)
	}
	return m, nil
}

// target is the subject to publish on: the one given, else the station's first without wildcards.
func (b *Bus) target(ctx context.Context, out bus.Outgoing) (string, error) {
	if out.Subject != "" && out.Kind != bus.Bucket {
		return out.Subject, nil
	}
	s, err := b.resolve(ctx, out.Station)
	if err != nil {
		return "", err
	}
	if s.Kind == bus.Bucket {
		if out.Subject == "" {
			return "", fmt.Errorf("it is a bucket: say the key as the subject")
		}
		return jsapi.KeyPrefix(jsapi.StreamName(s)) + out.Subject, nil
	}
	if out.Subject != "" {
		return out.Subject, nil
	}
	for _, subject := range s.Subjects {
		if !strings.ContainsAny(subject, "*>") {
			return subject, nil
		}
	}
	return "", fmt.Errorf("it takes %s: say on which subject exactly", strings.Join(s.Subjects, ", "))
}

func (b *Bus) publishCore(ctx context.Context, m *nats.Msg) (bus.Receipt, error) {
	if err := b.core.Send(ctx, m); err != nil {
		return bus.Receipt{}, fmt.Errorf("publish on %s: %w", m.Subject, err)
	}
	return bus.Receipt{Receivers: -1, Text: "published on " + m.Subject + "; no stream keeps it, and NATS does not tell who received it"}, nil
}

func (b *Bus) publishStored(ctx context.Context, m *nats.Msg, id string) (bus.Receipt, error) {
	answer, err := b.core.Request(ctx, m)
	if errors.Is(err, nats.ErrNoResponders) {
		return bus.Receipt{Receivers: 0, Text: "published on " + m.Subject + "; nobody received it"}, nil
	}
	if err != nil {
		return bus.Receipt{}, err
	}
	var ack struct {
		Error     *jetstream.APIError `json:"error"`
		Stream    string              `json:"stream"`
		Sequence  uint64              `json:"seq"`
		Duplicate bool                `json:"duplicate"`
	}
	if err := json.Unmarshal(answer.Data, &ack); err != nil || ack.Stream == "" && ack.Error == nil {
		return bus.Receipt{Receivers: 1, Text: "published on " + m.Subject + "; a service answered, no stream keeps it"}, nil //nolint:nilerr // an answer, but not a stream's
	}
	if ack.Error != nil {
		return bus.Receipt{}, fmt.Errorf("nothing was stored: %w", jsapi.APIError(ack.Error))
	}
	station := b.js.StationName(ack.Stream)
	receipt := bus.Receipt{Station: station, Position: bus.Position{Major: ack.Sequence}, Duplicate: ack.Duplicate, Receivers: -1}
	receipt.Text = fmt.Sprintf("stored in %s as %d", station, ack.Sequence)
	if ack.Duplicate {
		receipt.Text = fmt.Sprintf("%s has a message with the ID %q already, as %d: nothing was stored", station, id, ack.Sequence)
	}
	return receipt, nil
}
