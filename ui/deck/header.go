package deck

import (
	"strings"
	"time"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// header draws the first row: who this is, which bus and how it is, what flows, what is held and lost, whether sending
// is armed, and the time. What there is no room for is left out, the least important first.
func (d *deck) header() string {
	left, right := d.headLeft(), d.headRight()
	width := d.layout.width
	need := func() (n int) {
		for _, p := range append(left[:len(left):len(left)], right...) {
			n += screen.Cells(p.text)
		}
		return n
	}
	for least := 6; need() > width-2 && least > 0; least-- {
		left, right = without(left, least), without(right, least)
	}
	l := screen.NewLine(width, "")
	for _, p := range left {
		p.put(l)
	}
	n := 0
	for _, p := range right {
		n += screen.Cells(p.text)
	}
	l.Gap(l.Free() - n - 1)
	for _, p := range right {
		p.put(l)
	}
	return l.String()
}

// part is a piece of the header; those with the highest rank are the first to be left out, those of rank 0 stay.
type part struct {
	style screen.Style
	text  string
	rank  int
	tag   bool
}

func (p part) put(l *screen.Line) {
	if p.tag {
		l.Tag(p.style, p.text)
		return
	}
	l.Put(p.style, p.text)
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
	parts := []part{{t.Accent.With(t.Bright), " signalbox", 0, false}, {t.Text, "  ", 0, false}}
	parts = append(parts, d.alarm()...)
	title := screen.Clean(d.opt.Title)
	if title != "" {
		parts = append(parts, part{t.Text, title, 1, false})
	}
	for i, b := range s.Buses {
		name := screen.Clean(b.Name)
		switch {
		case i > 0:
			parts = append(parts, part{t.Faint, "  ", 0, false}, part{t.Dim, name, 1, false})
		case title == "":
			parts = append(parts, part{t.Dim, name, 1, false})
		case !strings.Contains(title, name):
			parts = append(parts, part{t.Faint, " · ", 1, false}, part{t.Dim, name, 1, false})
		}
		parts = append(parts, part{t.Text, "  ", 0, false})
		parts = append(parts, d.link(b)...)
	}
	parts = append(parts, part{t.Bright, "   " + screen.PerSecond(s.Rate), 0, false}, part{t.Dim, " ev/s", 4, false},
		part{t.Spark, " " + screen.Sparkline(s.Rates, 8), 6, false})
	parts = append(parts, part{t.Dim, "  held ", 5, false}, part{t.Text, screen.Grouped(s.Ledger.Held), 5, false})
	return append(append(parts, d.losses()...), d.mourning()...)
}

// link is the state of a bus in words.
func (d *deck) link(b sources.BusRow) []part {
	t := d.theme
	switch b.Link {
	case "live":
		return []part{{t.Good, "● live", 0, false}}
	case "reconnecting":
		since := ""
		if !b.Since.IsZero() {
			since = " for " + screen.Duration(d.opt.Now().Sub(b.Since))
		}
		return []part{{t.Warn, "◌ reconnecting" + since, 0, false}}
	}
	return []part{{t.Bad, "✗ " + screen.Clean(b.Link), 0, false}}
}

// losses says what is missing, as soon as anything is.
func (d *deck) losses() []part {
	t, l := d.theme, d.snap.Ledger
	lost := l.Dropped + l.Missed
	switch {
	case lost > 0:
		return []part{{t.Bad, "  lost " + screen.Grouped(lost), 0, false}, {t.Dim, " (L)", 2, false}}
	case l.GapCount > 0:
		return []part{{t.Warn, "  lost ? " + screen.Plural(l.GapCount, "gap"), 0, false}}
	}
	return []part{{t.Dim, "  lost 0", 2, false}}
}

func (d *deck) headRight() []part {
	t := d.theme
	var parts []part
	switch {
	case d.still != nil && d.elsewhen():
		parts = append(parts, part{t.Flag, " frozen · at " + d.cursorTime() + " ", 0, true}, part{t.Text, "  ", 0, false})
	case d.still != nil:
		parts = append(parts, part{t.Flag, " frozen · " + screen.Grouped(d.newer()) + " newer ", 0, true}, part{t.Text, "  ", 0, false})
	case d.at != 0:
		parts = append(parts, part{t.Flag, " at " + d.cursorTime() + " · esc is now ", 0, true}, part{t.Text, "  ", 0, false})
	}
	parts = append(parts, d.arming()...)
	return append(parts, part{t.Text, "  " + d.opt.Now().Format(time.TimeOnly), 3, false})
}

// arming says whether anything can be sent from here.
func (d *deck) arming() []part {
	t := d.theme
	switch {
	case d.opt.ReadOnly:
		return []part{{t.Dim, "read-only", 1, false}}
	case d.armed() != nil:
		return []part{{t.Good, "armed", 1, false}}
	}
	return []part{{t.Dim, "not armed", 1, false}}
}

// clock writes a time of day as the deck's own clock would, to the millisecond or to the second.
func (d *deck) clock(at time.Time, exact bool) string {
	at = at.In(d.opt.Now().Location())
	if exact {
		return at.Format("15:04:05.000")
	}
	return at.Format(time.TimeOnly)
}
