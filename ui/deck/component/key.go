package component

import tea "charm.land/bubbletea/v2"

// Key is one thing that keys do. All of them make the footer, the help and the palette; see Keys.
type Key struct {
	Names []string // as Bubble Tea names them
	Label string   // as people read them; "" keeps it out of help and palette
	Short string   // the word in the footer; "" keeps it out of there
	Help  string   // what it does, for the help and the palette
	Group string   // the heading in the help
	Rank  Rank     // where it stands among the others, and which of two with one name counts
	Where func(*Deck) bool
	Do    func(*Deck) tea.Cmd
	Quiet bool // kept out of the palette: moves, and what only makes sense as a key
	Sends bool // it sends, or leads to sending: not there at all on a deck that is read-only
}

// Headings of the help, in order.
const (
	GroupGo    = "Going about"
	GroupLook  = "Looking"
	GroupTime  = "Time"
	GroupAct   = "Acting"
	GroupDeck  = "The deck"
	GroupWrite = "While writing"
)

// Groups are the headings of the help in order.
var Groups = []string{GroupGo, GroupLook, GroupTime, GroupAct, GroupDeck, GroupWrite}

// Rank puts keys in order. Of several keys with one name the first that works here counts.
type Rank int

// The ranks, the first first.
const (
	RankMove    Rank = iota
	RankOverlay      // in an overlay
	RankPane         // from pane to pane
	RankOpen         // what a pane shows beneath what is chosen
	RankFilter
	RankRow // about the chosen row
	RankNumber
	RankSend
	RankAsk // further about what is chosen
	RankTime
	RankFollow // what is tied to the chosen event
	RankView   // zoom and copy
	RankReport // lists of what has happened
	RankDeck
	RankLast // kept in a footer that has no room for all
)

// Anywhere is always.
func Anywhere(*Deck) bool { return true }

// NoOverlay is while nothing lies over the panes.
func NoOverlay(d *Deck) bool { return d.Overlays.Top() == nil }

// Typing is while letters are typed.
func Typing(d *Deck) bool {
	o := d.Overlays.Top()
	return o != nil && o.Typing()
}

// NotTyping is while letters are keys.
func NotTyping(d *Deck) bool { return !Typing(d) }

// In is while a pane has the focus and nothing lies over it.
func In(p Pane) func(*Deck) bool {
	return func(d *Deck) bool { return NoOverlay(d) && d.Panes.Focused() == p }
}

// Over is while an overlay of this type is on top.
func Over[T any](d *Deck) bool {
	_, ok := d.Overlays.Top().(T)
	return ok
}

// On makes an act of a method of the overlay on top.
func On[T any](do func(T, *Deck) tea.Cmd) func(*Deck) tea.Cmd {
	return func(d *Deck) tea.Cmd {
		if o, ok := d.Overlays.Top().(T); ok {
			return do(o, d)
		}
		return nil
	}
}

// InOverlay makes a key do something to the overlay on top while that is a T or, when the key says so, in fewer places.
func InOverlay[T any](key Key, do func(T, *Deck) tea.Cmd) Key {
	key.Rank, key.Quiet, key.Do = RankOverlay, true, On(do)
	if key.Where == nil {
		key.Where = Over[T]
	}
	return key
}

// Plain makes an act of what starts nothing.
func Plain(do func(*Deck)) func(*Deck) tea.Cmd {
	return func(d *Deck) tea.Cmd {
		do(d)
		return nil
	}
}
