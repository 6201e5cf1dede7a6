// Package subjects counts the events of a station by their subjects (or channels, or keys), as a tree of tokens: how many
// have come on each subject, how many a second, and when the newest did. Its memory is bounded.
//
// A Tree is for one goroutine. Nothing in it blocks. Subjects that there is no place for are counted together.
package subjects

import (
	"fmt"
	"strings"

	"signalbox/bus"
)

// Tree has a leaf for each subject and a branch for each beginning that subjects have in common. "a" and "a." are a leaf
// and a branch beside each other, so that the children of a branch always sum up to it. A subject that there is no place
// for is counted in the rest of the nearest branch. A nil Tree counts nothing.
type Tree struct {
	marks    string // what ends a token
	space    *Space
	root     *node
	leaves   map[string]*node
	branches map[string]*node
	last     *node   // that the event before came on
	fresh    []*node // counted since sumBranches, but not yet in the branches above
	kept     int     // leaves and branches
	ticks    uint32  // seconds
	short    bool    // something found no place since the last tick
	past     bool    // what comes now is no part of the rates
}

// node is a leaf, a branch or the rest of one.
type node struct {
	path   string // of a branch with the separator at its end
	parent *node
	kids   []*node
	rest   *node // of a branch: what it has no places for; nil when there is nothing

	events uint64
	fresh  uint32 // counted but not yet in the branches above
	tick   uint32 // the second of its newest event
	second uint32 // events in it
	before uint32 // events in the second before that
	at     int64  // time of its newest event
	held   uint64 // of a branch: for what its kids were sorted last
}

// Space is the memory of all trees together, in bytes: what they hold, and the limit of that.
type Space struct{ Held, Limit int64 }

// Bounds of the subjects of a station.
const (
	mostSubjects = 10_000 // leaves and branches
	mostTokens   = 1000   // of them under one branch
	longestPath  = 256    // bytes
	nodeCost     = 184    // bytes, beside the path
)

// New makes the tree of a station; nil when the events of that station all come on one subject.
func New(s bus.Station, in *Space) *Tree {
	if s.Separators == "" {
		return nil
	}
	return &Tree{marks: s.Separators, space: in, root: &node{}, leaves: map[string]*node{}, branches: map[string]*node{}}
}

// Count counts an event that came on a subject at a time.
func (t *Tree) Count(name string, at int64) {
	if t != nil {
		t.add(name, at)
	}
}

// Past says whether what is counted from now on is read of the past: it is no part of the rates.
func (t *Tree) Past(past bool) {
	if t != nil && t.past != past {
		t.sumBranches()
		t.past = past
	}
}

func (t *Tree) add(name string, at int64) {
	n := t.last
	if n == nil || n.path != name {
		if n = t.leaves[name]; n == nil {
			n = t.grow(name)
		}
		t.last = n
	}
	if n.fresh == 0 {
		t.fresh = append(t.fresh, n)
	}
	n.fresh++
	n.at = at
}

// grow makes the leaf of a subject, and the branches that lead to it, as far as there are places.
func (t *Tree) grow(name string) *node {
	at := t.nearest(name)
	if !t.room(at, name) {
		return t.restOf(at)
	}
	name = strings.Clone(name) // it may lie in a buffer that is used again
	for {
		from := len(at.path)
		i := strings.IndexAny(name[from:], t.marks)
		if i < 0 {
			n := t.keep(at, name)
			t.leaves[name] = n
			return n
		}
		at = t.keep(at, name[:from+i+1])
		t.branches[at.path] = at
		if !t.room(at, name) {
			return t.restOf(at)
		}
	}
}

// nearest is the longest branch known that a subject begins with.
func (t *Tree) nearest(name string) *node {
	for end := len(name); ; {
		if end = strings.LastIndexAny(name[:end], t.marks); end < 0 {
			return t.root
		}
		if n := t.branches[name[:end+1]]; n != nil {
			return n
		}
	}
}

// room tells whether there is a place under a branch; when there is none, that is remembered.
func (t *Tree) room(branch *node, name string) bool {
	if len(name) > longestPath {
		return false
	}
	t.short = t.short || t.crowded(branch)
	return !t.crowded(branch)
}

// Full tells whether a subject was counted with the rest for want of a place, since the last Tick.
func (t *Tree) Full() bool { return t != nil && t.short }

// Bounds says how many subjects are counted each for itself.
func Bounds() string {
	return fmt.Sprintf("%d of a station, %d below one branch, and no more than memory allows", mostSubjects, mostTokens)
}

func (t *Tree) crowded(branch *node) bool {
	return t.kept >= mostSubjects || len(branch.kids) >= mostTokens || t.space.Held >= t.space.Limit
}

func (t *Tree) keep(parent *node, path string) *node {
	n := &node{path: path, parent: parent, tick: t.ticks}
	parent.kids = append(parent.kids, n)
	t.kept++
	t.space.Held += nodeCost + int64(len(path))
	return n
}

// restOf is where a branch counts what it has no places for.
func (t *Tree) restOf(branch *node) *node {
	if branch.rest == nil {
		branch.rest = &node{parent: branch, tick: t.ticks}
		t.space.Held += nodeCost
	}
	return branch.rest
}
