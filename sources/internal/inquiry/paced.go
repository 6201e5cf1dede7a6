package inquiry

import "time"

// paced lets something be made anew as often as costs little: one part in paceParts of the time, and at least every leastPace.
type paced struct {
	made time.Time
	took time.Duration
}

const (
	paceParts = 20
	leastPace = 500 * time.Millisecond
)

// due tells whether it may be made anew.
func (p *paced) due() bool { return time.Since(p.made) >= min(paceParts*p.took, leastPace) }

// renew makes it.
func (p *paced) renew(what func()) {
	began := time.Now()
	what()
	p.made = time.Now()
	p.took = p.made.Sub(began)
}
