package deck

import (
	"strings"
	"time"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// header draws the first row: who this is, which bus and how it is, what flows, what is held and lost, whether sending
// is armed, and the time. What there is no room for is left out, the least important first.
func header(d *component.Deck, title string) string {
	left, right := headLeft(d, title), headRight(d)
	width := d.Layout().Width
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

func headLeft(d *component.Deck, title string) []part {
	t, s := d.Theme, d.Snapshot()
	parts := []part{{t.Accent.With(t.Bright), " signalbox", 0, false}, {t.Text, "  ", 0, false}}
	parts = append(parts, production(d)...)
	title = screen.Clean(title)
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
		parts = append(parts, link(d, b)...)
	}
	parts = append(parts, part{t.Bright, "   " + screen.PerSecond(s.Rate), 0, false}, part{t.Dim, " ev/s", 4, false},
		part{t.Spark, " " + screen.Sparkline(s.Rates, 8), 6, false})
	parts = append(parts, part{t.Dim, "  held ", 5, false}, part{t.Text, screen.Grouped(s.Ledger.Held), 5, false})
	return append(append(parts, losses(d)...), deadLetters(d)...)
}

// production marks each bus that is production.
func production(d *component.Deck) []part {
	var parts []part
	for _, b := range d.Sender.Buses {
		if name := d.Sender.ProductionName(b); name != "" {
			loud := d.Theme.Bad.With(d.Theme.Bright).With(d.Theme.Reverse)
			parts = append(parts, part{loud, " production · " + name + " ", 0, true}, part{d.Theme.Text, "  ", 0, false})
		}
	}
	return parts
}

// link is the state of a bus in words.
func link(d *component.Deck, b sources.BusRow) []part {
	t := d.Theme
	switch b.Link {
	case "live":
		return []part{{t.Good, "● live", 0, false}}
	case "reconnecting":
		since := ""
		if !b.Since.IsZero() {
			since = " for " + screen.Duration(d.Now().Sub(b.Since))
		}
		return []part{{t.Warn, "◌ reconnecting" + since, 0, false}}
	}
	return []part{{t.Bad, "✗ " + screen.Clean(string(b.Link)), 0, false}}
}

// losses says what is missing, as soon as anything is.
func losses(d *component.Deck) []part {
	t, l := d.Theme, d.Snapshot().Ledger
	lost := l.Dropped + l.Missed
	switch {
	case lost > 0:
		return []part{{t.Bad, "  lost " + screen.Grouped(lost), 0, false}, {t.Dim, " (L)", 2, false}}
	case l.GapCount > 0:
		return []part{{t.Warn, "  lost ? " + screen.Plural(l.GapCount, "gap"), 0, false}}
	}
	return []part{{t.Dim, "  lost 0", 2, false}}
}

// deadLetters says how many dead letters nobody has seen.
func deadLetters(d *component.Deck) []part {
	n := d.Selection.Letters.Unseen()
	if n == 0 {
		return nil
	}
	return []part{{d.Theme.Bad, "  " + screen.Plural(uint64(n), "dead letter"), 0, false}, {d.Theme.Dim, " (D)", 2, false}}
}

func headRight(d *component.Deck) []part {
	parts := append(moment(d), arming(d)...)
	return append(parts, part{d.Theme.Text, "  " + d.Now().Format(time.TimeOnly), 3, false})
}

// moment says where the time cursor stands, unless that is now.
func moment(d *component.Deck) []part {
	var text string
	switch {
	case d.Time.Frozen() && d.Time.Earlier():
		text = " frozen · at " + cursorTime(d) + " "
	case d.Time.Frozen():
		text = " frozen · " + screen.Grouped(d.Time.Newer()) + " newer "
	case d.Time.Earlier():
		text = " at " + cursorTime(d) + " · esc is now "
	default:
		return nil
	}
	return []part{{d.Theme.Flag, text, 0, true}, {d.Theme.Text, "  ", 0, false}}
}

// cursorTime is when the event happened that the time cursor stands on.
func cursorTime(d *component.Deck) string {
	if at, ok := d.Time.Time(); ok {
		return d.Clock(at, true)
	}
	return "event " + screen.Grouped(d.Time.At())
}

// arming says whether anything can be sent from here.
func arming(d *component.Deck) []part {
	t := d.Theme
	switch {
	case d.Sender.ReadOnly:
		return []part{{t.Dim, "read-only", 1, false}}
	case d.Sender.Armed() != nil:
		return []part{{t.Good, "armed", 1, false}}
	}
	return []part{{t.Dim, "not armed", 1, false}}
}
