package scenarios

import (
	"errors"

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
	text     []byte // of the file
}

// compile checks what of the file does not depend on an engine or on other domains.
func (d *domain) compile(tree ast.Node) error {
	var wrong error
	if d.Name == "" {
		wrong = errors.Join(wrong, file.Missing(tree, `want the domain's name ("domain: orders")`))
	}
	sends := d.OnlySends() && len(d.Commands) > 0
	if d.Entity == "" && !sends {
		wrong = errors.Join(wrong, file.Missing(tree, `want the kind of its entities ("entity: order")`))
	}
	if d.Events.Type.Value == "" && !sends {
		wrong = errors.Join(wrong, file.Missing(tree, `want an expression for the type of an event ("events: { type: data.type, … }")`))
	}
	wrong = errors.Join(wrong, d.checkNames(tree), d.checkStations(), d.Check())
	for _, entry := range d.Commands {
		c, err := command.Read(d.Name, d.Entity, entry)
		wrong = errors.Join(wrong, err)
		if s, own := d.Stations.Get(c.Station); own && s.is(kindChannel) {
			c.Unkept = true
		}
		d.commands = append(d.commands, c)
	}
	return wrong
}

// compileStories compiles what of a domain plays: stand-ins, scripts and the demo's stories. They may use commands of all
// of the library.
func (l *Library) compileStories(d *domain) error {
	var standIns, scripts, stories error
	commands := l.Commands()
	d.standIns, standIns = standin.Read(d.Name, d.StandIns, d.types(), commands, d.kindOf)
	d.scripts, scripts = script.Read(d.Name, d.Scripts, l.known())
	d.stories, stories = demo.Read(d.Name, d.Traffic, commands)
	return errors.Join(standIns, scripts, stories)
}

// kindOf tells what a station of the domain is, where it says so.
func (d *domain) kindOf(station string) (channel, stream bool) {
	s, own := d.Stations.Get(station)
	return own && s.is(kindChannel), own && s.is(kindStream)
}

// types are those of the events that the domain has rules for.
func (d *domain) types() []string {
	types := make([]string, len(d.Fold))
	for i := range d.Fold {
		types[i] = d.Fold[i].Name
	}
	return types
}
