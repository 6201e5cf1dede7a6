package demo

import (
	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/command"
	"signalbox/scenarios/file"
	"signalbox/scenarios/script"
	"signalbox/scenarios/values"
)

// Story is what the demo tells again and again, with other chances each time: steps as those of a script.
//
//	traffic:
//	  - every: 2s..5s            # time between two beginnings
//	    at-once: 3               # most that go on at the same time; the next begins when one has ended
//	    steps:
//	      - create: { budget: "{random(20, 150)}" }
//	        as: d
//	      - wait: 1s..3s
//	      - start: { id: d.id }
//	        chance: 20%          # the step is taken that often
//	      - repeat: { times: 2..5, steps: [ … ] }
//	      - raw: { station: deliveries, subject: "deliveries.x", data: "no JSON" }   # what no command would send
type Story struct {
	every  values.Span
	atOnce int
	steps  []script.Step
}

// Read compiles the stories of a domain.
func Read(domain string, sections []Section, commands []*command.Command) ([]Story, error) {
	stories := make([]Story, 0, len(sections))
	for _, section := range sections {
		if section.Every == nil || len(section.Steps) == 0 {
			return nil, file.At(section.Every, "traffic of %s: want every and steps", domain)
		}
		every, err := values.ReadSpan(section.Every)
		if err != nil {
			return nil, err
		}
		if every.Most == 0 {
			return nil, file.At(section.Every, "want a time above 0 between two beginnings")
		}
		reader := &script.Reader{Commands: commands, Domain: domain, Names: values.Names{"run": false}, Traffic: true}
		steps, err := reader.Steps(section.Steps)
		if err != nil {
			return nil, err
		}
		stories = append(stories, Story{every: every, atOnce: max(section.AtOnce, 1), steps: steps})
	}
	return stories, nil
}

// Section is one story that the demo plays again and again.
type Section struct {
	Every  ast.Node   `yaml:"every"`   // time between two beginnings: "300ms..2s"
	AtOnce int        `yaml:"at-once"` // most that go on at the same time; 1 unless told
	Steps  []ast.Node `yaml:"steps"`   // as a script's, without expectations, and with chance, repeat and raw
}
