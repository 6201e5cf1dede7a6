package cli

import (
	"strings"
	"testing"
)

// A terminal that is dumb, or a locale without UTF-8, has a deck of ASCII; without colours where there are to be none.
func TestDeckInASCII(t *testing.T) {
	t.Parallel()
	for name, environment := range map[string][]string{
		"C locale":      {"TERM=xterm-256color", "LC_ALL=C", "NO_COLOR=1"},
		"dumb terminal": {"TERM=dumb", "LC_ALL=C.UTF-8", "NO_COLOR="},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startConsoleWith(t, environment, t.TempDir(), 120, 36)
			c.sees("+ 1 Stations --", "+ 2 Events --", "deliveries", "* live", "CREATE_DELIVERY")
			c.press("?")
			c.sees("here: events")
			text := c.text()
			if i := strings.IndexFunc(text, func(r rune) bool { return r > '~' }); i >= 0 {
				t.Errorf("the screen is not ASCII: %q in\n%s", text[i:i+4], text)
			}
			if c.coloured() {
				t.Error("it has colours")
			}
			c.press("\x03")
			c.ends(exitDone)
		})
	}
}

// coloured tells whether any cell of the screen has a colour.
func (c *console) coloured() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for y := range c.screen.Height() {
		for x := range c.screen.Width() {
			if cell := c.screen.CellAt(x, y); cell != nil && (cell.Style.Fg != nil || cell.Style.Bg != nil) {
				return true
			}
		}
	}
	return false
}
