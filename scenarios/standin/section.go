package standin

import (
	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
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
	Fails   ast.Node      `yaml:"fails"`    // "2%": in the demo this share is refused (nak) and comes again

	node ast.Node
}

// DecodeNode remembers where the stand-in is written.
func (s *Section) DecodeNode(node ast.Node) error {
	type mapping Section
	s.node = node
	return file.Decode(node, (*mapping)(s))
}

// DoesSection is what a stand-in does about one type of event.
type DoesSection struct {
	On    file.Text `yaml:"on"`
	When  file.Text `yaml:"when"`  // expression over the event and the state after it
	Sends ast.Node  `yaml:"sends"` // a command of this domain
	With  ast.Node  `yaml:"with"`  // its fields: templates over the same
	After ast.Node  `yaml:"after"` // "200ms", or "200ms..1s"
}

// KeepsSection has a stand-in keep each entity's folded state under a key, as an application would.
type KeepsSection struct {
	Bucket file.Text `yaml:"bucket"`
	Key    ast.Node  `yaml:"key"` // template over the event
}
