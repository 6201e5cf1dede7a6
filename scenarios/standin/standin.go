// Package standin plays services that domain files describe: consumers that answer events with commands, keep a copy of
// the state of each entity, or both.
//
// They are real consumers: a stand-in takes its time for each message, then keeps its copy and sends what follows, and only then
// acknowledges it; what it refuses, or dies over, is delivered again.
//
// A Group starts the stand-ins of one bus, from one goroutine; each has goroutines of its own, which Stop waits for. Answers that
// wait when a group stops are lost. Playing lists those that play and changes how they work, from any goroutine.
package standin

import (
	"errors"
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
	takes   values.Span // for each message, before it is acknowledged
	atOnce  int         // so many messages are handled at the same time; 0 is 1
	fails   float64     // share of deliveries that it refuses, so that they come again
	channel bool        // what it reads keeps nothing
	stream  bool        // what it reads has to be there
}

// mostAtOnce is how many messages one stand-in may handle at the same time.
const mostAtOnce = 256

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

// Reads is the station that it reads.
func (s *StandIn) Reads() string { return s.reads }

// Consumer is the name of its consumer, which is that of the service it stands in for.
func (s *StandIn) Consumer() string { return s.as }

// Read compiles the stand-ins of a domain that has rules for some types of events. kind says what the domain says of a station.
func Read(domain string, section file.Map[Section], types []string, commands []*command.Command, kind func(station string) (channel, stream bool)) ([]*StandIn, error) {
	standIns := make([]*StandIn, 0, len(section))
	var wrong error
	for _, e := range section {
		s := &StandIn{Domain: domain, Name: e.Name, types: types, reads: e.Value.Reads.Value, as: e.Value.As, deliver: e.Value.Deliver.Value,
			atOnce: e.Value.AtOnce.Value}
		s.channel, s.stream = kind(s.reads)
		if s.reads == "" {
			wrong = errors.Join(wrong, file.Missing(e.Key, "stand-in %s: want reads: the station it reads", s.Name))
		}
		if s.as == "" {
			s.as = s.Name
		}
		wrong = errors.Join(wrong, file.CheckName("a stand-in", s.Name, e.Key), s.compile(commands, e.Value))
		standIns = append(standIns, s)
	}
	return standIns, wrong
}

func (s *StandIn) compile(commands []*command.Command, section Section) error {
	wrong := s.handling(section)
	reader := &script.Reader{Commands: commands, Domain: s.Domain, Names: values.Names{"state": false, "status": false}.And(scope.EventParts...)}
	for _, does := range section.Does {
		d := reaction{on: does.On.Value}
		var when, after, sends error
		d.when, when = reader.Names.Condition(does.When)
		if does.After != nil {
			d.after, after = values.ReadSpan(does.After)
		}
		d.sends, sends = reader.Sends(does.Sends, does.With)
		wrong = errors.Join(wrong, when, after, sends)
		s.does = append(s.does, d)
	}
	if section.Keeps == nil {
		return wrong
	}
	if section.Keeps.Bucket.Value == "" || section.Keeps.Key == nil {
		return errors.Join(wrong, file.Missing(section.node, "stand-in %s: keeps wants bucket and key", s.Name))
	}
	key, err := reader.Names.Value(section.Keeps.Key)
	s.keeps = &copies{bucket: section.Keeps.Bucket.Value, key: key}
	return errors.Join(wrong, err)
}

// handling reads how it treats what it is handed.
func (s *StandIn) handling(section Section) error {
	var wrong error
	s.unknown = bus.Term
	if section.Unknown != nil {
		word, _ := file.Scalar(section.Unknown)
		verdicts := map[string]bus.Verdict{"ack": bus.Ack, "nak": bus.Nak, "term": bus.Term}
		verdict, known := verdicts[word]
		if !known {
			wrong = file.At(section.Unknown, "%q: want ack, nak or term", word)
		}
		s.unknown = verdict
	}
	if section.AckWait != nil {
		wait, err := values.ReadSpan(section.AckWait)
		wrong = errors.Join(wrong, err)
		s.ackWait = wait.Most
	}
	if section.Fails != nil {
		share, err := values.ReadShare(section.Fails)
		wrong = errors.Join(wrong, err)
		s.fails = share
	}
	if section.Takes != nil {
		takes, err := values.ReadSpan(section.Takes)
		wrong = errors.Join(wrong, err)
		s.takes = takes
	}
	if n := section.AtOnce; n.Node != nil && (n.Value < 1 || n.Value > mostAtOnce) {
		wrong = errors.Join(wrong, file.At(n.Node, "at-once: want a whole number from 1 to %d, have %d", mostAtOnce, n.Value))
	}
	if n := section.Deliver; n.Node != nil && n.Value < 1 {
		wrong = errors.Join(wrong, file.At(n.Node, "deliver: want a whole number from 1 on, have %d", n.Value))
	}
	return wrong
}
