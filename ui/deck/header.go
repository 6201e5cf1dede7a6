package deck

import (
	"strings"
	"time"

	"signalbox/sources"
)

// header draws the first row: who this is, which bus and how it is, what flows, what is held and lost, whether sending
// is armed, and the time. What there is no room for is left out, the least important first.
func (d *deck) header() string {
	left, right := d.headLeft(), d.headRight()
	width := d.layout.width
	need := func() (n int) {
		for _, p := range append(left[:len(left):len(left)], right...) {
			n += cells(p.text)
		}
		return n
	}
	for least := 6; need() > width-2 && least > 0; least-- {
		left, right = without(left, least), without(right, least)
	}
	l := newLine(width, "")
	for _, p := range left {
		p.put(l)
	}
	n := 0
	for _, p := range right {
		n += cells(p.text)
	}
	l.gap(l.free() - n - 1)
	for _, p := range right {
		p.put(l)
	}
	return l.String()
}

// part is a piece of the header; those with the highest rank are the first to be left out, those of rank 0 stay.
type part struct {
	style style
	text  string
	rank  int
	tag   bool
}

func (p part) put(l *line) {
	if p.tag {
		l.tag(p.style, p.text)
		return
	}
	l.put(p.style, p.text)
}

// without leaves out the parts of one rank.
func without(parts []part, rank int) []part {
	var kept []part
	for _, p := range parts {
		if p.rank != rank {
			kept = append(kept, p)
		}
	}
	return kept
}

func (d *deck) headLeft() []part {
	t, s := d.theme, d.snap
	parts := []part{{t.accent.with(t.bright), " signalbox", 0, false}, {t.text, "  ", 0, false}}
	parts = append(parts, d.alarm()...)
	title := clean(d.opt.Title)
	if title != "" {
		parts = append(parts, part{t.text, title, 1, false})
	}
	for i, b := range s.Buses {
		name := clean(b.Name)
		switch {
		case i > 0:
			parts = append(parts, part{t.faint, "  ", 0, false}, part{t.dim, name, 1, false})
		case title == "":
			parts = append(parts, part{t.dim, name, 1, false})
		case !strings.Contains(title, name):
			parts = append(parts, part{t.faint, " · ", 1, false}, part{t.dim, name, 1, false})
		}
		parts = append(parts, part{t.text, "  ", 0, false})
		parts = append(parts, d.link(b)...)
	}
	parts = append(parts, part{t.bright, "   " + perSecond(s.Rate), 0, false}, part{t.dim, " ev/s", 4, false},
		part{t.spark, " " + spark(s.Rates, 8), 6, false})
	parts = append(parts, part{t.dim, "  held ", 5, false}, part{t.text, grouped(s.Ledger.Held), 5, false})
	return append(append(parts, d.losses()...), d.mourning()...)
}

// link is the state of a bus in words.
func (d *deck) link(b sources.BusRow) []part {
	t := d.theme
	switch b.Link {
	case "live":
		return []part{{t.good, "● live", 0, false}}
	case "reconnecting":
		since := ""
		if !b.Since.IsZero() {
			since = " for " + lasting(d.opt.Now().Sub(b.Since))
		}
		return []part{{t.warn, "◌ reconnecting" + since, 0, false}}
	}
	return []part{{t.bad, "✗ " + clean(b.Link), 0, false}}
}

// losses says what is missing, as soon as anything is.
func (d *deck) losses() []part {
	t, l := d.theme, d.snap.Ledger
	lost := l.Dropped + l.Missed
	switch {
	case lost > 0:
		return []part{{t.bad, "  lost " + grouped(lost), 0, false}, {t.dim, " (L)", 2, false}}
	case l.GapCount > 0:
		return []part{{t.warn, "  lost ? " + plural(l.GapCount, "gap"), 0, false}}
	}
	return []part{{t.dim, "  lost 0", 2, false}}
}

func (d *deck) headRight() []part {
	t := d.theme
	var parts []part
	switch {
	case d.still != nil && d.elsewhen():
		parts = append(parts, part{t.flag, " frozen · at " + d.cursorTime() + " ", 0, true}, part{t.text, "  ", 0, false})
	case d.still != nil:
		parts = append(parts, part{t.flag, " frozen · " + grouped(d.newer()) + " newer ", 0, true}, part{t.text, "  ", 0, false})
	case d.at != 0:
		parts = append(parts, part{t.flag, " at " + d.cursorTime() + " · esc is now ", 0, true}, part{t.text, "  ", 0, false})
	}
	parts = append(parts, d.arming()...)
	return append(parts, part{t.text, "  " + d.opt.Now().Format(time.TimeOnly), 3, false})
}

// arming says whether anything can be sent from here.
func (d *deck) arming() []part {
	t := d.theme
	switch {
	case d.opt.ReadOnly:
		return []part{{t.dim, "read-only", 1, false}}
	case d.armed() != nil:
		return []part{{t.good, "armed", 1, false}}
	}
	return []part{{t.dim, "not armed", 1, false}}
}

// clock writes a time of day as the deck's own clock would, to the millisecond or to the second.
func (d *deck) clock(at time.Time, exact bool) string {
	at = at.In(d.opt.Now().Location())
	if exact {
		return at.Format("15:04:05.000")
	}
	return at.Format(time.TimeOnly)
}
