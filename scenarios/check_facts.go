package scenarios

import (
	"slices"
	"strings"

	"signalbox/bus/glob"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/sources/state"
)

// facts are what rules can make of the entities of a kind.
type facts struct {
	fields   []string
	statuses []string
	reasons  []string // of refusals
	open     bool     // there may be other fields and statuses
}

// kind gathers the facts of a kind of entities; everything is open for one that no domain has.
func (c *checker) kind(name string) facts {
	var f facts
	known := false
	for _, d := range c.domains {
		if d.Entity == name {
			known = true
			d.facts(&f)
		}
		if d.Events.Alone.Value == name && name != d.Entity {
			known = true
			for _, rule := range d.Fold {
				if rule.Value.Alone == nil {
					f.open = true // it is folded by merging
					continue
				}
				made := rule.Value.Alone.Facts()
				f.fields = append(f.fields, made.Fields...)
				f.open = f.open || made.Open
				f.statuses = append(f.statuses, values(made.Statuses)...)
			}
		}
	}
	f.open = f.open || !known
	return f
}

// facts adds those of the domain's own entities.
func (d *domain) facts(f *facts) {
	f.statuses = append(f.statuses, d.States.Values()...)
	f.reasons = append(f.reasons, names(d.Always.Reject)...)
	for _, rule := range d.Fold {
		made := rule.Value.Facts()
		f.fields = append(f.fields, made.Fields...)
		f.statuses = append(f.statuses, values(made.Statuses)...)
		f.reasons = append(f.reasons, names(rule.Value.Reject)...)
		f.open = f.open || made.Open
	}
	f.open = f.open || len(d.Fold) == 0
	if len(d.States) > 0 {
		f.fields = append(f.fields, state.StatusField)
	}
}

func names[T any](section file.Map[T]) []string {
	all := make([]string, len(section))
	for i := range section {
		all[i] = section[i].Name
	}
	return all
}

func values(texts []file.Text) []string { return file.Texts(texts).Values() }

// kinds lists the kinds of entities that domains have.
func (c *checker) kinds() []string {
	var all []string
	for _, d := range c.domains {
		all = append(all, d.Entity)
		all = append(all, names(d.Events.Names)...)
	}
	return all
}

// folds tells whether the domain has a rule for a type.
func (d *domain) folds(kind string) bool {
	return slices.ContainsFunc(d.Fold, func(e rule) bool {
		return e.Name == kind || e.Value.Wire.Value != "" && glob.Match(e.Value.Wire.Value, kind)
	})
}

// station checks that the domain lists a station, where it lists any.
func (c *checker) station(d *domain, name file.Text) {
	if len(d.Stations) == 0 || name.Node == nil || d.lists(name.Value) {
		return
	}
	known := append(names(d.Stations), values(d.Events.Stations)...)
	c.fault(file.At(name.Node, "no station %q is among those that %s lists%s", name.Value, d.Name, nearest.Hint(name.Value, known)))
}

// lists tells whether the domain names a station, or a subject of one.
func (d *domain) lists(name string) bool {
	for _, s := range d.Stations {
		if s.Name == name || slices.ContainsFunc(s.Value.Subjects.Values(), func(subject string) bool { return takes(subject, name) }) {
			return true
		}
	}
	return slices.ContainsFunc(values(d.Events.Stations), func(pattern string) bool { return glob.Match(pattern, name) })
}

// mayTake tells whether a subject with wildcards may be about one that begins so; where the beginning ends within a token, that
// may be any.
func mayTake(pattern, beginning string) bool {
	patterns, tokens := strings.Split(pattern, "."), strings.Split(beginning, ".")
	tokens = tokens[:len(tokens)-1]
	for i, token := range tokens {
		switch {
		case i >= len(patterns):
			return false
		case patterns[i] == ">":
			return true
		case patterns[i] != "*" && patterns[i] != token:
			return false
		}
	}
	return len(patterns) > len(tokens)
}

// takes tells whether a subject with wildcards is about a subject.
func takes(pattern, subject string) bool {
	patterns, tokens := strings.Split(pattern, "."), strings.Split(subject, ".")
	for i, p := range patterns {
		switch {
		case i >= len(tokens):
			return false
		case p == ">":
			return true
		case p != "*" && p != tokens[i]:
			return false
		}
	}
	return len(patterns) == len(tokens)
}
