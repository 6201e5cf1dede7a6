package script

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"signalbox/bus"
	"signalbox/scenarios/chance"
	"signalbox/scenarios/command"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/values"
)

// Send composes a command and sends it.
type Send struct {
	command *command.Command
	fields  []fieldPhrase
	as      string
}

// Command is the name of what it sends.
func (s Send) Command() string { return s.command.Name }

// fieldPhrase is what a step says of one field of a command.
type fieldPhrase struct {
	name  string
	value values.Value
}

// send compiles "create: { budget: 100 }".
func (r *Reader) send(does, as *file.Pair) (action, string, error) {
	command, err := r.commandOf(does.Name)
	if err != nil {
		return nil, "", file.At(does.Key, "%v", r.orStep(err))
	}
	r.use(command)
	s := Send{command: command}
	var given, named error
	s.fields, given = r.fields(command, does.Value)
	s.as, named = r.name(as)
	text := does.Name
	for _, f := range s.fields {
		text += " " + f.name + "=" + f.value.Written
	}
	return s, text, errors.Join(given, named)
}

// commandOf finds a command by the name that a step has for it.
func (r *Reader) commandOf(name string) (*command.Command, error) {
	switch {
	case strings.Contains(name, "."):
		return command.Find(r.Commands, name)
	case r.Domain == "":
		if meant := nearest.Question(name, r.wordsFor()); meant != "" {
			return nil, fmt.Errorf("unknown step %q%s", name, meant)
		}
		return nil, fmt.Errorf("unknown step %q: want a command with its domain, such as deliveries.create, or one of %s", name, strings.Join(r.wordsFor(), ", "))
	}
	if c := r.own(name); c != nil {
		return c, nil
	}
	var known []string
	for _, c := range r.Commands {
		if c.Domain == r.Domain {
			known = append(known, c.Name)
		}
	}
	return nil, &commandError{name, known}
}

// own is the command of the story's own domain that has a name, or nil.
func (r *Reader) own(name string) *command.Command {
	for _, c := range r.Commands {
		if r.Domain != "" && c.Domain == r.Domain && c.Name == name {
			return c
		}
	}
	return nil
}

// commandError is a name that no command of the domain has.
type commandError struct {
	name  string
	known []string
}

// Error speaks of commands alone; where a step of another sort can stand, see orStep.
func (u *commandError) Error() string {
	return fmt.Sprintf("no command %q%s", u.name, nearest.Hint(u.name, u.known))
}

// orStep is the error about a name that neither a command nor a step of another sort has.
func (r *Reader) orStep(err error) error {
	var unknown *commandError
	if !errors.As(err, &unknown) {
		return err
	}
	return fmt.Errorf("unknown step %q%s", unknown.name, nearest.Hint(unknown.name, append(r.wordsFor(), unknown.known...)))
}

// fields compiles the values of a command's fields; a constant that the field does not take is found here.
func (r *Reader) fields(command *command.Command, node ast.Node) ([]fieldPhrase, error) {
	pairs, wrong := file.Pairs(node)
	out := make([]fieldPhrase, 0, len(pairs))
	for _, p := range pairs {
		i := slices.Index(command.FieldNames(), p.Name)
		if i < 0 {
			wrong = errors.Join(wrong, file.At(p.Key, "%s has no field %q%s", command.FullName(), p.Name, nearest.Hint(p.Name, command.FieldNames())))
			continue
		}
		value, err := r.Names.Value(p.Value)
		if err == nil && value.Fixed {
			err = takes(command.Fields[i], value, p.Value)
		}
		wrong = errors.Join(wrong, err)
		out = append(out, fieldPhrase{name: p.Name, value: value})
	}
	return out, wrong
}

// takes checks that a field can have a value that is the same in every run.
func takes(field command.Field, value values.Value, at ast.Node) error {
	text, err := value.Text(nil)
	if err == nil {
		err = field.Check(text)
	}
	if err != nil {
		return file.At(at, "%v", err)
	}
	return nil
}

func (s Send) perform(ctx context.Context, p *Run) (string, error) {
	out, given, err := s.compose(p.random, p.names)
	if err != nil {
		return "", err
	}
	if !p.quiet {
		p.news.Text = s.filled(p.news.Text, given)
	}
	receipt, err := p.dispatch(ctx, out)
	if unheard := (*Failure)(nil); errors.As(err, &unheard) {
		return "", err
	} else if err != nil {
		return "", fmt.Errorf("%s: %w", s.command.FullName(), err)
	}
	if s.as != "" {
		p.names[s.as] = p.sent(out, receipt)
	}
	return receipt.Text, nil
}

// Compose makes the message.
func (s Send) Compose(names map[string]any) (bus.Outgoing, error) { return s.ComposeBy(nil, names) }

// ComposeBy is Compose with the chance that what is made anew comes from, which is used during the call; nil: any.
func (s Send) ComposeBy(by *chance.Chance, names map[string]any) (bus.Outgoing, error) {
	out, _, err := s.compose(by, names)
	return out, err
}

// compose makes the message, and tells the values of the fields that are given.
func (s Send) compose(by *chance.Chance, names map[string]any) (out bus.Outgoing, given map[string]string, err error) {
	values := make(map[string]string, len(s.fields))
	for _, f := range s.fields {
		text, err := f.value.Fill(names, by)
		if err != nil {
			return bus.Outgoing{}, nil, fmt.Errorf("%s: %s: %w", s.command.FullName(), f.name, err)
		}
		values[f.name] = text
	}
	if out, err = s.command.ComposeBy(by, values); err != nil {
		return out, nil, fmt.Errorf("%s: %w", s.command.FullName(), err)
	}
	return out, values, nil
}

// filled is what the step does, with the values of its fields; before it is what was known of that.
func (s Send) filled(before string, given map[string]string) string {
	text, _, _ := strings.Cut(before, " ")
	for _, f := range s.fields {
		text += " " + f.name + "=" + shortened(given[f.name])
	}
	return text
}

// Sends compiles the command that a stand-in answers with.
func (r *Reader) Sends(node ast.Node, with ast.Node) (Send, error) {
	name, ok := file.Scalar(node)
	if !ok {
		return Send{}, file.At(node, "want sends: the command to answer with")
	}
	command, err := r.commandOf(name)
	if err != nil {
		return Send{}, file.At(node, "%v", err)
	}
	fields, err := r.fields(command, with)
	return Send{command: command, fields: fields}, err
}
