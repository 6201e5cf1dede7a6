package standin

import (
	"time"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
	"signalbox/scenarios/values"
)

// Section is a service that signalbox plays.
type Section struct {
	About   string        `yaml:"about"`
	Reads   file.Text     `yaml:"reads"` // station
	As      string        `yaml:"as"`    // its consumer's name
	Does    []DoesSection `yaml:"does"`
	Keeps   *KeepsSection `yaml:"keeps"`
	Unknown ast.Node      `yaml:"unknown"`  // what it says of a message that the domain cannot understand: term (unless told), nak, ack
	Deliver file.Int      `yaml:"deliver"`  // most deliveries of one message; no limit unless told
	AckWait ast.Node      `yaml:"ack-wait"` // duration
	Takes   ast.Node      `yaml:"takes"`    // "200ms", or "200ms..1s": how long it has a message in hand before it acknowledges it
	AtOnce  file.Int      `yaml:"at-once"`  // so many messages are in hand at the same time; one unless told
	Fails   ast.Node      `yaml:"fails"`    // "2%": this share is refused (nak) and comes again

	node ast.Node
}

// DecodeNode remembers where the stand-in is written.
func (s *Section) DecodeNode(node ast.Node) error {
	type mapping Section
	s.node = node
	return file.Decode(node, (*mapping)(s))
}

// usualAckWait is how long brokers wait for an acknowledgement unless told.
const usualAckWait = 30 * time.Second

// TooSlow says so where a stand-in may take longer for a message than its broker waits for the acknowledgement.
func (s *Section) TooSlow(name string) *file.Error {
	if s.Takes == nil {
		return nil
	}
	takes, wait := longest(s.Takes), usualAckWait
	if s.AckWait != nil {
		wait = longest(s.AckWait)
	}
	if takes == 0 || wait == 0 || takes < wait {
		return nil
	}
	return file.At(s.Takes, "stand-in %s may take %s, and what is not acknowledged after %s is delivered again (ack-wait)", name, takes, wait)
}

// longest is the longest of a range of times; 0 where it is a mistake, which is said where it is read.
func longest(node ast.Node) time.Duration {
	span, err := values.ReadSpan(node)
	if err != nil {
		return 0
	}
	return span.Most
}

// DoesSection is what a stand-in does about one type of event.
type DoesSection struct {
	On    file.Text `yaml:"on"`
	When  file.Text `yaml:"when"`  // expression over the event and the state after it
	Sends ast.Node  `yaml:"sends"` // a command of this domain
	With  ast.Node  `yaml:"with"`  // its fields: templates over the same
	After ast.Node  `yaml:"after"` // "200ms", or "200ms..1s": how long after the message was acknowledged
}

// KeepsSection has a stand-in keep each entity's folded state under a key, as an application would.
type KeepsSection struct {
	Bucket file.Text `yaml:"bucket"`
	Key    ast.Node  `yaml:"key"` // template over the event
}
