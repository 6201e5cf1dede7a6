// Package chart reads what people write of a chart: "p95(data.price) by type every 10s where status:sold".
//
// What it makes is for one engine, and called on its goroutine only.
package chart

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"signalbox/scenarios/filter"
	"signalbox/scenarios/nearest"
	"signalbox/sources"
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
	for _, w := range spans(text, func(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }) {
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
