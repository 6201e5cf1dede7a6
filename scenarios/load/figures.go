package load

import (
	"fmt"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Figures are what a load has come to.
type Figures struct {
	Asked   float64       // iterations a second
	For     time.Duration // that they were asked for
	Planned int           // iterations

	Iterations int64   // that began
	Dropped    int64   // that could not begin: all that may be at work were, for a second after their time
	Failed     int64   // that failed
	Reason     string  // why the first of them did
	Rate       float64 // iterations that began a second
	GivenUp    bool    // it ended early, since all failed

	Sent      int64     // messages
	Published Latencies // from when an iteration was due to the broker's receipt
	EndToEnd  Latencies // from being sent to being seen by signalbox's own reading of the station
	Lost      int64     // messages that did not come back
	Untold    int64     // that cannot be told from others, so that it is not known which of them came when
}

// Latencies are how long something took.
type Latencies struct {
	Count         int64 // of how many it is known
	P50, P99, Max time.Duration
}

// latencies reads a histogram of microseconds.
func latencies(h *hdrhistogram.Histogram) Latencies {
	at := func(q float64) time.Duration { return time.Duration(h.ValueAtQuantile(q)) * time.Microsecond }
	if h.TotalCount() == 0 {
		return Latencies{}
	}
	return Latencies{Count: h.TotalCount(), P50: at(50), P99: at(99), Max: time.Duration(h.Max()) * time.Microsecond}
}

// String says them in short.
func (l Latencies) String() string {
	if l.Count == 0 {
		return "cannot be told"
	}
	return fmt.Sprintf("p50 %s, p99 %s, max %s", Rounded(l.P50), Rounded(l.P99), Rounded(l.Max))
}

// Rounded is a time with three digits or so.
func Rounded(d time.Duration) time.Duration {
	for unit := time.Second; unit >= time.Microsecond; unit /= 10 {
		if d >= unit {
			return d.Round(unit / 100)
		}
	}
	return d
}

// Held tells whether the rate was held: every iteration began.
func (f *Figures) Held() bool { return f.Dropped == 0 }

// Lines say the figures in words, the most important first.
func (f *Figures) Lines() []string {
	rate := fmt.Sprintf("held %s/s for %s", grouped(f.Asked), f.For)
	if f.GivenUp {
		rate = "given up, since all of the first failed"
	} else if !f.Held() {
		rate = fmt.Sprintf("reached %s of %s/s for %s", grouped(f.Rate), grouped(f.Asked), f.For)
	}
	end := f.EndToEnd.String()
	if f.Lost > 0 {
		end += fmt.Sprintf("; %s did not come back", grouped(float64(f.Lost)))
	}
	if f.Untold > 0 {
		end += fmt.Sprintf("; %s are like others, and cannot be told from them", grouped(float64(f.Untold)))
	}
	lines := []string{
		fmt.Sprintf("%s: %s sent in %s iterations, %s failed, %s dropped", rate,
			grouped(float64(f.Sent)), grouped(float64(f.Iterations)), grouped(float64(f.Failed)), grouped(float64(f.Dropped))),
		"published   " + f.Published.String(),
		"end to end  " + end,
	}
	if f.Reason != "" {
		lines = append(lines, "the first that failed: "+f.Reason)
	}
	return lines
}

// Brief is how it stands, in a line.
func (f *Figures) Brief() string {
	return fmt.Sprintf("%s sent, %s/s of %s, %s dropped, published p99 %s", grouped(float64(f.Sent)), grouped(f.Rate), grouped(f.Asked),
		grouped(float64(f.Dropped)), Rounded(f.Published.P99))
}

// grouped writes a number with commas: whole, or where it is small with what is behind the point.
func grouped(n float64) string {
	if n < 100 && n != float64(int64(n)) {
		return fmt.Sprintf("%.1f", n)
	}
	text := fmt.Sprintf("%.0f", n)
	var out strings.Builder
	for i, c := range text {
		if i > 0 && (len(text)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(c)
	}
	return out.String()
}

// Figure is one of the figures, by the name that thresholds, JSON and reports have for it.
type Figure struct {
	Name  string
	Value any // an int64, a float64, or seconds as a float64; nil where it cannot be told
}

// All are all figures, in the order in which they are reported.
func (f *Figures) All() []Figure {
	all := []Figure{
		{"rate_asked", f.Asked}, {"rate", f.Rate}, {"iterations", f.Iterations}, {"sent", f.Sent}, {"failed", f.Failed}, {"dropped", f.Dropped},
		{"lost", f.Lost}, {"untold", f.Untold},
	}
	for _, of := range []struct {
		name string
		Latencies
	}{{"published", f.Published}, {"end_to_end", f.EndToEnd}} {
		for _, q := range []struct {
			name string
			d    time.Duration
		}{{"p50", of.P50}, {"p99", of.P99}, {"max", of.Max}} {
			figure := Figure{Name: of.name + "." + q.name}
			if of.Count > 0 {
				figure.Value = q.d.Seconds()
			}
			all = append(all, figure)
		}
	}
	return all
}
