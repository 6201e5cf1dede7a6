package fold

import "signalbox/scenarios/file"

// Always is what every rule of a domain begins with.
type Always struct {
	Fail   file.Map[file.Text] `yaml:"fail"`
	Reject file.Map[file.Text] `yaml:"reject"`
}

// Section is a rule as a file has it: what one type of event does. Its expressions see data, state, headers, version, id,
// type, time and what Let names. Its further keys are operations, such as "set: { budget: state.budget - cost }": see the
// table of them. Their expressions are computed before any field changes.
type Section struct {
	Wire    file.Text           `yaml:"wire"`    // the type as it is sent, a glob, where that is not the rule's name
	ID      file.Text           `yaml:"id"`      // expression that takes the place of the domain's
	Creates bool                `yaml:"creates"` // begins an entity: whatever its state was is gone
	Let     file.Map[file.Text] `yaml:"let"`     // name to expression, in order
	Fail    file.Map[file.Text] `yaml:"fail"`    // reason to expression: the event makes no sense (an unknown entity)
	Reject  file.Map[file.Text] `yaml:"reject"`  // reason to expression: the rules refuse it
	Alone   *Section            `yaml:"alone"`   // what it does to an entity of the kind that the domain's alone names

	written []written
}
