package scenarios

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"signalbox/bus"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
)

// standIn is a service that a domain file describes and signalbox plays: a consumer that answers events with commands,
// keeps a copy of the state, or both.
type standIn struct {
	domain  string
	name    string
	reads   string // station
	as      string // consumer
	does    []deed
	keeps   *keeping
	types   []string    // of events that the domain has rules for
	unknown bus.Verdict // of any other message
	deliver int
	ackWait time.Duration
	fails   float64 // share of deliveries that it refuses in the demo, so that they come again
}

// deed is what a stand-in does about one type of event.
type deed struct {
	on    string
	when  condition // may be none
	sends send
	after span
}

// keeping is where a stand-in keeps each entity's state.
type keeping struct {
	bucket string
	key    phrase
}

// fullName is what a script of another domain needs it by, "deliveries.courier".
func (s *standIn) fullName() string { return s.domain + "." + s.name }

// standIn finds a stand-in by its full name, or by the name it has in a domain.
func (l *Library) standIn(domain, name string) (*standIn, error) {
	var known []string
	for _, d := range l.domains {
		for _, s := range d.standIns {
			if s.fullName() == name || s.domain == domain && s.name == name {
				return s, nil
			}
			known = append(known, s.fullName())
		}
	}
	return nil, fmt.Errorf("no stand-in %q%s", name, nearest.Hint(name, known))
}

// readStandIns compiles the stand-ins of a domain.
func (l *Library) readStandIns(d *domain) ([]*standIn, error) {
	standIns := make([]*standIn, 0, len(d.StandIns))
	for _, e := range d.StandIns {
		s := &standIn{domain: d.name, name: e.Name, reads: e.Value.Reads, as: e.Value.As, deliver: e.Value.Deliver}
		for _, rule := range d.Fold {
			s.types = append(s.types, rule.Name)
		}
		if s.reads == "" {
			return nil, file.At(e.Key, "stand-in %s: want reads: the station it reads", s.name)
		}
		if s.as == "" {
			s.as = s.name
		}
		if err := s.compile(l, e.Value); err != nil {
			return nil, err
		}
		standIns = append(standIns, s)
	}
	return standIns, nil
}

func (s *standIn) compile(l *Library, section standInSection) error {
	if err := s.manners(section); err != nil {
		return err
	}
	reader := &stepReader{library: l, domain: s.domain, names: names{"state": false, "status": false}.and(eventParts...)}
	for _, does := range section.Does {
		d := deed{on: does.On}
		var err error
		if d.when, err = reader.names.condition(does.When); err != nil {
			return err
		}
		if does.After != nil {
			if d.after, err = readSpan(does.After); err != nil {
				return err
			}
		}
		if d.sends, err = reader.sends(does.Sends, does.With); err != nil {
			return err
		}
		s.does = append(s.does, d)
	}
	if section.Keeps == nil {
		return nil
	}
	key, err := reader.names.phrase(section.Keeps.Key)
	s.keeps = &keeping{bucket: section.Keeps.Bucket, key: key}
	return err
}

// sends compiles the command that a stand-in answers with.
func (r *stepReader) sends(node ast.Node, with ast.Node) (send, error) {
	name, ok := file.Scalar(node)
	if !ok {
		return send{}, file.At(node, "want sends: the command to answer with")
	}
	command, err := r.commandOf(name)
	if err != nil {
		return send{}, file.At(node, "%v", err)
	}
	fields, err := r.fields(command, with)
	return send{command: command, fields: fields}, err
}

// manners reads how it treats what it is handed.
func (s *standIn) manners(section standInSection) (err error) {
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
		wait, err := readSpan(section.AckWait)
		if err != nil {
			return err
		}
		s.ackWait = wait.most
	}
	if section.Fails != nil {
		s.fails, err = percent(section.Fails)
	}
	return err
}

// percent reads "2%" as 0.02.
func percent(node ast.Node) (float64, error) {
	text, _ := file.Scalar(node)
	share, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !strings.HasSuffix(text, "%") || !(share >= 0 && share <= 100) {
		return 0, file.At(node, "%q is no share: want a percentage such as 2%%", text)
	}
	return share / 100, nil
}
