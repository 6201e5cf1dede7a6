// Package graph draws graphs in layers from left to right: boxes, and wires with labels between them, in the cells of a terminal
// or as SVG. It knows nothing of what the boxes stand for.
//
// Nothing in it waits. A layout takes longer the more boxes there are: it is for some dozens.
package graph

import "slices"

// Graph is what is drawn.
type Graph struct {
	Nodes []Node
	Edges []Edge // those that matter most first: of a circle, the last one goes backwards
}

// Node is a box with lines of clean text, the first of them its name; without lines it is a point.
type Node struct{ Lines []string }

// Edge leads from one node to another one.
type Edge struct {
	From, To int
	Labels   []string // one of them stands on the wire: the first that leaves room for all
}

// Drawing is where everything stands, in cells.
type Drawing struct {
	Width, Height int
	Boxes         []Box  // by node
	Wires         []Wire // by edge
}

// Box is where a node stands, its border included.
type Box struct {
	X, Y, W, H int
	Lines      []string
	Point      bool // it has no border
}

// Wire is the way of an edge from its left end to its right one.
type Wire struct {
	Points []Point // corners, with both ends
	Back   bool    // it leads from right to left
	Label  string
	At     Point // where the label begins
}

// Point is a cell.
type Point struct{ X, Y int }

// tight is how much is left out to make a drawing smaller: which labels are taken, how long names may be, and how much of a wire is
// before and behind its label.
type tight struct{ label, name, pad int }

// tights are what is tried, the roomiest first.
var tights = []tight{{0, 60, 1}, {1, 60, 1}, {2, 60, 1}, {2, 16, 1}, {3, 16, 1}, {3, 16, 0}, {3, 11, 0}}

// Lay lays a graph out in at most so many cells; false where it does not fit.
func Lay(g *Graph, width, height int) (*Drawing, bool) {
	if len(g.Nodes) == 0 {
		return nil, false
	}
	order := newLayers(g)
	for _, t := range tights {
		if d := newPlan(g, order, t).draw(); d.Width <= width && d.Height <= height {
			return d, true
		}
	}
	return nil, false
}

// layers are the nodes in layers, and the pieces of edges between neighbouring layers.
type layers struct {
	layer []int    // by node
	slots [][]slot // by layer, from top to bottom
	back  []bool   // by edge
}

// slot is a place in a layer: a node, or an edge that passes through.
type slot struct {
	node int // -1 for none
	edge int // that passes, where node is -1
	rank float64
}

func newLayers(g *Graph) *layers {
	l := &layers{layer: make([]int, len(g.Nodes)), back: make([]bool, len(g.Edges))}
	l.turnBack(g)
	l.assign(g)
	most := slices.Max(l.layer)
	l.slots = make([][]slot, most+1)
	for n := range g.Nodes {
		l.slots[l.layer[n]] = append(l.slots[l.layer[n]], slot{node: n})
	}
	for e := range g.Edges {
		from, to := l.ends(g, e)
		for at := l.layer[from] + 1; at < l.layer[to]; at++ {
			l.slots[at] = append(l.slots[at], slot{node: -1, edge: e})
		}
	}
	for range 6 {
		l.sort(g, false)
		l.sort(g, true)
	}
	l.sort(g, false)
	return l
}

// ends are the nodes of an edge from left to right.
func (l *layers) ends(g *Graph, e int) (left, right int) {
	if l.back[e] {
		return g.Edges[e].To, g.Edges[e].From
	}
	return g.Edges[e].From, g.Edges[e].To
}

// turnBack finds the edges that close circles.
func (l *layers) turnBack(g *Graph) {
	const fresh, open, done = 0, 1, 2
	state := make([]int, len(g.Nodes))
	var visit func(n int)
	visit = func(n int) {
		state[n] = open
		for i, e := range g.Edges {
			switch {
			case e.From != n:
			case state[e.To] == open:
				l.back[i] = true
			case state[e.To] == fresh:
				visit(e.To)
			}
		}
		state[n] = done
	}
	for n := range g.Nodes {
		if state[n] == fresh {
			visit(n)
		}
	}
}

// assign puts each node one layer behind the last of those that lead to it.
func (l *layers) assign(g *Graph) {
	for range g.Nodes {
		changed := false
		for e := range g.Edges {
			from, to := l.ends(g, e)
			if from != to && l.layer[to] <= l.layer[from] {
				l.layer[to], changed = l.layer[from]+1, true
			}
		}
		if !changed {
			return
		}
	}
}

// sort puts the slots of each layer in the order of what they are connected with in the layer before, or behind.
func (l *layers) sort(g *Graph, backwards bool) {
	for i := range l.slots {
		at, beside := i, i-1
		if backwards {
			at = len(l.slots) - 1 - i
			beside = at + 1
		}
		if beside < 0 || beside >= len(l.slots) {
			continue
		}
		for j := range l.slots[at] {
			s := &l.slots[at][j]
			sum, n := 0.0, 0
			for e := range g.Edges {
				if l.touches(g, s, e) {
					if k := l.place(g, beside, e); k >= 0 {
						sum, n = sum+float64(k), n+1
					}
				}
			}
			if s.rank = float64(j); n > 0 {
				s.rank = sum / float64(n)
			}
		}
		slices.SortStableFunc(l.slots[at], func(a, b slot) int {
			switch {
			case a.rank < b.rank:
				return -1
			case a.rank > b.rank:
				return 1
			}
			return 0
		})
	}
}

// touches tells whether an edge begins, ends or passes at a slot.
func (l *layers) touches(g *Graph, s *slot, e int) bool {
	if s.node < 0 {
		return s.edge == e
	}
	return g.Edges[e].From == s.node || g.Edges[e].To == s.node
}

// place is the place in a layer where an edge begins, ends or passes; -1 when it does not.
func (l *layers) place(g *Graph, layer, e int) int {
	return slices.IndexFunc(l.slots[layer], func(s slot) bool { return l.touches(g, &s, e) })
}
