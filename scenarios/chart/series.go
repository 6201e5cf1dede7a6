package chart

import (
	"fmt"
	"strings"

	"signalbox/sources"
)

// readBy reads by what series are told apart.
func readBy(spec *sources.ChartSpec, text string) error {
	var all []func(e *sources.Event, to []byte) []byte
	if strings.TrimSpace(text) != "" {
		for _, at := range spans(text, func(c byte) bool { return c == ',' }) {
			part := strings.TrimSpace(text[at.from:at.to])
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
