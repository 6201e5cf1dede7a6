package scenarios

import (
	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/command"
	"signalbox/scenarios/demo"
	"signalbox/scenarios/file"
	"signalbox/scenarios/script"
	"signalbox/scenarios/standin"
)

// domain is a domain file that has been read and checked.
type domain struct {
	domainFile
	commands []*command.Command
	scripts  []*script.Script
	standIns []*standin.StandIn
	stories  []demo.Story
}

// compile checks what of the file does not depend on an engine or on other domains.
func (d *domain) compile(tree ast.Node) error {
	switch {
	case d.Name == "":
		return file.At(tree, `want the domain's name ("domain: orders")`)
	case d.Entity == "":
		return file.At(tree, `want the kind of its entities ("entity: order")`)
	case d.Events.Type.Value == "":
		return file.At(tree, `want an expression for the type of an event ("events: { type: data.type, … }")`)
	}
	if err := d.Check(); err != nil {
		return err
	}
	for _, entry := range d.Commands {
		c, err := command.Read(d.Name, d.Entity, entry)
		if err != nil {
			return err
		}
		d.commands = append(d.commands, c)
	}
	return nil
}

// compileStories compiles what of a domain plays: stand-ins, scripts and the demo's stories. They may use commands of all
// of the library.
func (l *Library) compileStories(d *domain) (err error) {
	commands := l.Commands()
	if d.standIns, err = standin.Read(d.Name, d.StandIns, d.types(), commands); err != nil {
		return err
	}
	if d.scripts, err = script.Read(d.Name, d.Scripts, commands, l.standInNames()); err != nil {
		return err
	}
	d.stories, err = demo.Read(d.Name, d.Traffic, commands)
	return err
}

// types are those of the events that the domain has rules for.
func (d *domain) types() []string {
	types := make([]string, len(d.Fold))
	for i := range d.Fold {
		types[i] = d.Fold[i].Name
	}
	return types
}
