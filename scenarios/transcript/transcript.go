// Package transcript is scripts written from events that came: each event that a command makes becomes a step, and what became of
// its entity an expectation.
//
// A Transcript is for one goroutine, the engine's while it shows events, whose pasts must tell the states. Nothing in it waits. It
// keeps MostSteps events at most; how many more were wanted it counts.
package transcript

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"signalbox/scenarios/command"
	"signalbox/sources"
)

// MostSteps bounds the events that are told.
const MostSteps = 1000

// Options say what is written.
type Options struct {
	Commands []*command.Command
	Waits    bool // with the times between the events
}

// Transcript is a script that is being written.
type Transcript struct {
	options  Options
	steps    []step
	entities map[sources.Entity]*told
	known    []carried
	names    map[string]bool
	left     []LeftOut
	more     int
	copies   int
	followed []string // types of events that others sent
}

// step is an event that a command makes.
type step struct {
	at       time.Time
	command  string
	fields   []string // as they are written
	name     string   // by which later steps can speak of it; "" where there is nothing to say of it
	used     bool
	entity   *told
	rejected string
	failed   string
	after    []*told // entities that were touched before the next step, in order
	written  []string
	left     []LeftOut // between it and the next step
}

// LeftOut is an event that was wanted, and that no step makes.
type LeftOut struct {
	At   time.Time
	Type string
	Of   string
	Why  string
}

// String is the event, and why no step makes it.
func (l LeftOut) String() string {
	what := l.Type
	if what == "" {
		what = "an event"
	}
	if l.Of != "" {
		what += " of " + l.Of
	}
	return fmt.Sprintf("%s %s: %s", l.At.Format(time.TimeOnly), what, l.Why)
}

// New begins a transcript.
func New(o Options) *Transcript {
	return &Transcript{options: o, entities: map[sources.Entity]*told{}, names: map[string]bool{}}
}

// See takes an event as it comes, with what became of it. Wanted events are to be steps; others are told by what they did to the
// entities of these, and so are those that were wanted and that people never send: a service answers with them.
func (t *Transcript) See(e *sources.Event, wanted bool) {
	entity := e.Entity()
	wanted = wanted && !t.answers(e)
	switch {
	case e.Copy: // it is nothing that happened
		if wanted {
			t.copies++
		}
		return
	case wanted:
		t.want(e)
	}
	if about := t.entities[entity]; about != nil && !entity.IsZero() {
		about.see(e)
		if n := len(t.steps); n > 0 && !slices.Contains(t.steps[n-1].after, about) {
			t.steps[n-1].after = append(t.steps[n-1].after, about)
		}
		if !wanted && !slices.Contains(t.followed, e.Type) && len(t.followed) < MostSteps {
			t.followed = append(t.followed, strings.Clone(e.Type))
		}
	}
}

// answers tells whether an event is of a type that no command sends, and of an entity that a step made.
func (t *Transcript) answers(e *sources.Event) bool {
	return e.Type != "" && e.Problem == "" && t.entities[e.Entity()] != nil &&
		!slices.ContainsFunc(t.options.Commands, func(c *command.Command) bool { return c.Type == e.Type })
}

// want makes a step of an event, where a command makes it.
func (t *Transcript) want(e *sources.Event) {
	entity := e.Entity()
	if len(t.steps) == MostSteps {
		t.more++
		return
	}
	c, form, why := t.find(e)
	if c == nil {
		t.leave(e, why)
		if about := t.entities[entity]; about != nil {
			t.settle() // up to then it is as the steps made it
			about.lost = true
		}
		return
	}
	t.settle()
	about := t.entities[entity]
	if about == nil && !entity.IsZero() {
		about = begin(e)
		t.entities[about.entity] = about
	}
	s := step{at: e.Time(), command: c.FullName(), entity: about, rejected: strings.Clone(e.Rejected), failed: strings.Clone(e.Failed)}
	for i := range c.Fields {
		name := c.Fields[i].Name
		text, given := form.Values[name]
		fresh := form.Own[name] && t.reference(text) == ""
		if !given || fresh || c.Fields[i].Optional && text == "" {
			continue
		}
		s.fields = append(s.fields, name+": "+t.value(text, c.Fields[i].Type))
	}
	t.steps = append(t.steps, s)
	t.carry(e, c, form)
}

// find finds the command that makes an event, and how its form was filled in; else why there is none.
func (t *Transcript) find(e *sources.Event) (*command.Command, command.Fitted, string) {
	why := "no command sends it"
	if e.Problem != "" {
		why = e.Problem
	}
	for _, c := range t.options.Commands {
		if c.Type != e.Type || e.Type == "" {
			continue
		}
		if !sameStation(c.Station, e.Station) {
			why = fmt.Sprintf("%s sends to %s, and it came in %s", c.FullName(), c.Station, e.Station)
			continue
		}
		form, err := c.Fit(e.Subject, e.Headers, e.Data)
		if err == nil {
			return c, form, ""
		}
		why = fmt.Sprintf("%s does not make it: %v", c.FullName(), err)
	}
	return nil, command.Fitted{}, strings.Clone(why)
}

// sameStation tells whether a command sends to a station, which in a recording of several buses has the name of its bus before it.
func sameStation(to, station string) bool {
	return to != "" && (to == station || strings.HasSuffix(station, "/"+to))
}

// leave notes an event that no step makes.
func (t *Transcript) leave(e *sources.Event, why string) {
	of := ""
	if entity := e.Entity(); !entity.IsZero() {
		of = entity.String()
	}
	l := LeftOut{At: e.Time(), Type: strings.Clone(e.Type), Of: of, Why: why}
	if len(t.left) == MostSteps {
		t.more++
		return
	}
	t.left = append(t.left, l)
	if n := len(t.steps); n > 0 {
		t.steps[n-1].left = append(t.steps[n-1].left, l)
	}
}

// settle writes what is expected after the last step: how the entities are that were touched since.
func (t *Transcript) settle() {
	if len(t.steps) == 0 {
		return
	}
	s := &t.steps[len(t.steps)-1]
	if s.rejected != "" && s.entity != nil && s.entity.judged() {
		s.written = append(s.written, fmt.Sprintf("expect: { rejected: %s, entity: %s }", quote(template(s.rejected)), t.subject(s.entity)))
	}
	for _, about := range s.after {
		if that := t.changed(about); that != "" {
			s.written = append(s.written, fmt.Sprintf("expect: { entity: %s, that: %s%s }", t.subject(about), quote(that), about.within(s.at)))
		}
	}
	s.after = nil
}

// Steps is how many events are told.
func (t *Transcript) Steps() int { return len(t.steps) }

// Copies is how many of the wanted events told of copies of states that applications keep: they are left out.
func (t *Transcript) Copies() int { return t.copies }

// Left are the events that were wanted and that no step makes, and how many there were above the bound.
func (t *Transcript) Left() (all []LeftOut, more int) { return t.left, t.more }
