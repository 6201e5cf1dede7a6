package script

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
)

// call takes the steps of another script, which knows nothing of this one's names but what it is given.
type call struct {
	name   string // as it is written
	script *Script
	with   []fieldPhrase
}

// calling is a call as it is written.
type calling struct {
	at     ast.Node
	script *Script
}

func (r *Reader) call(w written) (action, string, error) {
	name, ok := file.Scalar(w.does.Value)
	if !ok || r.scripts == nil {
		return nil, "", file.At(w.does.Value, "want the name of a script, have %s", file.Written(w.does.Value))
	}
	script, err := r.scripts(name)
	if err != nil {
		return nil, "", file.At(w.does.Value, "%v", err)
	}
	r.calls = append(r.calls, calling{w.does.Value, script})
	x, text := call{name: name, script: script}, "call "+name
	with, wrong := []file.Pair(nil), error(nil)
	if beside := w.beside["with"]; beside != nil {
		with, wrong = file.Pairs(beside.Value)
	}
	for _, p := range with {
		value, err := r.Names.Value(p.Value)
		if !slices.ContainsFunc(script.Vars, func(v Var) bool { return v.Name == p.Name }) {
			err = errors.Join(err, file.At(p.Key, "script %s has no variable %q%s", script.FullName(), p.Name, nearest.Hint(p.Name, script.variables())))
		}
		wrong = errors.Join(wrong, err)
		x.with = append(x.with, fieldPhrase{p.Name, value})
		text += " " + p.Name + "=" + value.Written
	}
	return x, text, wrong
}

func (x call) perform(ctx context.Context, p *Run) (string, error) {
	set := make(map[string]string, len(x.with))
	filled := "call " + x.name
	for _, f := range x.with {
		text, err := f.value.Fill(p.names, p.random)
		if err != nil {
			return "", fmt.Errorf("%s: %w", f.name, err)
		}
		set[f.name] = text
		filled += " " + f.name + "=" + shortened(text)
	}
	p.news.Text = filled
	c := p.inside(x.script.FullName())
	c.names = map[string]any{"run": p.names["run"]}
	if err := x.script.values(set, c.names, c.random); err != nil {
		return "", err
	}
	return "", c.take(ctx, x.script.Steps)
}

// finder finds the script that a call means: of its own file or domain by name, any other as domain/name.
func finder(domain string, own, others []*Script) func(name string) (*Script, error) {
	return func(name string) (*Script, error) {
		var known []string
		for _, s := range own {
			if name == s.Name || name == s.FullName() {
				return s, nil
			}
			known = append(known, s.Name)
		}
		for _, s := range others {
			if s.Domain == domain && domain != "" {
				continue // of the file that this one takes the place of
			}
			if name == s.FullName() {
				return s, nil
			}
			known = append(known, s.FullName())
		}
		return nil, fmt.Errorf("no script %q%s", name, nearest.Hint(name, known))
	}
}

// circle is an error at each call of a script that leads back to it. Scripts are told apart by their names: another of the same
// name has taken the place of one that was called before.
func (s *Script) circle(now func(*Script) *Script) error {
	var wrong error
	for _, c := range s.calls {
		if way := back(s.FullName(), now(c.script), now, map[string]bool{}); way != nil {
			wrong = errors.Join(wrong, file.At(c.at, "script %s would call itself: %s", s.Name, strings.Join(append([]string{s.FullName()}, way...), ", which calls ")))
		}
	}
	return wrong
}

// back is the way of calls from a script to one of a name, or nil.
func back(to string, from *Script, now func(*Script) *Script, seen map[string]bool) []string {
	name := from.FullName()
	if name == to {
		return []string{name}
	}
	if seen[name] {
		return nil
	}
	seen[name] = true
	for _, c := range from.calls {
		if way := back(to, now(c.script), now, seen); way != nil {
			return append([]string{name}, way...)
		}
	}
	return nil
}

// take takes over what the scripts that it calls use and need. There is no circle.
func (s *Script) take() {
	for _, c := range s.calls {
		of := c.script
		of.take()
		s.Uses = with(s.Uses, of.Uses...)
		if of.Domain != "" {
			s.Uses = with(s.Uses, of.Domain)
		}
		s.Goals = with(s.Goals, of.Goals...)
		s.judges = judges{s.judges.drift || of.judges.drift, s.judges.violations || of.judges.violations}
		s.Switches = with(s.Switches, of.Switches...)
		for _, need := range of.Needs {
			if !strings.Contains(need, ".") && of.Domain != s.Domain {
				need = of.Domain + "." + need
			}
			s.Needs = with(s.Needs, need)
		}
	}
}

// Uncalled are the scripts that none of the others calls: those that are stories of their own. A script that is called is taken where
// it is.
func Uncalled(scripts []*Script) []*Script {
	called := map[*Script]bool{}
	for _, s := range scripts {
		for _, c := range s.calls {
			called[c.script] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(scripts), func(s *Script) bool { return called[s] })
}

// with is a list that has some more, each once.
func with[T comparable](list []T, more ...T) []T {
	for _, x := range more {
		if !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}
