// Package scenarios holds domains: files that say how a family of events folds into the state of entities, and what can
// be sent. A Library is a set of them. From it come the folds that an engine uses (Domains), the commands that a person can
// send (Commands) and the scripts (Scripts), which a Stage runs with the stand-ins that they need.
//
// A Library is made and added to by one goroutine. Once nothing is added any more, every method may be called from any
// goroutine, Become too. What Domains returns belongs to one engine and is used on its goroutine only.
package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/command"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/script"
	"signalbox/scenarios/standin"
	"signalbox/scenarios/understand"
	"signalbox/sources"
)

//go:embed library/*.yaml
var builtin embed.FS

// Library is a set of domains.
type Library struct {
	domains []*domain
	compile func() // what of the built-in domains is sent and played, the first time; nil when there is nothing to compile
	newer   atomic.Pointer[Library]
	playing standin.Playing
}

// Playing is the stand-ins of the library that play in this process.
func (l *Library) Playing() *standin.Playing { return &l.playing }

// Builtin is the library of the domains that come with signalbox. What of them is sent and played is compiled when somebody
// asks for it: whoever reads events is not to wait for that.
func Builtin() *Library {
	l := &Library{}
	trees := map[*domain]ast.Node{}
	for _, name := range []string{"orders.yaml", "votes.yaml", "deliveries.yaml", "eventspype.yaml"} {
		text, err := builtin.ReadFile(path.Join("library", name))
		mustBuiltin(err)
		d, tree, err := parseDomain(text)
		mustBuiltin(err)
		trees[d] = tree
		l.domains = append(l.domains, d)
	}
	all := &Library{domains: slices.Clone(l.domains)}
	l.compile = sync.OnceFunc(func() {
		for _, d := range all.domains {
			mustBuiltin(d.compile(trees[d]))
		}
		for _, d := range all.domains {
			mustBuiltin(all.compileStories(d))
		}
	})
	return l
}

func mustBuiltin(err error) {
	if err != nil {
		panic(fmt.Sprintf("built-in domain: %v", err)) // a test adds each of them
	}
}

// compiled are the domains with what of them is sent and played.
func (l *Library) compiled() []*domain {
	if l = l.now(); l.compile != nil {
		l.compile()
	}
	return l.domains
}

// Add reads a domain file. A domain takes the place of one of the same name. When something is wrong with the file, the
// errors are joined, each a *file.Error, and the library is as it was.
func (l *Library) Add(name string, text []byte) error {
	next, _, wrong := l.with(text)
	if wrong != nil {
		return file.InFile(name, wrong)
	}
	l.domains = next.domains
	return nil
}

// with is the library with one domain more, and that domain; nil where nothing of it could be read.
func (l *Library) with(text []byte) (*Library, *domain, error) {
	d, wrong := readDomain(text)
	if d == nil {
		return l, nil, wrong
	}
	next := &Library{domains: slices.Clone(l.domains), compile: l.compile}
	if i := slices.IndexFunc(l.domains, func(x *domain) bool { return x.Name == d.Name }); i >= 0 {
		next.domains[i] = d
	} else {
		next.domains = append(next.domains, d)
	}
	return next, d, errors.Join(wrong, next.compileStories(d))
}

// Names lists the domains.
func (l *Library) Names() []string {
	l = l.now()
	names := make([]string, len(l.domains))
	for i, d := range l.domains {
		names[i] = d.Name
	}
	return names
}

// Highlight is the field of a kind of entity that its domain names to be shown in lists; "" when none does.
func (l *Library) Highlight(kind string) string {
	if l == nil {
		return ""
	}
	for _, d := range l.now().domains {
		if d.Entity == kind && d.Highlight.Value != "" {
			return d.Highlight.Value
		}
	}
	return ""
}

// Domains makes what an engine understands and folds events with. It is for one engine alone.
func (l *Library) Domains() sources.Domains {
	l = l.now()
	forms := make([]*understand.Domain, len(l.domains))
	for i, d := range l.domains {
		forms[i] = &d.Domain
	}
	return understand.New(forms)
}

// Commands lists what can be sent, domain by domain, in the order of their files.
func (l *Library) Commands() []*command.Command {
	var all []*command.Command
	for _, d := range l.compiled() {
		all = append(all, d.commands...)
	}
	return all
}

// Command finds a command by its full name, "deliveries.create".
func (l *Library) Command(name string) (*command.Command, error) {
	return command.Find(l.Commands(), name)
}

// Scripts lists the scripts, domain by domain, in the order of their files.
func (l *Library) Scripts() []*script.Script {
	var all []*script.Script
	for _, d := range l.compiled() {
		all = append(all, d.scripts...)
	}
	return all
}

// Script finds a script by its full name, "deliveries/happy-path".
func (l *Library) Script(name string) (*script.Script, error) {
	var names []string
	for _, s := range l.Scripts() {
		if s.FullName() == name {
			return s, nil
		}
		names = append(names, s.FullName())
	}
	return nil, fmt.Errorf("no script %q%s", name, nearest.Hint(name, names))
}

// LoadScript reads a file of scripts. It has the form of a domain's scripts section, with or without that key above it,
// and its steps name commands and stand-ins of the library in full, "deliveries.create". Its errors are of type *file.Error.
func (l *Library) LoadScript(name string, text []byte) ([]*script.Script, error) {
	scripts, err := script.Load(text, l.known())
	return scripts, file.InFile(name, err)
}

// known is what scripts can name.
func (l *Library) known() script.Known {
	return script.Known{Commands: l.Commands(), StandIns: l.standInNames(), Conditions: standin.Words(), Scripts: l.Scripts()}
}

// standIn finds a stand-in by its full name, or by the name it has in one of some domains.
func (l *Library) standIn(domains []string, name string) (found *standin.StandIn, err error) {
	for _, d := range l.compiled() {
		for _, s := range d.standIns {
			switch {
			case s.FullName() == name:
				return s, nil
			case s.Name != name || !slices.Contains(domains, s.Domain):
			case found != nil:
				err = fmt.Errorf("%s and %s are both stand-ins called %s: name one in full", found.FullName(), s.FullName(), name)
			default:
				found = s
			}
		}
	}
	if found == nil {
		err = fmt.Errorf("no stand-in %q%s", name, nearest.Hint(name, l.standInNames()))
	}
	return found, err
}

// KnowsStandIn is nil where a stand-in has a name, in full or within the domains of a script; else it says which there are.
func (l *Library) KnowsStandIn(s *script.Script, name string) error {
	_, err := l.standIn(ownDomains(s), name)
	return err
}

// StandIn finds a stand-in by its full name, or by its own where only one domain has such.
func (l *Library) StandIn(name string) (*standin.StandIn, error) {
	var domains []string
	for _, d := range l.compiled() {
		domains = append(domains, d.Name)
	}
	return l.standIn(domains, name)
}

// ownDomains are those whose stand-ins need no domain before their name where a script is run.
func ownDomains(s *script.Script) []string { return append([]string{s.Domain}, s.Uses...) }

// standInNames lists the full names of the stand-ins.
func (l *Library) standInNames() []string {
	var names []string
	for _, d := range l.compiled() {
		for _, s := range d.standIns {
			names = append(names, s.FullName())
		}
	}
	return names
}

// chosen finds domains by name; all when none is named.
func (l *Library) chosen(names []string) ([]*domain, error) {
	all := l.compiled()
	if len(names) == 0 {
		return all, nil
	}
	var out []*domain
	for _, name := range names {
		i := slices.IndexFunc(all, func(d *domain) bool { return d.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no domain %q%s", name, nearest.Hint(name, l.Names()))
		}
		out = append(out, all[i])
	}
	return out, nil
}

// readDomain reads and compiles a domain file. Where something is wrong with it there is a domain all the same, unless
// nothing could be read at all: what the rest of the file refers to is found in it.
func readDomain(text []byte) (*domain, error) {
	d, tree, wrong := parseDomain(text)
	if d == nil {
		return nil, wrong
	}
	return d, errors.Join(wrong, d.compile(tree))
}

// parseDomain reads a domain file; nothing of it is checked or compiled.
func parseDomain(text []byte) (*domain, ast.Node, error) {
	tree, err := file.Parse(text)
	if err != nil {
		return nil, nil, err
	}
	if tree == nil {
		return nil, nil, file.AtStart("want a domain file: domain, entity, events, fold, …")
	}
	d := &domain{}
	wrong := file.Decode(tree, &d.domainFile)
	d.text = text
	return d, tree, wrong
}

// Kinds lists the kinds of the domains' entities.
func (l *Library) Kinds() []string {
	l = l.now()
	var all []string
	for _, d := range l.domains {
		if !d.OnlySends() {
			all = append(all, d.Entity)
		}
	}
	return all
}
