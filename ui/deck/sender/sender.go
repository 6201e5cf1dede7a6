// Package sender knows what may be sent, and to which bus: which buses are armed, why the others are not, which ask once
// more, and on which bus a message belongs. It sends nothing itself and draws nothing.
//
// The methods of a Sender may be called from any goroutine, and do not wait.
package sender

import (
	"sync/atomic"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// Sender decides about a deck's buses.
type Sender struct {
	Rules
	buses atomic.Pointer[[]bus.Bus]
}

// Rules are what it decides by. They do not change.
type Rules struct {
	ReadOnly   bool                                   // nothing is ever sent
	Permit     func(bus.Bus) (armed bool, why string) // tells whether a bus may be written to and, if not, why
	Production func(bus.Bus) Mark                     // the mark of a bus as production; may be nil

	Base        string                            // the address of the application that commands are posted to, or ""
	Application func(url string) (bus.Bus, error) // that a URL belongs to; may be nil
}

// New decides about buses.
func New(buses []bus.Bus, rules Rules) *Sender {
	s := &Sender{Rules: rules}
	s.Use(buses)
	return s
}

// Use has it decide about these from now on. They are not changed.
func (s *Sender) Use(buses []bus.Bus) { s.buses.Store(&buses) }

// Buses are those that are attached.
func (s *Sender) Buses() []bus.Bus { return *s.buses.Load() }

// Mark says that a bus is production; the zero Mark, that it is not marked so.
type Mark struct {
	Name string // for headers
	From string // what has the mark: a file, or the server
	Why  string // in a sentence
}

// Armed are the buses that messages may be sent to.
func (s *Sender) Armed() []bus.Bus {
	var armed []bus.Bus
	if s.ReadOnly {
		return nil
	}
	for _, b := range s.Buses() {
		if _, ok := bus.As[bus.Publisher](b); !ok {
			continue
		}
		if ok, _ := s.Permit(b); ok {
			armed = append(armed, b)
		}
	}
	return armed
}

// WhyNot says why messages may not be sent to a bus.
func (s *Sender) WhyNot(b bus.Bus) string {
	if _, ok := bus.As[bus.Publisher](b); !ok {
		return "it takes no messages in"
	}
	_, why := s.Permit(b)
	return why
}

// BusFor is the armed bus that a message belongs on: the one of that name, else the one that has its station, else the
// first; nil when none is armed.
func (s *Sender) BusFor(station, name string, stations []sources.StationRow) bus.Bus {
	armed := s.Armed()
	named := func(name string) bus.Bus {
		for _, b := range armed {
			if b.Info().Name == name {
				return b
			}
		}
		return nil
	}
	if b := named(name); b != nil {
		return b
	}
	for i := range stations {
		if r := &stations[i]; r.Station.Name == station {
			if b := named(r.Bus); b != nil {
				return b
			}
		}
	}
	if len(armed) == 0 {
		return nil
	}
	return armed[0]
}

// Operator is the bus of that name, if it is armed and something can be done to its stations and consumers.
func (s *Sender) Operator(name string) (bus.Bus, bus.Operator, bool) {
	if s.ReadOnly {
		return nil, nil, false
	}
	for _, b := range s.Buses() {
		o, ok := bus.As[bus.Operator](b)
		if !ok || b.Info().Name != name {
			continue
		}
		if armed, _ := s.Permit(b); armed {
			return b, o, true
		}
	}
	return nil, nil, false
}

// Mark is the mark of a bus as production, harmless to draw.
func (s *Sender) Mark(b bus.Bus) Mark {
	if s.Production == nil {
		return Mark{}
	}
	m := s.Production(b)
	return Mark{screen.Clean(m.Name), screen.Clean(m.From), screen.Clean(m.Why)}
}

// AsksFirst says why one is asked before anything is sent to a bus: "is not on this machine"; "" when one is not.
func (s *Sender) AsksFirst(b bus.Bus) string {
	mark := s.Mark(b)
	info := b.Info()
	switch {
	case mark.Why != "":
		return "is marked as production (" + mark.Name + ": " + mark.Why + ")"
	case mark.Name != "":
		return "is marked as production (" + mark.Name + ")"
	case info.Loopback || info.Embedded:
		return ""
	default:
		return "is not on this machine"
	}
}
