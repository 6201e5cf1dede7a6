package sources

import (
	"context"
	"slices"
	"time"

	"signalbox/bus"
)

// readNotices takes in the notices of a bus.
func (e *Engine) readNotices(a *attached) {
	defer close(a.silent)
	notices := a.bus.Notices()
	take := func(n bus.Notice) {
		e.requests.post(func() { e.notices.addAt(n.Time, n.Level, a.name, n.Station, n.Text) })
	}
	for {
		select {
		case n, ok := <-notices:
			if !ok {
				return
			}
			take(n)
		case taken := <-a.noticing:
			for len(notices) > 0 {
				take(<-notices)
			}
			close(taken)
		case <-a.life.Done():
			return
		}
	}
}

// takeNotices waits until the notices that buses have given so far are taken in, or ctx ends.
func takeNotices(ctx context.Context, buses []*attached) {
	for _, a := range buses {
		if a.noticing == nil {
			continue // another of the same bus has the reader
		}
		taken := make(chan struct{})
		select {
		case a.noticing <- taken:
			<-taken
		case <-a.silent:
		case <-ctx.Done():
			return
		}
	}
}

// mostNotices bounds the notices kept.
const mostNotices = 50

// notices are the newest, the oldest of them first.
type notices struct {
	rows []NoticeRow // never changed, only replaced: snapshots share it
	now  func() time.Time
	news func() // told of each
}

// add adds one of this moment.
func (x *notices) add(level bus.Level, busName, station, text string) {
	x.addAt(x.now(), level, busName, station, text)
}

func (x *notices) addAt(at time.Time, level bus.Level, busName, station, text string) {
	row := NoticeRow{Time: at, Level: int(level), Bus: busName, Station: station, Text: text}
	x.rows = slices.Concat(x.rows[max(0, len(x.rows)-mostNotices+1):], []NoticeRow{row})
	x.news()
}
