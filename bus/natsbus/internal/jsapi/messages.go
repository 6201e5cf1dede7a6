package jsapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
)

// Get asks for the message at a sequence or, with Next set to a subject filter, the first from there on.
type Get struct {
	Sequence uint64 `json:"seq"`
	Next     string `json:"next_by_subj,omitempty"`
}

// Message gets one stored message, directly from any replica where the stream allows that.
func (c *Client) Message(ctx context.Context, info *jetstream.StreamInfo, which Get) (bus.Message, error) {
	if info.Config.AllowDirect {
		m, err := c.direct(ctx, info.Config.Name, which)
		if !errors.Is(err, bus.ErrRefused) && !errors.Is(err, ErrNone) {
			return m, err
		}
	}
	return c.Stored(ctx, info.Config.Name, which)
}

// Stored gets one stored message from the leader of its stream.
func (c *Client) Stored(ctx context.Context, stream string, which Get) (bus.Message, error) {
	var answer struct {
		Message struct {
			Subject  string    `json:"subject"`
			Sequence uint64    `json:"seq"`
			Header   []byte    `json:"hdrs"`
			Data     []byte    `json:"data"`
			Time     time.Time `json:"time"`
		} `json:"message"`
	}
	if err := c.Do(ctx, "STREAM.MSG.GET."+stream, which, &answer); err != nil {
		return bus.Message{}, err
	}
	stored := answer.Message
	var h nats.Header
	if len(stored.Header) > 0 {
		var err error
		if h, err = nats.DecodeHeadersMsg(stored.Header); err != nil {
			return bus.Message{}, fmt.Errorf("headers of message %d: %w", stored.Sequence, err)
		}
	}
	return bus.Message{
		Subject: stored.Subject, Headers: core.Headers(h), Data: stored.Data, Position: bus.Position{Major: stored.Sequence},
		UnixNano: stored.Time.UnixNano(), Size: len(stored.Data),
	}, nil
}

// The headers that a direct get adds to those of the message.
const (
	directSubject  = "Nats-Subject"
	directSequence = "Nats-Sequence"
	directTime     = "Nats-Time-Stamp"
)

func (c *Client) direct(ctx context.Context, stream string, which Get) (bus.Message, error) {
	request := nats.NewMsg(c.Subject("DIRECT.GET." + stream))
	data, err := json.Marshal(which)
	if err != nil {
		return bus.Message{}, err
	}
	request.Data = data
	m, err := c.core.Request(ctx, request)
	if errors.Is(err, nats.ErrNoResponders) {
		return bus.Message{}, ErrNone
	}
	if err != nil {
		return bus.Message{}, err
	}
	switch status := m.Header.Get("Status"); status {
	case "":
	case "404":
		return bus.Message{}, fmt.Errorf("message %d %w", which.Sequence, bus.ErrMissing)
	default:
		return bus.Message{}, fmt.Errorf("the server answers %s %s", status, m.Header.Get("Description"))
	}
	sequence, err := strconv.ParseUint(m.Header.Get(directSequence), 10, 64)
	if err != nil {
		return bus.Message{}, fmt.Errorf("sequence in the answer: %w", err)
	}
	when, err := time.Parse(time.RFC3339Nano, m.Header.Get(directTime))
	if err != nil {
		return bus.Message{}, fmt.Errorf("time in the answer: %w", err)
	}
	subject := m.Header.Get(directSubject)
	for _, name := range []string{"Nats-Stream", directSubject, directSequence, directTime, "Nats-Last-Sequence", "Nats-Num-Pending"} {
		m.Header.Del(name)
	}
	return bus.Message{
		Subject: subject, Headers: core.Headers(m.Header), Data: m.Data, Position: bus.Position{Major: sequence},
		UnixNano: when.UnixNano(), Size: len(m.Data),
	}, nil
}
