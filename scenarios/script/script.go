// Package script is commands, waits and expectations in order: a story to demonstrate, or a test. Read and Load compile
// them from a file, a Run takes their steps, a Control holds the speed at which it does.
//
// A Script may be read from any goroutine, and a Control and a Sender used from any. A Run is for one goroutine, which
// waits in Take for as long as the steps last; it ends early with its context.
package script

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/chance"
	"signalbox/scenarios/command"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/values"
)

// Script is commands, waits and expectations in order: a story to demonstrate, or a test.
type Script struct {
	Domain   string // whose it is, and whose commands its steps name without a domain; empty for a file of its own
	Name     string // "happy-path"
	About    string
	Needs    []string // stand-ins that Stage.Run plays unless the real services run: "courier" or "deliveries.courier"
	Switches []string // stand-ins that its steps switch, in full
	Vars     []Var    // what Stage.Set may change
	Steps    []Step
	Uses     []string // domains whose commands it sends
	Goals    []Goal   // where they go
	judges   judges
	calls    []calling
}

// Goal is a station that a script sends to.
type Goal struct{ Domain, Station string }

// Var is a name that a script's steps use, and that --set name=value changes.
type Var struct {
	Name    string
	Default string // a template; computed anew for each run
	number  bool   // the default is a number, and so must be what it is set to
	value   values.Value
}

// FullName is the name by which Library.Script finds it, "deliveries/happy-path".
func (s *Script) FullName() string {
	if s.Domain == "" {
		return s.Name
	}
	return s.Domain + "/" + s.Name
}

// Known is what scripts can name of the domains that there are.
type Known struct {
	Commands   []*command.Command
	StandIns   []string // in full
	Conditions []string // that these can have
	Scripts    []*Script
}

// Load reads a file of scripts, which has the form of a domain's scripts section, with or without that key above it.
func Load(text []byte, known Known) ([]*Script, error) {
	sections, wrong := Sections(text)
	scripts, err := Read("", sections, known)
	if wrong = errors.Join(wrong, err); wrong == nil && len(scripts) == 0 {
		wrong = file.AtStart("want scripts: a name, and below it a list of steps")
	}
	return scripts, wrong
}

// Sections reads a file of scripts as far as it goes without what the scripts name.
func Sections(text []byte) (file.Map[Section], error) {
	tree, err := file.Parse(text)
	if err != nil {
		return nil, err
	}
	if pairs, err := file.Pairs(tree); err == nil && len(pairs) == 1 && pairs[0].Name == "scripts" {
		tree = pairs[0].Value
	}
	var sections file.Map[Section]
	return sections, file.Decode(tree, &sections)
}

// Read compiles the scripts of a domain, or with no domain those of a file of its own. Those of a domain that are known already are
// to be replaced by them.
func Read(domain string, sections file.Map[Section], known Known) ([]*Script, error) {
	scripts := make([]*Script, len(sections))
	names := make([]values.Names, len(sections))
	var wrong error
	for i, section := range sections {
		s := &Script{Domain: domain, Name: section.Name, About: section.Value.About}
		scripts[i], names[i] = s, values.Names{"run": false}
		wrong = errors.Join(wrong, file.CheckName("a script", section.Name, section.Key))
		for _, v := range section.Value.Vars { // before any steps are read: calls may set them
			wrong = errors.Join(wrong, s.declare(names[i], v))
		}
	}
	find := finder(domain, scripts, known.Scripts)
	for i, section := range sections {
		wrong = errors.Join(wrong, scripts[i].compile(section.Value, section.Key, names[i], known, find))
	}
	now := func(s *Script) *Script {
		if newer, err := find(s.FullName()); err == nil {
			return newer
		}
		return s
	}
	var circles error
	for _, s := range scripts {
		circles = errors.Join(circles, s.circle(now))
	}
	if circles == nil {
		for _, s := range scripts {
			s.take()
		}
	}
	return scripts, errors.Join(wrong, circles)
}

func (s *Script) compile(section Section, key ast.Node, names values.Names, known Known, find func(string) (*Script, error)) error {
	var wrong error
	if len(section.Steps) == 0 {
		wrong = file.Missing(key, "script %s has no steps", s.Name)
	}
	for _, node := range section.Needs {
		need, _ := file.Scalar(node)
		if !slices.Contains(known.StandIns, need) && !slices.Contains(known.StandIns, s.Domain+"."+need) {
			wrong = errors.Join(wrong, file.At(node, "no stand-in %q%s", need, nearest.Hint(need, namesIn(s.Domain, known.StandIns))))
		}
		s.Needs = append(s.Needs, need)
	}
	reader := &Reader{Commands: known.Commands, Domain: s.Domain, Names: names, scripts: find, known: known}
	steps, err := reader.Steps(section.Steps)
	s.Steps, s.Uses, s.Goals, s.calls, s.judges = steps, reader.uses, reader.goals, reader.calls, reader.judges
	s.Switches = reader.switches
	s.needsSwitched()
	return errors.Join(wrong, err)
}

// namesIn are full names, and those of a domain's own as that may write them.
func namesIn(domain string, full []string) []string {
	all := slices.Clone(full)
	for _, name := range full {
		if own, ok := strings.CutPrefix(name, domain+"."); ok {
			all = append(all, own)
		}
	}
	return all
}

// declare adds a variable. Its default may use those before it.
func (s *Script) declare(known values.Names, v file.Entry[ast.Node]) error {
	if err := known.Free(v.Name, v.Key); err != nil {
		return err
	}
	defer func() { known[v.Name] = false }()
	text, ok := file.Scalar(v.Node)
	if !ok {
		return file.At(v.Key, "variable %s: want a text or a number", v.Name)
	}
	value, wrong := known.Value(v.Node)
	_, err := number(text)
	s.Vars = append(s.Vars, Var{Name: v.Name, Default: text, number: err == nil, value: value})
	return wrong
}

// variables are the names of the variables.
func (s *Script) variables() []string {
	names := make([]string, len(s.Vars))
	for i, v := range s.Vars {
		names[i] = v.Name
	}
	return names
}

// values computes the variables for one run.
func (s *Script) values(set map[string]string, into map[string]any, by *chance.Chance) error {
	for _, v := range s.Vars {
		text, given := set[v.Name]
		if !given {
			var err error
			if text, err = v.value.Fill(into, by); err != nil {
				return fmt.Errorf("script %s: variable %s: %w", s.FullName(), v.Name, err)
			}
		}
		into[v.Name] = text
		if v.number {
			n, err := number(text)
			if err != nil {
				return fmt.Errorf("script %s: %s=%s: want a number", s.FullName(), v.Name, text)
			}
			into[v.Name] = n
		}
	}
	for name := range set {
		if _, there := into[name]; !there || name == "run" {
			return fmt.Errorf("script %s: no variable %q%s", s.FullName(), name, nearest.Hint(name, s.variables()))
		}
	}
	return nil
}

// number reads a number as expressions have it: whole ones are ints.
func number(text string) (any, error) {
	if i, err := strconv.Atoi(text); err == nil {
		return i, nil
	}
	return strconv.ParseFloat(text, 64)
}
