package recording

import (
	"context"
	"slices"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/recording/internal/content"
)

// played are the notices of a recording that is played, by time.
type played struct {
	mu   sync.Mutex // guards what follows
	left []*content.Note
}

// readNotices reads what people were told.
func (b *Bus) readNotices() {
	_ = b.eachNote(context.Background(), false, func(n *content.Note) bool { // what is damaged is told
		if n.Notice != nil && b.isKept(n.Time.UnixNano()) {
			b.notes.left = append(b.notes.left, n)
		}
		return true
	})
	slices.SortStableFunc(b.notes.left, func(x, y *content.Note) int { return x.Time.Compare(y.Time) })
}

// tell tells what people were told up to a time, once.
func (b *Bus) tell(upTo time.Time) {
	b.notes.mu.Lock()
	defer b.notes.mu.Unlock()
	for len(b.notes.left) > 0 && !b.notes.left[0].Time.After(upTo) {
		n := b.words(b.notes.left[0])
		b.notices.Add(n.Level, n.Station, "%s", n.Text)
		b.notes.left = b.notes.left[1:]
	}
}

// nextNotice is when people are told next; false where they are told no more.
func (b *Bus) nextNotice() (at time.Time, more bool) {
	b.notes.mu.Lock()
	defer b.notes.mu.Unlock()
	if len(b.notes.left) == 0 {
		return at, false
	}
	return b.notes.left[0].Time, true
}

// words are what people were told: of which bus, where there are several.
func (b *Bus) words(n *content.Note) bus.Notice {
	told := bus.Notice{Time: n.Time, Level: n.Notice.Level, Station: b.called(n.Bus, n.Notice.Station), Text: n.Notice.Text}
	if len(b.buses) > 1 {
		told.Text = b.buses[n.Bus].Name + ": " + told.Text
	}
	return told
}
