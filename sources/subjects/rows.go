package subjects

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Row is a subject, or what several have in common, with what has come on it since the station was attached.
type Row struct {
	Kind   RowKind
	Path   string // the subject; of a branch what its subjects begin with, a separator at its end; of other rows their branch
	Token  string // the last part of Path
	Depth  int    // from 0
	Hidden int    // of MoreRow: how many
	Events uint64
	Rate   float64 // events a second over the last second
	Last   time.Time
}

// RowKind is what a Row stands for.
type RowKind int

// Kinds of rows. The rows under a branch sum up to it.
const (
	LeafRow   RowKind = iota // one subject
	BranchRow                // all subjects that begin so
	MoreRow                  // those beyond Branch.Most
	OtherRow                 // those that there was no memory to tell apart
)

// Rows are the rows under the branches of one station that are unfolded, and how many events all of them have together. As
// long as hold is the same, and not 0, those that were listed keep their order, and new ones come behind them.
func (t *Tree) Rows(unfolded []Branch, hold uint64) (rows []Row, events uint64) {
	l := lister{tree: t, most: map[string]int{}, hold: hold}
	for _, b := range unfolded {
		l.most[b.Path] = b.Most
	}
	t.sumBranches()
	l.list(t.root, 0)
	return l.rows, t.root.events
}

// lister makes the rows of one tree.
type lister struct {
	tree *Tree
	most map[string]int // rows wanted under a branch that is unfolded
	hold uint64
	rows []Row
}

// list adds the rows under a branch, those with most events first, and in turn what is unfolded under them. Children stay
// sorted as they were listed last, so that sorting them again takes little.
func (l *lister) list(branch *node, depth int) {
	if l.hold == 0 || branch.held != l.hold {
		branch.held = l.hold
		slices.SortFunc(branch.kids, func(a, b *node) int {
			return cmp.Or(cmp.Compare(b.events, a.events), strings.Compare(a.path, b.path))
		})
	}
	most := min(max(l.most[branch.path], 0), len(branch.kids))
	for _, n := range branch.kids[:most] {
		r := l.row(n, LeafRow, depth)
		r.Path, r.Token = n.path, n.path[len(branch.path):]
		if l.tree.branches[n.path] == n {
			r.Kind = BranchRow
		}
		l.rows = append(l.rows, r)
		if _, unfolded := l.most[n.path]; unfolded && r.Kind == BranchRow {
			l.list(n, depth+1)
		}
	}
	if hidden := branch.kids[most:]; len(hidden) > 0 {
		r := Row{Kind: MoreRow, Path: branch.path, Depth: depth, Hidden: len(hidden)}
		for _, n := range hidden {
			other := l.row(n, MoreRow, depth)
			r.Events, r.Rate = r.Events+other.Events, r.Rate+other.Rate
			if other.Last.After(r.Last) {
				r.Last = other.Last
			}
		}
		l.rows = append(l.rows, r)
	}
	if branch.rest != nil {
		r := l.row(branch.rest, OtherRow, depth)
		r.Path = branch.path
		l.rows = append(l.rows, r)
	}
}

func (l *lister) row(n *node, kind RowKind, depth int) Row {
	return Row{Kind: kind, Depth: depth, Events: n.events, Rate: float64(n.rate(l.tree.ticks)), Last: time.Unix(0, n.at)}
}
