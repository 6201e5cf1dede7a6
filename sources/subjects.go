package sources

import (
	"strings"

	"signalbox/bus"
)

// subjects counts the events of one station by what they came on (its subjects, channels or keys), as a tree of tokens:
// a leaf for each subject, a branch for each beginning that subjects have in common. "a" and "a." are a leaf and a branch
// beside each other, so that the children of a branch always sum up to it. A subject that there is no place for is
// counted in the rest of the nearest branch.
//
// A nil one counts nothing. It belongs to the engine's goroutine, as all that the engine keeps.
type subjects struct {
	marks    string // what ends a token
	space    *space
	root     *subject
	leaves   map[string]*subject
	branches map[string]*subject
	last     *subject   // that the event before came on
	fresh    []*subject // counted since settle, but not yet in the branches above
	kept     int        // leaves and branches
	ticks    uint32     // seconds
	short    bool       // something found no place since the last tick
}

// subject is a leaf, a branch or the rest of one.
type subject struct {
	path   string // of a branch with the separator at its end
	parent *subject
	kids   []*subject
	rest   *subject // of a branch: what it has no places for; nil when there is nothing

	events uint64
	fresh  uint32 // counted but not settled
	tick   uint32 // the second of its newest event
	second uint32 // events in it
	before uint32 // events in the second before that
	at     int64  // time of its newest event
}

// space is what the subjects of all stations hold, and may hold.
type space struct{ held, limit int64 }

// Bounds of the subjects of a station.
const (
	mostSubjects = 10_000 // leaves and branches
	mostTokens   = 1000   // of them under one branch
	longestPath  = 256    // bytes
	subjectCost  = 184    // bytes, beside the path
)

// several tells whether events of a station come on several subjects.
func several(s bus.Station) bool {
	switch s.Kind {
	case bus.Bucket, bus.Pattern, bus.Keys:
		return true
	case bus.Stream, bus.Subject:
		return len(s.Subjects) != 1 || strings.ContainsAny(s.Subjects[0], "*>")
	}
	return false
}

// newSubjects is nil for a station whose events all come on one subject.
func newSubjects(s bus.Station, in *space) *subjects {
	if !several(s) {
		return nil
	}
	t := &subjects{marks: ".", space: in, root: &subject{}, leaves: map[string]*subject{}, branches: map[string]*subject{}}
	if s.Kind == bus.Pattern || s.Kind == bus.Keys {
		t.marks = ":."
	}
	return t
}

// count counts an event.
func (t *subjects) count(name string, at int64) {
	if t != nil {
		t.add(name, at)
	}
}

func (t *subjects) add(name string, at int64) {
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
func (t *subjects) grow(name string) *subject {
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
func (t *subjects) nearest(name string) *subject {
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
func (t *subjects) room(branch *subject, name string) bool {
	if len(name) > longestPath {
		return false
	}
	t.short = t.short || t.crowded(branch)
	return !t.crowded(branch)
}

func (t *subjects) crowded(branch *subject) bool {
	return t.kept >= mostSubjects || len(branch.kids) >= mostTokens || t.space.held >= t.space.limit
}

func (t *subjects) keep(parent *subject, path string) *subject {
	n := &subject{path: path, parent: parent, tick: t.ticks}
	parent.kids = append(parent.kids, n)
	t.kept++
	t.space.held += subjectCost + int64(len(path))
	return n
}

// restOf is where a branch counts what it has no places for.
func (t *subjects) restOf(branch *subject) *subject {
	if branch.rest == nil {
		branch.rest = &subject{parent: branch, tick: t.ticks}
		t.space.held += subjectCost
	}
	return branch.rest
}
