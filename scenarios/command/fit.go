package command

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"signalbox/bus"
	"signalbox/scenarios/expression"
)

// Fitted is a form as it was filled in for a message that came.
type Fitted struct {
	Values map[string]string

	// Own are the fields of which the command makes the value by itself: an ID that is new each time, or what is made of other
	// fields.
	Own map[string]bool
}

// mostTried bounds the ways in which a form is filled in, where the message does not tell what stood in a field.
const mostTried = 64

// Fit finds how the form was filled in for a message of the command's type that came on a subject. The error says why the command
// cannot have made it. What the command makes anew each time may differ, and so may headers that it has nothing to do with.
func (c *Command) Fit(subject string, headers bus.Headers, data []byte) (Fitted, error) {
	came, err := decode(data)
	if err != nil {
		return Fitted{}, errors.New("its payload is no JSON")
	}
	found := map[string]string{}
	c.payload.collect(came, found)
	if stood, ok := c.subject.Match(subject); ok {
		c.add(found, stood)
	}
	for _, h := range c.headers {
		if stood, ok := h.value.Match(headers.Get(h.name)); ok {
			c.add(found, stood)
		}
	}
	for name := range found {
		if _, known := c.Field(name); !known {
			delete(found, name) // it is the type, or the station
		}
	}
	var wrong error
	for _, values := range c.ways(found) {
		err := c.makes(values, subject, headers, came)
		if err == nil {
			return Fitted{Values: values, Own: c.own(values, found)}, nil
		}
		if wrong == nil {
			wrong = err // of what is likeliest
		}
	}
	return Fitted{}, wrong
}

func (c *Command) add(found, stood map[string]string) {
	for name, value := range stood {
		if _, there := found[name]; !there {
			found[name] = value
		}
	}
}

// ways are the forms to try: with each option where the message does not tell which it was.
func (c *Command) ways(found map[string]string) []map[string]string {
	all := []map[string]string{found}
	for i := range c.Fields {
		f := &c.Fields[i]
		if _, there := found[f.Name]; there {
			continue
		}
		options := []string{f.Default}
		switch {
		case f.Type == "choice":
			options = f.Options
		case f.Type == "bool":
			options = []string{"true", "false"}
		case f.Optional:
			options = []string{""}
		case expressionIn(f.Default):
			continue // the default is computed
		}
		var next []map[string]string
		for _, values := range all {
			for _, option := range options {
				if len(next) < mostTried {
					next = append(next, with(values, f.Name, option))
				}
			}
		}
		all = next
	}
	return all
}

func with(values map[string]string, name, value string) map[string]string {
	out := map[string]string{name: value}
	for n, v := range values {
		out[n] = v
	}
	return out
}

// makes tells by nil that a form makes a message such as the one that came.
func (c *Command) makes(values map[string]string, subject string, headers bus.Headers, came any) error {
	out, err := c.Compose(values)
	if err != nil {
		return err
	}
	if want := cmp.Or(out.Subject, out.Station); want != subject && subject != "" && subject != out.Station {
		return fmt.Errorf("its subject is %s, and the command sends on %s", subject, want)
	}
	for _, h := range c.headers {
		if made := out.Headers.Get(h.name); made != headers.Get(h.name) && !c.madeAnew(h) {
			return fmt.Errorf("its header %s is %q, and the command's %q", h.name, headers.Get(h.name), made)
		}
	}
	made, err := decode(out.Data)
	if err != nil {
		return err
	}
	return c.payload.differs("", made, came)
}

func (c *Command) madeAnew(h headerTemplate) bool {
	for _, f := range h.value.Expressions() {
		if anew.MatchString(f) {
			return true
		}
	}
	return false
}

// own are the fields whose values the command makes by itself. found is what the message told.
func (c *Command) own(values, found map[string]string) map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, own := c.frame(), map[string]bool{}
	for i := range c.Fields {
		field := &c.Fields[i]
		text, given := values[field.Name]
		if !c.defaults[i].Constant() {
			made, err := c.defaults[i].Text(f)
			own[field.Name] = !given || newID.MatchString(field.Default) || err == nil && made == text
		}
		if _, told := found[field.Name]; !told && text == field.Default {
			own[field.Name] = true
		}
		if read, err := field.read(text); err == nil {
			f.Values[field.Name] = read
		}
	}
	return own
}

// collect finds what stands where the payload has nothing but a field.
func (s *payload) collect(came any, found map[string]string) {
	if !s.object {
		name, plain := expression.NameOf(&s.value)
		if text, ok := textOf(came); plain && ok {
			found[name] = text
		}
		return
	}
	object, _ := came.(map[string]any)
	for i := range s.members {
		if value, there := object[s.members[i].name]; there {
			s.members[i].is.collect(value, found)
		}
	}
}

// differs says where a payload that was made is another than the one that came; nil where it is the same, but for what is made anew
// each time.
func (s *payload) differs(at string, made, came any) error {
	if !s.object {
		if anew.MatchString(s.value.String()) || same(made, came) {
			return nil
		}
		return fmt.Errorf("its %s is another than the command makes", cmp.Or(at, "payload"))
	}
	is, object := came.(map[string]any)
	would, _ := made.(map[string]any)
	if !object {
		return fmt.Errorf("its %s is no object", cmp.Or(at, "payload"))
	}
	for name := range is {
		if !slices.ContainsFunc(s.members, func(m payloadMember) bool { return m.name == name }) {
			return fmt.Errorf("it has %s, which the command does not write", below(at, name))
		}
	}
	for i := range s.members {
		m := &s.members[i]
		if err := m.is.differs(below(at, m.name), would[m.name], is[m.name]); err != nil {
			return err
		}
	}
	return nil
}

func below(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// textOf is how a value is written into a field.
func textOf(v any) (string, bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case nil:
		return "", false
	}
	text, err := json.Marshal(v)
	return string(text), err == nil
}

// same compares values of JSON; numbers by what they are, however they are written.
func same(a, b any) bool {
	switch x := a.(type) {
	case json.Number:
		y, number := b.(json.Number)
		if !number || x == y {
			return number
		}
		one, err := x.Float64()
		other, failed := y.Float64()
		return err == nil && failed == nil && one == other
	case map[string]any:
		y, object := b.(map[string]any)
		if !object || len(x) != len(y) {
			return false
		}
		for name := range x {
			if other, there := y[name]; !there || !same(x[name], other) {
				return false
			}
		}
		return true
	case []any:
		y, list := b.([]any)
		return list && slices.EqualFunc(x, y, same)
	}
	return a == b
}

// decode reads one value of JSON, with its numbers as they are written.
func decode(data []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err = d.Decode(&v); err == nil && d.More() {
		err = errors.New("more than one value")
	}
	return v, err
}

// MakesID tells whether the command makes a new ID for a field, unless one is filled in.
func MakesID(f *Field) bool { return newID.MatchString(f.Default) }
