// Package rate counts events by the second, for the last minute.
package rate

// Seconds is how far back rates go.
const Seconds = 60

// Counter counts events by the second.
type Counter struct {
	Count   uint64 // since the last tick
	seconds []float64
	quiet   int // ticks since anything was counted
}

// Tick ends a second.
func (r *Counter) Tick() {
	if r.Silent() {
		return
	}
	r.quiet++
	if r.Count > 0 {
		r.quiet = 0
	}
	if r.quiet > Seconds {
		r.seconds = nil
		return
	}
	if r.seconds == nil {
		r.seconds = make([]float64, Seconds)
	}
	// A new slice each second: snapshots share the old ones.
	r.seconds = append(append(make([]float64, 0, Seconds), r.seconds[1:]...), float64(r.Count))
	r.Count = 0
}

// Silent tells whether nothing has come for as long as rates go back.
func (r *Counter) Silent() bool { return r.Count == 0 && r.seconds == nil }

// Now is the rate of the last whole second.
func (r *Counter) Now() float64 {
	if r.seconds == nil {
		return 0
	}
	return r.seconds[Seconds-1]
}

// List are the last seconds, oldest first; it must not be changed.
func (r *Counter) List() []float64 {
	if r.seconds == nil {
		return Silence
	}
	return r.seconds
}

// Silence is the list of a Counter that has counted nothing.
var Silence = make([]float64, Seconds)
