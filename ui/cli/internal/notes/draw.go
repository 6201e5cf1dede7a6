package notes

import (
	"fmt"
	"strings"
	"time"

	"signalbox/ui/deck"
	"signalbox/ui/screen"
)

// What a terminal does: empties its screen, goes to the first row, empties the rest of a row, and of the screen.
const (
	wholeScreen = "\x1b[2J"
	toTop       = "\x1b[H"
	restOfRow   = "\x1b[K"
	restOfAll   = "\x1b[J"
	bold        = "\x1b[1m"
	plain       = "\x1b[m"
)

// width is how wide the text is at most.
const width = 76

// draw is a page over the one before: no row is emptied before it is written, so that nothing flickers.
func draw(page deck.Page, now time.Time) string {
	var out strings.Builder
	out.WriteString(toTop)
	row := func(text string) { out.WriteString(text + restOfRow + "\r\n") }
	head := screen.Clean(page.Script) + "   " + elapsed(page, now)
	if page.At > 0 {
		head += fmt.Sprintf("   line %d of %d", page.At, page.Of)
	}
	row(head)
	section := func(name, text, before, after string) {
		if text == "" {
			return
		}
		row("")
		row(name)
		for paragraph := range strings.SplitSeq(text, "\n") {
			for _, line := range screen.Wrap(screen.Clean(paragraph), width) {
				row("  " + before + line + after)
			}
		}
	}
	section("LINE", page.Line, bold, plain)
	section("NOTES", page.Notes, bold, plain)
	section("NEXT", page.Next, "", "")
	state := page.Ended
	switch {
	case state != "":
	case page.Began.IsZero():
		state = "a key begins"
	case page.Waits:
		state = "waits for a key"
	default:
		state = page.Now
	}
	section("NOW", state, "", "")
	out.WriteString(restOfAll)
	return out.String()
}

// elapsed is the time since the beginning, as minutes and seconds.
func elapsed(page deck.Page, now time.Time) string {
	if page.Began.IsZero() {
		return "0:00"
	}
	seconds := int(max(now.Sub(page.Began), 0).Seconds())
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}
