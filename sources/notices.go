package sources

import (
	"slices"
	"time"

	"signalbox/bus"
)

// heed takes in the notices of a bus.
func (e *Engine) heed(a *attached) {
	notices := a.bus.Notices()
	for {
		select {
		case n, ok := <-notices:
			if !ok {
				return
			}
			e.requests.post(func() { e.noticeAt(n.Time, n.Level, a.name, n.Station, n.Text) })
		case <-e.running.Done():
			return
		}
	}
}

// mostNotices bounds the notices kept.
const mostNotices = 50

func (e *Engine) notice(level bus.Level, busName, station, text string) {
	e.noticeAt(e.now(), level, busName, station, text)
}

func (e *Engine) noticeAt(at time.Time, level bus.Level, busName, station, text string) {
	news := NoticeRow{Time: at, Level: int(level), Bus: busName, Station: station, Text: text}
	e.notices = slices.Concat(e.notices[max(0, len(e.notices)-mostNotices+1):], []NoticeRow{news}) // snapshots share the old
	e.dirty = true
}
