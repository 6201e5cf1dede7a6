package recording

import (
	"strings"

	"signalbox/bus"
)

// Origin is what a station of a recording was: how a bus is to make it again. kept tells whether its bus kept messages.
func (b *Bus) Origin(name string) (was bus.NewStation, kind bus.Kind, kept bool) {
	s := b.byName[name]
	if s == nil {
		return bus.NewStation{Name: name}, "", false
	}
	was = bus.NewStation{Name: strings.TrimPrefix(s.row.Name, b.buses[s.bus].Name+"/"), Keyed: s.row.Keyed}
	if !s.row.Keyed && !s.counts {
		was.Subjects = s.row.Subjects
	}
	return was, s.row.Kind, !s.counts
}

// once are the beginnings of the names of headers by which a broker takes a message only once, or only behind another.
var once = []string{"nats-msg-id", "nats-expected-", "nats-rollup"}

// Resent are the headers of a message that is sent again: without those that would have a broker refuse it, or take it for the
// first one.
func Resent(all bus.Headers) (out bus.Headers) {
	for _, h := range all {
		sent := true
		for _, name := range once {
			sent = sent && !strings.HasPrefix(strings.ToLower(h.Name), name)
		}
		if sent {
			out = append(out, bus.Header{Name: strings.Clone(h.Name), Value: strings.Clone(h.Value)})
		}
	}
	return out
}
