package deck

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
)

// binding is one thing that keys do. The registry of bindings makes the footer, the help and the palette, and is the
// only place where keys are looked up.
type binding struct {
	keys  []string // as Bubble Tea names them
	label string   // as people read them
	short string   // the word in the footer; "" keeps it out of there
	help  string   // what it does, for the help and the palette
	group string   // the heading in the help
	where func(*deck) bool
	do    func(*deck) tea.Cmd
	quiet bool // kept out of the palette: moves, and what only makes sense as a key
	lever bool // it sends, or leads to sending: not there at all on a deck that is read-only
}

// offered tells whether help and palette list a binding.
func (b *binding) offered(d *deck) bool { return b.label != "" && b.allowed(d) }

// works tells whether it does something here.
func (b *binding) works(d *deck) bool { return b.allowed(d) && b.where(d) }

func (b *binding) allowed(d *deck) bool { return !b.lever || !d.opt.ReadOnly }

// Headings of the help, in order.
const (
	groupGo    = "Going about"
	groupLook  = "Looking"
	groupTime  = "Time"
	groupAct   = "Acting"
	groupDeck  = "The deck"
	groupWrite = "While writing"
)

// Where bindings work.
func anywhere(*deck) bool  { return true }
func panes(d *deck) bool   { return d.top() == nil }
func typing(d *deck) bool  { o := d.top(); return o != nil && o.typing() }
func reading(d *deck) bool { return !typing(d) }

// at is a place: these panes, with nothing over them.
func inPane(ids ...paneID) func(*deck) bool {
	return func(d *deck) bool {
		if d.top() != nil {
			return false
		}
		for _, id := range ids {
			if d.focus == id {
				return true
			}
		}
		return false
	}
}

// over is a place: an overlay of this type is on top.
func over[T overlay](d *deck) bool {
	_, ok := d.top().(T)
	return ok
}

// onEvent is a place where an event is chosen or open.
func onEvent(d *deck) bool { return inPane(eventsPane)(d) || over[*eventView](d) || over[*deadView](d) }

// chosenEvent is the event that is open, or chosen in the list on top; nil when there is none.
func (d *deck) chosenEvent() *sources.Event {
	switch o := d.top().(type) {
	case *eventView:
		if o.event != nil {
			return o.event.Event
		}
		return nil
	case *deadView:
		if r := o.chosen(d); r != nil {
			return r.Event
		}
		return nil
	}
	return d.events.chosen(d)
}

// on calls a method of the overlay on top.
func on[T overlay](do func(T, *deck) tea.Cmd) func(*deck) tea.Cmd {
	return func(d *deck) tea.Cmd {
		if o, ok := d.top().(T); ok {
			return do(o, d)
		}
		return nil
	}
}

// plain makes a binding's act of a method that starts nothing.
func plain(do func(*deck)) func(*deck) tea.Cmd {
	return func(d *deck) tea.Cmd {
		do(d)
		return nil
	}
}

// press does what a key is bound to here. While somebody is typing, keys that are letters are not looked up.
func (d *deck) press(k tea.KeyPressMsg) (tea.Cmd, bool) {
	name := k.Keystroke()
	letter := typing(d) && k.Text != ""
	for i := range d.keys {
		b := &d.keys[i]
		if letter || !b.works(d) {
			continue
		}
		for _, key := range b.keys {
			if key == name || key == k.String() {
				return b.do(d), true
			}
		}
	}
	return nil, false
}
