package graph

import (
	"strings"

	"signalbox/ui/screen"
)

// Cell is one cell of a drawing. What it belongs to says how it is to look.
type Cell struct {
	Text string // one cluster; "" is the second half of a wide one
	Node int    // the node that it belongs to; -1 for none
	Edge int    // the edge; -1 for none
	Line int    // of a node, the line of its text that it is part of; -1 for its border
}

// Directions in which a wire leaves a cell.
const (
	up = 1 << iota
	right
	down
	left
)

var joints = [...]string{
	0: " ", up: "│", down: "│", up | down: "│", left: "─", right: "─", left | right: "─",
	right | down: "╭", left | down: "╮", up | right: "╰", up | left: "╯",
	up | right | down: "├", up | down | left: "┤", right | down | left: "┬", up | right | left: "┴", up | right | down | left: "┼",
}

// canvas is a drawing in the making.
type canvas struct {
	cells [][]Cell
	ways  [][]uint8
}

// Cells is the drawing cell by cell, row by row.
func (d *Drawing) Cells() [][]Cell {
	c := &canvas{}
	for range d.Height {
		row := make([]Cell, d.Width)
		for x := range row {
			row[x] = Cell{Text: " ", Node: -1, Edge: -1, Line: -1}
		}
		c.cells, c.ways = append(c.cells, row), append(c.ways, make([]uint8, d.Width))
	}
	for e := range d.Wires {
		c.wire(&d.Wires[e], e)
	}
	for e := range d.Wires {
		c.ends(&d.Wires[e], e)
	}
	for n := range d.Boxes {
		c.box(&d.Boxes[n], n)
	}
	return c.cells
}

// wire draws the lines of a wire.
func (c *canvas) wire(w *Wire, edge int) {
	for i := 1; i < len(w.Points); i++ {
		a, b := w.Points[i-1], w.Points[i]
		for a != b {
			next, out, in := a, uint8(right), uint8(left)
			switch {
			case a.X < b.X:
				next.X++
			case a.Y < b.Y:
				next.Y++
				out, in = down, up
			default:
				next.Y--
				out, in = up, down
			}
			c.way(a, out, edge)
			c.way(next, in, edge)
			a = next
		}
	}
}

func (c *canvas) way(at Point, way uint8, edge int) {
	c.ways[at.Y][at.X] |= way
	c.cells[at.Y][at.X] = Cell{Text: joints[c.ways[at.Y][at.X]], Node: -1, Edge: edge, Line: -1}
}

// ends draws the head and the label of a wire.
func (c *canvas) ends(w *Wire, edge int) {
	first, last := w.Points[0], w.Points[len(w.Points)-1]
	head, at := "→", last
	if w.Back {
		head, at = "←", first
	}
	for _, end := range []Point{first, last} { // the line goes on to the box, also where it is straight
		c.cells[end.Y][end.X] = Cell{Text: "─", Node: -1, Edge: edge, Line: -1}
	}
	c.cells[at.Y][at.X].Text = head
	c.text(w.At, w.Label, Cell{Node: -1, Edge: edge, Line: 0})
}

// text writes clean text.
func (c *canvas) text(at Point, text string, like Cell) {
	for text != "" {
		like.Text = screen.FirstCells(text, 1)
		text = text[len(like.Text):]
		wide := max(screen.Cells(like.Text), 1)
		if at.X+wide > len(c.cells[at.Y]) {
			return
		}
		c.cells[at.Y][at.X] = like
		for i := 1; i < wide; i++ {
			like.Text = ""
			c.cells[at.Y][at.X+i] = like
		}
		at.X += wide
	}
}

// Lines are the cells as text, without what is blank at their ends.
func (d *Drawing) Lines() []string {
	var lines []string
	for _, row := range d.Cells() {
		var line strings.Builder
		for _, cell := range row {
			line.WriteString(cell.Text)
		}
		lines = append(lines, strings.TrimRight(line.String(), " "))
	}
	return lines
}

// box draws a node.
func (c *canvas) box(b *Box, node int) {
	if b.Point {
		for y := range b.H {
			c.cells[b.Y+y][b.X] = Cell{Text: "●", Node: node, Edge: -1, Line: -1}
		}
		return
	}
	for y := range b.H {
		for x := range b.W {
			text := " "
			switch {
			case y == 0 && x == 0:
				text = "╭"
			case y == 0 && x == b.W-1:
				text = "╮"
			case y == b.H-1 && x == 0:
				text = "╰"
			case y == b.H-1 && x == b.W-1:
				text = "╯"
			case y == 0 || y == b.H-1:
				text = "─"
			case x == 0 || x == b.W-1:
				text = "│"
			}
			c.cells[b.Y+y][b.X+x] = Cell{Text: text, Node: node, Edge: -1, Line: -1}
		}
	}
	top := b.Y + 1 + (b.H-2-len(b.Lines))/2
	for i, line := range b.Lines {
		c.text(Point{b.X + 2, top + i}, line, Cell{Node: node, Edge: -1, Line: i})
	}
}
