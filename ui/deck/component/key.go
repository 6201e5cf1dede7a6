package component

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/screen"
)

// Key is one thing that keys do. All of them make the footer, the help and the palette; see Keys.
type Key struct {
	Names []string // as Bubble Tea names them
	Label string   // as the footer writes them, where that is shorter than all names
	Short string   // the word in the footer; "" keeps it out of there
	Help  string   // what it does, for the help and the palette
	Head  string   // its heading in the help where it is for many; "" lists it with each that it is for
	Rank  Rank     // where it stands among the others, and which of two with one name counts
	For   func(any) bool
	Where func(*Deck) bool // whether it works there now; nil is always
	Needs string           // what is missing while it does not
	Do    func(*Deck) tea.Cmd
	Quiet bool // kept out of the palette: moves, and what only makes sense as a key
	Sends bool // it sends, or leads to sending: not there at all on a deck that is read-only

	places     []string // headings of the help that it stands under
	particular bool     // it is for some panes or overlays only
}

// Headings of the help for keys that are for many panes and overlays.
const (
	Everywhere = "everywhere"
	EveryPane  = "every pane"
	Moving     = "lists and texts"
	WhileTyped = "texts that are typed"
)

// Rank puts keys in order. Of several keys with one name the first that works here counts.
type Rank int

// The ranks, the first first.
const (
	RankMove    Rank = iota
	RankOverlay      // in an overlay
	RankChoose       // what enter does in a pane
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
	RankEdit // of a text that is typed
)

// Anything is every pane and every overlay.
func Anything(any) bool { return true }

// AnyPane is every pane; a key for them works while nothing lies over the panes.
func AnyPane(x any) bool { return Is[Pane](x) }

// Is tells whether a pane or an overlay is a T.
func Is[T any](x any) bool {
	_, ok := x.(T)
	return ok
}

// In is one pane.
func In(p Pane) func(any) bool { return func(x any) bool { return x == any(p) } }

// Typing is while letters are typed.
func Typing(d *Deck) bool {
	o := d.Overlays.Top()
	return o != nil && o.Typing()
}

// NotTyping is while letters are keys.
func NotTyping(d *Deck) bool { return !Typing(d) }

// On makes an act of a method of the overlay on top.
func On[T any](do func(T, *Deck) tea.Cmd) func(*Deck) tea.Cmd {
	return func(d *Deck) tea.Cmd {
		if o, ok := d.Overlays.Top().(T); ok {
			return do(o, d)
		}
		return nil
	}
}

// Over is where an overlay that is a T is on top and something holds of it.
func Over[T any](holds func(T) bool) func(*Deck) bool {
	return func(d *Deck) bool {
		o, ok := d.Overlays.Top().(T)
		return ok && holds(o)
	}
}

// InOverlay makes a key do something to the overlay on top while that is a T.
func InOverlay[T any](key Key, do func(T, *Deck) tea.Cmd) Key {
	key.Rank, key.Quiet, key.Do, key.For = RankOverlay, true, On(do), Is[T]
	return key
}

// Plain makes an act of what starts nothing.
func Plain(do func(*Deck)) func(*Deck) tea.Cmd {
	return func(d *Deck) tea.Cmd {
		do(d)
		return nil
	}
}

// works tells whether the key does something where somebody is.
func (k *Key) works(d *Deck, here any) bool {
	return k.For(here) && (k.Where == nil || k.Where(d))
}

// named tells whether a key that was pressed is this one.
func (k *Key) named(press tea.KeyPressMsg) bool {
	stroke, text := press.Keystroke(), press.String()
	for _, n := range k.Names {
		if n == stroke || n == text {
			return true
		}
	}
	return false
}

// written are names of keys as people read them.
var written = map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→", "pgup": "PgUp", "pgdown": "PgDn",
	"home": "Home", "end": "End", "delete": "Delete", "backspace": "Backspace", "f1": "F1"}

// Written are all names of the key as people read them.
func (k *Key) Written() string {
	var all []string
	for _, n := range k.Names {
		if rest, shifted := strings.CutPrefix(n, "shift+"); shifted && len(rest) == 1 {
			continue // the capital letter is named as well
		}
		all = append(all, WrittenName(n))
	}
	return strings.Join(all, " ")
}

// WrittenName is one name of a key as people read it.
func WrittenName(name string) string {
	if w, ok := written[name]; ok {
		return w
	}
	return name
}

// Mark is how the footer writes the key.
func (k *Key) Mark() string {
	if k.Label != "" {
		return k.Label
	}
	return k.Written()
}

// width is how many cells a key takes in the footer.
func (k *Key) width() int { return screen.Cells(k.Mark()) + 1 + screen.Cells(k.Short) + 2 }
