package target

import (
	"errors"
	"maps"
	"slices"

	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/config"
)

// Context is the flag --context: an empty name, when it is given, is the context that is selected in the program that
// keeps contexts.
type Context struct {
	Name  string
	Given bool
}

// Names are what names a bus besides the arguments and the environment.
type Names struct {
	Context Context
	Config  config.Config // what may be used of signalbox.yaml
	User    config.User

	// Untrusted is signalbox.yaml while it is not trusted: nothing of it is used, unless what is wanted is named by it alone.
	// Then Ask asks for trust, and puts what may be used into Config; else Unused is told that it is left out.
	Untrusted *config.Config
	Ask       func() error
	Unused    func()
}

// inContext finds a context by name. It asks for trust when only a file without it has the context.
func (n *Names) inContext(name string) (Target, error) {
	t, err := n.known(name)
	if err == nil || n.Untrusted == nil || n.Untrusted.Contexts[name].URL.Value == "" {
		return t, err
	}
	if err := n.Ask(); err != nil {
		return Target{}, err
	}
	return n.known(name)
}

// known finds a context: one of signalbox.yaml, of the user's configuration, or else one that a broker's own program keeps.
// One that has no URL is about the next of that name.
func (n *Names) known(name string) (Target, error) {
	t := Target{Context: name}
	if name == "" {
		t.Context = selected()
	}
	for _, place := range []config.Place{n.Config.Contexts[name], n.User.Contexts[name]} {
		if t.Stations == nil {
			t.Stations = place.Stations.Values()
		}
		if t.URL = place.URL.Value; t.URL != "" {
			return t, nil
		}
	}
	var unknown []error
	for _, b := range brokers.Table {
		if b.Contexts.Find == nil {
			continue
		}
		found, err := b.Contexts.Find(name)
		if err == nil {
			t.connector = found
			return t, nil
		}
		unknown = append(unknown, err)
	}
	return Target{}, errors.Join(unknown...)
}

// Contexts are the names by which buses are known, those of the configurations first.
func (n *Names) Contexts() []string {
	all := slices.Sorted(maps.Keys(n.Config.Contexts))
	for _, name := range slices.Sorted(maps.Keys(n.User.Contexts)) {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	for _, b := range brokers.Table {
		if b.Contexts.Names != nil {
			all = append(all, b.Contexts.Names()...)
		}
	}
	return all
}

// Taken says where a context of a name is, besides signalbox.yaml; "" when it is nowhere.
func (n *Names) Taken(name string) string {
	if n.User.Contexts[name].URL.Value != "" {
		return n.User.Path
	}
	for _, b := range brokers.Table {
		if b.Contexts.Names != nil && slices.Contains(b.Contexts.Names(), name) {
			return b.Contexts.Of
		}
	}
	return ""
}

// selected is the name of the context that is selected in the program that keeps them.
func selected() string {
	for _, b := range brokers.Table {
		if b.Contexts.Selected != nil {
			return b.Contexts.Selected()
		}
	}
	return ""
}

// settled tells of a file that is not trusted and so is left out.
func (n *Names) settled() {
	if n.Untrusted != nil && n.Unused != nil {
		n.Unused()
	}
}
