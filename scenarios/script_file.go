package scenarios

import (
	"github.com/goccy/go-yaml/ast"
	"signalbox/scenarios/file"
)

// scriptSection is a script: its steps, or a mapping with its steps and more said about it.
type scriptSection struct {
	About string             `yaml:"about"`
	Needs []ast.Node         `yaml:"needs"` // stand-ins that must run, unless the real ones do
	Vars  file.Map[ast.Node] `yaml:"vars"`  // names that --set may change, with their defaults: templates
	Steps []ast.Node         `yaml:"steps"` // see Step
}

// DecodeNode reads either form.
func (s *scriptSection) DecodeNode(node ast.Node) error {
	if _, list := node.(*ast.SequenceNode); list {
		return file.Decode(node, &s.Steps)
	}
	type mapping scriptSection
	return file.Decode(node, (*mapping)(s))
}

// expectSection is what a step expects; exactly one of Entity with That, Event, Rejected with Entity, and Consumer
// with That.
type expectSection struct {
	Entity   ast.Node  `yaml:"entity"`   // a name given by as, or a template of "kind/id"
	Event    file.Text `yaml:"event"`    // expression over an event
	Rejected ast.Node  `yaml:"rejected"` // template: the refusal's reason
	Consumer ast.Node  `yaml:"consumer"` // its name
	That     file.Text `yaml:"that"`     // expression over the entity or the consumer
	Within   ast.Node  `yaml:"within"`   // duration; 2s unless told
}

// standInSection is a service that signalbox plays.
type standInSection struct {
	About   string        `yaml:"about"`
	Reads   string        `yaml:"reads"` // station
	As      string        `yaml:"as"`    // its consumer's name
	Does    []doesSection `yaml:"does"`
	Keeps   *keepsSection `yaml:"keeps"`
	Unknown ast.Node      `yaml:"unknown"`  // what it says of a message that the domain cannot understand: term (unless told), nak, ack
	Deliver int           `yaml:"deliver"`  // most deliveries of one message; no limit unless told
	AckWait ast.Node      `yaml:"ack-wait"` // duration
	Fails   ast.Node      `yaml:"fails"`    // "2%": in the demo this share is refused (nak) and comes again
}

// doesSection is what a stand-in does about one type of event.
type doesSection struct {
	On    string    `yaml:"on"`
	When  file.Text `yaml:"when"`  // expression over the event and the state after it
	Sends ast.Node  `yaml:"sends"` // a command of this domain
	With  ast.Node  `yaml:"with"`  // its fields: templates over the same
	After ast.Node  `yaml:"after"` // "200ms", or "200ms..1s"
}

// keepsSection has a stand-in keep each entity's folded state under a key, as an application would.
type keepsSection struct {
	Bucket string   `yaml:"bucket"`
	Key    ast.Node `yaml:"key"` // template over the event
}

// trafficSection is one story that the demo plays again and again.
type trafficSection struct {
	Every  ast.Node   `yaml:"every"`   // time between two beginnings: "300ms..2s"
	AtOnce int        `yaml:"at-once"` // most that go on at the same time; 1 unless told
	Steps  []ast.Node `yaml:"steps"`   // as a script's, without expectations, and with chance, repeat and raw
}

// rawSection is a message as it is, for what no command would send.
type rawSection struct {
	Station string              `yaml:"station"`
	Subject file.Text           `yaml:"subject"` // template; none: the station's own
	Headers file.Map[file.Text] `yaml:"headers"` // name to template
	Data    file.Text           `yaml:"data"`    // template
}
