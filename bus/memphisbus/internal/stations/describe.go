package stations

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/clients"
)

// readInterest is how an ack-based station is read, in words.
const readInterest = "single gets, and a core subscription to what is new: a consumer would hold its messages back"

// Describe makes a station of the bus.
func (l *Lister) Describe(ctx context.Context, s *Station) bus.Station {
	out := bus.Station{Name: s.Name, Kind: bus.Stream, Replayable: true, Readable: true, Subjects: []string{s.Name}}
	for i, p := range s.Partitions {
		one := l.server.Station(ctx, p.Info)
		out.Messages += one.Messages
		out.Bytes += one.Bytes
		out.Consumers = max(out.Consumers, one.Consumers)
		out.Removed = out.Removed || one.Removed
		if out.Reading = one.Reading; s.Interest() {
			out.Reading = readInterest
		}
		if i == 0 || one.Created.Before(out.Created) {
			out.Created = one.Created
		}
		if len(s.Partitions) == 1 {
			out.First, out.Last = one.First, one.Last
		}
	}
	if n := len(s.Partitions); n > 1 {
		out.Traits.Positions, out.Traits.Partitions = bus.PartitionOffsets, n
	}
	out.Details = append(append(settings(s), bus.Detail{Name: "schema", Value: l.schema(s.Name)}), l.people(s.Name)...)
	return out
}

// schema is what is known of a station's schema. Memphis tells it to who produces, and looking makes no producer.
func (l *Lister) schema(station string) string {
	text, known := "", false
	if l.Schema != nil {
		text, known = l.Schema(station)
	}
	switch {
	case !known:
		return "not known before something is sent, or the lever schema asks"
	case text == "":
		return "none"
	}
	return text
}

// settings are those of a station, in Memphis's words.
func settings(s *Station) []bus.Detail {
	c := s.Partitions[0].Info.Config
	details := []bus.Detail{
		{Name: "retention", Value: retention(c)},
		{Name: "storage", Value: strings.ToUpper(c.Storage.String())},
		{Name: "replicas", Value: strconv.Itoa(max(1, c.Replicas))},
		{Name: "de-duplication", Value: duplicates(c.Duplicates)},
		{Name: "partitions", Value: strconv.Itoa(max(1, len(s.Partitions)))},
	}
	if len(s.Partitions) > 1 {
		for _, p := range s.Partitions {
			state := p.Info.State
			text := fmt.Sprintf("messages %d, bytes %d", state.Msgs, state.Bytes)
			if state.Msgs > 0 {
				text += fmt.Sprintf(", from %d to %d", state.FirstSeq, state.LastSeq)
			}
			details = append(details, bus.Detail{Name: "partition " + strconv.Itoa(p.Number), Value: text})
		}
	}
	if s.Partitions[0].Number == 0 {
		details = append(details, bus.Detail{Name: "generation", Value: "before Memphis 1.0: one stream, without partitions"})
	}
	if cluster := s.Partitions[0].Info.Cluster; cluster != nil {
		details = append(details, bus.Detail{Name: "leader", Value: cmp.Or(cluster.Leader, "none")})
	}
	return details
}

// retention says how long messages are kept, as Memphis has it.
func retention(c jetstream.StreamConfig) string {
	var all []string
	if c.Retention != jetstream.LimitsPolicy {
		all = append(all, "ACK_BASED: until every group has acknowledged")
	}
	if c.MaxAge > 0 {
		all = append(all, fmt.Sprintf("MAX_MESSAGE_AGE_SECONDS %d", c.MaxAge/time.Second))
	}
	if c.MaxMsgs > 0 {
		all = append(all, fmt.Sprintf("MESSAGES %d", c.MaxMsgs))
	}
	if c.MaxBytes > 0 {
		all = append(all, fmt.Sprintf("BYTES %d", c.MaxBytes))
	}
	if all == nil {
		return "unlimited"
	}
	return strings.Join(all, ", ")
}

// duplicates says for how long a station knows the header msg-id of a message that comes again.
func duplicates(window time.Duration) string {
	if window <= 0 {
		return "off, window 0 ms"
	}
	return fmt.Sprintf("on, by msg-id, window %d ms", window.Milliseconds())
}

// toldProducers is how many producers are told of a station: those that were heard of last.
const toldProducers = 20

// people are the producers of a station.
func (l *Lister) people(station string) []bus.Detail {
	all := l.clients.Producers(station)
	slices.Reverse(all)
	more := max(0, len(all)-toldProducers)
	details := make([]bus.Detail, 0, len(all)-more+1)
	for _, c := range all[:len(all)-more] {
		details = append(details, bus.Detail{Name: "producer", Value: c.Name + ", " + did(c)})
	}
	if more > 0 {
		details = append(details, bus.Detail{Name: "producers", Value: fmt.Sprintf("%d more", more)})
	}
	return details
}

// did says when a producer was heard of last.
func did(c clients.Client) string {
	when := c.When.UTC().Format("2006-01-02 15:04:05 UTC")
	if c.Sent {
		return "sent last " + when
	}
	return "came " + when
}
