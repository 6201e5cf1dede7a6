package bustest

import "signalbox/bus"

// A slow reader's buffer, and what is sent beyond it: enough to fill what the client library and the socket hold, too.
const (
	slowBuffer = 64 << 10
	slowSize   = 2 << 10
	slowCount  = 8000
)

// slowLossless: a reader that does not read holds its feed back; later it gets everything.
func slowLossless(s *site) {
	s.reconnect(Options{Buffer: slowBuffer})
	r := s.open(bus.From{Start: bus.FromNew})
	if err := s.sender.Burst(s.station, payloads(slowCount, slowSize)); err != nil {
		s.Fatalf("burst: %v", err)
	}
	r.untilCount(slowCount)
	r.nothingMore()
	r.wantNumbers(0, slowCount)
	r.wantWhole()
}

// slowLossy: what a reader that does not read misses is counted, so that received and dropped are what was sent.
func slowLossy(s *site) {
	s.reconnect(Options{Buffer: slowBuffer})
	r := s.open(bus.From{Start: bus.FromNew})
	if err := s.sender.Burst(s.station, payloads(slowCount, slowSize)); err != nil {
		s.Fatalf("burst: %v", err)
	}
	total := func() uint64 { return uint64(len(r.got)) + r.dropped + missed(r.gaps) }
	r.until("received and dropped are what was sent", func() bool { return total() >= slowCount })
	if r.dropped+missed(r.gaps) == 0 {
		s.Errorf("nothing dropped: %d messages of %d bytes fit into a buffer of %d", slowCount, slowSize, slowBuffer)
	}
	for i := 1; i < len(r.got); i++ {
		if r.got[i-1].n >= r.got[i].n {
			s.Fatalf("message %d after message %d", r.got[i].n, r.got[i-1].n)
		}
	}
	s.send(slowCount)
	r.until("the feed goes on", func() bool { return len(r.got) > 0 && r.got[len(r.got)-1].n == slowCount })
	r.nothingMore()
	if total() != slowCount+1 {
		s.Errorf("received %d, dropped %d: want %d together", len(r.got), r.dropped, slowCount+1)
	}
}

func missed(gaps []bus.Gap) uint64 {
	var sum uint64
	for _, g := range gaps {
		sum += g.Missed
	}
	return sum
}
