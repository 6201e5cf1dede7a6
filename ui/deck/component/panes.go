package component

import (
	"time"

	"signalbox/ui/deck/layout"
)

// Panes are the panes in the order of their numbers, which of them has the focus, and where they are.
type Panes struct {
	all    []Pane
	window layout.Window // what the layout was made of
	layout layout.Layout
	wishes []recentWish
}

// recentWish is what a pane has wished for of late.
type recentWish struct{ width, height layout.Recent }

// NewPanes has the main pane focused.
func NewPanes(all ...Pane) *Panes {
	p := &Panes{all: all, wishes: make([]recentWish, len(all))}
	p.window.Wishes = make([]layout.Size, len(all))
	for i, pane := range all {
		p.window.Places = append(p.window.Places, pane.Place())
		if pane.Place() == layout.Main {
			p.window.Focus = i
		}
	}
	return p
}

// All are the panes in the order of their numbers.
func (p *Panes) All() []Pane { return p.all }

// Focused is the pane that keys go to.
func (p *Panes) Focused() Pane { return p.all[p.window.Focus] }

// Focus moves the focus to the pane of that number, and with it what a narrow deck shows.
func (p *Panes) Focus(number int) {
	p.window.Focus = number
	p.arrange()
}

// FocusBy moves the focus so many panes on.
func (p *Panes) FocusBy(by int) { p.Focus((p.window.Focus + by + len(p.all)) % len(p.all)) }

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
func (p *Panes) Zoomed() bool { return p.window.Zoomed }

// ToggleZoom shows the focused pane alone, or all again.
func (p *Panes) ToggleZoom() {
	p.window.Zoomed = !p.window.Zoomed
	p.arrange()
}

// Resize lays the panes out anew.
func (p *Panes) Resize(width, height int) {
	p.window.Width, p.window.Height = width, height
	p.arrange()
}

func (p *Panes) arrange() { p.layout = layout.Arrange(p.window) }

// Fit lays the panes out anew when what they wish for has changed, or the strip under them has come or gone.
func (p *Panes) Fit(d *Deck, now time.Time) {
	showing := d.Strip.Showing()
	changed := showing != p.window.Strip
	p.window.Strip = showing
	for i, pane := range p.all {
		sized, ok := pane.(Sized)
		if !ok {
			continue
		}
		wish, recent := sized.Wish(d), &p.wishes[i]
		wish = layout.Size{Width: recent.width.Most(now, wish.Width), Height: recent.height.Most(now, wish.Height)}
		if wish != p.window.Wishes[i] {
			p.window.Wishes[i], changed = wish, true
		}
	}
	if changed {
		p.arrange()
	}
}

// MoveBorder moves a border so many cells from where it was when it was found.
func (p *Panes) MoveBorder(b layout.Border, by int) {
	p.window = p.layout.Moved(b, by)
	p.arrange()
}

// ResetBorder puts a border back where the content puts it.
func (p *Panes) ResetBorder(b layout.Border) {
	p.window = p.layout.Reset(b)
	p.arrange()
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
	if partner := p.layout.Partner(p.window.Focus); partner >= 0 {
		f, _ := p.all[partner].(Filtered)
		return f
	}
	return nil
}
