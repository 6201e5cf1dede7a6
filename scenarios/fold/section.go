package fold

import (
	"errors"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
)

// Always is what every rule of a domain begins with, and what is to hold after each event that a rule has accepted.
type Always struct {
	Fail       file.Map[file.Text]
	Reject     file.Map[file.Text]
	Invariants file.Map[file.Text] // what people read to an expression over events and states
}

// DecodeNode reads the section: fail and reject have mappings below them, every other key is an invariant.
func (a *Always) DecodeNode(node ast.Node) error {
	pairs, wrong := file.Pairs(node)
	for _, pair := range pairs {
		var err error
		_, text := file.Scalar(pair.Value)
		switch {
		case pair.Name == "fail":
			err = file.Decode(pair.Value, &a.Fail)
		case pair.Name == "reject":
			err = file.Decode(pair.Value, &a.Reject)
		case !text:
			known := []string{"fail", "reject"}
			err = file.At(pair.Key, "want fail, reject, or what is to hold always (\"budget is never negative\": state.budget >= 0); %q has a mapping below it%s",
				pair.Name, nearest.Hint(pair.Name, known))
		default:
			entry := file.Entry[file.Text]{Name: pair.Name, Key: pair.Key, Node: pair.Value}
			err = file.Decode(pair.Value, &entry.Value)
			a.Invariants = append(a.Invariants, entry)
		}
		wrong = errors.Join(wrong, err)
	}
	return wrong
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
