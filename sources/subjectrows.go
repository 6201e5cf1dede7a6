package sources

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// SubjectTree is what a View has unfolded of one station.
type SubjectTree struct {
	Station int    // index in Snapshot.Stations
	Events  uint64 // that were counted in all, the sum over the rows of Depth 0
	Rows    []SubjectRow
}

// SubjectRow is a subject, or what several have in common, with what has come on it since the station was attached.
type SubjectRow struct {
	Kind   SubjectKind
	Path   string // the subject; of a branch what its subjects begin with, a separator at its end; of other rows their branch
	Token  string // the last part of Path
	Depth  int    // from 0
	Hidden int    // of MoreSubjects: how many
	Events uint64
	Rate   float64 // events a second over the last second
	Last   time.Time
}

// SubjectKind is what a SubjectRow stands for.
type SubjectKind int

// Kinds of rows. The rows under a branch sum up to it.
const (
	Subject       SubjectKind = iota // one subject
	SubjectBranch                    // all subjects that begin so
	MoreSubjects                     // those beyond Branch.Most
	OtherSubjects                    // those that there was no memory to tell apart
)

// subjectTrees are the trees that a view has unfolded, in the order of the stations.
func (e *Engine) subjectTrees(v *View) []SubjectTree {
	var out []SubjectTree
	branches := v.Subjects.Branches()
	for _, u := range branches {
		s := e.byKey[u.Station]
		if u.Path != "" || s == nil || s.subjects == nil {
			continue
		}
		l := subjectLister{tree: s.subjects, most: map[string]int{}}
		for _, other := range branches {
			if other.Station == u.Station {
				l.most[other.Path] = other.Most
			}
		}
		l.tree.settle()
		l.list(l.tree.root, 0)
		out = append(out, SubjectTree{Station: int(s.index), Events: l.tree.root.events, Rows: l.rows})
	}
	slices.SortFunc(out, func(a, b SubjectTree) int { return cmp.Compare(a.Station, b.Station) })
	return out
}

// subjectLister makes the rows of one tree.
type subjectLister struct {
	tree *subjects
	most map[string]int // rows wanted under a branch that is unfolded
	rows []SubjectRow
}

// list adds the rows under a branch, those with most events first, and in turn what is unfolded under them. Children stay
// sorted as they were listed last, so that sorting them again takes little.
func (l *subjectLister) list(branch *subject, depth int) {
	slices.SortFunc(branch.kids, func(a, b *subject) int {
		return cmp.Or(cmp.Compare(b.events, a.events), strings.Compare(a.path, b.path))
	})
	most := min(max(l.most[branch.path], 0), len(branch.kids))
	for _, n := range branch.kids[:most] {
		r := l.row(n, Subject, depth)
		r.Path, r.Token = n.path, n.path[len(branch.path):]
		if l.tree.branches[n.path] == n {
			r.Kind = SubjectBranch
		}
		l.rows = append(l.rows, r)
		if _, unfolded := l.most[n.path]; unfolded && r.Kind == SubjectBranch {
			l.list(n, depth+1)
		}
	}
	if hidden := branch.kids[most:]; len(hidden) > 0 {
		r := SubjectRow{Kind: MoreSubjects, Path: branch.path, Depth: depth, Hidden: len(hidden)}
		for _, n := range hidden {
			other := l.row(n, MoreSubjects, depth)
			r.Events, r.Rate = r.Events+other.Events, r.Rate+other.Rate
			if other.Last.After(r.Last) {
				r.Last = other.Last
			}
		}
		l.rows = append(l.rows, r)
	}
	if branch.rest != nil {
		r := l.row(branch.rest, OtherSubjects, depth)
		r.Path = branch.path
		l.rows = append(l.rows, r)
	}
}

func (l *subjectLister) row(n *subject, kind SubjectKind, depth int) SubjectRow {
	return SubjectRow{Kind: kind, Depth: depth, Events: n.events, Rate: float64(n.rate(l.tree.ticks)), Last: time.Unix(0, n.at)}
}
