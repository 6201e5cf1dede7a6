package sources

// rateSeconds is how far back rates go.
const rateSeconds = 60

// rates counts events by the second.
type rates struct {
	count   uint64 // since the last tick
	seconds []float64
	quiet   int // ticks since anything was counted
}

// tick ends a second.
func (r *rates) tick() {
	if r.settled() {
		return
	}
	r.quiet++
	if r.count > 0 {
		r.quiet = 0
	}
	if r.quiet > rateSeconds {
		r.seconds = nil
		return
	}
	if r.seconds == nil {
		r.seconds = make([]float64, rateSeconds)
	}
	// A new slice each second: snapshots share the old ones.
	r.seconds = append(append(make([]float64, 0, rateSeconds), r.seconds[1:]...), float64(r.count))
	r.count = 0
}

// settled tells whether another tick would change nothing.
func (r *rates) settled() bool { return r.count == 0 && r.seconds == nil }

// now is the rate of the last whole second.
func (r *rates) now() float64 {
	if r.seconds == nil {
		return 0
	}
	return r.seconds[rateSeconds-1]
}

// list are the last seconds, oldest first; it must not be changed.
func (r *rates) list() []float64 {
	if r.seconds == nil {
		return silence
	}
	return r.seconds
}

var silence = make([]float64, rateSeconds)
