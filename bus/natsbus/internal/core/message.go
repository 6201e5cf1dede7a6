package core

import (
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// Headers copies a message's headers, sorted by name: the client library does not keep their order.
func Headers(h nats.Header) bus.Headers {
	if len(h) == 0 {
		return nil
	}
	all := make(bus.Headers, 0, len(h))
	for name, values := range h {
		for _, value := range values {
			all = append(all, bus.Header{Name: name, Value: value})
		}
	}
	if len(all) > 1 {
		slices.SortStableFunc(all, func(a, b bus.Header) int { return strings.Compare(a.Name, b.Name) })
	}
	return all
}

// Message is a message that came by subject, without the time at which it was stored or a position. It shares the payload.
func Message(m *nats.Msg) bus.Message {
	return bus.Message{Subject: m.Subject, Headers: Headers(m.Header), Data: m.Data, UnixNano: time.Now().UnixNano(), Size: len(m.Data)}
}
