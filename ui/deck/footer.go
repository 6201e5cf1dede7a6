package deck

import (
	"time"

	"signalbox/bus"
	"signalbox/ui/screen"
)

// notice is a line for people that stands where the keys stand, for a while.
type notice struct {
	text  string
	level bus.Level
	until time.Time
	since time.Time // notices of the source before this have been shown
}

// noticeTime is how long a notice stays.
const noticeTime = 8 * time.Second

// say shows a line for a while.
func (d *deck) say(level bus.Level, text string) {
	d.notice.text, d.notice.level, d.notice.until = text, level, d.opt.Now().Add(noticeTime)
}

// hear shows the newest notice of the source, if it is new.
func (d *deck) hear() {
	n := len(d.snap.Notices)
	if n == 0 {
		return
	}
	last := d.snap.Notices[n-1]
	if !last.Time.After(d.notice.since) {
		return
	}
	d.notice.since = last.Time
	text := screen.Clean(last.Text)
	if last.Station != "" {
		text = screen.Clean(last.Station) + ": " + text
	}
	if len(d.snap.Buses) > 1 && last.Bus != "" {
		text = screen.Clean(last.Bus) + ": " + text
	}
	d.say(bus.Level(last.Level), text)
}

// footer draws the last row: the line being typed, a notice, or the keys that work here.
func (d *deck) footer() string {
	t := d.theme
	l := screen.NewLine(d.layout.width, "")
	l.Gap(1)
	if d.notice.text != "" && d.opt.Now().Before(d.notice.until) {
		mark, k := "· ", t.Text
		switch d.notice.level {
		case bus.Warn:
			mark, k = "! ", t.Warn
		case bus.Fail:
			mark, k = "✗ ", t.Bad
		}
		l.Put(k.With(t.Bright), mark)
		l.Put(k, screen.CleanUpTo(d.notice.text, l.Free()))
		return l.String()
	}
	for _, b := range d.footerKeys(d.layout.width - 2) {
		l.Put(t.Key, b.label)
		l.Put(t.Dim, " "+b.short+"  ")
	}
	return l.String()
}

// footerKeys are the keys that work here, as many as there is room for. The last of the registry (help and quit) are
// kept before those in the middle.
func (d *deck) footerKeys(width int) []binding {
	var here []binding
	total := 0
	for _, b := range d.keys {
		if b.short != "" && b.works(d) {
			here = append(here, b)
			total += b.footerWidth()
		}
	}
	for i := len(here) - 3; i > 0 && total > width; i-- {
		total -= here[i].footerWidth()
		here = append(here[:i], here[i+1:]...)
	}
	return here
}

func (b binding) footerWidth() int { return screen.Cells(b.label) + 1 + screen.Cells(b.short) + 2 }
