//go:build unix

package bench

import (
	"bufio"
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/recording"
	"signalbox/sources"
)

// recordProcess is `signalbox record` as a shell has it, of so many messages.
func (s station) recordProcess(b *testing.B, url string, sends *sender, from string) (took time.Duration) {
	process := child(b, "signalbox", "record", url, name, "-o", filepath.Join(b.TempDir(), "a.sbx"), "--count", strconv.Itoa(burst), "--from", from)
	process.Stderr = nil
	said, err := process.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := process.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { kill(process) })
	lines := bufio.NewScanner(said)
	last := ""
	for lines.Scan() {
		last = lines.Text()
		if strings.HasPrefix(last, "attached ") && s.read == nil {
			began = time.Now()
			sends.begin(name)
		}
	}
	if err := process.Wait(); err != nil || !strings.Contains(last, "recorded 500,000 messages") {
		b.Fatalf("record: %v: %s", err, last)
	}
	took = time.Since(began)
	if s.read == nil {
		sends.answer()
	}
	return took
}

// cost is what bursts take of the clock, and of the processor in this process.
type cost struct{ clock, processor time.Duration }

// of adds what a piece of work takes.
func (c *cost) of(work func()) {
	began, before := time.Now(), processorTime()
	work()
	c.clock += time.Since(began)
	c.processor += processorTime() - before
}

// processorTime is what this process has had of the processor.
func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // of the process itself: it cannot fail
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRecord is what recording costs. command is `signalbox record`, a process of its own, to its end, as a part of the
// bare client's speed; what is stored is timed from the start of the process. deck is the dashboard's intake while it records, as a part of
// its intake while it does not: one burst of each in turns. Its processor-ratio is that of the processor's time in the process, the writing of
// the file to its end included.
func BenchmarkRecord(b *testing.B) {
	for _, s := range stations {
		b.Run(s.name+"/command", func(b *testing.B) {
			url := s.server(b).url
			sends := newSender(b, s.sends, url, burst)
			var bare, ours time.Duration
			from := bus.From{Start: bus.FromNew}.String()
			if s.read != nil {
				from = bus.From{Start: bus.FromAll}.String()
				sends.begin(name)
				sends.answer()
			}
			for range b.N {
				bare += s.bareOf(b, url, sends)
				ours += s.recordProcess(b, url, sends, from)
			}
			reportRatio(b, bare, ours)
		})
		b.Run(s.name+"/deck", func(b *testing.B) {
			url := s.server(b).url
			sends := newSender(b, s.sends, url, burst)
			var without, with cost
			var lost uint64
			if s.read != nil {
				sends.begin(name)
				sends.answer()
				for range b.N {
					s.recorded(b, url, &without, nil)
					s.recorded(b, url, &with, &lost)
				}
			} else {
				lost = s.recordedLive(b, url, sends, &without, &with)
			}
			reportRatio(b, without.clock, with.clock)
			b.ReportMetric(without.processor.Seconds()/with.processor.Seconds(), "processor-ratio")
			b.ReportMetric(float64(lost), "lost")
		})
	}
}

func reportRatio(b *testing.B, bare, ours time.Duration) {
	messages := float64(b.N) * burst
	b.ReportMetric(messages/ours.Seconds(), "msg/s")
	b.ReportMetric(messages/bare.Seconds(), "without-msg/s")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "ratio")
}

// bareOf is how long the bare client takes, live or of what is stored.
func (s station) bareOf(b *testing.B, url string, sends *sender) time.Duration {
	if s.read == nil {
		return s.bare(b, url, sends)
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	began := time.Now()
	if err := s.read(ctx, url, name, burst); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

// tapped attaches a dashboard to a station through a tap.
func (d *dashboard) tapped(b *testing.B, url string, tap *recording.Tap, from bus.Start) bus.Bus {
	conn, err := connectWith(d.ctx, url, d.feeds)
	if err != nil {
		b.Fatal(err)
	}
	around := tap.Around(conn)
	if err := d.Attach(d.ctx, around, sources.Selection{Names: []string{name}, From: bus.From{Start: from}}); err != nil {
		b.Fatal(err)
	}
	return around
}

// record begins a recording, and returns what ends it: all but what is counted as lost is in the file then.
func record(b *testing.B, tap *recording.Tap, lost *uint64) (end func()) {
	r, err := recording.Create(filepath.Join(b.TempDir(), "a.sbx"), recording.Options{})
	if err != nil {
		b.Fatal(err)
	}
	tap.Record(r)
	return func() {
		tap.Record(nil)
		if err := r.Close(); err != nil {
			b.Fatal(err)
		}
		*lost += burst - r.Counts().Messages
	}
}

// recorded is what it takes to take in what is stored; with lost it is recorded.
func (s station) recorded(b *testing.B, url string, to *cost, lost *uint64) {
	var tap recording.Tap
	end := func() {}
	if lost != nil {
		end = record(b, &tap, lost)
	}
	d := newDashboard(b)
	var conn bus.Bus
	to.of(func() {
		conn = d.tapped(b, url, &tap, bus.FromAll)
		d.takes(b, burst)
	})
	var rest cost
	rest.of(end)
	to.processor += rest.processor
	d.close(b, conn)
}

// recordedLive is what bursts take without and with recording.
func (s station) recordedLive(b *testing.B, url string, sends *sender, without, with *cost) (lost uint64) {
	d := newDashboard(b)
	var tap recording.Tap
	conn := d.tapped(b, url, &tap, bus.FromNew)
	defer d.close(b, conn)
	taken := 0
	one := func(to *cost) {
		taken += burst
		to.of(func() {
			sends.begin(name)
			d.takes(b, taken)
		})
		sends.answer()
	}
	one(&cost{})
	for range b.N {
		one(without)
		end := record(b, &tap, &lost)
		one(with)
		var rest cost
		rest.of(end)
		with.processor += rest.processor
	}
	return lost
}
