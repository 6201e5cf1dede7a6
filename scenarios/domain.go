package scenarios

import (
	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
)

// domain is a domain file that has been read and checked.
type domain struct {
	domainFile
	name     string
	commands []*Command
	scripts  []*Script
	standIns []*standIn
	stories  []story
}

// compile checks all of the file, and makes of it what does not depend on an engine.
func (d *domain) compile(tree ast.Node) error {
	d.name = d.Domain
	switch {
	case d.name == "":
		return file.At(tree, `want the domain's name ("domain: orders")`)
	case d.Entity == "":
		return file.At(tree, `want the kind of its entities ("entity: order")`)
	case d.Events.Type.Value == "":
		return file.At(tree, `want an expression for the type of an event ("events: { type: data.type, … }")`)
	}
	if _, err := d.bind(newUnderstanding(nil)); err != nil {
		return err
	}
	for _, copied := range d.Truth {
		if _, err := copied.Value.Template(expression.Named("id")); err != nil {
			return err
		}
	}
	for _, entry := range d.Commands {
		c, err := d.readCommand(entry)
		if err != nil {
			return err
		}
		d.commands = append(d.commands, c)
	}
	return nil
}
