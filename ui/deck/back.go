package deck

import "signalbox/ui/deck/component"

// canGoBack is where there is anything to leave.
func canGoBack(d *component.Deck) bool {
	return d.Overlays.Top() != nil || d.Panes.Zoomed() || d.Time.Away() || narrowed(d) != nil || d.Time.Event() != 0
}

// narrowed is the focused pane if it hides rows, else nil.
func narrowed(d *component.Deck) component.Filtered {
	if f, ok := d.Panes.Focused().(component.Filtered); ok && f.Narrowed(d) {
		return f
	}
	return nil
}

// goBack leaves one thing: the overlay on top, the zoom, an earlier time, an earlier version, a filter, the chosen event.
func goBack(d *component.Deck) {
	if o := d.Overlays.Top(); o != nil {
		d.Close()
		if l, ok := o.(component.Leaving); ok {
			l.Leave(d)
		}
		return
	}
	f := narrowed(d)
	switch {
	case d.Panes.Zoomed():
		d.Panes.ToggleZoom()
	case d.Time.Away():
		d.Time.Back()
	case f != nil:
		f.Widen(d)
	default:
		d.Time.Follow()
	}
}
