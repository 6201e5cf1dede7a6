package fold

import (
	"signalbox/sources"
	"signalbox/sources/state"
)

// Kinds are the kinds of entities that one engine knows, each with the fold of the events that no rule is for.
type Kinds struct {
	kinds  map[string]*state.Kind
	merges map[*state.Kind]*Merge
}

// NewKinds has no kinds yet.
func NewKinds() *Kinds {
	return &Kinds{kinds: map[string]*state.Kind{}, merges: map[*state.Kind]*Merge{}}
}

// Find finds a kind, or returns nil.
func (k *Kinds) Find(name string) *state.Kind { return k.kinds[name] }

// Kind finds a kind of entity, or makes it.
func (k *Kinds) Kind(name string) *state.Kind {
	kind := k.kinds[name]
	if kind == nil {
		kind = state.NewKind(name)
		k.kinds[name] = kind
	}
	return kind
}

// Merging is the fold by merging for a kind.
func (k *Kinds) Merging(kind *state.Kind) *Merge {
	m := k.merges[kind]
	if m == nil {
		m = &Merge{kind: kind, slots: map[string]int{}}
		m.replacing.Merge = m
		k.merges[kind] = m
	}
	return m
}

// Replacing is the fold for the values of keys: each takes the place of the one before.
func (k *Kinds) Replacing(kind *state.Kind) sources.Fold { return &k.Merging(kind).replacing }
