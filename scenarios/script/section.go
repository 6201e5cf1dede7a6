package script

import (
	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
)

// Section is a script: its steps, or a mapping with its steps and more said about it.
type Section struct {
	About string             `yaml:"about"`
	Needs []ast.Node         `yaml:"needs"` // stand-ins that must run, unless the real ones do
	Vars  file.Map[ast.Node] `yaml:"vars"`  // names that --set may change, with their defaults: templates
	Steps []ast.Node         `yaml:"steps"` // see Step
}

// DecodeNode reads either form.
func (s *Section) DecodeNode(node ast.Node) error {
	if _, list := node.(*ast.SequenceNode); list {
		return file.Decode(node, &s.Steps)
	}
	type mapping Section
	return file.Decode(node, (*mapping)(s))
}

// ExpectSection is what a step expects, or waits for; exactly one of Entity with That, Event, Rejected with Entity, Consumer with
// That, Station with That, Drift, and Violations.
type ExpectSection struct {
	Entity     ast.Node  `yaml:"entity"`     // a name given by as, or a template of "kind/id"
	Event      file.Text `yaml:"event"`      // expression over an event
	Rejected   ast.Node  `yaml:"rejected"`   // template: the refusal's reason
	Consumer   ast.Node  `yaml:"consumer"`   // its name
	Station    ast.Node  `yaml:"station"`    // its name
	That       file.Text `yaml:"that"`       // expression over the entity, the consumer or the station
	Drift      file.Text `yaml:"drift"`      // none or some: entities that differ from the copies that applications keep
	Violations file.Text `yaml:"violations"` // none or some, of what is to hold always
	Within     ast.Node  `yaml:"within"`     // duration; 2s unless told, of a wait 1m
	Never      ast.Node  `yaml:"never"`      // duration: it is not to hold at any moment of it
}
