package overlays

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/wording"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// comparison is two states side by side: of two entities, or of one at two times.
type comparison struct {
	component.ReadOnly
	left, right *sources.EntityDetail
	top         int
}

// Name implements component.Overlay.
func (v *comparison) Name() string { return "a comparison" }

// markOrCompare marks the state that is shown or, where one is marked, compares it with that.
func markOrCompare(d *component.Deck) {
	d.HoldEntity()
	shown, marked := d.Detail(), d.Selection.Marked
	switch {
	case shown == nil:
		d.Say(bus.Say, "no state is here that could be compared")
	case marked == nil:
		d.Selection.Marked = shown
		d.Say(bus.Say, screen.Clean("marked "+sideTitle(shown)+": go to another entity, version or time, and press = again"))
	case marked.Entity == shown.Entity && marked.Shown == shown.Shown:
		d.Selection.Marked = nil
		d.Say(bus.Say, screen.Clean("no longer marked: "+sideTitle(shown)))
	default:
		d.Selection.Marked = nil
		d.Open(&comparison{left: marked, right: shown})
	}
}

// sideTitle is "delivery 01HX7Q v4".
func sideTitle(e *sources.EntityDetail) string {
	title := e.Kind + " " + e.ID + " " + wording.Version(e.Shown)
	if e.Partial {
		title += " partial"
	}
	return title
}

// runCompare compares what is named with what is named after it, or with the state that is shown.
func runCompare(d *component.Deck, rest string) (tea.Cmd, error) {
	if strings.Contains(rest, " where ") {
		return compareFilters(d, rest)
	}
	words := strings.Fields(rest)
	if len(words) == 0 || len(words) > 2 {
		return nil, errors.New("want one or two of KIND/ID, KIND/ID@VERSION, @VERSION")
	}
	var sides [2]sources.Entity
	var versions [2]uint64
	sides[0], versions[0] = d.Entity(), 0
	if e := d.Detail(); e != nil {
		versions[0] = e.Shown
	}
	for i, word := range words {
		at, before := i+2-len(words), d.Entity()
		if at == 1 && len(words) == 2 {
			before = sides[0]
		}
		var ok bool
		if sides[at], versions[at], ok = state.ParseAt(word, before); !ok {
			return nil, fmt.Errorf("%s names no state: want KIND/ID or KIND/ID@VERSION, such as delivery/01HX7Q@2", word)
		}
	}
	if sides[0].IsZero() {
		return nil, errors.New("no entity is shown: name two")
	}
	d.Close()
	v := &comparison{}
	ask := func(ctx context.Context) (*comparison, error) {
		for i, side := range []**sources.EntityDetail{&v.left, &v.right} {
			detail, err := d.Engine.Entity(ctx, sides[i], versions[i])
			switch {
			case err != nil:
				return nil, err
			case detail == nil:
				return nil, fmt.Errorf("no %s is held", sides[i])
			case versions[i] != 0 && detail.Shown != versions[i]:
				return nil, fmt.Errorf("%s at version %d is not known: its newest is %d", sides[i], versions[i], detail.Newest)
			}
			*side = detail
		}
		return v, nil
	}
	return component.Fetch(d, ask, func(v *comparison) tea.Cmd {
		d.Open(v)
		return nil
	}), nil
}

// Move implements component.Overlay.
func (v *comparison) Move(_ *component.Deck, by int) { v.top = max(v.top+by, 0) }

// Draw implements component.Overlay.
func (v *comparison) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b := d.Layout().Large()
	differs := output.DifferingDetails(v.left, v.right)
	table := stateTable(d, stateSide{"field", sideTitle(v.left), output.Fields(v.left)}, stateSide{"", sideTitle(v.right), output.Fields(v.right)}, differs, b.W-2)
	b = d.Layout().Centred(b.W, min(b.H, max(len(table)+2, 8)))
	height := b.H - 2
	p := screen.Panel{Title: "comparison", Info: []string{"the same"}, Total: len(table) - 1, Visible: height - 1}
	if len(differs) > 0 {
		p.Info = []string{screen.Plural(uint64(len(differs)), "field") + " of " + screen.Grouped(uint64(len(table)-1)) + " differ"}
	}
	v.top = min(v.top, max(len(table)-height, 0))
	p.Top, p.Lines = v.top, append(p.Lines, table[0])
	for i := v.top + 1; i < len(table) && len(p.Lines) < height; i++ {
		p.Lines = append(p.Lines, table[i])
	}
	return p, b
}

// Row implements component.CopyingRow.
func (v *comparison) Row(*component.Deck) any { return output.DiffJSON(v.left, v.right) }

// swap puts left what is right.
func (v *comparison) swap(*component.Deck) tea.Cmd {
	v.left, v.right = v.right, v.left
	return nil
}

func comparisonKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"tab"}, Short: "swap", Help: "put left what is right"}, (*comparison).swap),
		{Names: []string{"="}, Help: "mark this state; then, at another entity, version or time, compare with it", Rank: component.RankReport,
			For: component.Is[component.EntityHolder], Do: component.Plain(markOrCompare)},
	}
}
