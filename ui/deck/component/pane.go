package component

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// Pane is one of the panels that the deck is made of. What it draws comes from the snapshots of the Deck, which hold
// what Want asked for; between two frames it keeps no rows but those it has drawn.
type Pane interface {
	Title() string       // in its tab; Draw may say more
	Place() layout.Place // where it stands

	// Want adds to a view what the pane needs of the engine.
	Want(d *Deck, v *sources.View)

	// Draw draws what is inside the border, so many cells wide and so many rows high.
	Draw(d *Deck, width, height int, focused bool) screen.Panel

	// Move chooses another row, so many further down; screen.ToHome and screen.ToEnd are the first and the last.
	Move(d *Deck, by int)

	// Click chooses the row that was clicked, counted from the first one drawn of so many. It tells whether there is one
	// that a second click opens.
	Click(d *Deck, column, row, height int) bool

	// Open opens what is chosen.
	Open(d *Deck) tea.Cmd

	// Copy is what is chosen as a person would quote it, and what that is, "the name". When there is nothing, the text is
	// "", and what says why: "no event is here".
	Copy(d *Deck) (text, what string)

	// Row is the chosen row, to be copied as JSON; nil when there is none.
	Row(d *Deck) any

	// Keys are those that the pane adds. They work where they say, In it most of them.
	Keys() []Key
}

// Renewed is a pane or an overlay that has something to do when a newer snapshot has come, or, a pane, when the keys have come to
// it or left it.
type Renewed interface {
	Renew(d *Deck) tea.Cmd
}

// Sized is a pane whose place follows its content. Wish is what would show all of it; it may cost no more than drawing.
type Sized interface {
	Wish(d *Deck) layout.Size
}

// Holding is a pane that follows what comes unless something is chosen in it.
type Holding interface {
	Held(d *Deck) bool
	Release(d *Deck)
}

// Busy is a pane that does something which takes long, and can be stopped.
type Busy interface {
	Busy(d *Deck) bool
	Stop(d *Deck)
}

// Filtered is a pane whose rows can be narrowed by what is typed.
type Filtered interface {
	Pane
	Filter(d *Deck) string             // as typed
	Narrow(d *Deck, text string) error // what cannot be understood changes nothing
	Widen(d *Deck)
	Mark(d *Deck) func()                 // remembers where one is in it, filter and all, and goes back there
	Narrowed(d *Deck) bool               // rows are hidden, by a filter or otherwise
	Words(d *Deck) []string              // to complete what is typed with: values that are known
	Names() []string                     // that a filter can have, those that narrow with a colon
	Hint() string                        // what can be typed
	Found(d *Deck) (matching, of uint64) // how many rows there are, and how many without a filter

	// Missing says of each field that a filter names that nothing has it which is held. It waits: it is for commands.
	Missing(ctx context.Context, engine Engine, text string) ([]string, error)
}
