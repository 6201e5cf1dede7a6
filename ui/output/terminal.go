package output

import (
	"io"
	"os"

	"github.com/charmbracelet/x/term"

	"signalbox/ui/screen"
)

// IsTerminal tells whether people look at a stream.
func IsTerminal(stream any) bool {
	file, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(file.Fd())
}

// Colours colour text for people; when they are off it stays as it is.
type Colours struct{ on bool }

// ColoursFor tells from a stream, and from NO_COLOR and TERM, whether colours are wanted.
func ColoursFor(out io.Writer) Colours {
	return Colours{on: IsTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// The styles in use: the terminal's own colours.
const (
	Dim       = "2"
	Bold      = "1"
	Good      = "32"
	Bad       = "31"
	styleName = "36"
)

// Paint puts text into a style.
func (c Colours) Paint(style screen.Style, text string) string {
	if !c.on || text == "" {
		return text
	}
	return screen.Paint(style, text)
}
