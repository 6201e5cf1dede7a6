package cli

import (
	"io"
	"os"

	"github.com/charmbracelet/x/term"

	"signalbox/ui/screen"
)

// isTerminal tells whether people look at a stream.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(file.Fd())
}

// colours colour text for people; when they are off it stays as it is.
type colours struct{ on bool }

// coloursFor tells from a stream, and from NO_COLOR and TERM, whether colours are wanted.
func coloursFor(out io.Writer) colours {
	return colours{on: isTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// The styles in use: the terminal's own colours.
const (
	styleDim  = "2"
	styleBold = "1"
	styleGood = "32"
	styleBad  = "31"
	styleName = "36"
)

// paint puts text into a style.
func (c colours) paint(style screen.Style, text string) string {
	if !c.on || text == "" {
		return text
	}
	return screen.Paint(style, text)
}
