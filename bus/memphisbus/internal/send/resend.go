package send

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/names"
)

// Where the members of a group listen for what is handed to it again: followed by the station, one of joints, and the group.
const resends = "$memphis_dls_"

// joints stand between station and group: the newer one first. A client listens on one of them.
var joints = [...]string{".", "_"}

// Headers of what is handed to a group again.
const (
	resentTo = "$memphis_pm_cg_name"
	resentBy = "$memphis_dls" // instead of the producer
)

// What a client answers when a message is acknowledged, or not.
const (
	acknowledged = "+ACK"
	again        = "-NAK"
)

// Resend hands a message to a member of a group, and to no other group: nothing is stored. A member that acknowledges it
// answers; one that does not, or not in time, has got it all the same.
func (s *Sender) Resend(ctx context.Context, group string, out bus.Outgoing) (bus.Receipt, error) {
	station, err := s.stations.Find(ctx, out.Station)
	if err != nil {
		return bus.Receipt{}, err
	}
	unchecked, err := s.check(ctx, &station, out.Data)
	if err != nil {
		return bus.Receipt{}, err
	}
	for _, joint := range joints {
		m := nats.NewMsg(resends + names.Internal(station.Name) + joint + names.Internal(group))
		m.Data = out.Data
		for _, h := range out.Headers {
			m.Header[h.Name] = append(m.Header[h.Name], h.Value)
		}
		delete(m.Header, oldProducedBy)
		m.Header[producedBy], m.Header[resentTo] = []string{resentBy}, []string{group}
		answer, err := s.server.Request(ctx, m)
		switch {
		case errors.Is(err, nats.ErrNoResponders):
			continue
		case err != nil && !errors.Is(err, context.DeadlineExceeded):
			return bus.Receipt{}, fmt.Errorf("hand it to %s of %s: %w", group, station.Name, err)
		}
		text := verdict(group, answer)
		if unchecked != "" {
			text += "; " + unchecked
		}
		return bus.Receipt{Receivers: 1, Text: text}, nil
	}
	return bus.Receipt{Text: "no member of " + group + " is there to take it: nothing was sent"}, nil
}

// verdict says what a member of a group did with a message that was handed to it; it may not have answered.
func verdict(group string, answer *nats.Msg) string {
	switch {
	case answer == nil:
		return "a member of " + group + " has it, and no other group; it has not acknowledged it yet"
	case strings.HasPrefix(string(answer.Data), acknowledged):
		return "a member of " + group + " has it, and no other group, and acknowledged it"
	case strings.HasPrefix(string(answer.Data), again):
		return "a member of " + group + " has it, and no other group, and did not accept it"
	}
	return "a member of " + group + " has it, and no other group; it answered something else than whether it accepts it"
}
