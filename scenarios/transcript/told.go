package transcript

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// told is an entity of which a step told something.
type told struct {
	entity   sources.Entity
	older    bool // it began before the first step that told of it
	lost     bool // a step that would make one of its events is missing
	named    bool // in the remarks
	version  uint64
	rejected int
	last     time.Time
	after    []state.Field
	leaves   map[string]leaf // what was expected of it, by its place
	said     struct {
		version  uint64
		rejected int
	}
}

// leaf is a value in a state that is no object.
type leaf struct {
	path  []string
	value any
}

// begin is an entity at the first step that tells of it.
func begin(e *sources.Event) *told {
	entity := e.Entity()
	return &told{entity: sources.Entity{Kind: entity.Kind, ID: strings.Clone(entity.ID)}, older: e.Partial || e.Version > 1,
		leaves: map[string]leaf{}}
}

// judged tells whether it is known how a run would find it.
func (a *told) judged() bool { return !a.older && !a.lost }

// see takes what an event did to it.
func (a *told) see(e *sources.Event) {
	if e.Rejected != "" {
		a.rejected++
	}
	a.version, a.last = e.Version, e.Time()
	a.older = a.older || e.Partial
	if m := sources.MomentOf(e); !m.NoAfter {
		a.after = m.After
	}
}

// quickly is a time in which expectations are met that say nothing of it.
const quickly = time.Second

// longest bounds what an expectation waits.
const longest = 10 * time.Minute

// within says how long a step took until the entity was as it is expected, where that was long.
func (a *told) within(since time.Time) string {
	took := a.last.Sub(since)
	if took <= quickly {
		return ""
	}
	return fmt.Sprintf(", within: %s", min(2*took+quickly, longest).Round(time.Second))
}

// changed is what is another about an entity since it was told; "" where nothing is, or it is not known.
func (t *Transcript) changed(a *told) string {
	if !a.judged() {
		return ""
	}
	var all []string
	is := map[string]leaf{}
	for _, f := range a.after {
		flatten(is, []string{f.Name}, expression.Any(f.Value))
	}
	for _, place := range slices.Sorted(maps.Keys(is)) {
		now := is[place]
		before, there := a.leaves[place]
		if there && fmt.Sprint(before.value) == fmt.Sprint(now.value) {
			continue
		}
		if text, ok := t.holds(now); ok {
			all = append(all, text)
		}
	}
	for _, place := range slices.Sorted(maps.Keys(a.leaves)) {
		if _, there := is[place]; !there && !slices.ContainsFunc(slices.Collect(maps.Keys(is)), func(p string) bool { return strings.HasPrefix(p, place+"\x00") }) {
			if text, ok := t.holds(leaf{a.leaves[place].path, nil}); ok {
				all = append(all, text)
			}
		}
	}
	slices.SortStableFunc(all, func(x, y string) int { return first(x) - first(y) })
	if a.version != a.said.version || len(all) > 0 || a.rejected != a.said.rejected {
		all = append(all, "version == "+strconv.FormatUint(a.version, 10))
	}
	if a.rejected != a.said.rejected {
		all = append(all, "rejected == "+strconv.Itoa(a.rejected))
	}
	a.leaves, a.said.version, a.said.rejected = is, a.version, a.rejected
	return strings.Join(all, " && ")
}

// first puts the status before fields.
func first(condition string) int {
	if strings.HasPrefix(condition, "status ") {
		return 0
	}
	return 1
}

// flatten finds the leaves of a value.
func flatten(to map[string]leaf, path []string, v any) {
	switch x := v.(type) {
	case map[string]any:
		for name, value := range x {
			flatten(to, append(slices.Clip(path), name), value)
		}
		return
	case []any:
		nested := slices.ContainsFunc(x, func(one any) bool {
			switch one.(type) {
			case map[string]any, []any:
				return true
			}
			return false
		})
		if nested {
			for i, value := range x {
				flatten(to, append(slices.Clip(path), "#"+strconv.Itoa(i)), value)
			}
			return
		}
	}
	to[strings.Join(path, "\x00")] = leaf{path, v}
}
