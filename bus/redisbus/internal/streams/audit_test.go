package streams

import (
	"net"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/servers"
	"signalbox/bus/redisbus/internal/session"
)

// TestAStreamMadeAnewIsSeenInItsMiddle has an application delete a stream and make another one. Its first entry is read before
// the next check, which finds more that are not read yet.
func TestAStreamMadeAnewIsSeenInItsMiddle(t *testing.T) {
	for name, added := range map[string]uint64{"as long as before": 5, "shorter than before": 40} {
		t.Run(name, func(t *testing.T) {
			here, there := net.Pipe()
			defer there.Close()
			session := session.Start(&servers.Servers{Client: redis.NewClient(&redis.Options{})}, resp.NewConn(here, "", time.Hour), bus.Info{}, bus.NewBudget(bus.DefaultBudget), 100)
			defer session.Close()
			f := newFeed(&Readers{session: session}, "s", "s")
			f.next = at(added)
			f.audit.begin(stream(1, added, int64(added)), f.next)
			f.take(at(100)) // the first of the other stream; what was added behind the first one's was deleted with it
			f.check(stream(100, 110, 11), time.Now())
			var rest []bus.Position
			for n := range uint64(10) {
				rest = append(rest, at(101+n))
			}
			f.take(rest...)
			f.check(stream(100, 110, 11), time.Now())
			var gaps []bus.Gap
			for f.Waiting() > 0 {
				batch, err := f.Next(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				gaps = append(gaps, batch.Gaps...)
			}
			if len(gaps) != 1 || gaps[0].From != (bus.Position{Major: added, Minor: 1}) || !gaps[0].Unknown {
				t.Errorf("gaps: %+v", gaps)
			}
			if to := gaps[0].To; !to.Less(at(100)) || to.Less(at(99)) {
				t.Errorf("the gap ends at %v", to)
			}
		})
	}
}

func at(n uint64) bus.Position { return bus.Position{Major: n} }

// stream is what Redis says of one with entries from the one to the other.
func stream(first, last uint64, added int64) *Info {
	return &Info{Length: int64(last - first + 1), First: at(first), Last: at(last), Added: added, Generated: at(last)}
}

// take reads an answer.
func (f *feed) take(all ...bus.Position) {
	f.audit.answer(f.next, all[0])
	f.audit.direct = false
	for _, p := range all {
		f.next = p
		f.audit.count(p, time.Now())
	}
	f.settle()
}
