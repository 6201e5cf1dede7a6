package component

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// Overlay is what lies over the panes: an open event, a form, a list to choose from. Keys reach it only when no Key took
// them; window sizes reach every overlay, all other messages the one on top.
type Overlay interface {
	Name() string // as the help and notices call it: "an open event"
	Draw(d *Deck) (screen.Panel, layout.Box)
	Typing() bool // letters go to it
	Moves() bool  // moves (j k arrows …) move its rows
	Move(d *Deck, by int)
	Update(d *Deck, msg tea.Msg) tea.Cmd
}

// What an overlay may do beside.
type (
	// Wanting is an overlay that needs something of the engine while it is on top.
	Wanting interface {
		Want(d *Deck, v *sources.View)
	}
	// Writing is an overlay in which text is typed; nil while none of it has the cursor.
	Writing interface {
		Field() *screen.Input
	}
	// Standing is an overlay that has something to say before its keys in the footer, such as that it is paused; "" for
	// nothing.
	Standing interface {
		Standing(d *Deck) string
	}
	// Whole is an overlay that takes the place of the panes, and of the row above them: rows of so many cells, all but the last of
	// the frame.
	Whole interface {
		Frame(d *Deck, width, height int) []string
	}
	// Leaving is an overlay that has something to put back when somebody leaves it without having taken anything.
	Leaving interface {
		Leave(d *Deck)
	}
	// Clickable is an overlay with rows to click, counted from its upper border.
	Clickable interface {
		Click(d *Deck, row int, again bool) tea.Cmd
	}
	// Dragging is an overlay in which something follows the mouse: from where it is pressed on, as long as it is held, in
	// cells from the upper left corner of the overlay.
	Dragging interface {
		Drag(d *Deck, x, y int)
	}
	// Copying is an overlay with something to copy; see Pane.
	Copying interface {
		Copy(d *Deck) (text, what string)
	}
	// CopyingRow is an overlay with a row to copy as JSON, nil for none.
	CopyingRow interface {
		Row(d *Deck) any
	}
)

// ReadOnly is embedded in overlays that are only read and moved in.
type ReadOnly struct{}

// Typing implements Overlay.
func (ReadOnly) Typing() bool { return false }

// Moves implements Overlay.
func (ReadOnly) Moves() bool { return true }

// Update implements Overlay.
func (ReadOnly) Update(*Deck, tea.Msg) tea.Cmd { return nil }

// Overlays are those that are open; the last one is on top.
type Overlays struct{ stack []Overlay }

// Top is the overlay on top, nil when there is none.
func (s *Overlays) Top() Overlay {
	if len(s.stack) == 0 {
		return nil
	}
	return s.stack[len(s.stack)-1]
}

// All are the open ones, the last on top.
func (s *Overlays) All() []Overlay { return s.stack }

// CloseAll takes all away.
func (s *Overlays) CloseAll() { s.stack = nil }

func (s *Overlays) open(o Overlay) { s.stack = append(s.stack, o) }

func (s *Overlays) close() {
	if n := len(s.stack); n > 0 {
		s.stack[n-1] = nil
		s.stack = s.stack[:n-1]
	}
}
