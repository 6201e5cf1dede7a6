// Package command is what a person, a script or a stand-in can send: a form of fields, and the message that is made of
// what was filled in. It sends nothing itself.
//
// A Command may be used from any goroutine and does not block. It is made by Read, whose errors point into the file.
package command

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"signalbox/bus"
	"signalbox/scenarios/chance"
	"signalbox/scenarios/expression"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/scope"
)

// Command is something a person can send.
type Command struct {
	Domain  string
	Name    string // "create"
	Title   string // "Create delivery"
	About   string
	Type    string // of the event it sends
	Station string // that it sends to
	Unkept  bool   // the domain says that this is a channel
	Fields  []Field

	mu        sync.Mutex // what a scope compiled is for one goroutine at a time
	generator *scope.Generator
	chance    *chance.Chance // of what nobody else has a chance for
	defaults  []expression.Template
	subject   expression.Template
	headers   []headerTemplate
	payload   payload
	post      *post // nil: it is sent to a station alone
}

// headerTemplate is a header to send; it is left out when its value comes out empty.
type headerTemplate struct {
	name  string
	value expression.Template
}

// FullName is the name by which Library.Command finds it, "deliveries.create".
func (c *Command) FullName() string { return c.Domain + "." + c.Name }

// Find finds a command by its full name.
func Find(commands []*Command, name string) (*Command, error) {
	names := make([]string, len(commands))
	for i, c := range commands {
		if names[i] = c.FullName(); names[i] == name {
			return c, nil
		}
	}
	return nil, fmt.Errorf("no command %q%s", name, nearest.Hint(name, names))
}

// Field finds a field by name.
func (c *Command) Field(name string) (Field, bool) {
	i := slices.IndexFunc(c.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return c.Fields[i], true
}

// Defaults fills a form in: each field's name with its default, where it has one. Ids are made anew each time.
func (c *Command) Defaults() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generator.Chance = c.chance
	f := c.frame()
	filled := map[string]string{}
	for i := range c.Fields {
		name := c.Fields[i].Name
		if text, err := c.written(i, nil, f); err == nil && text != "" {
			filled[name], f.Values[name] = text, text
		}
	}
	return filled
}

// Compose makes the message from what was filled in; a field that is not among values has its default. What is wrong
// with a value is a *FieldError.
func (c *Command) Compose(values map[string]string) (bus.Outgoing, error) {
	return c.ComposeBy(nil, values)
}

// ComposeBy is Compose with the chance that what is made anew comes from, which is used during the call; nil: any.
func (c *Command) ComposeBy(by *chance.Chance, values map[string]string) (bus.Outgoing, error) {
	if c.Station == "" {
		return bus.Outgoing{}, errors.New(c.FullName() + " is posted to an application: no station takes it")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generator.Chance = cmp.Or(by, c.chance)
	f, err := c.filled(values)
	if err != nil {
		return bus.Outgoing{}, err
	}
	return c.fill(f)
}

// filled reads what was filled in.
func (c *Command) filled(values map[string]string) (*expression.Frame, error) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if _, known := c.Field(name); !known {
			return nil, &FieldError{Field: name, Text: c.FullName() + " has no such field" + nearest.Hint(name, c.FieldNames())}
		}
	}
	f := c.frame()
	for i := range c.Fields {
		text, err := c.written(i, values, f)
		if err != nil {
			return nil, err
		}
		if f.Values[c.Fields[i].Name], err = c.Fields[i].read(text); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// frame begins the frame that the command's templates are filled in with.
func (c *Command) frame() *expression.Frame {
	f := &expression.Frame{Values: map[string]any{"type": c.Type}}
	f.Begin()
	return f
}

// written is what stands in a field: what was filled in, or the default.
func (c *Command) written(i int, values map[string]string, f *expression.Frame) (string, error) {
	if text, given := values[c.Fields[i].Name]; given {
		return text, nil
	}
	text, err := c.defaults[i].Text(f)
	if err != nil {
		return "", &FieldError{Field: c.Fields[i].Name, Text: "its default cannot be computed: " + err.Error()}
	}
	return text, nil
}

// fill makes the message of the fields' values.
func (c *Command) fill(f *expression.Frame) (bus.Outgoing, error) {
	out := bus.Outgoing{Station: c.Station, Unkept: c.Unkept}
	var err error
	if out.Subject, err = c.subject.Text(f); err != nil {
		return bus.Outgoing{}, fmt.Errorf("subject of %s: %w", c.FullName(), err)
	}
	if !c.mayBe(out.Subject) {
		return bus.Outgoing{}, c.badSubject(out.Subject, f)
	}
	for _, h := range c.headers {
		value, err := h.value.Text(f)
		if err != nil {
			return bus.Outgoing{}, fmt.Errorf("header %s of %s: %w", h.name, c.FullName(), err)
		}
		if value != "" {
			out.Headers = append(out.Headers, bus.Header{Name: h.name, Value: value})
		}
	}
	if out.Data, err = c.payload.append(nil, f); err != nil {
		return bus.Outgoing{}, fmt.Errorf("payload of %s: %w", c.FullName(), err)
	}
	return out, nil
}

// mayBe tells whether something can be sent on a subject. A command for a pattern of channels sends on one of them, which may have
// blanks in its name.
func (c *Command) mayBe(subject string) bool {
	if strings.HasSuffix(c.Station, "*") {
		return !strings.ContainsAny(subject, "\r\n*")
	}
	return !strings.ContainsAny(subject, notInSubjects)
}

// notInSubjects is what no message can be sent on.
const notInSubjects = " \t\r\n*>"

// badSubject blames the field that does not fit into a subject.
func (c *Command) badSubject(subject string, f *expression.Frame) error {
	for _, name := range c.FieldNames() {
		if text, ok := f.Values[name].(string); ok && strings.ContainsAny(text, " \t\r\n*>") && strings.Contains(subject, text) {
			return &FieldError{Field: name, Text: fmt.Sprintf("it becomes part of the subject, so it cannot hold blanks, * or >; have %q", text)}
		}
	}
	return fmt.Errorf("subject of %s: want one without blanks, * and >, have %q", c.FullName(), subject)
}

// FieldNames lists the fields.
func (c *Command) FieldNames() []string {
	names := make([]string, len(c.Fields))
	for i := range c.Fields {
		names[i] = c.Fields[i].Name
	}
	return names
}
