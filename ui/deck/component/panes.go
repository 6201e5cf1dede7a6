package component

import "signalbox/ui/deck/layout"

// Panes are the panes in the order of their numbers, which of them has the focus, and where they are.
type Panes struct {
	all    []Pane
	places []layout.Place
	focus  int
	zoomed bool
	layout layout.Layout
}

// NewPanes has the main pane focused.
func NewPanes(all ...Pane) *Panes {
	p := &Panes{all: all}
	for i, pane := range all {
		p.places = append(p.places, pane.Place())
		if pane.Place() == layout.Main {
			p.focus = i
		}
	}
	return p
}

// All are the panes in the order of their numbers.
func (p *Panes) All() []Pane { return p.all }

// Focused is the pane that keys go to.
func (p *Panes) Focused() Pane { return p.all[p.focus] }

// Focus moves the focus to the pane of that number, and with it what a narrow deck shows.
func (p *Panes) Focus(number int) {
	p.focus = number
	p.Resize(p.layout.Width, p.layout.Height)
}

// FocusBy moves the focus so many panes on.
func (p *Panes) FocusBy(by int) { p.Focus((p.focus + by + len(p.all)) % len(p.all)) }

// FocusOn moves the focus to a pane.
func (p *Panes) FocusOn(pane Pane) {
	for i := range p.all {
		if p.all[i] == pane {
			p.Focus(i)
		}
	}
}

// FocusOn moves the focus to the first pane that is a T, such as the one that shows events.
func FocusOn[T any](d *Deck) {
	for i, pane := range d.Panes.all {
		if _, ok := pane.(T); ok {
			d.Panes.Focus(i)
			return
		}
	}
}

// Find is the first pane that is a T.
func Find[T any](d *Deck) (t T, ok bool) {
	for _, pane := range d.Panes.all {
		if t, ok = pane.(T); ok {
			return t, true
		}
	}
	return t, false
}

// Zoomed tells whether the focused pane is shown alone.
func (p *Panes) Zoomed() bool { return p.zoomed }

// ToggleZoom shows the focused pane alone, or all again.
func (p *Panes) ToggleZoom() {
	p.zoomed = !p.zoomed
	p.Resize(p.layout.Width, p.layout.Height)
}

// Resize lays the panes out anew.
func (p *Panes) Resize(width, height int) {
	p.layout = layout.Arrange(width, height, p.places, p.focus, p.zoomed)
}

// Rows tells how many rows a pane shows inside its border; 0 when it is not on the screen.
func (p *Panes) Rows(pane Pane) int {
	for i := range p.all {
		if p.all[i] == pane {
			return p.layout.Rows(i)
		}
	}
	return 0
}

// ToFilter is the pane that a filter typed now is for: the focused one, else the one that goes with it; nil when neither
// can be filtered.
func (p *Panes) ToFilter() Filtered {
	if f, ok := p.Focused().(Filtered); ok {
		return f
	}
	if partner := p.layout.Partner(p.focus); partner >= 0 {
		f, _ := p.all[partner].(Filtered)
		return f
	}
	return nil
}
