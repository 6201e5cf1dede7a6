package graph

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func named(names ...string) []Node {
	var nodes []Node
	for _, name := range names {
		if name == "" {
			nodes = append(nodes, Node{})
			continue
		}
		nodes = append(nodes, Node{Lines: []string{name, "12"}})
	}
	return nodes
}

func labels(text string) []string { return []string{text + " 1.2s p95 3.4s", text + " 1.2s", text} }

// A way without turns is one line; what goes back comes with its head at the other end.
func TestDraws(t *testing.T) {
	g := &Graph{Nodes: named("", "ready", "active", "done"), Edges: []Edge{
		{From: 0, To: 1, Labels: []string{"30"}}, {From: 1, To: 2, Labels: []string{"20"}}, {From: 2, To: 3, Labels: []string{"9"}},
		{From: 1, To: 3, Labels: []string{"4"}}, {From: 2, To: 1, Labels: []string{"2"}},
	}}
	d, ok := Lay(g, 80, 20)
	if !ok {
		t.Fatal("it does not fit")
	}
	got := strings.Join(d.Lines(), "\n")
	for _, want := range []string{"●─30", "ready", "active", "done", "20", "9", "←2"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "→"); n != 4 {
		t.Errorf("%d heads lead to the right, want 4:\n%s", n, got)
	}
	if _, ok := Lay(g, 20, 20); ok {
		t.Error("it fits into 20 columns")
	}
	if _, ok := Lay(g, 80, 4); ok {
		t.Error("it fits into 4 rows")
	}
	if svg := d.SVG("a < b", func(int, int) string { return `stroke="#000"` }); strings.Count(svg, "<polyline") != 5 || !strings.Contains(svg, "a &lt; b") {
		t.Errorf("as SVG: %s", svg)
	}
}

// Whatever the graph is, boxes do not lie on each other, each wire begins and ends at its boxes, every label can be read, and all
// of it fits where Lay says so.
func TestNothingOverlaps(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := &Graph{}
		n := rapid.IntRange(1, 9).Draw(rt, "nodes")
		for i := range n {
			g.Nodes = append(g.Nodes, Node{Lines: []string{fmt.Sprint("box", i)}})
		}
		seen := map[[2]int]bool{}
		for i := range rapid.IntRange(0, 14).Draw(rt, "edges") {
			from, to := rapid.IntRange(0, n-1).Draw(rt, "from"), rapid.IntRange(0, n-1).Draw(rt, "to")
			if from == to || seen[[2]int{from, to}] {
				continue
			}
			seen[[2]int{from, to}] = true
			g.Edges = append(g.Edges, Edge{From: from, To: to, Labels: labels(fmt.Sprintf("<%d>", i))})
		}
		width, height := rapid.IntRange(10, 400).Draw(rt, "width"), rapid.IntRange(3, 90).Draw(rt, "height")
		d, ok := Lay(g, width, height)
		if !ok {
			return
		}
		text := strings.Join(d.Lines(), "\n")
		if d.Width > width || d.Height > height {
			rt.Fatalf("%d x %d in %d x %d", d.Width, d.Height, width, height)
		}
		for i, a := range d.Boxes {
			for _, b := range d.Boxes[:i] {
				if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
					rt.Fatalf("boxes lie on each other:\n%s", text)
				}
			}
		}
		for e, w := range d.Wires {
			from, to := d.Boxes[g.Edges[e].From], d.Boxes[g.Edges[e].To]
			if w.Back {
				from, to = to, from
			}
			first, last := w.Points[0], w.Points[len(w.Points)-1]
			if first.X != from.X+from.W || first.Y <= from.Y || first.Y >= from.Y+from.H-1 || last.X != to.X-1 || last.Y <= to.Y || last.Y >= to.Y+to.H-1 {
				rt.Fatalf("wire %d from %v to %v:\n%s", e, first, last, text)
			}
			if !strings.Contains(text, w.Label) {
				rt.Fatalf("the label %q is covered:\n%s", w.Label, text)
			}
		}
		if n := strings.Count(text, "→") + strings.Count(text, "←"); n != len(g.Edges) {
			rt.Fatalf("%d heads of %d wires:\n%s", n, len(g.Edges), text)
		}
	})
}
