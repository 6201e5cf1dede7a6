package graph

import (
	"encoding/xml"
	"fmt"
	"strings"

	"signalbox/ui/screen"
)

// Size of a cell in an SVG, in pixels.
const cellWidth, cellHeight, margin = 9, 20, 16

// SVG is the drawing as a picture that stands alone. Style is how a node or an edge looks, as attributes of SVG: exactly one of
// the numbers is not -1.
func (d *Drawing) SVG(title string, style func(node, edge int) string) string {
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14">`+"\n",
		d.Width*cellWidth+2*margin, d.Height*cellHeight+2*margin)
	fmt.Fprintf(&out, "<title>%s</title>\n", escaped(title))
	fmt.Fprintln(&out, `<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">`+
		`<path d="M0,0 L8,4 L0,8 Z" fill="context-stroke"/></marker></defs>`)
	fmt.Fprintln(&out, `<rect width="100%" height="100%" fill="#ffffff"/>`)
	for e := range d.Wires {
		d.Wires[e].svg(&out, style(-1, e))
	}
	for n := range d.Boxes {
		d.Boxes[n].svg(&out, style(n, -1))
	}
	out.WriteString("</svg>\n")
	return out.String()
}

func (w *Wire) svg(out *strings.Builder, style string) {
	var points []string
	for i, at := range w.Points {
		x := at.X*cellWidth + cellWidth/2
		switch i {
		case 0:
			x = at.X * cellWidth
		case len(w.Points) - 1:
			x = (at.X + 1) * cellWidth
		}
		points = append(points, fmt.Sprintf("%d,%d", x+margin, at.Y*cellHeight+cellHeight/2+margin))
	}
	marker := "marker-end"
	if w.Back {
		marker = "marker-start"
	}
	fmt.Fprintf(out, `<polyline points="%s" fill="none" stroke-width="1.5" stroke-linejoin="round" %s="url(#head)" %s/>`+"\n", strings.Join(points, " "), marker, style)
	if w.Label == "" {
		return
	}
	x, y := w.At.X*cellWidth+margin, w.At.Y*cellHeight+cellHeight/2+margin
	fmt.Fprintf(out, `<rect x="%d" y="%d" width="%d" height="%d" fill="#ffffff"/>`+"\n", x-2, y-9, screen.Cells(w.Label)*cellWidth+4, 18)
	fmt.Fprintf(out, `<text x="%d" y="%d" fill="#333333" xml:space="preserve">%s</text>`+"\n", x, y+5, escaped(w.Label))
}

func (b *Box) svg(out *strings.Builder, style string) {
	x, y, w, h := b.X*cellWidth+margin, b.Y*cellHeight+margin, b.W*cellWidth, b.H*cellHeight
	if b.Point {
		for i := range b.H {
			fmt.Fprintf(out, `<circle cx="%d" cy="%d" r="5" fill="#333333"/>`+"\n", x+w/2, y+i*cellHeight+cellHeight/2)
		}
		return
	}
	fmt.Fprintf(out, `<rect x="%d" y="%d" width="%d" height="%d" rx="6" stroke-width="1.5" %s/>`+"\n", x, y+cellHeight/4, w, h-cellHeight/2, style)
	top := y + (h-len(b.Lines)*cellHeight)/2
	for i, line := range b.Lines {
		weight := ""
		if i == 0 {
			weight = ` font-weight="bold"`
		}
		fmt.Fprintf(out, `<text x="%d" y="%d" fill="#111111"%s xml:space="preserve">%s</text>`+"\n", x+2*cellWidth, top+i*cellHeight+cellHeight*3/4, weight, escaped(line))
	}
}

func escaped(text string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(text)) // to a builder nothing fails
	return out.String()
}
