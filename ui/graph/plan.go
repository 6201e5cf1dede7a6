package graph

import (
	"cmp"
	"slices"

	"signalbox/ui/screen"
)

// plan is a layout in the making.
type plan struct {
	*layers
	g     *Graph
	boxes []Box
	label []string // by edge
	rows  [][]int  // by edge: the row on which it is in each layer that it touches or passes, from left to right
	ends  [][2]int // by edge: its rows at its left and its right end
	x, w  []int    // by layer
	pad   int
	left  [][]int // by node: the edges at its left side, from top to bottom
	right [][]int
}

func newPlan(g *Graph, l *layers, t tight) *plan {
	p := &plan{layers: l, g: g, boxes: make([]Box, len(g.Nodes)), label: make([]string, len(g.Edges)), rows: make([][]int, len(g.Edges)),
		ends: make([][2]int, len(g.Edges)), x: make([]int, len(l.slots)), pad: t.pad, w: make([]int, len(l.slots)),
		left: make([][]int, len(g.Nodes)), right: make([][]int, len(g.Nodes))}
	for e := range g.Edges {
		if labels := g.Edges[e].Labels; len(labels) > 0 {
			p.label[e] = labels[min(t.label, len(labels)-1)]
		}
		from, to := l.ends(g, e)
		p.right[from] = append(p.right[from], e)
		p.left[to] = append(p.left[to], e)
	}
	for n := range g.Nodes {
		p.sortPorts(n)
		p.size(n, t.name)
	}
	for at := range l.slots {
		p.stack(at)
	}
	p.settle()
	return p
}

// sortPorts puts the edges at both sides of a node in the order of where they come from and lead to.
func (p *plan) sortPorts(n int) {
	at := p.layer[n]
	p.right[n] = p.sorted(p.right[n], at+1)
	p.left[n] = p.sorted(p.left[n], at-1)
}

func (p *plan) sorted(edges []int, beside int) []int {
	slices.SortStableFunc(edges, func(a, b int) int { return cmp.Compare(p.place(p.g, beside, a), p.place(p.g, beside, b)) })
	return edges
}

// size measures a box.
func (p *plan) size(n, mostName int) {
	b := &p.boxes[n]
	ports := max(len(p.left[n]), len(p.right[n]))
	if b.Point = len(p.g.Nodes[n].Lines) == 0; b.Point {
		b.W, b.H = 1, max(ports, 1)
		return
	}
	for _, line := range p.g.Nodes[n].Lines {
		line = screen.CutMiddle(line, mostName)
		b.Lines = append(b.Lines, line)
		b.W = max(b.W, screen.Cells(line)+4)
	}
	b.H = max(len(b.Lines), ports) + 2
}

// port is the row of a port within a box that has so many at that side.
func (b *Box) port(i, of int) int {
	if b.Point {
		return b.Y + i
	}
	return b.Y + 1 + (b.H-2-of)/2 + i
}

// stack places the slots of a layer below each other, each as near as can be to where its wires come from.
func (p *plan) stack(at int) {
	y := 0
	for _, s := range p.slots[at] {
		if s.node < 0 {
			y = max(y, p.before(s.edge))
			p.rows[s.edge] = append(p.rows[s.edge], y)
			y++
			continue
		}
		b := &p.boxes[s.node]
		b.Y = 0
		if n := len(p.left[s.node]); n > 0 {
			e := n / 2
			b.Y = p.before(p.left[s.node][e]) - b.port(e, n)
		}
		b.Y = max(y, b.Y)
		y = b.Y + b.H
		if b.Point {
			y++
		}
		for i, e := range p.left[s.node] {
			p.ends[e][1] = b.port(i, len(p.left[s.node]))
		}
		for i, e := range p.right[s.node] {
			p.ends[e][0] = b.port(i, len(p.right[s.node]))
		}
		p.w[at] = max(p.w[at], b.W)
	}
}

// before is the row of an edge in the layer before the one that is stacked.
func (p *plan) before(e int) int {
	if n := len(p.rows[e]); n > 0 {
		return p.rows[e][n-1]
	}
	return p.ends[e][0]
}

// settle lets the first box of each layer that stands alone there come as low as where its wires lead.
func (p *plan) settle() {
	for at := len(p.slots) - 2; at >= 0; at-- {
		if len(p.slots[at]) != 1 || p.slots[at][0].node < 0 {
			continue
		}
		n := p.slots[at][0].node
		edges := p.right[n]
		if len(edges) == 0 {
			continue
		}
		middle := len(edges) / 2
		by := p.after(edges[middle]) - p.ends[edges[middle]][0]
		if by <= 0 {
			continue
		}
		p.boxes[n].Y += by
		for _, e := range p.left[n] {
			p.ends[e][1] += by
		}
		for _, e := range edges {
			p.ends[e][0] += by
		}
	}
}

// after is the row of an edge in the layer behind the one where it begins.
func (p *plan) after(e int) int {
	if len(p.rows[e]) > 0 {
		return p.rows[e][0]
	}
	return p.ends[e][1]
}

// hop is a piece of a wire between two layers.
type hop struct {
	edge         int
	from, to     int // rows
	first, final bool
	track        int // -1 where it is straight
}

// hops are the pieces of wires behind a layer.
func (p *plan) hops(at int) []hop {
	var all []hop
	for e := range p.g.Edges {
		left, right := p.layers.ends(p.g, e)
		a, b := p.layer[left], p.layer[right]
		if at < a || at >= b {
			continue
		}
		h := hop{edge: e, first: at == a, final: at+1 == b, track: -1}
		if h.from = p.ends[e][0]; !h.first {
			h.from = p.rows[e][at-a-1]
		}
		if h.to = p.ends[e][1]; !h.final {
			h.to = p.rows[e][at-a]
		}
		all = append(all, h)
	}
	return all
}

// route gives each piece that is not straight a column of its own, so that no two lie on each other: one that begins on the row
// where another ends turns before that. It tells how many columns there are.
func route(hops []hop) int {
	var bent []int
	for i := range hops {
		if hops[i].from != hops[i].to {
			bent = append(bent, i)
		}
	}
	slices.SortStableFunc(bent, func(a, b int) int { // those that go far turn late: fewer cross
		x, y := &hops[a], &hops[b]
		down, other := x.to > x.from, y.to > y.from
		switch {
		case down && other:
			return cmp.Compare(y.from, x.from)
		case !down && !other:
			return cmp.Compare(x.from, y.from)
		}
		return 0
	})
	track := 0
	for len(bent) > 0 {
		next := 0
		for i, a := range bent {
			if !slices.ContainsFunc(bent, func(b int) bool { return a != b && hops[b].from == hops[a].to }) {
				next = i
				break
			}
		}
		hops[bent[next]].track = track
		track++
		bent = slices.Delete(bent, next, next+1)
	}
	return track
}

// draw gives everything its columns.
func (p *plan) draw() *Drawing {
	d := &Drawing{Boxes: p.boxes, Wires: make([]Wire, len(p.g.Edges))}
	x := 0
	for at := range p.slots {
		p.x[at] = x
		x += p.w[at]
		if at+1 == len(p.slots) {
			break
		}
		hops := p.hops(at)
		tracks, label := route(hops), 0
		for i := range hops {
			if hops[i].first {
				label = max(label, screen.Cells(p.label[hops[i].edge]))
			}
		}
		begin := x
		turn := begin + 1 + p.pad + label
		x = turn + tracks + 1 + p.pad
		for i := range hops {
			d.Wires[hops[i].edge].hop(&hops[i], begin, turn, x-1)
		}
	}
	d.Width = x
	for n := range p.boxes {
		b := &p.boxes[n]
		if b.X = p.x[p.layer[n]]; !b.Point {
			b.W = p.w[p.layer[n]]
		}
		d.Height = max(d.Height, b.Y+b.H)
	}
	for e := range d.Wires {
		w := &d.Wires[e]
		w.Back, w.Label = p.back[e], p.label[e]
		w.At = Point{w.Points[0].X + 1, w.Points[0].Y}
		p.reach(w, e)
		for _, at := range w.Points {
			d.Height = max(d.Height, at.Y+1)
		}
	}
	return d
}

// hop goes on with a wire, from a column on, turning at one, to another.
func (w *Wire) hop(h *hop, begin, turn, end int) {
	w.Points = append(w.Points, Point{begin, h.from})
	if h.track >= 0 {
		w.Points = append(w.Points, Point{turn + h.track, h.from}, Point{turn + h.track, h.to})
	}
	w.Points = append(w.Points, Point{end, h.to})
}

// reach makes a wire begin at its node, which may be narrower than its layer.
func (p *plan) reach(w *Wire, e int) {
	left, _ := p.layers.ends(p.g, e)
	if b := &p.boxes[left]; b.Point {
		w.Points[0].X = b.X + 1
	}
}
