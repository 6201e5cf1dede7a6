package filter

import (
	"slices"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/scope"
)

// EventNames are the names that a filter of events can have: those that narrow, with a colon, then those of expressions.
func EventNames() []string {
	var row scope.EventRow
	return names(eventKeys, row.Scope(&expression.Lookup{}))
}

// EntityNames are the names that a filter of entities can have.
func EntityNames() []string {
	var row scope.EntityRow
	return names(entityKeys, row.Scope())
}

func names(keys []string, of *expression.Scope) []string {
	var all []string
	for _, key := range keys {
		all = append(all, key+":")
	}
	known := of.Names()
	slices.Sort(known)
	return append(all, slices.Compact(known)...)
}

// Slip says which name was probably meant where a text has a word that is nearly one that narrows, as typ:PICK has; "" where
// it has none. Such a text is a filter all the same: of what has that word in it.
func Slip(text string, names []string) string {
	for _, p := range pieces(text) {
		if p.key == "" || slices.Contains(names, p.key+":") {
			continue
		}
		if meant := nearest.Misspelt(p.key+":", names); meant != "" {
			return p.key + ": narrows nothing; did you mean " + meant + "?"
		}
	}
	return ""
}

// Uses are the names that the expression in a filter of events asks for; none where it cannot be read.
func Uses(text string) []expression.Use {
	var row scope.EventRow
	of, err := parse(text, row.Scope(&expression.Lookup{}), eventKeys)
	if err != nil || of.expression.IsZero() {
		return nil
	}
	return expression.Read(of.expression.String()).Uses
}
