package chart

import (
	"fmt"
	"strconv"
	"strings"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/scope"
	"signalbox/sources"
	"signalbox/sources/state"
)

// asked is an expression over events.
type asked struct {
	x      expression.Expression
	row    *scope.EventRow
	lookup *expression.Lookup
	frame  expression.Frame
}

func compile(text string) (*asked, error) {
	a := &asked{row: &scope.EventRow{}, lookup: &expression.Lookup{}}
	var err error
	if a.x, err = a.row.Scope(a.lookup).Compile(text); err != nil {
		return nil, fmt.Errorf("%s: %w", text, err)
	}
	return a, nil
}

// eval computes the expression of an event.
func (a *asked) eval(e *sources.Event) (v expression.Value, ok bool) {
	if !a.x.May(e.Data) {
		return v, false
	}
	body := e.Data
	if e.Body != nil {
		body = e.Body
	}
	a.row.Event = e
	a.row.Data.Reset(expression.View(body), a.lookup)
	a.frame.Begin()
	v, err := a.x.Eval(&a.frame)
	return v, err == nil && !a.frame.Unknown
}

// number is what it comes to, where that is a number, or a text that holds one; true is 1, and false 0.
func (a *asked) number(e *sources.Event) (float64, bool) {
	v, ok := a.eval(e)
	if !ok {
		return 0, false
	}
	if n, isNumber := v.Float(); isNumber {
		return n, true
	}
	switch v.Kind() {
	case state.Bool:
		if v.Bool() {
			return 1, true
		}
		return 0, true
	case state.Text, state.Number:
		n, err := strconv.ParseFloat(strings.TrimSpace(v.Text()), 64)
		return n, err == nil
	}
	return 0, false
}

// text appends what it comes to; false where that is nothing.
func (a *asked) text(e *sources.Event, to []byte) ([]byte, bool) {
	v, ok := a.eval(e)
	switch {
	case !ok || v.Kind() == state.Absent:
		return to, false
	case v.Kind() == state.Text || v.Kind() == state.Number:
		return append(to, v.Text()...), true
	}
	return v.AppendJSON(to), true
}
