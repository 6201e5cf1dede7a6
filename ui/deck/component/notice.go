package component

import (
	"time"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// NoticeTime is how long a notice stays.
const NoticeTime = 8 * time.Second

// Notice is a line for people that stands where the keys stand, for a while.
type Notice struct {
	text  string
	level bus.Level
	until time.Time
	since time.Time // notices of the engine before this have been shown
}

// NewNotice shows what the engine notices, what it did while it attached too.
func NewNotice() *Notice { return &Notice{} }

func (n *Notice) say(now time.Time, level bus.Level, text string) {
	n.text, n.level, n.until = text, level, now.Add(NoticeTime)
}

// Clear takes the line away.
func (n *Notice) Clear() { n.text = "" }

// Shown is the line that is to be shown; "" when there is none.
func (n *Notice) Shown(now time.Time) (bus.Level, string) {
	if !now.Before(n.until) {
		return n.level, ""
	}
	return n.level, n.text
}

// Hear shows the newest notice of the engine, if it is new.
func (n *Notice) Hear(now time.Time, s *sources.Snapshot) {
	if len(s.Notices) == 0 {
		return
	}
	last := s.Notices[len(s.Notices)-1]
	if !last.Time.After(n.since) {
		return
	}
	n.since = last.Time
	text := screen.Clean(last.Text)
	if last.Station != "" {
		text = screen.Clean(last.Station) + ": " + text
	}
	if len(s.Buses) > 1 && last.Bus != "" {
		text = screen.Clean(last.Bus) + ": " + text
	}
	n.say(now, bus.Level(last.Level), text)
}
