package output

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// How long a backfill takes before its progress is shown, and how often that is drawn.
const (
	longBackfill  = time.Second
	progressEvery = 250 * time.Millisecond
)

// eraseLine goes to the beginning of a terminal's line and empties it.
const eraseLine = "\r\x1b[K"

// Notices tells people what goes on besides events: notices, and the progress of a long backfill where a terminal can
// show it. Tell belongs to one goroutine; everything else may be called from any.
type Notices struct {
	out   io.Writer
	live  bool // out is a terminal
	begun time.Time
	drawn time.Time
	last  sources.NoticeRow // the newest that was told
	keys  map[string]string // how keys are watched, by station, as told
	gaps  map[string]toldGaps

	mu    sync.Mutex
	told  []string // what was told lately, as lines, and
	ahead []string // what Ahead wrote that is not told yet
	shown bool     // a line of progress is on the terminal
}

// NewNotices writes to a stream, which is standard error.
func NewNotices(out io.Writer) *Notices {
	return &Notices{out: out, live: IsTerminal(out), begun: time.Now(), keys: make(map[string]string), gaps: make(map[string]toldGaps)}
}

// Tell writes what is new in a snapshot. Of stations with many gaps it says so now and then.
func (b *Notices) Tell(s *sources.Snapshot) { b.tell(s, false) }

// Last is Tell for the last snapshot: it leaves nothing for later.
func (b *Notices) Last(s *sources.Snapshot) { b.tell(s, true) }

func (b *Notices) tell(s *sources.Snapshot, last bool) {
	now := time.Now()
	news := s.Notices[slices.Index(s.Notices, b.last)+1:]
	for _, n := range news {
		b.last = n
		about := slices.DeleteFunc([]string{"signalbox", n.Bus, n.Station, n.Text}, func(s string) bool { return s == "" })
		b.once(strings.Join(about, ": "), &b.told, &b.ahead)
	}
	for i := range s.Stations {
		r := &s.Stations[i]
		b.tellGaps(r, now, last)
		// How a station is read decides how far behind that is.
		if how := r.Station.Reading; r.Station.ReadingVaries && b.keys[r.Key] != how {
			b.keys[r.Key] = how
			b.Line("signalbox: " + r.Key + ": " + how)
		}
	}
	if !b.live || now.Sub(b.begun) < longBackfill || now.Sub(b.drawn) < progressEvery {
		return
	}
	b.drawn = now
	b.Progress(progress(s.Stations, now.Sub(b.begun)))
}

// mostTold bounds the lines that are remembered.
const mostTold = 50

// Ahead writes what a snapshot will tell, too: it is written once, also when the program ends before there is one.
func (b *Notices) Ahead(bus, station, text string) {
	b.once(strings.Join([]string{"signalbox", bus, station, text}, ": "), &b.ahead, &b.told)
}

// once writes a line, unless it was written from the other side.
func (b *Notices) once(line string, here, there *[]string) {
	b.mu.Lock()
	i := slices.Index(*there, line)
	if i >= 0 {
		*there = slices.Delete(*there, i, i+1)
	} else {
		*here = append((*here)[max(0, len(*here)-mostTold+1):], line)
	}
	b.mu.Unlock()
	if i < 0 {
		b.Line(line)
	}
}

// Line writes a line, cleaned, where the progress was.
func (b *Notices) Line(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.erase()
	fmt.Fprintln(b.out, screen.Clean(text))
}

// Progress shows progress, cleaned, on the terminal's last line; "" shows none.
func (b *Notices) Progress(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.erase(); text != "" {
		fmt.Fprint(b.out, screen.Clean(text))
		b.shown = true
	}
}

func (b *Notices) erase() {
	if b.shown {
		fmt.Fprint(b.out, eraseLine)
		b.shown = false
	}
}

// Over is out, but the progress is erased before each write where both are terminals: they may be the same one.
func (b *Notices) Over(out io.Writer) io.Writer {
	if !b.live || !IsTerminal(out) {
		return out
	}
	return overProgress{b, out}
}

// overProgress writes where the progress was.
type overProgress struct {
	*Notices
	onto io.Writer
}

// Write erases the progress and writes.
func (w overProgress) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.erase()
	return w.onto.Write(text)
}

// progress is how far the stations are with what they held, in words; "" when all are done or do not tell.
func progress(stations []sources.StationRow, took time.Duration) string {
	var seen, expected uint64
	var reading []string
	for _, s := range stations {
		if s.Backfill < 1 && s.Expected > 0 {
			seen, expected = seen+s.Seen, expected+s.Expected
			reading = append(reading, s.Key)
		}
	}
	if len(reading) == 0 {
		return ""
	}
	what := reading[0]
	if len(reading) > 1 {
		what = screen.Plural(uint64(len(reading)), "station")
	}
	text := fmt.Sprintf("reading %s: %s of %s (%d %%)", what, screen.Grouped(seen), screen.Grouped(expected),
		min(99, 100*seen/expected))
	rate := float64(seen) / took.Seconds()
	if rate < 1 {
		return text
	}
	left := time.Duration(float64(expected-min(seen, expected)) / rate * float64(time.Second))
	return fmt.Sprintf("%s, %s/s, %s left", text, screen.Grouped(uint64(rate)), left.Round(time.Second))
}
