package scenarios

import (
	"errors"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/script"
)

// Problem is something that Check finds in a file.
type Problem struct {
	*file.Error
	Warning bool // it is only suspicious: the file works
}

// Check reads a domain file as Add does, and looks for what only shows when one part of it is held against another: a
// station that it does not list, a type that it has no rule for, a status that no rule gives. It finds all problems, in the
// order of the file. The domain is in the library afterwards unless it cannot be read; its name is returned.
func (l *Library) Check(name string, text []byte) (domain string, problems []Problem) {
	next, d, wrong := l.with(text)
	if wrong == nil {
		l.domains = next.domains
	}
	c := &checker{domains: next.domains}
	if d != nil {
		domain = d.Name
		c.domain(d)
	}
	return domain, c.all(name, wrong)
}

// CheckScript is Check for a file of scripts; it returns how many there are.
func (l *Library) CheckScript(name string, text []byte) (scripts int, problems []Problem) {
	sections, wrong := script.Sections(text)
	loaded, err := l.LoadScript(name, text)
	c := &checker{domains: l.now().domains}
	c.scripts("", sections)
	return len(loaded), c.all(name, errors.Join(wrong, err))
}

// checker holds the parts of files against each other.
type checker struct {
	domains  []*domain
	problems []Problem
}

// all are the problems that were found, after what is wrong with reading the file. Of two at one place the first counts.
func (c *checker) all(name string, wrong error) []Problem {
	warnings := map[*file.Error]bool{}
	for _, p := range c.problems {
		wrong = errors.Join(wrong, p.Error)
		warnings[p.Error] = p.Warning
	}
	var all []Problem
	for _, e := range file.List(wrong) {
		e.File = name
		all = append(all, Problem{Error: e, Warning: warnings[e]})
	}
	return slices.CompactFunc(all, func(a, b Problem) bool { return a.Line > 0 && a.Line == b.Line && a.Column == b.Column })
}

// fault notes what cannot work.
func (c *checker) fault(e *file.Error) { c.problems = append(c.problems, Problem{Error: e}) }

// doubt notes what is only suspicious.
func (c *checker) doubt(e *file.Error) {
	c.problems = append(c.problems, Problem{Error: e, Warning: true})
}

// unknown notes a word that means nothing: a mistake when a known one is near, else a suspicion.
func (c *checker) unknown(at ast.Node, offset int, word string, known []string, what string) {
	e := file.Within(at, offset, "%s%s", what, nearest.Hint(word, known))
	if nearest.Name(word, known) == "" {
		c.doubt(e)
	} else {
		c.fault(e)
	}
}

// named finds a domain by its name.
func (c *checker) named(name string) *domain {
	for _, d := range c.domains {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// domain looks through a domain.
func (c *checker) domain(d *domain) {
	c.events(d)
	c.states(d)
	c.invariants(d)
	for _, entry := range d.Fold {
		c.rule(d, entry)
	}
	for _, entry := range d.Commands {
		c.command(d, entry)
	}
	for _, entry := range d.StandIns {
		c.standIn(d, entry)
	}
	c.scripts(d.Name, d.Scripts)
	for _, story := range d.Traffic {
		c.steps(&telling{domain: d, kinds: map[string]string{}}, story.Steps)
	}
}
