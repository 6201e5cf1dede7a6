package script

import (
	"context"
	"errors"
	"slices"
	"strings"

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
//	repeat: { times: 3, steps: [ … ] }   or for: 30s; i is the number of the iteration, from 1
//	say: "{d.id} is on its way"    tells the watcher something
//	note: "now show the courier"   tells whoever presents it
//	pause: "any questions?"        waits for a key, where there is somebody to press one
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
	Kind   string // "send", or the word that says what it does: "wait", "say", "repeat" …
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
	uses     []string                           // domains whose commands are used
	goals    []Goal                             // stations that they send to
	scripts  func(name string) (*Script, error) // finds what can be called; nil: nothing can
	calls    []calling
	judges   judges
	known    Known    // what else there is to be named
	switches []string // stand-ins that they switch, in full
	rated    bool     // the steps are those of a repeat with a rate
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

// inside compiles the steps inside a step. Names that they give stay in there; more are there from the beginning.
func (r *Reader) inside(what string, at ast.Node, nodes []ast.Node, more ...string) ([]Step, error) {
	if len(nodes) == 0 {
		return nil, file.Missing(at, "%s: want steps", what)
	}
	outer := r.Names
	defer func() { r.Names = outer }()
	r.Names = r.Names.And(more...)
	return r.Steps(nodes)
}

// written is a step as it stands in a file.
type written struct {
	node       ast.Node
	does       *file.Pair
	beside     map[string]*file.Pair // more of what it does
	as, chance *file.Pair            // nil: none
}

// taken takes a step apart.
func (r *Reader) taken(node ast.Node) (written, error) {
	w := written{node: node, beside: map[string]*file.Pair{}}
	pairs, err := file.Pairs(node)
	if err != nil {
		return w, err
	}
	for i := range pairs {
		switch p := &pairs[i]; {
		case p.Name == "as":
			w.as = p
		case p.Name == "chance" && r.Traffic:
			w.chance = p
		case r.standsBeside(p.Name, pairs):
			w.beside[p.Name] = p
		case w.does == nil:
			w.does = p
		default:
			return w, file.At(p.Key, "a step does one thing: %s and %s are two", w.does.Name, p.Name)
		}
	}
	if w.does == nil {
		return w, file.At(node, "want a step: a command with its fields, or one of %s", strings.Join(r.wordsFor(), ", "))
	}
	return w, nil
}

// onlyNamed is said where something else is to have a name.
const onlyNamed = "only a command or an expected event can have a name"

func (r *Reader) step(node ast.Node) (Step, error) {
	w, err := r.taken(node)
	if err != nil {
		return Step{}, err
	}
	s := Step{Line: file.At(w.does.Key, "").Line, Kind: w.does.Name}
	switch word, known := r.word(w.does.Name); {
	case !known:
		s.Kind = "send"
		s.action, s.Text, err = r.send(w.does, w.as)
	case r.Traffic && !word.traffic:
		err = file.At(w.does.Key, "%s is a step of a script, not of traffic", w.does.Name)
	case !r.Traffic && !word.scripts:
		err = file.At(w.does.Key, "%s is a step of traffic, not of a script", w.does.Name)
	case w.as != nil && !word.named:
		err = file.At(w.as.Key, onlyNamed)
	default:
		s.action, s.Text, err = word.read(r, w)
	}
	if err != nil && w.as != nil {
		r.giveAnyway(w.as) // what refers to it is no mistake of its own
	}
	if w.chance != nil && w.as != nil {
		err = errors.Join(err, file.At(w.as.Key, "a step that is taken only now and then cannot have a name"))
	}
	if w.chance != nil {
		share, unclear := values.ReadShare(w.chance.Value)
		err = errors.Join(err, unclear)
		s.action = sometimes{share: share, action: s.action}
	}
	return s, err
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
