package deck

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/screen"
)

// overlay is what lies over the panes: an open event, a form, a list to choose from. The deck calls it; keys reach it
// only when no binding took them.
type overlay interface {
	draw(d *deck) (screen.Panel, box)
	typing() bool // letters go to it
	moves() bool  // moves (j k arrows …) move its rows
	move(d *deck, by int)
	update(d *deck, msg tea.Msg) tea.Cmd
}

// box is where an overlay is, its border included.
type box struct{ x, y, w, h int }

// centred is a box in the middle of the deck, no larger than it.
func (d *deck) centred(w, h int) box {
	w, h = min(w, d.layout.width), min(h, d.layout.height-2)
	return box{(d.layout.width - w) / 2, max((d.layout.height-h)/2, 1), w, h}
}

// large is the box of overlays to read in.
func (d *deck) large() box {
	w, h := d.layout.width, d.layout.height-2
	if w >= wideWidth {
		w -= 12
	}
	if h >= 30 {
		h -= 4
	}
	return d.centred(w, h)
}

// draw is the whole frame.
func (d *deck) draw() string {
	if d.layout.width == 0 {
		return ""
	}
	if d.layout.tooSmall {
		return d.tooSmall()
	}
	o := d.top()
	if o == nil {
		return strings.Join(d.base(), "\n")
	}
	p, b := o.draw(d)
	rows := p.Draw(d.theme, b.w, b.h, true)
	if b.w >= d.layout.width {
		return d.layBand(rows, b)
	}
	return d.layOver(rows, b)
}

// layBand replaces whole rows of the frame.
func (d *deck) layBand(rows []string, b box) string {
	base := d.base()
	for i, row := range rows {
		if y := b.y + i; y >= 0 && y < len(base) {
			base[y] = row
		}
	}
	return strings.Join(base, "\n")
}

// layOver draws the frame as a shadow and the overlay over it. The header and the keys stay as they are.
func (d *deck) layOver(rows []string, b box) string {
	bright := d.theme
	header, footer := d.header(), d.footer()
	d.theme = screen.PlainTheme
	base := d.base()
	d.theme = bright
	for y := 1; y < len(base)-1; y++ {
		i := y - b.y
		if i < 0 || i >= len(rows) {
			base[y] = screen.Paint(bright.Faint, base[y])
			continue
		}
		base[y] = screen.Paint(bright.Faint, screen.Slice(base[y], 0, b.x)) + rows[i] +
			screen.Paint(bright.Faint, screen.Slice(base[y], b.x+b.w, d.layout.width))
	}
	base[0], base[len(base)-1] = header, footer
	return strings.Join(base, "\n")
}

// base is the frame without overlays, one string a row.
func (d *deck) base() []string {
	rows := make([]string, 0, d.layout.height)
	rows = append(rows, d.header())
	if d.layout.tabs {
		rows = append(rows, d.tabs())
	}
	for _, band := range d.layout.bands {
		framed := make([][]string, len(band))
		for i, a := range band {
			p := d.drawPane(a.pane, a.w-2, a.h-2)
			framed[i] = p.Draw(d.theme, a.w, a.h, a.pane == d.focus)
		}
		for y := range band[0].h {
			var row strings.Builder
			for i := range framed {
				row.WriteString(framed[i][y])
			}
			rows = append(rows, row.String())
		}
	}
	return append(rows, d.footer())
}

func (d *deck) drawPane(id paneID, width, height int) screen.Panel {
	focused := id == d.focus
	switch id {
	case stationsPane:
		return d.stations.draw(d, width, height, focused)
	case eventsPane:
		return d.events.draw(d, width, height, focused)
	case consumersPane:
		return d.consumers.draw(d, width, height, focused)
	case entitiesPane:
		return d.entities.draw(d, width, height, focused)
	default:
		return d.state.draw(d, width, height, focused)
	}
}

var paneNames = [paneCount]string{"Stations", "Events", "Consumers", "Entities", "State"}

func tabName(id paneID) string { return " " + string(rune('1'+id)) + " " + paneNames[id] + " " }

// tabGap is how far tabs stand apart.
func (d *deck) tabGap() int {
	if d.layout.width < 64 {
		return 0
	}
	return 1
}

// tabs is the strip that says which panes there are.
func (d *deck) tabs() string {
	l := screen.NewLine(d.layout.width, "")
	l.Gap(1)
	for id := range paneCount {
		name := tabName(id)
		switch _, shown := d.layout.area(id); {
		case id == d.focus:
			l.Tag(d.theme.Tab, name)
		case shown:
			l.Put(d.theme.Text, name)
		default:
			l.Put(d.theme.Dim, name)
		}
		l.Gap(d.tabGap())
	}
	if d.zoomed {
		l.Put(d.theme.Dim, "· zoomed, z for all")
	}
	return l.String()
}

// tooSmall is what a window too small for panes shows.
func (d *deck) tooSmall() string {
	rows := screen.Wrap("signalbox needs a window of 60×15 or more; this one is smaller. It goes on collecting. q quits.",
		d.layout.width)
	return strings.Join(rows[:min(len(rows), max(d.layout.height, 1))], "\n")
}
