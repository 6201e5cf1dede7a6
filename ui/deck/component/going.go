package component

import (
	"strconv"

	"signalbox/ui/screen"
)

// Going says, while a moment of a recording is being gone to of which nothing is shown yet, how far that is; else it is "".
func (d *Deck) Going() string {
	g := d.Snapshot().Going
	switch {
	case g == nil:
		return ""
	case g.Failed != "":
		return "the recording cannot be read up to this moment: " + screen.Clean(g.Failed)
	}
	return "reading the recording up to this moment ─ " + percent(g.Part)
}

func percent(part float64) string { return strconv.Itoa(int(part*100)) + " %" }
