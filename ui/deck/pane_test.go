package deck

import (
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// strange is a pane that the deck has never heard of.
type strange struct {
	at     int
	turned bool
}

func (*strange) Title() string       { return "Strange" }
func (*strange) Place() layout.Place { return layout.Across }

func (p *strange) Want(_ *component.Deck, v *sources.View) {
	v.Entities.Sort = fmt.Sprint("strange ", p.at)
}

func (p *strange) Draw(d *component.Deck, width, _ int, _ bool) screen.Panel {
	return screen.Panel{Title: p.Title(), Lines: screen.Note(d.Theme, width, fmt.Sprint("row ", p.at, " of a strange pane"))}
}

func (p *strange) Move(_ *component.Deck, by int) { p.at += by }

func (p *strange) Click(_ *component.Deck, _, row, _ int) bool {
	p.at = 100 + row
	return true
}

func (p *strange) Open(d *component.Deck) tea.Cmd {
	d.Open(&stranger{pane: p})
	return nil
}

func (p *strange) Copy(*component.Deck) (text, what string) { return "a strange thing", "the thing" }
func (p *strange) Row(*component.Deck) any                  { return map[string]int{"at": p.at} }

func (p *strange) Keys() []component.Key {
	return []component.Key{{Names: []string{"t"}, Short: "turn", Help: "turn it round",
		Rank: component.RankRow, For: component.In(p), Do: component.Plain(func(*component.Deck) { p.turned = true })}}
}

// stranger is an overlay that it has never heard of either.
type stranger struct {
	component.ReadOnly
	pane *strange
}

func (o *stranger) Move(_ *component.Deck, by int)                   { o.pane.at += 10 * by }
func (o *stranger) Leave(d *component.Deck)                          { d.Panes.Focus(0) }
func (o *stranger) Want(_ *component.Deck, v *sources.View)          { v.Open = 77 }
func (o *stranger) Name() string                                     { return "a stranger" }
func (o *stranger) Copy(*component.Deck) (text, what string)         { return "stranger", "the stranger" }
func (o *stranger) Click(_ *component.Deck, row int, _ bool) tea.Cmd { o.pane.at = -row; return nil }

func (o *stranger) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b := d.Layout().Centred(40, 5)
	return screen.Panel{Title: "stranger", Lines: screen.Note(d.Theme, b.W-2, "something else")}, b
}

// The deck routes to a pane and an overlay of which it knows only the contract: keys, moves, clicks, copies, the palette,
// the help, the tabs, and what they ask of the engine.
func TestAPaneIsAllThatItSaysOfItself(t *testing.T) {
	p := &strange{}
	s := drive(t, demo(), 120, 36)
	s.model.addParts(Options{}, append(s.model.Panes.All(), p))
	s.send(tea.WindowSizeMsg{Width: 120, Height: 36})
	s.shows("╭ 6 Strange ─", "row 0 of a strange pane", "2 Events", "5 newest · delivery 01HX00Q")
	s.hides("t turn")
	s.key("6", "down", "down")
	s.shows("row 2 of a strange pane", "t turn")
	if got := s.fake.view.Entities.Sort; got != "strange 2" {
		t.Errorf("the engine is asked for %q, want what the pane wants", got)
	}
	s.key("t", "y")
	if !p.turned || fmt.Sprint(s.sent[len(s.sent)-1]) != "a strange thing" {
		t.Errorf("turned is %t, copied is %v", p.turned, s.sent)
	}
	s.key("Y")
	if got := fmt.Sprint(s.sent[len(s.sent)-1]); got != `{"at":2}` {
		t.Errorf("Y copied %s", got)
	}
	s.key(":").write("strange")
	s.shows("to the strange")
	s.key("esc", ":").write("turn")
	s.shows("turn it round")
	s.key("esc", "?").send(tea.WindowSizeMsg{Width: 200, Height: 100})
	s.shows("turn it round")
	s.send(tea.WindowSizeMsg{Width: 120, Height: 36})
	s.key("esc", "enter")
	s.shows("something else")
	if s.fake.view.Open != 77 {
		t.Errorf("event %d is asked for, want what the overlay wants", s.fake.view.Open)
	}
	s.key("down", "y", "esc")
	if got := fmt.Sprint(s.sent[len(s.sent)-1]); p.at != 12 || got != "stranger" || s.focused() != "Stations" {
		t.Errorf("at %d, copied %s, the focus is on %s", p.at, got, s.focused())
	}
	a, _ := s.model.Layout().Area(5)
	for range 2 {
		s.now = s.now.Add(100 * time.Millisecond)
		s.send(tea.MouseClickMsg{X: a.X + 3, Y: a.Y + 2, Button: tea.MouseLeft})
	}
	s.shows("something else")
	if p.at != 101 {
		t.Errorf("the clicked row is %d, want 101", p.at)
	}
	s.send(tea.MouseClickMsg{X: 60, Y: 18, Button: tea.MouseLeft})
	if p.at >= 0 {
		t.Errorf("a click on the overlay did not reach it: %d", p.at)
	}
	s.key("esc", "6", "z")
	s.shows(" 6 Strange ", "zoomed")
	s.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	s.key("z")
	s.shows("╭ 6 Strange ─", "╭ 2 Events ─")
}
