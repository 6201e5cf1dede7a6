package command

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"signalbox/scenarios/chance"
	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/scope"
)

// Read checks and compiles a command of a domain whose entities are of a kind. There is one, with its fields, where
// something is wrong with it too: what refers to it can be read.
func Read(domain, kind string, entry file.Entry[Section]) (*Command, error) {
	section := entry.Value
	c := &Command{Domain: domain, Name: entry.Name, Title: section.Title, About: section.About,
		Type: section.Send.Type.Value, Station: section.Send.Station.Value, generator: scope.NewGenerator(), chance: chance.Drawn()}
	if c.Title == "" {
		c.Title = capital(c.Name)
	}
	var wrong error
	if c.Station == "" && section.Send.HTTP == nil {
		wrong = file.Missing(entry.Key, "command %s: want the station it sends to (send: { station: … })", c.Name)
	}
	known := []string{"type"}
	for _, field := range section.Fields {
		f, err := readField(field, kind)
		initial, unclear := field.Value.Default.Template(c.sending(known))
		wrong = errors.Join(wrong, err, unclear)
		c.Fields, c.defaults = append(c.Fields, f), append(c.defaults, initial)
		known = append(known, f.Name)
	}
	wrong = errors.Join(wrong, c.readSend(section.Send, c.sending(known)))
	return c, errors.Join(wrong, c.readPost(section.Send.HTTP, file.Text{Node: entry.Key}, c.sending(append(known, baseName))))
}

// sending is the scope of what a command sends.
func (c *Command) sending(names []string) *expression.Scope {
	return expression.Named(names...).WithFunctions(c.generator.Functions())
}

// inBraces are the parts of a template that are computed.
var inBraces = regexp.MustCompile(`\{[^{}]*\}`)

func (c *Command) readSend(section SendSection, scope *expression.Scope) error {
	var wrong error
	c.subject, wrong = section.Subject.Template(scope)
	if fixed := inBraces.ReplaceAllString(section.Subject.Value, ""); wrong == nil && !strings.ContainsAny(fixed, "{}") && strings.ContainsAny(fixed, notInSubjects) {
		wrong = file.At(section.Subject.Node, "subject of %s: want one without blanks, * and >, have %q", c.FullName(), section.Subject.Value)
	}
	for _, header := range section.Headers {
		value, err := header.Value.Template(scope)
		wrong = errors.Join(wrong, err)
		c.headers = append(c.headers, headerTemplate{header.Name, value})
	}
	source := section.Payload
	if source.Value == "" {
		source.Value = c.plainPayload()
	}
	if _, err := source.Compile(scope); err != nil {
		if section.Payload.Node == nil {
			return wrong // it is made of the fields, of which something is wrong
		}
		return errors.Join(wrong, err)
	}
	payload, err := newPayload(source.Value, scope)
	c.payload = payload
	return errors.Join(wrong, err)
}

// plainPayload is an object of the type and all fields.
func (c *Command) plainPayload() string {
	var b strings.Builder
	b.WriteString(`{"type": type`)
	for _, name := range c.FieldNames() {
		b.WriteString(", " + name + ": " + name)
	}
	return b.String() + "}"
}

// readField checks a field of a command's form.
func readField(entry file.Entry[FieldSection], kind string) (Field, error) {
	s := entry.Value
	f := Field{Name: entry.Name, Label: s.Label, About: s.About, Type: s.Type.Value, Of: s.Of.Value, Default: s.Default.Value,
		Options: s.Options, Min: s.Min, Max: s.Max, Optional: s.Optional}
	if f.Type == "" {
		f.Type = "text"
	}
	if f.Label == "" {
		f.Label = capital(f.Name)
	}
	if f.Type == "entity" && f.Of == "" {
		f.Of = kind
	}
	switch {
	case !fieldName(f.Name):
		return f, file.At(entry.Key, "field %q: want a name of letters, digits and _ that is not \"type\"", f.Name)
	case !slices.Contains(fieldTypes, f.Type):
		return f, file.At(s.Type.Node, "field %s: want a type of %s, have %q%s", f.Name, strings.Join(fieldTypes, ", "), f.Type, nearest.Question(f.Type, fieldTypes))
	case f.Type == "choice" && len(f.Options) == 0:
		return f, file.At(entry.Key, "field %s: a choice wants options", f.Name)
	case f.Min != nil && f.Max != nil && *f.Min > *f.Max:
		return f, file.At(entry.Key, "field %s: min is more than max", f.Name)
	}
	if f.Default != "" && !strings.ContainsAny(f.Default, "{}") {
		if _, err := f.read(f.Default); err != nil {
			return f, file.At(s.Default.Node, "default of %s", err)
		}
	}
	return f, nil
}

// fieldName tells whether expressions can use a name.
func fieldName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '_' && (c|0x20 < 'a' || 'z' < c|0x20) && (i == 0 || c < '0' || '9' < c) {
			return false
		}
	}
	return name != "" && name != "type"
}

// capital is a name as a title: "increase-budget" is "Increase budget".
func capital(name string) string {
	name = strings.NewReplacer("-", " ", "_", " ").Replace(name)
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
