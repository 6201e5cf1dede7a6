package panes

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/screen"
)

// Where a copy lies is said in the room that the title leaves, which is never cut for it.
func TestTheTitleOfAStateIsWholeBesideItsCopy(t *testing.T) {
	const path = "deliveries-state/01M812BFZDB9NKEXR3MG62D8Q0"
	for width := 40; width < 160; width++ {
		title := strings.Repeat("x", width-leastCopyInfo-5)
		for _, title := range []string{title, title[:len(title)/2]} {
			p := screen.Panel{Number: "5", Title: title, Info: []string{copyInfo(path, width-screen.Cells(title))}}
			head := ansi.Strip(p.Draw(screen.NewTheme(true), width+2, 3, false)[0])
			if !strings.Contains(head, " "+title+" ") || !strings.Contains(head, " fold │ ") {
				t.Errorf("%d columns: %s", width, head)
			}
		}
	}
}

// What a field holds and what set it stand apart, also where the one is cut.
func TestAFieldStandsApartFromWhatSetIt(t *testing.T) {
	f := sources.StateField{Field: state.Field{Name: "rows", Value: state.TextValue(strings.Repeat("x", 300))}, SetBy: "PICKUP_PRODUCTS", SetAt: 2}
	e := &sources.EntityDetail{State: []sources.StateField{f}}
	for width := 40; width < 200; width++ {
		if line := ansi.Strip(newStateColumns(e, width).field(screen.PlainTheme, &f, false)); !strings.Contains(line, "… ←") {
			t.Errorf("%d columns: %s", width, line)
		}
	}
}
