package wire

import (
	"sync/atomic"
	"time"
)

// heard is when bytes came last.
type heard struct {
	nano atomic.Int64
	up   atomic.Bool // the client library has taken the connection for good
}

// hear notes that bytes came.
func (c *conn) hear(now int64) {
	c.heard.nano.Store(now)
	if c.heard.up.Load() {
		c.routes.heard.Store(now)
	}
}

// Established says that the newest connection is up, by its address on this machine. Connections that were tried and came
// to nothing are not, whatever they said.
func (r *Routes) Established(local string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.newest
	if c == nil || c.LocalAddr().String() != local {
		return // it is lost already
	}
	c.heard.up.Store(true)
	r.heard.Store(max(r.heard.Load(), c.heard.nano.Load()))
}

// refusedFor is how long a connection that was given up is the reason why something failed: the next one may be up already.
const refusedFor = time.Minute

// Refused is why a connection was given up of late, if a server said on it what none says.
func (r *Routes) Refused() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.refusedAt) > refusedFor {
		return nil
	}
	return r.refused
}

// Heard is when bytes came last on a connection that was up: what is lost with it was sent later, or was on its way.
func (r *Routes) Heard() time.Time { return time.Unix(0, r.heard.Load()) }
