package overlays

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// payload is bytes to read in one of several ways. Their lines are made once for each way and width, in a command, for
// there may be megabytes; only those in view are drawn.
type payload struct {
	data  []byte
	view  screen.PayloadView
	width int // that it was laid out for
	text  [screen.PayloadViews]screen.Text
	ready [screen.PayloadViews]bool
}

// layOut makes the lines of what is shown, unless they are there.
func (p *payload) layOut(data []byte, width int) tea.Cmd {
	p.data = data
	if p.width != width {
		p.width, p.ready = width, [screen.PayloadViews]bool{}
	}
	if p.ready[p.view] || p.view == screen.Hex {
		return nil
	}
	view := p.view
	return func() tea.Msg {
		lines := screen.LayOutPayload(data, view, width)
		return component.Result(func() tea.Cmd {
			if p.width == width {
				p.text[view].Lines, p.ready[view] = lines, true
			}
			return nil
		})
	}
}

// next goes on to the next way.
func (p *payload) next() { p.view = (p.view + 1) % screen.PayloadViews }

// lines is how many lines there are.
func (p *payload) lines() int {
	if p.view == screen.Hex {
		return screen.HexLines(p.data)
	}
	return len(p.text[p.view].Lines)
}

// line draws one of them.
func (p *payload) line(t *screen.Theme, i, width int) string {
	if p.view == screen.Hex {
		return screen.HexLine(t, p.data, i, width)
	}
	text := &p.text[p.view]
	return text.DrawLine(t, text.Lines[i], width)
}
