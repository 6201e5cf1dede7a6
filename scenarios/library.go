// Package scenarios holds domains: files that say how a family of events folds into the state of entities, and what can
// be sent. A Library is a set of them. From it come the folds an engine uses (Domains), the commands a person can send
// (Commands), and the scripts and stand-ins that make a story of them.
//
// A Library is made and added to by one goroutine. Once nothing is added any more, every method may be called from any
// goroutine. What Domains returns belongs to one engine and is used on its goroutine only.
package scenarios

import (
	"embed"
	"fmt"
	"path"
	"slices"

	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/sources"
)

//go:embed library/*.yaml
var builtin embed.FS

// Library is a set of domains.
type Library struct {
	domains []*domain
}

// Builtin is the library of the domains that come with signalbox.
func Builtin() *Library {
	l := &Library{}
	for _, name := range []string{"orders.yaml", "votes.yaml", "deliveries.yaml"} {
		text, err := builtin.ReadFile(path.Join("library", name))
		if err == nil {
			err = l.Add(name, text)
		}
		if err != nil {
			panic(fmt.Sprintf("built-in domain: %v", err)) // a test adds each of them
		}
	}
	return l
}

// Add reads a domain file. A domain takes the place of one of the same name. When something is wrong with the file, the
// error is a *FileError and the library is as it was.
func (l *Library) Add(name string, text []byte) error {
	d, err := readDomain(text)
	if err != nil {
		return file.InFile(name, err)
	}
	next := Library{domains: slices.Clone(l.domains)}
	if i := slices.IndexFunc(l.domains, func(x *domain) bool { return x.name == d.name }); i >= 0 {
		next.domains[i] = d
	} else {
		next.domains = append(next.domains, d)
	}
	if err := next.rehearse(d); err != nil {
		return file.InFile(name, err)
	}
	l.domains = next.domains
	return nil
}

// Names lists the domains.
func (l *Library) Names() []string {
	names := make([]string, len(l.domains))
	for i, d := range l.domains {
		names[i] = d.name
	}
	return names
}

// Domains makes what an engine understands and folds events with. It is for one engine alone.
func (l *Library) Domains() sources.Domains {
	return newUnderstanding(l.domains)
}

// Commands lists what can be sent, domain by domain, in the order of their files.
func (l *Library) Commands() []*Command {
	var all []*Command
	for _, d := range l.domains {
		all = append(all, d.commands...)
	}
	return all
}

// Command finds a command by its full name, "deliveries.create".
func (l *Library) Command(name string) (*Command, error) {
	var names []string
	for _, c := range l.Commands() {
		if c.FullName() == name {
			return c, nil
		}
		names = append(names, c.FullName())
	}
	return nil, fmt.Errorf("no command %q%s", name, nearest.Hint(name, names))
}

// readDomain reads and compiles a domain file.
func readDomain(text []byte) (*domain, error) {
	tree, err := file.Parse(text)
	if err != nil {
		return nil, err
	}
	if tree == nil {
		return nil, file.AtStart("want a domain file: domain, entity, events, fold, …")
	}
	d := &domain{}
	if err := file.Decode(tree, &d.domainFile); err != nil {
		return nil, err
	}
	return d, d.compile(tree)
}
