package results

import (
	"fmt"
	"maps"

	"signalbox/scenarios/script"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// load prints what a load has come to.
func (p *Printer) load(news script.Progress) {
	l, is := news.Loaded()
	if !is || p.JSON {
		return
	}
	for i, text := range l.Figures.Lines() {
		if i == 0 && news.Inner != nil {
			text += "  " + p.Colours.Paint(output.Dim, screen.Clean(l.Path))
		}
		p.line("      %s", screen.Clean(text))
	}
}

// going shows how a step goes on, in a line that the next one goes over: on a terminal alone.
func (p *Printer) going(news script.Progress) {
	text := news.Note
	if news.Inner != nil {
		text = news.Inner.Note
	}
	if !p.Live || p.JSON || text == "" {
		return
	}
	p.clear()
	_, err := fmt.Fprintf(p.Out, "      %s", p.Colours.Paint(output.Dim, screen.Clean(output.ShortenTo(text, maxGoing))))
	p.keep(err)
	p.over = true
}

// maxGoing bounds the line that tells how a step goes on, so that it is one.
const maxGoing = 100

// clear takes away the line that tells how a step goes on.
func (p *Printer) clear() {
	if p.over {
		_, err := fmt.Fprint(p.Out, "\r\x1b[K")
		p.keep(err)
		p.over = false
	}
}

// loadsJSON are what loads have come to, as JSON: the figures by their names, times in seconds.
func loadsJSON(loads []script.Loaded) []map[string]any {
	var all []map[string]any
	for _, l := range loads {
		line := map[string]any{"step": l.Path, "text": l.Text}
		maps.Copy(line, l.Figures.Tree())
		if l.Figures.Reason != "" {
			line["reason"] = l.Figures.Reason
		}
		all = append(all, line)
	}
	return all
}
