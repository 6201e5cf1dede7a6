package recording

import (
	"fmt"
	"math"
	"strings"
	"time"

	"signalbox/bus"
)

// PartForms are how a part of a recording is written.
const PartForms = "FROM..TO, as in 14:03..14:05:30 or 2026-11-22T14:03:00Z.., with either side left out"

// Part is what passed between two times. The zero Part is all of a recording.
type Part struct{ from, to edge }

// edge is a time, or a time of day: the first such after the beginning of the recording.
type edge struct {
	at    time.Time
	clock bool
}

// ParsePart reads a part as it is written.
func ParsePart(text string) (p Part, err error) {
	from, to, ok := strings.Cut(text, "..")
	if !ok || from == "" && to == "" {
		return p, fmt.Errorf("part %q: want %s", text, PartForms)
	}
	if p.from, err = parseEdge(from); err == nil {
		p.to, err = parseEdge(to)
	}
	if err != nil {
		return Part{}, fmt.Errorf("part %q: want %s", text, PartForms)
	}
	if a, b := p.from, p.to; !a.at.IsZero() && !b.at.IsZero() && !a.clock && !b.clock && b.at.Before(a.at) {
		return Part{}, fmt.Errorf("part %q ends before it begins", text)
	}
	return p, nil
}

func parseEdge(text string) (e edge, err error) {
	if text == "" {
		return edge{}, nil
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		if at, err := time.Parse(layout, text); err == nil {
			return edge{at, true}, nil
		}
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if at, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return edge{at: at}, nil
		}
	}
	e.at, err = time.Parse(time.RFC3339Nano, text)
	return e, err
}

// after is the time that an edge means in a recording that begins at another.
func (e edge) after(begin time.Time) int64 {
	at := e.at
	if e.clock {
		at = time.Date(begin.Year(), begin.Month(), begin.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), begin.Location())
		if begin.Sub(at) > halfDay {
			at = at.AddDate(0, 0, 1) // it went on after midnight
		}
	}
	return at.UnixNano()
}

// halfDay is by how much a time of day lies before the beginning of a recording where that of the next day is meant.
const halfDay = 12 * time.Hour

// keep restricts what is read of the recording to a part.
func (b *Bus) keep(p Part) error {
	b.from, b.until = math.MinInt64, math.MaxInt64
	for _, s := range b.stations {
		s.end = len(s.heads)
	}
	if b.first > b.last {
		return nil // no message is in it
	}
	begin := time.Unix(0, b.first)
	if !p.from.at.IsZero() {
		b.from = p.from.after(begin)
	}
	if !p.to.at.IsZero() {
		b.until = p.to.after(begin)
	}
	if b.from > b.until || b.from > b.last || b.until < b.first {
		return fmt.Errorf("it has nothing of that part: it is from %s to %s", begin.Format(time.RFC3339), time.Unix(0, b.last).Format(time.RFC3339))
	}
	for _, s := range b.stations {
		s.row.Removed = s.row.Removed || b.from > b.first && s.row.Messages > 0
		for s.end > 0 && (s.parts[s.end-1].Messages == 0 || s.parts[s.end-1].First > b.until) && b.until != math.MaxInt64 {
			s.end--
		}
	}
	b.first, b.last = max(b.first, b.from), min(b.last, b.until)
	return nil
}

// isKept tells whether a message is of the part that is read.
func (b *Bus) isKept(unixNano int64) bool { return b.from <= unixNano && unixNano <= b.until }

// concerns tells whether a gap is of the part that is read.
func (b *Bus) concerns(g *bus.Gap) bool {
	since, until := g.Since, g.Until
	return (until.IsZero() || until.UnixNano() >= b.from) && (since.IsZero() || since.UnixNano() <= b.until)
}
