package component

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/ui/screen"
)

// Strip is a low band under the panes, which is there while it has something to show. The panes keep the keys until it is given them,
// by an overlay that lies where it is drawn.
type Strip interface {
	Showing() bool

	// Strip draws what is inside the border, so many cells wide and so many rows high; StripRow draws all of it in one row.
	Strip(d *Deck, width, rows int) screen.Panel
	StripRow(d *Deck, width int) string

	// Focus gives it the keys.
	Focus(d *Deck)

	// Renew is called when a newer snapshot has come.
	Renew(d *Deck) tea.Cmd
}
