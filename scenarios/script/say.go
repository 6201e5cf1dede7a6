package script

import (
	"context"

	"signalbox/scenarios/values"
)

// say tells the watcher something.
type say struct{ text values.Value }

func (r *Reader) say(w written) (action, string, error) {
	text, err := r.Names.Value(w.does.Value)
	return say{text}, "say " + text.Written, err
}

func (s say) perform(ctx context.Context, p *Run) (string, error) {
	line, err := s.text.Fill(p.names, p.random)
	if err == nil && p.Audience != nil {
		err = p.Audience.Hear(ctx, line)
	}
	return line, err
}

// note tells something to whoever presents the story, and to nobody else.
type note struct{ text values.Value }

func (r *Reader) note(w written) (action, string, error) {
	text, err := r.Names.Value(w.does.Value)
	return note{text}, "note " + text.Written, err
}

func (n note) perform(_ context.Context, p *Run) (string, error) {
	return n.text.Fill(p.names, p.random)
}

// pause waits until somebody who attends lets the story go on.
type pause struct{ text values.Value }

func (r *Reader) pause(w written) (action, string, error) {
	text, err := r.Names.Value(w.does.Value)
	return pause{text}, "pause " + text.Written, err
}

// unattended is said of a pause that has waited for nobody.
const unattended = "nobody is there to press a key, so it goes on"

func (x pause) perform(ctx context.Context, p *Run) (string, error) {
	text, err := x.text.Fill(p.names, p.random)
	if err != nil {
		return "", err
	}
	p.tellText(text)
	attends, err := p.control.hold(ctx)
	if err == nil && !attends {
		text += " (" + unattended + ")"
	}
	return text, err
}
