package deck

import (
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/overlays"
	"signalbox/ui/screen"
)

// header draws the first row: who this is, which bus and how it is, what flows, what is held and lost, whether sending
// is armed, and the time. Where there is no room for all, parts are shortened or left out, the least important first.
func header(d *component.Deck, title string) string {
	left, right := headLeft(d, title), headRight(d)
	width := d.Layout().Width
	for least := leastImportant; cellsOf(left)+cellsOf(right) > width-2 && least > 0; least-- {
		left, right = shortened(left, least), shortened(right, least)
	}
	l := screen.NewLine(width, "")
	for _, p := range left {
		p.text = screen.Cut(p.text, max(l.Free()-cellsOf(right)-2, 0)) // never at the cost of whether sending is armed
		p.put(l)
	}
	l.Gap(l.Free() - cellsOf(right) - 1)
	for _, p := range right {
		p.put(l)
	}
	return l.String()
}

// part is a piece of the header; those with the highest rank are the first to be shortened, those of rank 0 stay.
type part struct {
	style screen.Style
	text  string
	rank  int
	short string // what stays of it; "" leaves it out
	last  int    // the rank at which that is left out, too
	tag   bool
}

// Ranks of the header's parts.
const (
	keptRank = iota
	armingRank
	titleRank
	brandRank
	heldRank
	lettersRank
	nameRank
	hintRank
	clockRank
	sparkRank

	leastImportant = sparkRank
)

func (p part) put(l *screen.Line) {
	if p.tag {
		l.Tag(p.style, p.text)
		return
	}
	l.Put(p.style, p.text)
}

func cellsOf(parts []part) (n int) {
	for _, p := range parts {
		n += screen.Cells(p.text)
	}
	return n
}

// shortened shortens the parts of one rank.
func shortened(parts []part, rank int) []part {
	var kept []part
	for _, p := range parts {
		switch rank {
		case p.rank:
			p.text = p.short
		case p.last:
			p.text = ""
		}
		if p.text != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

func headLeft(d *component.Deck, title string) []part {
	t, s := d.Theme, d.Steady()
	parts := []part{{style: t.Accent.With(t.Bright), text: " signalbox", rank: brandRank}, {text: "  ", rank: brandRank, short: " "}}
	parts = append(parts, production(d)...)
	title = screen.Clean(title)
	if title != "" {
		parts = append(parts, part{style: t.Text, text: title, rank: titleRank}, part{text: " ", rank: titleRank})
	}
	figures := t.Bright
	if d.Time.Earlier() {
		figures = t.Warn
	}
	for i, b := range d.Snapshot().Buses {
		parts = append(parts, busName(t, screen.Clean(b.Name), title, i)...)
		parts = append(parts, recognised(t, b)...)
		parts = append(parts, link(d, b)...)
	}
	rate := screen.PerSecond(s.Rate)
	parts = append(parts, part{style: figures, text: "   " + rate, rank: nameRank, short: "  " + rate},
		part{style: t.Dim, text: " ev/s"}, part{style: t.Spark, text: " " + screen.Sparkline(s.Rates, 8), rank: sparkRank},
		part{style: t.Dim, text: "  held "},
		part{style: t.Text, text: screen.Grouped(s.Ledger.Held), rank: heldRank, short: screen.Short(s.Ledger.Held)})
	parts = append(parts, losses(d)...)
	if !d.Time.Earlier() { // how many there were then is not known
		parts = append(append(parts, deadLetters(d)...), violations(d)...)
	}
	return append(append(append(parts, recorded(d)...), breaks(d)...), domainFiles(d)...)
}

// violations says how often something was violated that a domain says holds always.
func violations(d *component.Deck) []part {
	n, _ := overlays.Violations(d)
	if n == 0 {
		return nil
	}
	return []part{{style: d.Theme.Bad, text: "  " + screen.Plural(n, "violation"), rank: lettersRank, short: "  ! " + screen.Short(n), last: armingRank},
		{style: d.Theme.Dim, text: " (!)", rank: hintRank}}
}

// shortBreak is how much of a breakpoint the header says.
const shortBreak = 30

// breaks says how often breakpoints were hit.
func breaks(d *component.Deck) []part {
	var hits uint64
	on := 0
	rows := d.Snapshot().Breaks
	for i := range rows {
		hits += rows[i].Hits
		if !rows[i].Off {
			on++
		}
	}
	if len(rows) == 0 {
		return nil
	}
	style := d.Theme.Dim
	if hits > 0 {
		style = d.Theme.Warn
	}
	text := "  " + screen.Plural(uint64(on), "break") + " · " + screen.Plural(hits, "hit")
	hint := " (B)"
	if d.Time.Earlier() {
		hint = " by now (B)"
	}
	return []part{{style: style, text: text, rank: lettersRank, short: "  ● " + screen.Short(hits), last: armingRank}, {style: d.Theme.Dim, text: hint, rank: hintRank}}
}

// shortName is how much stays of the name of a bus where room is short.
const shortName = 16

// busName is the name of a bus with what stands before and behind it, unless the title says it.
func busName(t *screen.Theme, name, title string, i int) []part {
	short := screen.CutMiddle(name, shortName)
	switch {
	case i > 0:
		return []part{{text: "  "}, {style: t.Dim, text: name, rank: nameRank, short: short, last: titleRank}, {text: " "}}
	case title == "":
		return []part{{style: t.Dim, text: name, rank: nameRank, short: short, last: titleRank}, {text: "  ", last: titleRank}}
	case !strings.Contains(title, name):
		return []part{{style: t.Faint, text: "· ", rank: nameRank}, {style: t.Dim, text: name, rank: nameRank}, {text: "  ", rank: nameRank, short: " "}}
	}
	return []part{{text: " "}}
}

// recognised names what a bus turned out to be, and the domains whose events were found on it.
func recognised(t *screen.Theme, b sources.BusRow) []part {
	names := b.Recognised
	if b.Product != "" {
		names = append([]string{b.Product}, names...)
	}
	if len(names) == 0 {
		return nil
	}
	return []part{{style: t.Accent, text: screen.Clean(strings.Join(names, ", ")) + " ", rank: nameRank}, {text: " ", rank: nameRank}}
}

// production marks each bus that is production.
func production(d *component.Deck) []part {
	var parts []part
	for _, b := range d.Sender.Buses() {
		if mark := d.Sender.Mark(b); mark.Name != "" {
			loud := d.Theme.Bad.With(d.Theme.Bright).With(d.Theme.Reverse)
			parts = append(parts, part{style: loud, text: " production · " + mark.Name + " ", rank: titleRank, short: " production ", tag: true})
			if mark.From != "" {
				parts = append(parts, part{style: d.Theme.Dim, text: " by " + mark.From, rank: hintRank})
			}
			parts = append(parts, part{text: "  "})
		}
	}
	return parts
}

// link is the state of a bus in words.
func link(d *component.Deck, b sources.BusRow) []part {
	t := d.Theme
	switch b.Link {
	case bus.Live:
		if d.Time.Earlier() {
			return []part{{style: t.Good, text: "● live"}, {style: t.Good, text: " now", rank: sparkRank}}
		}
		return []part{{style: t.Good, text: "● live"}}
	case bus.Recorded:
		return []part{{style: t.Dim, text: "○ recorded"}}
	case bus.Reconnecting:
		since := ""
		if !b.Since.IsZero() {
			since = " for " + screen.Duration(d.Now().Sub(b.Since))
		}
		return []part{{style: t.Warn, text: "◌ reconnecting" + since}}
	}
	return []part{{style: t.Bad, text: "✗ " + screen.Clean(string(b.Link))}}
}

// losses says what is missing, as soon as anything is.
func losses(d *component.Deck) []part {
	t, l := d.Theme, d.Steady().Ledger
	lost := l.Dropped + l.Missed
	switch {
	case lost > 0:
		return []part{{style: t.Bad, text: "  lost " + screen.Grouped(lost), rank: heldRank, short: "  lost " + screen.Short(lost)},
			{style: t.Dim, text: " (L)", rank: hintRank}}
	case l.GapCount > 0:
		return []part{{style: t.Warn, text: "  lost ? " + screen.Plural(l.GapCount, "gap")}}
	}
	return []part{{style: t.Dim, text: "  lost 0"}}
}

// deadLetters says how many dead letters nobody has seen.
func deadLetters(d *component.Deck) []part {
	n := d.Selection.Letters.Unseen()
	if n == 0 {
		return nil
	}
	least := "  "
	if _, atLeast := d.Selection.Letters.Total(); atLeast {
		least = "  ≥ "
	}
	return []part{{style: d.Theme.Bad, text: least + screen.Plural(uint64(n), "dead letter"), rank: lettersRank,
		short: least + screen.Short(uint64(n)) + " dead", last: armingRank}, {style: d.Theme.Dim, text: " (D)", rank: hintRank}}
}

func headRight(d *component.Deck) []part {
	parts := append(moment(d), arming(d)...)
	return append(parts, part{style: d.Theme.Text, text: "  " + d.Now().Format(time.TimeOnly), rank: clockRank})
}

// moment says where the time cursor stands, unless that is now.
func moment(d *component.Deck) []part {
	var text, short string
	switch at, age := cursorTime(d); {
	case d.Time.Frozen() && d.Breaks.Stopped() != "":
		text = " stopped · at " + at + " · " + screen.CutMiddle(screen.Clean(d.Breaks.Stopped()), shortBreak) + " "
	case d.Time.Frozen() && d.Time.Earlier():
		text, short = " frozen ·"+age+" at "+at+" ", " frozen · at "+at+" "
	case d.Time.Frozen():
		text = " frozen · " + screen.Grouped(d.Time.Newer()) + " newer "
	case d.Time.Earlier():
		text, short = " past ·"+age+" at "+at+" · esc is now ", " past · at "+at+" "
	default:
		return nil
	}
	p := part{style: d.Theme.Flag, text: text, tag: true}
	if short != "" {
		p.rank, p.short = lettersRank, short
	}
	return []part{p, {text: "  "}}
}

// cursorTime is the moment that the time cursor stands on, and how long ago that was: " 5m ago ·".
func cursorTime(d *component.Deck) (moment, age string) {
	if at, ok := d.Time.Time(); ok {
		return d.Day(at) + d.Clock(at, true), " " + d.Ago(at) + " ·"
	}
	return "event " + screen.Grouped(d.Time.At()), ""
}

// arming says whether anything can be sent from here. It is loud where that would go to production.
func arming(d *component.Deck) []part {
	t := d.Theme
	if d.Sender.ReadOnly {
		return []part{{style: t.Dim, text: "read-only", rank: armingRank}}
	}
	style := screen.Style("")
	for _, b := range d.Sender.Armed() {
		info := b.Info()
		switch {
		case d.Sender.Mark(b).Name != "":
			return []part{{style: t.Bad.With(t.Bright), text: "armed · production", rank: clockRank, short: "armed!"}}
		case !info.Loopback && !info.Embedded:
			style = t.Warn
		case style == "":
			style = t.Good
		}
	}
	if style == "" && len(d.Sender.Armed()) == 0 {
		return []part{{style: t.Dim, text: "not armed", rank: armingRank}}
	}
	return []part{{style: style, text: "armed"}}
}
