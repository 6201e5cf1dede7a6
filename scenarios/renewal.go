package scenarios

import (
	"slices"
	"strings"

	"signalbox/scenarios/file"
)

// now is the library that was taken over last.
func (l *Library) now() *Library {
	if newer := l.newer.Load(); newer != nil {
		return newer
	}
	return l
}

// Become has the library have the domains of another, to which nothing is added any more.
func (l *Library) Become(other *Library) { l.newer.Store(other.now()) }

// Others tells of kinds of entities whether their rules are others in another library: those of domains that only one of the two
// has, or whose events or folds are written in another way. It is nil where there are none.
func (l *Library) Others(other *Library) func(kind string) bool {
	var kinds []string
	compare := func(these, those []*domain) {
		for _, d := range these {
			if !slices.ContainsFunc(those, func(x *domain) bool { return x.Name == d.Name && (x == d || x.rules() == d.rules()) }) {
				kinds = append(kinds, d.Entity, d.Events.Alone.Value)
			}
		}
	}
	compare(l.now().domains, other.now().domains)
	compare(other.now().domains, l.now().domains)
	if kinds == nil {
		return nil
	}
	return func(kind string) bool { return slices.Contains(kinds, kind) }
}

// rules is how it is written which events are the domain's own, and how they fold.
func (d *domain) rules() string {
	tree, err := file.Parse(d.text)
	if err != nil {
		return string(d.text)
	}
	pairs, err := file.Pairs(tree)
	if err != nil {
		return string(d.text)
	}
	var text strings.Builder
	for _, pair := range pairs {
		if slices.Contains([]string{"domain", "entity", "events", "states", "always", "fold"}, pair.Name) {
			text.WriteString(pair.Name + ": " + pair.Value.String() + "\n")
		}
	}
	return text.String()
}
