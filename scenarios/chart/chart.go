// Package chart reads what people write of a chart: "p95(data.price) by type every 10s where status:sold".
//
// What it makes is for one engine, and called on its goroutine only.
package chart

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/filter"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/scope"
	"signalbox/sources"
	"signalbox/sources/state"
)

// Form is how a chart is written.
const Form = "MEASURE [by EXPRESSION, …] [every 10s] [where FILTER]"

// Measures are all that can be computed, for people.
const Measures = "count, rate, sum(…), mean(…), min(…), max(…), p50(…), p95(…), p99(…), distinct(…)"

// Every is how long a time of a chart is that does not say.
const Every = 10 * time.Second

// least and most bound how long a time of a chart is.
const least, most = 100 * time.Millisecond, 366 * 24 * time.Hour

// Parse reads a chart. Times are Every where the text does not say.
func Parse(text string) (*sources.ChartSpec, error) {
	parts, err := split(text)
	if err != nil {
		return nil, err
	}
	spec := &sources.ChartSpec{Text: strings.Join(strings.Fields(text), " "), Every: Every}
	if part, ok := parts["every"]; ok {
		if spec.Every, err = Length(part); err != nil {
			return nil, fmt.Errorf("every: %w", err)
		}
	}
	return spec, Fill(spec, parts[""], parts["by"], parts["where"])
}

// Length reads how long a time of a chart is.
func Length(text string) (time.Duration, error) {
	length, err := time.ParseDuration(strings.TrimSpace(text))
	switch {
	case err != nil:
		return 0, fmt.Errorf("want a duration such as 10s, 1m or 1h, have %q", text)
	case length < least || length > most:
		return 0, fmt.Errorf("want a duration from %s to 366 days, have %s", least, length)
	}
	return length, nil
}

// Fill reads the parts of a chart: what is computed, by which expressions, of which events; "" is the count, all together, and
// all events.
func Fill(spec *sources.ChartSpec, measure, by, where string) error {
	if err := readMeasure(spec, strings.TrimSpace(measure)); err != nil {
		return err
	}
	if err := readBy(spec, by); err != nil {
		return err
	}
	var err error
	if spec.Where, err = filter.ParseEvents(strings.TrimSpace(where)); err != nil {
		return fmt.Errorf("where: %w", err)
	}
	spec.AsksStates = spec.AsksStates || spec.Where.AsksStates()
	if slip := filter.Slip(where, filter.EventNames()); slip != "" {
		return fmt.Errorf("where: %s", slip)
	}
	return nil
}

// split takes a text apart at by, every and where.
func split(text string) (map[string]string, error) {
	parts, name, from := map[string]string{}, "", 0
	end := func(at int) error {
		if _, twice := parts[name]; twice {
			return fmt.Errorf("%s stands there twice: want %s", name, Form)
		}
		parts[name] = strings.TrimSpace(text[from:at])
		if parts[name] == "" && name != "" {
			return fmt.Errorf("nothing follows %s: want %s", name, Form)
		}
		return nil
	}
	for _, w := range words(text) {
		switch word := text[w.from:w.to]; word {
		case "by", "every", "where":
			if name == "where" {
				continue // it may be a word to look for
			}
			if err := end(w.from); err != nil {
				return nil, err
			}
			name, from = word, w.to
		}
	}
	return parts, end(len(text))
}

// span is a part of a text.
type span struct{ from, to int }

// words are those outside of quotes and brackets.
func words(text string) []span {
	var all []span
	depth, quote, from := 0, byte(0), -1
	for i := 0; i <= len(text); i++ {
		c := byte(' ')
		if i < len(text) {
			c = text[i]
		}
		blank := false
		switch {
		case quote != 0:
			if c == '\\' && quote != '`' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		case c == ' ' || c == '\t' || c == '\n':
			blank = true
		}
		switch {
		case blank && from >= 0:
			if depth <= 0 {
				all = append(all, span{from, min(i, len(text))})
			}
			from = -1
		case !blank && from < 0 && depth <= 0 && quote == 0:
			from = i
		}
	}
	return all
}

// list takes a text apart at commas outside of quotes and brackets.
func list(text string) []string {
	var all []string
	depth, quote, from := 0, byte(0), 0
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		case c == ',' && depth == 0:
			all = append(all, strings.TrimSpace(text[from:i]))
			from = i + 1
		}
	}
	return append(all, strings.TrimSpace(text[from:]))
}

// readMeasure reads what is computed.
func readMeasure(spec *sources.ChartSpec, text string) error {
	name, of, call := strings.Cut(text, "(")
	name, of = strings.TrimSpace(name), strings.TrimSpace(of)
	if call {
		rest, closed := strings.CutSuffix(of, ")")
		if of = strings.TrimSpace(rest); !closed || of == "" {
			return fmt.Errorf("want something such as %s(data.price), have %s", name, text)
		}
	}
	known := map[string]sources.ChartMeasure{"": sources.ChartCount, "count": sources.ChartCount, "rate": sources.ChartRate, "sum": sources.ChartSum,
		"mean": sources.ChartMean, "avg": sources.ChartMean, "min": sources.ChartLeast, "max": sources.ChartMost, "distinct": sources.ChartDistinct,
		"median": sources.ChartQuantile}
	measure, ok := known[name]
	spec.Part = 0.5
	if part, percentile := strings.CutPrefix(name, "p"); !ok && percentile {
		if p, err := strconv.ParseFloat(part, 64); err == nil && p >= 0 && p <= 100 {
			measure, ok, spec.Part = sources.ChartQuantile, true, p/100
		}
	}
	counts := measure == sources.ChartCount || measure == sources.ChartRate
	switch {
	case !ok:
		return fmt.Errorf("nothing is called %s%s: want one of %s", name, nearest.Hint(name, []string{"count", "rate", "sum", "mean", "min", "max", "median", "distinct", "p95"}), Measures)
	case counts && of != "":
		return fmt.Errorf("%s counts events, and is of nothing: write \"%s where …\" for some of them", name, name)
	case !counts && !call:
		return fmt.Errorf("%s of what? want something such as %s(data.price)", name, name)
	}
	spec.Measure = measure
	if counts {
		return nil
	}
	asked, err := compile(of)
	if err != nil {
		return err
	}
	spec.AsksStates = spec.AsksStates || asked.x.AsksStates()
	if measure == sources.ChartDistinct {
		spec.Key = asked.text
	} else {
		spec.Number = asked.number
	}
	return nil
}

// readBy reads by what series are told apart.
func readBy(spec *sources.ChartSpec, text string) error {
	var all []func(e *sources.Event, to []byte) []byte
	if strings.TrimSpace(text) != "" {
		for _, part := range list(text) {
			if part == "" {
				return fmt.Errorf("by: want expressions with commas between them, have %s", text)
			}
			spec.By = append(spec.By, part)
			if name := named(part); name != nil {
				all = append(all, name)
				continue
			}
			asked, err := compile(part)
			if err != nil {
				return fmt.Errorf("by: %w", err)
			}
			spec.AsksStates = spec.AsksStates || asked.x.AsksStates()
			all = append(all, func(e *sources.Event, to []byte) []byte {
				to, _ = asked.text(e, to)
				return to
			})
		}
	}
	spec.Series = func(e *sources.Event, to []byte) []byte {
		for _, name := range all {
			from := len(to)
			to = name(e, to)
			to = to[:min(len(to), from+mostName)]
			for i := from; i < len(to); i++ {
				if to[i] == 0 {
					to[i] = '0'
				}
			}
			to = append(to, 0)
		}
		return to
	}
	return nil
}

// mostName bounds the name of a series.
const mostName = 200

// named is what most charts are by, read without an expression; nil for others. The status of an event is the word that filters
// have for it: what went wrong with it, or the status that it gave its entity.
func named(name string) func(e *sources.Event, to []byte) []byte {
	switch name {
	case "type":
		return func(e *sources.Event, to []byte) []byte { return append(to, e.Type...) }
	case "station":
		return func(e *sources.Event, to []byte) []byte { return append(to, e.Station...) }
	case "subject":
		return func(e *sources.Event, to []byte) []byte { return append(to, e.Subject...) }
	case "bus":
		return func(e *sources.Event, to []byte) []byte { return append(to, e.Bus...) }
	case "kind":
		return func(e *sources.Event, to []byte) []byte {
			if e.Kind == nil {
				return to
			}
			return append(to, e.Kind.Name()...)
		}
	case "status":
		return func(e *sources.Event, to []byte) []byte {
			if fault, _ := e.Fault(); fault != "" {
				return append(to, fault...)
			}
			return append(to, e.Status...)
		}
	}
	return nil
}

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
