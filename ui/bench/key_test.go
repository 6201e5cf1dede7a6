package bench

import (
	"context"
	"slices"
	"testing"
	"time"
)

// BenchmarkKey is from a key to the frame that answers it, through a pseudo-terminal, while another process floods a
// core subject: with a hundred thousand messages a second, and without a pause. Each key is a letter that is on the
// screen nowhere else, typed into the palette; between keys the deck is left to draw what comes.
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
				took := keys(b, x)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
			})
		}
	}
}

// keys types a hundred keys for each round of the benchmark, in the rhythm of somebody who types, and returns how long
// the answers took, sorted.
func keys(b *testing.B, x *terminal) (took []time.Duration) {
	const first, count = '가', 100                   // a block of 11,172 letters begins there
	rhythm := time.NewTicker(70 * time.Millisecond) // shares no divisor with a frame's time for long
	defer rhythm.Stop()
	bytes, frames := x.written()
	began := time.Now()
	for range 50 { // two seconds and more without a key
		<-rhythm.C
	}
	moreBytes, moreFrames := x.written()
	seconds := time.Since(began).Seconds()
	b.ReportMetric(float64(moreBytes-bytes)/1000/seconds, "kB/s-to-terminal")
	b.ReportMetric(float64(moreFrames-frames)/seconds, "frames/s")
	x.press(b, ":", "commands")
	for key := range rune(count * b.N) {
		<-rhythm.C
		took = append(took, x.press(b, string(first+key), string(first+key)))
	}
	slices.Sort(took)
	return took
}

// flood publishes so many messages again and again, in a rhythm or without a pause, until stop is called.
func flood(t testing.TB, url string, messages int, every time.Duration) (stop func()) {
	sends := newSender(t, "nats-publish", url, messages)
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		rhythm := time.NewTicker(max(every, time.Nanosecond))
		defer rhythm.Stop()
		for ctx.Err() == nil {
			sends.begin(name)
			sends.answer()
			<-rhythm.C
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
