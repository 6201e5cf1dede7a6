package scenarios

import (
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/command"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/standin"
)

// command looks at where a command sends what, and at the fields of its form.
func (c *checker) command(d *domain, entry file.Entry[command.Section]) {
	send := &entry.Value.Send
	c.station(d, send.Station)
	c.sendsTo(d, send)
	if len(d.Fold) > 0 && send.Type.Node != nil && !d.folds(send.Type.Value) {
		c.fault(file.At(send.Type.Node, "%s has no rule that folds the type %s%s", d.Name, send.Type.Value, nearest.Hint(send.Type.Value, names(d.Fold))))
	}
	c.blanks(send.Type.Node, send.Type.Value)
	for i, field := range entry.Value.Fields {
		c.field(field)
		if send.Payload.Node != nil && !fieldIsSent(send, entry.Value.Fields[i+1:], field.Name) {
			c.doubt(file.At(field.Key, "the field %s is in nothing that %s sends", field.Name, entry.Name))
		}
	}
}

// computed is a part of a template that is computed.
var computed = regexp.MustCompile(`\{[^{}]*\}`)

// sendsTo checks that the station takes the subject of a command, as far as that is known before.
func (c *checker) sendsTo(d *domain, send *command.SendSection) {
	for _, s := range d.Stations {
		if send.Subject.Node == nil || s.Name != send.Station.Value || !s.Value.is(kindStream) {
			continue
		}
		subjects := s.Value.Subjects.Values()
		if len(subjects) == 0 {
			subjects = []string{s.Name}
		}
		before := send.Subject.Value
		place := computed.FindStringIndex(before)
		if place != nil {
			before = before[:place[0]]
		}
		if !slices.ContainsFunc(subjects, func(pattern string) bool {
			return place == nil && takes(pattern, before) || place != nil && mayTake(pattern, before)
		}) {
			c.fault(file.At(send.Subject.Node, "the station %s takes %s, and not %s", s.Name, strings.Join(subjects, ", "), send.Subject.Value))
		}
	}
}

// blanks looks for those that nobody sees, around a type.
func (c *checker) blanks(node ast.Node, kind string) {
	if node != nil && strings.TrimSpace(kind) != kind {
		c.doubt(file.At(node, "the type %q has blanks around it, which count", kind))
	}
}

// fieldIsSent tells whether a message, or the default of a later field, is made with a field.
func fieldIsSent(send *command.SendSection, later file.Map[command.FieldSection], name string) bool {
	word := wordOf(name)
	if send.HTTP != nil && (send.HTTP.JSON.Value == "" || word.MatchString(send.HTTP.JSON.Value) || word.MatchString(send.HTTP.Post.Value)) {
		return true
	}
	if word.MatchString(send.Payload.Value) || word.MatchString(send.Subject.Value) {
		return true
	}
	return slices.ContainsFunc(send.Headers, func(h file.Entry[file.Text]) bool { return word.MatchString(h.Value.Value) }) ||
		slices.ContainsFunc(later, func(f file.Entry[command.FieldSection]) bool { return word.MatchString(f.Value.Default.Value) })
}

func wordOf(name string) *regexp.Regexp {
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`)
}

// field looks for what makes no sense with the type of a field.
func (c *checker) field(entry file.Entry[command.FieldSection]) {
	f := &entry.Value
	if f.Type.Node != nil && !command.IsType(f.Type.Value) {
		return // what does not go with it may go with what was meant
	}
	number := f.Type.Value == "int" || f.Type.Value == "number"
	switch {
	case len(f.Options) > 0 && f.Type.Value != "choice":
		c.doubt(file.At(entry.Key, "field %s: only a choice has options", entry.Name))
	case (f.Min != nil || f.Max != nil) && !number:
		c.doubt(file.At(entry.Key, "field %s: only numbers have min and max", entry.Name))
	case f.Of.Node != nil && f.Type.Value != "entity":
		c.doubt(file.At(f.Of.Node, "field %s: only an entity is of a kind", entry.Name))
	case f.Of.Node != nil && !slices.Contains(c.kinds(), f.Of.Value):
		c.unknown(f.Of.Node, 0, f.Of.Value, c.kinds(), "no domain has entities of the kind "+f.Of.Value)
	}
	for i, option := range f.Options {
		if slices.Contains(f.Options[:i], option) {
			c.doubt(file.At(entry.Key, "field %s: the option %s is listed twice", entry.Name, option))
		}
	}
}

// standIn looks at what a stand-in reads, what it answers, and where it keeps copies.
func (c *checker) standIn(d *domain, entry file.Entry[standin.Section]) {
	s := &entry.Value
	c.station(d, s.Reads)
	see := view{state: c.kind(d.Entity), status: true, types: names(d.Fold)}
	see.reasons = see.state.reasons
	for _, does := range s.Does {
		switch {
		case does.On.Value == "":
			c.fault(file.Missing(entry.Key, "stand-in %s: want on, the type of the events that it answers", entry.Name))
		case len(d.Fold) > 0 && !slices.Contains(names(d.Fold), does.On.Value):
			c.fault(file.At(does.On.Node, "%s has no rule that folds the type %s%s", d.Name, does.On.Value, nearest.Hint(does.On.Value, names(d.Fold))))
		}
		c.condition(see, does.When)
	}
	if s.Keeps != nil {
		c.station(d, s.Keeps.Bucket)
	}
	if err := s.TooSlow(entry.Name); err != nil {
		c.doubt(err)
	}
}

// texts are the scalars below nodes.
func texts(nodes []ast.Node) string {
	var all strings.Builder
	for _, node := range nodes {
		all.WriteString(node.String() + "\n")
	}
	return all.String()
}
