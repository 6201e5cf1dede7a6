package overlays

import (
	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// progressColumns are the widths of the table's columns: what stands before the consumers, and of each consumer.
type progressColumns struct {
	width, mark, typ, each int
	from, to               int // the consumers shown
	stations               bool
}

func (v *progress) columns(steps []sources.HistoryStep, consumers []sources.Progress, width int) progressColumns {
	c := progressColumns{width: width, mark: wording.MarkWidth(steps[len(steps)-1].Version), typ: 8}
	for i := range steps {
		c.typ = max(c.typ, len(steps[i].Type))
	}
	c.typ = min(c.typ, max(width/4, 12))
	for i := range consumers {
		c.stations = c.stations || consumers[i].Station != consumers[0].Station
	}
	const least, most = 13, 34 // "– filtered" and a member's name have room
	room := width - c.before()
	c.each = min(max(room/len(consumers), least), most)
	shown := min(max(room/c.each, 1), len(consumers))
	v.left = min(max(v.left, 0), len(consumers)-shown)
	c.from, c.to = v.left, v.left+shown
	return c
}

// before is the width of what stands before the consumers: the mark, the version, the time and the type.
func (c progressColumns) before() int { return 1 + c.mark + 9 + c.typ + 2 }

// heads names the consumers, and over them their stations where there are several.
func (c progressColumns) heads(t *screen.Theme, consumers []sources.Progress) []string {
	head := func(name func(*sources.Progress) (string, screen.Style)) string {
		l := screen.NewLine(c.width, "")
		l.Gap(c.before())
		for i := c.from; i < c.to; i++ {
			text, k := name(&consumers[i])
			l.Left(k, screen.CutMiddle(screen.CleanUpTo(text, 4*c.each), c.each-1), c.each)
		}
		return l.String()
	}
	var heads []string
	if c.stations {
		heads = append(heads, head(func(h *sources.Progress) (string, screen.Style) { return h.Station, t.Hue(h.Station) }))
	}
	return append(heads, head(func(h *sources.Progress) (string, screen.Style) { return h.Consumer, t.Bright }))
}

func (c progressColumns) row(d *component.Deck, h *sources.HistoryStep, consumers []sources.Progress, at int, chosen bool) string {
	t := d.Theme
	l := screen.NewRow(t, c.width, chosen, true)
	mark, k := wording.VersionMark(t, d.Detail(), h)
	l.Left(k, mark, c.mark)
	l.Put(t.Faint, d.Clock(h.Time, false)+" ")
	l.Left(t.Text, screen.CutMiddle(screen.CleanUpTo(h.Type, 4*c.typ), c.typ), c.typ+2)
	for i := c.from; i < c.to; i++ {
		var x sources.Stand
		if stands := consumers[i].Stands; at < len(stands) {
			x = stands[at]
		}
		sign, k := wording.StandingSign(t, x.Standing)
		l.Left(k, screen.Cut(sign+" "+standingText(x), c.each-1), c.each)
	}
	return l.String()
}

// standingText is a standing in a cell of the table.
func standingText(x sources.Stand) string {
	switch {
	case x.Standing == bus.Unknown:
		return "unknown"
	case x.Standing == bus.Delivered && x.Who != "":
		return "delivered to " + screen.Clean(x.Who)
	case x.Standing == bus.Filtered:
		return "filtered"
	}
	return string(x.Standing)
}

// legendLine explains the signs.
func legendLine(t *screen.Theme, width int) string {
	meanings := map[bus.Standing]string{bus.Delivered: "delivered, not acknowledged", bus.Filtered: "filtered out",
		bus.Unknown: "cannot be known"}
	l := screen.NewLine(width, "")
	l.Gap(1)
	for _, s := range legend {
		sign, k := wording.StandingSign(t, s)
		text := meanings[s]
		if text == "" || width < 100 {
			text = standingText(sources.Stand{Standing: s})
		}
		l.Put(k, sign)
		l.Put(t.Dim, " "+text+"  ")
	}
	return l.String()
}
