package natsbus_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/bustest"
	"signalbox/bus/natsbus"
)

// numbered is a message that was published: its number is its payload.
type numbered struct {
	position      uint64
	before, after time.Time // of publishing it
}

// sendNumbers publishes numbers, each with a payload of so many bytes, and notes when. They go on from those sent before.
func (p *place) sendNumbers(all []numbered, n, size int, subject func(n int) string) []numbered {
	p.Helper()
	for range n {
		text := fmt.Sprintf("%d %s", len(all), strings.Repeat("x", size))
		one := numbered{before: time.Now()}
		ack := p.publish(subject(len(all)), text)
		one.position, one.after = ack.Sequence, time.Now()
		all = append(all, one)
	}
	return all
}

// wantLossesInGaps checks that each message that was sent and not read lies in a gap, in number and time, that the gaps are
// right in number, and that each of them begins with a message that was read and ends with one.
func (r *reading) wantLossesInGaps(all []numbered, why string) {
	r.Helper()
	read, times := map[int]bool{}, map[int64]bool{}
	for _, m := range r.messages {
		number, _, _ := strings.Cut(string(m.Data), " ")
		n, _ := strconv.Atoi(number)
		if read[n] {
			r.Errorf("message %d came twice", n)
		}
		read[n], times[m.UnixNano] = true, true
	}
	lost := uint64(0)
	for n, one := range all {
		if read[n] {
			continue
		}
		lost++
		if !slices.ContainsFunc(r.gaps, func(g bus.Gap) bool {
			return one.position >= g.From.Major && one.position <= g.To.Major && !one.after.Before(g.Since) && !one.before.After(g.Until)
		}) {
			r.Errorf("message %d, lost at %d, %v, lies in none of %d gaps", n, one.position, one.before, len(r.gaps))
		}
	}
	missed := uint64(0)
	for _, g := range r.gaps {
		missed += g.Missed
		if g.Unknown || g.Why != why {
			r.Errorf("gap %+v, want it known, and %s", g, why)
		}
		if !times[g.Since.UnixNano()] || !times[g.Until.UnixNano()] {
			r.Errorf("gap %+v does not begin and end with messages that were read", g)
		}
	}
	if lost == 0 || missed != lost {
		r.Errorf("%d messages lost, %d in gaps %+v", lost, missed, r.gaps)
	}
}

// A reader that lags reads a stream from which messages go, in each of the ways in which they do.
func TestEachLostMessageLiesInAGap(t *testing.T) {
	t.Parallel()
	kinds := func(n int) string { return "orders." + string("abc"[n%3]) }
	for _, way := range []struct {
		name, why string
		config    jetstream.StreamConfig
		remove    func(p *place, s jetstream.Stream, all []numbered) error
	}{
		{name: "limit of messages", why: "trimmed", config: jetstream.StreamConfig{MaxMsgs: 50}},
		{name: "limit of bytes", why: "trimmed", config: jetstream.StreamConfig{MaxBytes: 100 << 10}},
		{name: "limit of each subject", why: "replaced", config: jetstream.StreamConfig{MaxMsgsPerSubject: 5}},
		{name: "purge", why: "purged", remove: func(p *place, s jetstream.Stream, _ []numbered) error { return s.Purge(p.Context()) }},
		{name: "purge, keeping some", why: "purged", remove: func(p *place, s jetstream.Stream, _ []numbered) error {
			return s.Purge(p.Context(), jetstream.WithPurgeKeep(5))
		}},
		{name: "purge of a subject", why: "deleted", remove: func(p *place, s jetstream.Stream, _ []numbered) error {
			return s.Purge(p.Context(), jetstream.WithPurgeSubject("orders.b"))
		}},
		{name: "deletions", why: "deleted", remove: func(p *place, s jetstream.Stream, all []numbered) error {
			for _, one := range all[len(all)-9 : len(all)-3] {
				if err := s.DeleteMsg(p.Context(), one.position); err != nil {
					return err
				}
			}
			return nil
		}},
	} {
		for _, storage := range []jetstream.StorageType{jetstream.FileStorage, jetstream.MemoryStorage} {
			t.Run(way.name+", "+storage.String(), func(t *testing.T) {
				t.Parallel()
				p := newPlace(t, "", natsbus.Options{Buffer: 16 << 10})
				way.config.Name, way.config.Storage = "orders", storage
				s := p.stream(way.config)
				// What is missing before reading begins is not lost.
				old := p.sendNumbers(nil, 20, 10, kinds)
				for _, one := range old[4:9] {
					_ = s.DeleteMsg(t.Context(), one.position)
				}
				all := p.sendNumbers(nil, 1, 10, func(int) string { return "orders.d" })
				r := p.open("orders", bus.From{Start: bus.FromAt, Position: bus.Position{Major: all[0].position}})
				r.until("the first", func() bool { return len(r.messages) == 1 })
				all = p.sendNumbers(all, 200, 4000, kinds)
				if way.remove != nil {
					if err := way.remove(p, s, all); err != nil {
						t.Fatal(err)
					}
				}
				all = p.sendNumbers(all, 1, 10, func(int) string { return "orders.d" })
				end := all[len(all)-1].position
				r.until("the last message, and all gaps", func() bool {
					missed := uint64(0)
					for _, g := range r.gaps {
						missed += g.Missed
					}
					return r.messages[len(r.messages)-1].Position.Major == end && uint64(len(r.messages))+missed >= uint64(len(all))
				})
				r.wantLossesInGaps(all, way.why)
			})
		}
	}
}

// What is removed while nothing follows it is told, too.
func TestPurgeWithNothingAfterIsTold(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{Buffer: 16 << 10})
	s := p.stream(jetstream.StreamConfig{Name: "orders"})
	all := p.sendNumbers(nil, 200, 4000, func(int) string { return "orders.a" })
	r := p.open("orders", bus.From{Start: bus.FromAll})
	r.until("some messages", func() bool { return len(r.messages) > 0 })
	if err := s.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.until("a gap, and the end of what there was", func() bool { return len(r.gaps) > 0 && r.caughtUp })
	if got := uint64(len(r.messages)) + r.gaps[0].Missed; got != uint64(len(all)) || r.gaps[0].Why != "purged" {
		t.Errorf("%d messages read, gaps %+v, want %d together", len(r.messages), r.gaps, len(all))
	}
	if last := r.messages[len(r.messages)-1]; r.gaps[0].Since.UnixNano() != last.UnixNano {
		t.Errorf("gap %+v, want it to begin at %v", r.gaps[0], time.Unix(0, last.UnixNano))
	}
}

// What is lost behind the newest message that came is told as soon as it is asked for, with no wait for a heartbeat.
func TestLossesAreConcluded(t *testing.T) {
	t.Parallel()
	for _, limited := range []bool{false, true} {
		p := newPlace(t, "", natsbus.Options{Buffer: 16 << 10})
		config := jetstream.StreamConfig{Name: "orders"}
		if limited {
			config.MaxConsumers = 1 // it is read by gets
		}
		s := p.stream(config)
		all := p.sendNumbers(nil, 200, 4000, func(int) string { return "orders.a" })
		r := p.open("orders", bus.From{Start: bus.FromAll})
		r.until("some messages", func() bool { return len(r.messages) > 0 })
		if err := s.Purge(t.Context(), jetstream.WithPurgeKeep(1)); err != nil {
			t.Fatal(err)
		}
		r.until("the last message", func() bool { return r.messages[len(r.messages)-1].Position.Major == uint64(len(all)) })
		if !bus.Conclude(r.feed) {
			t.Fatal("the feed does not conclude")
		}
		r.until("the conclusion", func() bool { return r.concluded })
		if len(r.gaps) != 1 || uint64(len(r.messages))+r.gaps[0].Missed != uint64(len(all)) {
			t.Errorf("limited %t: %d messages read, gaps %+v, want %d together", limited, len(r.messages), r.gaps, len(all))
		}
	}
}

// apart is a bus that reaches its server by a wire that can be cut.
func apart(p *place, o natsbus.Options) *bustest.Wire {
	p.Helper()
	w := bustest.NewWire(p.T, strings.TrimPrefix(p.server.As("nats", nil), "nats://"))
	o.URL, o.Client = "nats://"+w.Address, impatient
	b, err := natsbus.Connect(p.Context(), o)
	if err != nil {
		p.Fatal(err)
	}
	p.bus = closing(p.T, b)
	return w
}

// A stream that is deleted and made again while nobody looks is read from its new beginning, though its sequences have gone
// beyond those that were read.
func TestStreamMadeAgain(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	config := jetstream.StreamConfig{Name: "orders", Storage: jetstream.MemoryStorage}
	p.stream(config)
	p.wantReadAnew("deleted", func() {
		if err := p.js.DeleteStream(t.Context(), "orders"); err != nil {
			t.Fatal(err)
		}
		p.stream(config)
	})
}

// So is one that a single node holds in memory, when that node restarts: its messages are gone, and it is still the same
// stream, made when it was.
func TestStreamInMemoryOfANodeThatRestarts(t *testing.T) {
	t.Parallel()
	servers, url := startCluster(t, "a", "b", "c")
	p := &place{T: t}
	p.conn, p.js = client(t, url)
	t.Cleanup(p.conn.Close)
	var s jetstream.Stream
	p.eventually("the cluster takes a stream", func() bool {
		var err error
		s, err = p.js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "orders", Subjects: []string{"orders.>"}, Storage: jetstream.MemoryStorage})
		return err == nil
	})
	holds := servers[p.leader(t.Context(), s)]
	for _, other := range servers {
		if other != holds {
			p.server = other
		}
	}
	p.wantReadAnew("begun anew", func() {
		holds.Kill()
		holds.Restart()
		p.eventually("the stream is there, and empty", func() bool {
			info, err := s.Info(t.Context())
			return err == nil && info.State.LastSeq == 0
		})
	})
}

// wantReadAnew reads a stream, cuts the reader off while the stream begins anew and gets more messages than were read, and
// wants all of them to come, after a gap.
func (p *place) wantReadAnew(why string, begin func()) {
	p.Helper()
	wire := apart(p, natsbus.Options{})
	r := p.open("orders", bus.From{Start: bus.FromAll})
	p.publishNumbers("orders.a", 0, 30)
	r.untilData("29")
	wire.Stall()
	begin()
	p.publishNumbers("orders.a", 30, 130)
	p.eventually("the link is given up", func() bool { return p.bus.Info().Link == bus.Reconnecting })
	wire.Flow()
	r.untilData("129")
	r.wantNumbers(130)
	if len(r.gaps) != 1 || !r.gaps[0].Unknown || r.gaps[0].Why != why {
		p.Fatalf("gaps %+v, want one: %s", r.gaps, why)
	}
	if g := r.gaps[0]; g.Since.UnixNano() != r.messages[29].UnixNano || g.Until.UnixNano() != r.messages[30].UnixNano {
		p.Errorf("gap %+v, want it from %v to %v", g, time.Unix(0, r.messages[29].UnixNano), time.Unix(0, r.messages[30].UnixNano))
	}
}

// The gap of a subject begins when the server was heard last, not when it was noticed that nothing comes.
func TestGapOfASubjectBeginsWhereMessagesStopped(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	wire := apart(p, natsbus.Options{})
	r := p.open("ticks", bus.From{})
	tick := func() (at time.Time) {
		at = time.Now()
		if err := p.conn.Publish("ticks", nil); err != nil {
			t.Fatal(err)
		}
		if err := p.conn.Flush(); err != nil {
			t.Fatal(err)
		}
		return at
	}
	tick()
	r.until("the first", func() bool { return len(r.messages) == 1 })
	wire.Stall()
	stalled := time.Now()
	lost := tick()
	p.eventually("the link is given up", func() bool { return p.bus.Info().Link == bus.Reconnecting })
	noticed := p.bus.Info().Since
	wire.Flow()
	r.until("a gap", func() bool { return len(r.gaps) > 0 })
	switch g := r.gaps[0]; {
	case g.Since.After(lost), g.Until.Before(lost):
		t.Errorf("gap %+v, want %v in it, when a message was lost", g, lost)
	case g.Since.UnixNano() < r.messages[0].UnixNano-int64(time.Second):
		t.Errorf("gap %+v, want it to begin no earlier than the last message", g)
	case !noticed.After(stalled):
		t.Errorf("noticed at %v, stalled at %v", noticed, stalled)
	}
}
