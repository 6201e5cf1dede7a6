// Package filter reads the filters of lists: a text, in which words match anything, some names narrow, and the rest is
// one expression. It knows an event as it is when it is held, and an entity as a row of a list.
//
// A filter is for one goroutine at a time; it neither blocks nor keeps what it looks at.
package filter

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/scope"
	"signalbox/sources"
)

// Error says what is wrong with the text of a filter.
type Error struct {
	Column int // from 1
	Text   string
}

// Error is "column 12: …".
func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Text) }

// ParseEvents reads a filter of the events pane; "" gives nil, which wants every event. An event must have all of it:
//
//	pickup 01HX        words, anywhere in the event; in quotes they may hold blanks
//	-cast              not that word
//	type:PICK          type, station, entity, status, subject or bus that begins so; -type:… not that
//	type:*_PRODUCTS    with * and ?, that is all like this; type:"PICK" is just that, and type:"" none at all
//	data.quantity > 3  the rest is one expression over the names of an event's JSON
//	state.budget < 0   and over its entity's state after it, before it (before.budget), and what it changed (changed.budget)
//
// Its errors are of type *Error. The filter is for one goroutine.
func ParseEvents(text string) (*sources.EventFilter, error) {
	var lookup expression.Lookup
	row := &scope.EventRow{}
	wants, err := parse(text, row.Scope(&lookup), eventKeys)
	if err != nil || wants.empty() {
		return nil, err
	}
	var f expression.Frame
	var made *sources.EventFilter
	made = newFilter(wants, func(e *sources.Event) bool {
		for i := range wants.terms {
			if wants.terms[i].ofEvent(e) == wants.terms[i].not {
				return false
			}
		}
		if wants.expression.IsZero() {
			return true
		}
		if !wants.expression.May(e.Data) {
			return false
		}
		body := e.Data
		if e.Body != nil {
			body = e.Body
		}
		row.Event = e
		row.Data.Reset(expression.View(body), &lookup)
		f.Begin()
		return test(made, &wants.expression, &f)
	})
	if wants.expression.AsksStates() {
		made.AskStates()
		if fields, alone := wants.expression.Members("state"); alone && len(wants.terms) == 0 {
			made.AskFields(fields)
		} else if wants.expression.AsksOnly("state", "before", "changed") && len(wants.terms) == 0 {
			made.AskStatesOnly()
		}
	}
	return made, nil
}

// errUnknown is why a filter cannot tell of an event whether its entity's state is as it asks.
var errUnknown = errors.New("something of the state then is not known, as where an entity began before it was watched")

// test computes the expression of a filter. What fails is not wanted, and is counted, but where something is absent: many
// events lack what a filter asks for.
func test[T any](of *sources.Filter[T], x *expression.Expression, f *expression.Frame) bool {
	holds, err := x.Test(f)
	if err == nil && !f.Unknown {
		return holds
	}
	switch {
	case errors.Is(err, expression.ErrTooMuch):
		of.Fail(err)
	case f.Unknown:
		of.Fail(errUnknown)
		return false
	case err != nil && !expression.IsMissing(err):
		of.Fail(err)
	}
	return holds && err == nil
}

// ParseEntities reads a filter of the entities pane, in the same language: kind, id and status narrow, and the names
// of expressions are kind, id, version, status, state, rejected, partial, age (since the first event) and idle (since the
// last), as in "pending age > 5m". "" gives nil, which wants every entity.
func ParseEntities(text string) (*sources.EntityFilter, error) {
	var at scope.EntityRow
	wants, err := parse(text, at.Scope(), entityKeys)
	if err != nil || wants.empty() {
		return nil, err
	}
	var f expression.Frame
	var made *sources.EntityFilter
	made = newFilter(wants, func(row *sources.EntityRow) bool {
		for i := range wants.terms {
			if wants.terms[i].ofEntity(row) == wants.terms[i].not {
				return false
			}
		}
		if wants.expression.IsZero() {
			return true
		}
		at.Row = row
		f.Begin()
		return test(made, &wants.expression, &f)
	})
	return made, nil
}

// newFilter makes a filter of a function that asks a query.
func newFilter[T any](of *query, wants func(*T) bool) *sources.Filter[T] {
	if of.expression.Ages() {
		return sources.NewAgingFilter(wants)
	}
	return sources.NewFilter(wants)
}

// Bounds of what is typed, or comes from a script.
const (
	maxFilter = 8 << 10 // bytes
	maxWords  = 100     // before an expression, which is looked for behind each of them
)

// query is what was asked for: all of its terms, and its expression where it has one.
type query struct {
	terms      []term
	expression expression.Expression
}

func (f *query) empty() bool { return len(f.terms) == 0 && f.expression.IsZero() }

// parse takes a text apart: what narrows first, then words, then the expression.
func parse(text string, scope *expression.Scope, keys []string) (*query, error) {
	if len(text) > maxFilter {
		return nil, errorAt(text, maxFilter, fmt.Sprintf("a filter has at most %d bytes", maxFilter))
	}
	f := &query{}
	rest := []byte(text) // what was understood is blanked, so that places stay as they are
	var open []piece
	for _, p := range pieces(text) {
		if p.narrows(keys) {
			f.terms = append(f.terms, newTerm(p))
			blankOut(rest, p)
		} else {
			open = append(open, p)
		}
	}
	if !isExpression(open, scope) {
		for _, p := range open {
			if i := strings.IndexByte(p.text, '='); i >= 0 && !p.quoted {
				return nil, errorAt(text, p.from+i, "a single = says nothing; write == to compare, or put the word in quotes")
			}
			f.terms = append(f.terms, newTerm(p))
		}
		return f, nil
	}
	return f, f.parseRest(text, rest, open, scope)
}

// parseRest reads words, as few as can be, and the expression behind them.
func (f *query) parseRest(text string, rest []byte, open []piece, scope *expression.Scope) error {
	var worst *expression.Error
	for i, p := range open {
		if i == maxWords {
			return errorAt(text, p.from, fmt.Sprintf("more than %d words before an expression", maxWords))
		}
		x, err := scope.Comparison(string(rest))
		if err == nil {
			for _, word := range open[:i] {
				f.terms = append(f.terms, newTerm(word))
			}
			f.expression = x
			return nil
		}
		var mistake *expression.Error
		if !errors.As(err, &mistake) {
			return err
		}
		if worst == nil || mistake.Offset > worst.Offset {
			worst = mistake
		}
		if p.ofExpression(scope) || mistake.Unknown != "" { // but for a name it was an expression
			worst = mistake
			break
		}
		blankOut(rest, p)
	}
	return errorAt(text, worst.Offset, worst.Error())
}

func blankOut(text []byte, p piece) {
	for i := p.from; i < p.to; i++ {
		text[i] = ' '
	}
}

func errorAt(text string, offset int, problem string) *Error {
	return &Error{Column: utf8.RuneCountInString(text[:min(offset, len(text))]) + 1, Text: problem}
}
