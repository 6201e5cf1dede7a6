package demo

import (
	"errors"

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
	var wrong error
	for _, section := range sections {
		if section.Every == nil || len(section.Steps) == 0 {
			wrong = errors.Join(wrong, file.Missing(section.node, "traffic of %s: want every and steps", domain))
		}
		s := Story{atOnce: max(section.AtOnce.Value, 1)}
		if section.Every != nil {
			every, err := values.ReadSpan(section.Every)
			if err == nil && every.Most == 0 {
				err = file.At(section.Every, "want a time above 0 between two beginnings")
			}
			wrong = errors.Join(wrong, err)
			s.every = every
		}
		if n := section.AtOnce; n.Node != nil && n.Value < 1 {
			wrong = errors.Join(wrong, file.At(n.Node, "at-once: want a whole number from 1 on, have %d", n.Value))
		}
		reader := &script.Reader{Commands: commands, Domain: domain, Names: values.Names{"run": false}, Traffic: true}
		steps, err := reader.Steps(section.Steps)
		wrong = errors.Join(wrong, err)
		s.steps = steps
		stories = append(stories, s)
	}
	return stories, wrong
}

// Section is one story that the demo plays again and again.
type Section struct {
	Every  ast.Node   `yaml:"every"`   // time between two beginnings: "300ms..2s"
	AtOnce file.Int   `yaml:"at-once"` // most that go on at the same time; 1 unless told
	Steps  []ast.Node `yaml:"steps"`   // as a script's, without expectations, and with chance, repeat and raw

	node ast.Node
}

// DecodeNode remembers where the story is written.
func (s *Section) DecodeNode(node ast.Node) error {
	type mapping Section
	s.node = node
	return file.Decode(node, (*mapping)(s))
}
