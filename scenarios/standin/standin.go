// Package standin plays services that domain files describe: consumers that answer events with commands, keep a copy of
// the state of each entity, or both.
//
// A Group starts the stand-ins of one bus, from one goroutine; each has goroutines of its own, which Stop waits for. A
// message that a stand-in was handed is acknowledged once it is answered; answers that wait when a group stops are lost.
package standin

import (
	"time"

	"signalbox/bus"
	"signalbox/scenarios/command"
	"signalbox/scenarios/file"
	"signalbox/scenarios/scope"
	"signalbox/scenarios/script"
	"signalbox/scenarios/values"
)

// StandIn is a service that a domain file describes and signalbox plays: a consumer that answers events with commands,
// keeps a copy of the state, or both.
type StandIn struct {
	Domain  string
	Name    string
	reads   string // station
	as      string // consumer
	does    []reaction
	keeps   *copies
	types   []string    // of events that the domain has rules for
	unknown bus.Verdict // of any other message
	deliver int
	ackWait time.Duration
	fails   float64 // share of deliveries that it refuses in the demo, so that they come again
}

// reaction is what a stand-in does about one type of event.
type reaction struct {
	on    string
	when  values.Condition // may be none
	sends script.Send
	after values.Span
}

// copies is where a stand-in keeps each entity's state.
type copies struct {
	bucket string
	key    values.Value
}

// FullName is what a script of another domain needs it by, "deliveries.courier".
func (s *StandIn) FullName() string { return s.Domain + "." + s.Name }

// Read compiles the stand-ins of a domain that has rules for some types of events.
func Read(domain string, section file.Map[Section], types []string, commands []*command.Command) ([]*StandIn, error) {
	standIns := make([]*StandIn, 0, len(section))
	for _, e := range section {
		s := &StandIn{Domain: domain, Name: e.Name, types: types, reads: e.Value.Reads, as: e.Value.As, deliver: e.Value.Deliver}
		if s.reads == "" {
			return nil, file.At(e.Key, "stand-in %s: want reads: the station it reads", s.Name)
		}
		if s.as == "" {
			s.as = s.Name
		}
		if err := s.compile(commands, e.Value); err != nil {
			return nil, err
		}
		standIns = append(standIns, s)
	}
	return standIns, nil
}

func (s *StandIn) compile(commands []*command.Command, section Section) error {
	if err := s.handling(section); err != nil {
		return err
	}
	reader := &script.Reader{Commands: commands, Domain: s.Domain, Names: values.Names{"state": false, "status": false}.And(scope.EventParts...)}
	for _, does := range section.Does {
		d := reaction{on: does.On}
		var err error
		if d.when, err = reader.Names.Condition(does.When); err != nil {
			return err
		}
		if does.After != nil {
			if d.after, err = values.ReadSpan(does.After); err != nil {
				return err
			}
		}
		if d.sends, err = reader.Sends(does.Sends, does.With); err != nil {
			return err
		}
		s.does = append(s.does, d)
	}
	if section.Keeps == nil {
		return nil
	}
	key, err := reader.Names.Value(section.Keeps.Key)
	s.keeps = &copies{bucket: section.Keeps.Bucket, key: key}
	return err
}

// handling reads how it treats what it is handed.
func (s *StandIn) handling(section Section) (err error) {
	s.unknown = bus.Term
	if section.Unknown != nil {
		word, _ := file.Scalar(section.Unknown)
		verdicts := map[string]bus.Verdict{"ack": bus.Ack, "nak": bus.Nak, "term": bus.Term}
		verdict, known := verdicts[word]
		if !known {
			return file.At(section.Unknown, "%q: want ack, nak or term", word)
		}
		s.unknown = verdict
	}
	if section.AckWait != nil {
		wait, err := values.ReadSpan(section.AckWait)
		if err != nil {
			return err
		}
		s.ackWait = wait.Most
	}
	if section.Fails != nil {
		s.fails, err = values.ReadShare(section.Fails)
	}
	return err
}
