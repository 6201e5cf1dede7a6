package fold

import (
	"strings"

	"signalbox/scenarios/expression"
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
			if field == state.StatusField {
				facts.computed(w.key, pair)
			}
		}
	}
	return facts
}

// computed notes the statuses that an expression gives, as far as it names them.
func (f *Facts) computed(key string, pair file.Pair) {
	text, ok := file.Scalar(pair.Value)
	named, only := expression.TextsOf(text)
	f.Open = f.Open || !ok || !only || key != "set" || pair.Name != state.StatusField
	for _, name := range named {
		f.Statuses = append(f.Statuses, file.Text{Value: name, Node: pair.Value})
	}
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
