package recording

import (
	"sync"
	"time"
)

// player has messages come in their rhythm. The nil player has all of them come at once.
type player struct {
	speed float64
	first int64 // time of the first message

	once  sync.Once
	begun time.Time
}

// begin begins to play, once.
func (p *player) begin() {
	if p != nil {
		p.once.Do(func() { p.begun = time.Now() })
	}
}

// until is how long it takes until what happened at a time is due.
func (p *player) until(unixNano int64) time.Duration {
	if p == nil {
		return 0
	}
	return time.Duration(float64(unixNano-p.first)/p.speed) - time.Since(p.begun)
}

// now is the time up to which all has been played.
func (p *player) now() time.Time {
	p.begin()
	return time.Unix(0, p.first+int64(float64(time.Since(p.begun))*p.speed))
}
