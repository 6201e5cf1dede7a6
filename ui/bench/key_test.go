package bench

import (
	"context"
	"slices"
	"testing"
	"time"
)

// BenchmarkKey is from a key to the frame that answers it, through a pseudo-terminal, while another process floods a
// core subject: with a hundred thousand messages a second, and without a pause. Each key is a letter that is on the
// screen nowhere else, typed into the palette; between keys the deck is left to draw what comes. The same keys go to a
// program that only echoes them: what it takes is the machine's.
func BenchmarkKey(b *testing.B) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"200x60", 200, 60}, {"80x24", 80, 24}} {
		for _, load := range []struct {
			name     string
			messages int
			every    time.Duration
		}{{"steady", 2000, 20 * time.Millisecond}, {"full", 100_000, 0}} {
			b.Run(size.name+"/"+load.name, func(b *testing.B) {
				url := newNATS(b).url
				defer flood(b, url, load.messages, load.every)()
				x := newTerminal(b, size.width, size.height, url, name)
				x.await(b, "an event", x.expect("delivery"))
				plain := newTerminalOf(b, size.width, size.height, "echo")
				plain.await(b, "the echo", plain.expect("ready"))
				output(b, x)
				x.press(b, ":", "commands")
				took, bare := keys(b, x, plain)
				for _, report := range []struct {
					times  []time.Duration
					suffix string
				}{{took, ""}, {bare, "-echo"}} {
					slices.Sort(report.times)
					n := len(report.times)
					b.ReportMetric(float64(report.times[n/2].Microseconds())/1000, "ms-p50"+report.suffix)
					b.ReportMetric(float64(report.times[n*99/100].Microseconds())/1000, "ms-p99"+report.suffix)
				}
			})
		}
	}
}

// rhythm is that of somebody who types. It shares no divisor with a frame's time for long.
const rhythm = 35 * time.Millisecond

// keys types a hundred keys for each round of the benchmark into both, in turns, and returns how long the answers took.
func keys(b *testing.B, x, plain *terminal) (took, bare []time.Duration) {
	const first, count = '가', 100 // a block of 11,172 letters begins there
	tick := time.NewTicker(rhythm)
	defer tick.Stop()
	for key := range rune(count * b.N) {
		letter := string(first + key)
		<-tick.C
		took = append(took, x.press(b, letter, letter))
		<-tick.C
		bare = append(bare, plain.press(b, letter, letter))
	}
	return took, bare
}

// output counts frames and bytes for more than three seconds without a key.
func output(b *testing.B, x *terminal) {
	bytes, frames := x.written()
	began := time.Now()
	tick := time.NewTicker(rhythm)
	defer tick.Stop()
	for range 100 {
		<-tick.C
	}
	moreBytes, moreFrames := x.written()
	seconds := time.Since(began).Seconds()
	b.ReportMetric(float64(moreBytes-bytes)/1000/seconds, "kB/s-to-terminal")
	b.ReportMetric(float64(moreFrames-frames)/seconds, "frames/s")
}

// flood publishes so many messages again and again, in a rhythm or without a pause, until stop is called.
func flood(t testing.TB, url string, messages int, every time.Duration) (stop func()) {
	sends := newSender(t, "nats-publish", url, messages)
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		pause := time.NewTicker(max(every, time.Nanosecond))
		defer pause.Stop()
		for ctx.Err() == nil {
			sends.begin(name)
			sends.answer()
			<-pause.C
		}
	}()
	return func() { cancel(); <-over }
}

// BenchmarkStart is from the start of the program, on its own broker, to the first frame of the deck.
func BenchmarkStart(b *testing.B) {
	var took time.Duration
	for range b.N {
		began := time.Now()
		x := newTerminal(b, 120, 36)
		took += x.await(b, "the first frame", x.expect("Stations")).Sub(began)
	}
	b.ReportMetric(took.Seconds()*1000/float64(b.N), "ms")
}
