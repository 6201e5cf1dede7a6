package deck

import "signalbox/ui/deck/component"

// canGoBack is where there is anything to leave.
func canGoBack(d *component.Deck) bool {
	return d.Overlays.Top() != nil || working(d) != nil || d.CameFrom() || d.Panes.Zoomed() || d.Time.Away() || narrowed(d) != nil || held(d) != nil
}

// narrowed is the focused pane if it hides rows, else nil.
func narrowed(d *component.Deck) component.Filtered {
	if f, ok := d.Panes.Focused().(component.Filtered); ok && f.Narrowed(d) {
		return f
	}
	return nil
}

// working is the focused pane if it does something that can be stopped, else nil.
func working(d *component.Deck) component.Busy {
	if b, ok := d.Panes.Focused().(component.Busy); ok && b.Busy(d) {
		return b
	}
	return nil
}

// held is the focused pane if it does not follow what comes, else nil.
func held(d *component.Deck) component.Holding {
	if h, ok := d.Panes.Focused().(component.Holding); ok && h.Held(d) {
		return h
	}
	return nil
}

// goBack leaves one thing: the overlay on top, what takes long, a pane that another led to, the zoom, an earlier time, an earlier version, a
// filter, what is chosen. One is again where one was before it.
func goBack(d *component.Deck) {
	if o := d.Overlays.Top(); o != nil {
		d.Close()
		if l, ok := o.(component.Leaving); ok {
			l.Leave(d)
		}
		return
	}
	f, h, b := narrowed(d), held(d), working(d)
	switch {
	case b != nil:
		b.Stop(d)
	case d.CameFrom():
		d.ReturnFocus()
	case d.Panes.Zoomed():
		d.Panes.ToggleZoom()
	case d.Time.Away():
		d.Time.Back()
	case f != nil:
		if !d.Trail.Back(f) {
			f.Widen(d)
		}
	case h != nil:
		h.Release(d)
	}
}
