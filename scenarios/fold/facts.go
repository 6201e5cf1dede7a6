package fold

import (
	"strings"

	"signalbox/scenarios/file"
	"signalbox/sources/state"
)

// Facts are what a rule, as it is written, can make of a state: for those who look for names that nothing gives.
type Facts struct {
	Fields   []string    // that it sets, and the status where it gives one
	Statuses []file.Text // that it gives by name
	Open     bool        // it may give any status: by an expression
}

// Facts reads what the rule does.
func (s *Section) Facts() Facts {
	var facts Facts
	for _, w := range s.written {
		if w.key == "to" {
			facts.Fields = append(facts.Fields, state.StatusField)
			if name, ok := file.Scalar(w.node); ok {
				facts.Statuses = append(facts.Statuses, file.Text{Value: name, Node: w.node})
			}
			continue
		}
		pairs, _ := file.Pairs(w.node)
		for _, pair := range pairs {
			field := pair.Name
			if end := strings.IndexAny(field, ".[?"); end >= 0 {
				field = field[:end]
			}
			facts.Fields = append(facts.Fields, field)
			facts.Open = facts.Open || field == state.StatusField
		}
	}
	return facts
}

// Expressions are those of what the rule does to fields.
func (s *Section) Expressions() []file.Text {
	var all []file.Text
	for _, w := range s.written {
		if w.key == "to" {
			continue
		}
		pairs, _ := file.Pairs(w.node)
		for _, pair := range pairs {
			if text, ok := file.Scalar(pair.Value); ok {
				all = append(all, file.Text{Value: text, Node: pair.Value})
			}
		}
	}
	return all
}
