package component

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// blank is a pane with nothing in it.
type blank struct {
	title string
	place layout.Place
}

func (b *blank) Title() string                               { return b.title }
func (b *blank) Place() layout.Place                         { return b.place }
func (b *blank) Want(*Deck, *sources.View)                   {}
func (b *blank) Draw(*Deck, int, int, bool) (p screen.Panel) { return p }
func (b *blank) Move(*Deck, int)                             {}
func (b *blank) Click(*Deck, int, int, int) bool             { return false }
func (b *blank) Open(*Deck) tea.Cmd                          { return nil }
func (b *blank) Copy(*Deck) (text, what string)              { return "", "" }
func (b *blank) Row(*Deck) any                               { return nil }
func (b *blank) Keys() []Key                                 { return nil }

// note is an overlay; typing makes it take letters.
type note struct {
	ReadOnly
	typing bool
}

func (n *note) Name() string                              { return "a note" }
func (n *note) Typing() bool                              { return n.typing }
func (n *note) Move(*Deck, int)                           {}
func (n *note) Draw(*Deck) (p screen.Panel, b layout.Box) { return p, b }

func pressed(name string) tea.KeyPressMsg {
	if name == "esc" {
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	}
	return tea.KeyPressMsg{Code: rune(name[0]), Text: name}
}

// deckOf is a deck of two panes, the second of which has the focus.
func deckOf() *Deck {
	d := &Deck{Panes: NewPanes(&blank{"One", layout.Side}, &blank{"Two", layout.Main}), Overlays: &Overlays{},
		Notice: NewNotice(), Now: func() time.Time { return time.Time{} }}
	d.Panes.Resize(120, 36)
	return d
}

func TestTheFirstKeyThatWorksHereCounts(t *testing.T) {
	d := deckOf()
	did := ""
	does := func(what string) func(*Deck) tea.Cmd { return Plain(func(*Deck) { did = what }) }
	var keys Keys
	keys.Add(
		Key{Names: []string{"c"}, Rank: RankDeck, For: Anything, Do: does("anywhere")},
		Key{Names: []string{"c"}, Rank: RankRow, For: In(d.Panes.All()[0]), Do: does("in one")},
		Key{Names: []string{"c"}, Rank: RankRow, For: In(d.Panes.All()[1]), Do: does("in two")},
		InOverlay(Key{Names: []string{"c"}}, func(*note, *Deck) tea.Cmd { did = "over"; return nil }),
		Key{Names: []string{"esc"}, Rank: RankDeck, For: Anything, Where: Typing, Do: does("left")})
	press := func(name, want string) {
		t.Helper()
		did = ""
		if keys.Press(d, pressed(name)); did != want {
			t.Errorf("%s does %q, want %q", name, did, want)
		}
	}
	press("c", "in two")
	press("esc", "")
	d.Panes.Focus(0)
	press("c", "in one")
	d.Open(&note{})
	press("c", "over")
	d.Open(&note{typing: true})
	press("c", "")
	press("esc", "left")
	d.Overlays.CloseAll()
	press("c", "in one")
}

func TestKeysThatSendAreNotThereWhenReadOnly(t *testing.T) {
	d := deckOf()
	keys := Keys{ReadOnly: true}
	sent := false
	send := Plain(func(*Deck) { sent = true })
	keys.Add(Key{Names: []string{"i"}, Short: "inject", Head: Everywhere, For: Anything, Sends: true, Do: send},
		Key{Names: []string{"q"}, Short: "quit", Head: Everywhere, For: Anything})
	if got := len(keys.Footer(d, 80)) + len(keys.Under(Everywhere)) + len(keys.Commands(d)); got != 3 {
		t.Errorf("%d keys are shown, want one in each of three lists", got)
	}
	keys.Press(d, pressed("i"))
	if _, said := d.Notice.Shown(d.Now()); sent || !strings.Contains(said, "i would send") {
		t.Errorf("i sends (%t) on a deck that is read-only, or does not say that it is: %q", sent, said)
	}
}

func TestTheFooterKeepsItsLastKeys(t *testing.T) {
	d := deckOf()
	var keys Keys
	for i, short := range []string{"last", "open", "filter", "zoom", "quit"} {
		keys.Add(Key{Label: short[:1], Short: short, For: Anything, Rank: []Rank{RankLast, RankPane, RankFilter, RankView, RankLast}[i]})
	}
	for width, want := range map[int]string{80: "open filter zoom last quit", 34: "open filter last quit", 10: "open"} {
		var got []string
		for _, key := range keys.Footer(d, width) {
			got = append(got, key.Short)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("in %d cells stand %q, want %q", width, got, want)
		}
	}
}

// A pane is found by what it is, wherever it stands in the list.
func TestChosenAndFocus(t *testing.T) {
	d := deckOf()
	if got := d.Panes.Focused().Title(); got != "Two" {
		t.Errorf("%s has the focus at first, want the main pane", got)
	}
	d.Panes.FocusBy(1)
	if b, ok := Chosen[*blank](d); !ok || b.title != "One" {
		t.Errorf("chosen is %+v, want the focused pane", b)
	}
	d.Open(&note{})
	if _, ok := Chosen[*blank](d); ok {
		t.Error("a pane is chosen although an overlay lies over it")
	}
	if _, ok := Chosen[*note](d); !ok {
		t.Error("the overlay on top is not chosen")
	}
	if _, ok := Find[EventHolder](d); ok {
		t.Error("a pane is found that has no events")
	}
	d.Close()
	d.Panes.ToggleZoom()
	if d.Panes.Rows(d.Panes.All()[1]) != 0 || d.Panes.Rows(d.Panes.All()[0]) == 0 {
		t.Error("zoomed, the focused pane is not shown alone")
	}
}
