package bus

import (
	"fmt"
	"sync"
	"time"
)

// maxNotices is how many notices wait for a reader.
const maxNotices = 64

// NoticeBuffer keeps the notices of a bus until they are read. When it is full the oldest is dropped. Its methods may be
// called from any goroutine and never block.
type NoticeBuffer struct {
	notices chan Notice

	mu     sync.Mutex // held while adding
	closed bool
}

// NewNoticeBuffer makes an empty buffer.
func NewNoticeBuffer() *NoticeBuffer { return &NoticeBuffer{notices: make(chan Notice, maxNotices)} }

// Notices delivers what was added, and is closed by Close; see Bus.Notices.
func (b *NoticeBuffer) Notices() <-chan Notice { return b.notices }

// Add adds a notice, of now. After Close it does nothing.
func (b *NoticeBuffer) Add(level Level, station, format string, args ...any) {
	n := Notice{Time: time.Now(), Level: level, Station: station, Text: fmt.Sprintf(format, args...)}
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.closed {
		select {
		case b.notices <- n:
			return
		default:
		}
		select {
		case <-b.notices:
		default:
		}
	}
}

// Close ends the channel. What was added before can still be read. It may be called twice.
func (b *NoticeBuffer) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.closed = true
		close(b.notices)
	}
}
