package script

import (
	"context"
	"errors"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/command"
	"signalbox/scenarios/file"
	"signalbox/scenarios/values"
)

// Step is one step of a script. In a file it is a mapping of one key, which says what it does:
//
//	create: { budget: 100 }        a command of the script's own domain, with its fields; those left out have defaults
//	deliveries.create: {}          a command of any domain
//	wait: 500ms                    waits, at the speed the script runs with
//	say: "{d.id} is on its way"    tells the watcher something
//	expect: { entity: d, that: state.status == "active", within: 2s }
//	expect: { entity: "order/{o.id}", that: version == 2 }
//	expect: { rejected: Not enough budget, entity: d }
//	expect: { event: type == "NotifySales" && data.order_id == "17" }
//	expect: { consumer: courier, that: lag == 0 }
//	expect: no drift               between what is folded of entities and the copies that their applications keep
//	expect: no violations          of what domains say is to hold always, by what has come of this run so far
//
// A command and an expected event can be given a name beside that key, "as: d". From then on d is that event: d.id,
// d.kind, d.entity ("delivery/01HX"), d.type, d.station, d.subject, d.data and d.headers. The names of variables stand
// for their values, and run is different in every run.
//
// The value of a field, a say and other texts is the text as it is written, in which {expression} is replaced by its
// value. One thing more: a text that is wholly a name and what is below it, such as d.id or d.data.budget, is that
// value, with or without braces. A list is its elements with commas between. The bare name of something ("notes: d") could mean either and is refused, as is d.id
// when nothing is named d; "{'d.id'}" is that text. What event and that say are expressions always, in which texts are
// quoted.
//
// that sees of an entity: state, status, version, rejected (how many events were refused), refusals (why, oldest
// first), partial, id and kind. Of a consumer: station, lag, unacked, redelivered and waiting. event sees
// type, kind, id, entity, station, subject, data, headers, version, rejected (why, or "") and correlation.
//
// An expectation waits until it is met, 2 s unless within says otherwise; the speed does not change that. Events of
// this run only are looked at, and each satisfies one expectation of an event or of a refusal.
type Step struct {
	Text   string // what it does, as written
	Line   int    // in its file
	action action
}

// action is what a step does. It returns what is worth telling about it; an expectation that is not met is a *Failure.
type action interface {
	perform(ctx context.Context, p *Run) (string, error)
}

// Reader compiles steps, in order: each may use the names that those before it gave.
type Reader struct {
	Commands []*command.Command
	Domain   string // whose commands need no domain before their name
	Names    values.Names
	uses     []string // domains whose commands are used
	goals    []Goal   // stations that they send to
	Traffic  bool     // a story of the demo: chance, repeat and raw are allowed, expectations are not
}

// Steps compiles the steps of a script; each error says where in the file it is.
func (r *Reader) Steps(nodes []ast.Node) ([]Step, error) {
	steps := make([]Step, 0, len(nodes))
	var wrong error
	for _, node := range nodes {
		s, err := r.step(node)
		wrong = errors.Join(wrong, err)
		steps = append(steps, s)
	}
	return steps, wrong
}

func (r *Reader) step(node ast.Node) (Step, error) {
	pairs, err := file.Pairs(node)
	if err != nil {
		return Step{}, err
	}
	var does, as, chance *file.Pair
	for i := range pairs {
		switch p := &pairs[i]; {
		case p.Name == "as":
			as = p
		case p.Name == "chance" && r.Traffic:
			chance = p
		case does == nil:
			does = p
		default:
			return Step{}, file.At(p.Key, "a step does one thing: %s and %s are two", does.Name, p.Name)
		}
	}
	if does == nil {
		return Step{}, file.At(node, "want a step: a command with its fields, wait, say or expect")
	}
	s := Step{Line: file.At(does.Key, "").Line}
	s.action, s.Text, err = r.action(does, as)
	if err != nil && as != nil {
		r.giveAnyway(as) // what refers to it is no mistake of its own
	}
	if chance != nil && as != nil {
		err = errors.Join(err, file.At(as.Key, "a step that is taken only now and then cannot have a name"))
	}
	if chance != nil {
		share, unclear := values.ReadShare(chance.Value)
		err = errors.Join(err, unclear)
		s.action = sometimes{share: share, action: s.action}
	}
	return s, err
}

// action compiles what a step does, and says it in words.
func (r *Reader) action(does, as *file.Pair) (action, string, error) {
	named := as != nil
	switch {
	case does.Name == "expect" && !r.Traffic:
		return r.expect(does.Value, as)
	case does.Name == "wait" && !named:
		d, err := values.ReadSpan(does.Value)
		return wait{d}, "wait " + d.String(), err
	case does.Name == "say" && !named && !r.Traffic:
		text, err := r.Names.Value(does.Value)
		return say{text}, "say " + text.Written, err
	case does.Name == "repeat" && !named && r.Traffic:
		a, err := r.repeat(does.Value)
		return a, "repeat", err
	case does.Name == "raw" && !named && r.Traffic:
		a, err := r.raw(does.Value)
		return a, "raw", err
	case !named && (does.Name == "repeat" || does.Name == "raw"):
		return nil, "", file.At(does.Key, "%s is a step of traffic, not of a script", does.Name)
	case !named && (does.Name == "expect" || does.Name == "say"):
		return nil, "", file.At(does.Key, "%s is a step of a script, not of traffic", does.Name)
	case does.Name == "wait" || does.Name == "say" || does.Name == "repeat" || does.Name == "raw":
		return nil, "", file.At(as.Key, "only a command or an expected event can have a name")
	}
	return r.send(does, as)
}

// name gives a name to what a step sends or finds.
func (r *Reader) name(as *file.Pair) (string, error) {
	if as == nil {
		return "", nil
	}
	name, _ := file.Scalar(as.Value)
	if err := r.Names.Free(name, as.Value); err != nil {
		return "", err
	}
	r.Names = r.Names.And(name)
	r.Names[name] = true
	return name, nil
}

// giveAnyway gives the name of a step that could not be read.
func (r *Reader) giveAnyway(as *file.Pair) {
	if name, _ := file.Scalar(as.Value); r.Names.Free(name, as.Value) == nil {
		r.Names = r.Names.And(name)
		r.Names[name] = true
	}
}

// use remembers a command's domain, and its station.
func (r *Reader) use(c *command.Command) {
	if !slices.Contains(r.uses, c.Domain) {
		r.uses = append(r.uses, c.Domain)
	}
	if goal := (Goal{c.Domain, c.Station}); c.Station != "" && !slices.Contains(r.goals, goal) {
		r.goals = append(r.goals, goal)
	}
}

// wait lets time pass.
type wait struct{ values.Span }

func (w wait) perform(ctx context.Context, p *Run) (string, error) {
	return "", p.control.Wait(ctx, w.Pick(p.random))
}

// say tells the watcher something.
type say struct{ text values.Value }

func (s say) perform(ctx context.Context, p *Run) (string, error) {
	line, err := s.text.Text(p.names)
	if err == nil && p.Audience != nil {
		err = p.Audience.Hear(ctx, line)
	}
	return line, err
}
