package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"runtime"
	"slices"
	"testing"
	"time"

	"signalbox/bus/bustest"
	natsbare "signalbox/bus/natsbus/bare"
	redisbare "signalbox/bus/redisbus/bare"
)

// Rates of a soak, in messages a second.
const (
	usualRate = 20_000
	shortRate = 8_000
)

// Memory of those who watch, in MiB.
const (
	watchMemory = 16
	deckMemory  = 32
)

// sessionLength is how long one of the watches lasts that come and go while others stay: their accounts list all gaps.
const sessionLength = 3 * time.Minute

// TestSoak has the program watch a flood from two brokers, while their servers are killed and started again, connections
// are cut, and a reader is slow. Nothing of what is kept is lost or comes twice; of what is not kept all that is lost lies in a
// gap, or was counted as dropped; and neither memory nor descriptors, threads, goroutines or consumers become more. It
// takes seconds; with SIGNALBOX_SOAK=1h in the environment it goes on for an hour:
//
//	SIGNALBOX_SOAK=1h go test ./ui/bench -run Soak -v -timeout 2h
//
// SIGNALBOX_SOAK_RATE=1500 has it send no more than so many messages a second, so that it can run beside other work.
func TestSoak(t *testing.T) {
	s := newSoak(t)
	s.everything()
	s.takeSamples()
	for s.goesOn() {
		s.nextFault()
		s.comesOn("after a fault")
		s.takeSamples()
		s.renew()
	}
	s.close()
}

// soak is a flood and those who watch it.
type soak struct {
	*testing.T
	length      time.Duration // 0: short
	began       time.Time
	nats, redis *broker
	wires       []*bustest.Wire // to each of them
	flood       *flooding
	whole       *watch // from the beginning to the end
	session     *watch // one after the other
	sessionEnds time.Time
	deck        *terminal
	inside      *auditor

	wholeTook, deckTook course
	goroutines          []int
	clients             int64
	notify              string
	lost                loss
	kills, cuts         int
}

func newSoak(t *testing.T) *soak {
	s := &soak{T: t, length: bustest.SoakTime(t), began: time.Now(), nats: newNATS(t), redis: newRedis(t)}
	t.Cleanup(s.tellFailure)
	s.wires = []*bustest.Wire{bustest.NewWire(t, s.nats.address), bustest.NewWire(t, s.redis.address)}
	s.clients, s.notify = s.standing()
	rate := usualRate
	if s.length == 0 {
		rate = shortRate
	}
	s.flood = startFlood(t, s.nats.url, s.redis.url, bustest.SoakRate(t, rate))
	s.flood.flows(t)
	s.whole = startWatch(t, s.urls()[0], s.urls()[1], "--from", "all")
	s.flood.waitsFor(s.whole)
	s.deck = newTerminal(t, 160, 50, "--memory", fmt.Sprint(deckMemory, "MiB"), s.urls()[0], keptByNATS, toldByNATS, s.urls()[1], keptByRedis, toldByRedis)
	s.deckAnswers() // its first frame may have been there before anybody could expect it
	s.inside = newAuditor(context.Background(), t, s.urls()[0], keptByNATS, toldByNATS)
	s.startSession()
	return s
}

// urls are those of the servers, by way of the wires.
func (s *soak) urls() []string {
	return []string{"nats://" + s.wires[0].Address, "redis://" + s.wires[1].Address}
}

func (s *soak) startSession() {
	s.session = startWatch(s, s.urls()[0], s.urls()[1])
	s.sessionEnds = time.Now().Add(sessionLength)
}

// goesOn tells whether there is time for more.
func (s *soak) goesOn() bool { return time.Since(s.began) < s.length }

// patience is how long what must happen may take: a long soak is run beside other work.
func (s *soak) patience() time.Duration { return max(deadline, s.length/10) }

// everything is each kind of fault once.
func (s *soak) everything() {
	for i := range s.wires {
		s.comesOn("before a connection is cut")
		s.cut(i)
	}
	s.comesOn("after connections were cut")
	for _, b := range []*broker{s.nats, s.redis} {
		s.kill(b)
		s.comesOn("after a server was killed")
	}
	s.slow(200 * time.Millisecond)
	s.comesOn("after a reader was slow")
}

// nextFault waits a while and does one of what networks, servers and people do.
func (s *soak) nextFault() {
	time.Sleep(time.Duration(rand.Int64N(int64(8 * time.Second))))
	switch which := rand.IntN(10); {
	case which < 2:
		s.kill(s.nats)
	case which < 4:
		s.kill(s.redis)
	case which < 9:
		s.cut(which % 2)
	default:
		s.slow(time.Duration(2+rand.IntN(10)) * time.Second)
	}
}

func (s *soak) kill(b *broker) {
	b.kill()
	if s.length > 0 {
		time.Sleep(time.Duration(rand.Int64N(int64(2 * time.Second))))
	}
	b.start()
	s.kills++
}

func (s *soak) cut(which int) { s.cuts += s.wires[which].Cut() }

// slow has nobody read what a watch prints, for a while.
func (s *soak) slow(pause time.Duration) {
	s.session.paused.Lock()
	defer s.session.paused.Unlock()
	time.Sleep(pause)
}

// comesOn waits until both watches have what is sent from now on.
func (s *soak) comesOn(when string) {
	s.Helper()
	wanted := map[string]uint64{}
	for name, newest := range s.flood.newest {
		wanted[name] = newest.Load() + 1
	}
	for who, w := range map[string]*watch{"the whole watch": s.whole, "the session": s.session} {
		for name, n := range wanted {
			eventuallyWithin(s, s.patience(), who+" has what came "+when+" from "+name, func() bool { return w.newest[name].Load() >= n })
		}
	}
}

func (s *soak) takeSamples() {
	s.wholeTook = append(s.wholeTook, look(s, s.whole.process.Process.Pid))
	s.deckTook = append(s.deckTook, look(s, s.deck.program.Process.Pid))
	s.goroutines = append(s.goroutines, runtime.NumGoroutine())
	s.deckAnswers()
}

// deckAnswers waits until the deck answers a key. What it writes leaves out letters that were on the screen before at the same
// place, and so the text need not be seen each time.
func (s *soak) deckAnswers() {
	s.Helper()
	for end := time.Now().Add(s.patience()); time.Now().Before(end); {
		seen := s.deck.expect("commands")
		s.deck.send(s, ":")
		answered := false
		select {
		case <-seen:
			answered = true
		case <-time.After(5 * time.Second):
		}
		s.deck.send(s, "\x1b")
		if answered {
			return
		}
		<-time.After(time.Second) // else escape and the next key are one
	}
	s.Fatal("the deck does not answer a key")
}

// renew ends a session that lasted long enough and starts another.
func (s *soak) renew() {
	if time.Now().After(s.sessionEnds) {
		s.lost.add(s.session.judge(s.flood, false))
		s.tell()
		s.startSession()
	}
}

// tellFailure says what the watch said that was there all the time. It has ended.
func (s *soak) tellFailure() {
	if s.Failed() && s.whole != nil {
		said := s.whole.errs.String()
		s.Logf("the whole watch said last: %s", said[max(0, len(said)-3000):])
	}
}

func (s *soak) tell() {
	s.Logf("after %s: %d sent, %d kills, %d connections cut, %d lines; sessions: %+v", time.Since(s.began).Round(time.Second), s.flood.sent(),
		s.kills, s.cuts, s.whole.lines, s.lost)
}

// close stops the flood, waits until all is read, and judges.
func (s *soak) close() {
	s.lost.add(s.session.judge(s.flood, false))
	s.flood.stop()
	for name, kept := range flooded {
		if kept {
			eventuallyWithin(s, s.patience(), "the whole watch has all of "+name, func() bool { return s.whole.newest[name].Load() >= s.lastOf(name) })
		}
	}
	whole := s.whole.judge(s.flood, true)
	s.inside.closes(s.T)
	s.closeDeck()
	s.tell()
	s.Logf("from the beginning to the end: %+v", whole)
	if lost := s.lost.ofKept + whole.ofKept; lost > 0 {
		s.Errorf("lost of what is kept: %d", lost)
	}
	s.wholeTook.flat(s, "the whole watch")
	s.deckTook.flat(s, "the deck")
	s.wholeTook.within(s, "the whole watch", watchMemory<<20)
	s.deckTook.within(s, "the deck", deckMemory<<20)
	s.goroutinesFlat()
	s.leavesNothing()
}

// closeDeck leaves the deck. On a machine that gives it no time to close what is open, its end is forced, and said by its exit code.
func (s *soak) closeDeck() {
	s.Helper()
	ended := make(chan error, 1)
	go func() { ended <- s.deck.program.Wait() }()
	for end := time.Now().Add(s.patience()); time.Now().Before(end); {
		for _, key := range []string{"\x1b", "q"} { // where something is open still, q would be typed into it; right behind an escape it would be another key
			s.deck.send(s, key)
			select {
			case err := <-ended:
				s.judgeEnd(err)
				return
			case <-time.After(time.Second):
			}
		}
	}
	s.Error("the deck does not end")
}

func (s *soak) judgeEnd(err error) {
	s.Helper()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		s.Log("the deck was too slow to end in order")
	} else if err != nil {
		s.Errorf("the deck ends with %v", err)
	}
}

// lastOf is the number that a station holds last.
func (s *soak) lastOf(name string) uint64 { return s.flood.newest[name].Load() }

// goroutinesFlat checks the goroutines of this process, which has an engine of its own.
func (s *soak) goroutinesFlat() {
	n := len(s.goroutines)
	if n < fewSamples {
		return
	}
	early, late := slices.Max(s.goroutines[n/4:n/2]), slices.Max(s.goroutines[n*3/4:])
	s.Logf("goroutines: %d in the second quarter, %d in the last", early, late)
	if late > early+20 {
		s.Error("there are more and more goroutines")
	}
}

// leavesNothing checks that the servers are as they were.
func (s *soak) leavesNothing() {
	eventually(s, "no consumer is left", func() bool {
		n, err := natsbare.Consumers(s.Context(), s.nats.url, keptByNATS)
		return err == nil && n == 0
	})
	eventually(s, "no client of Redis is left", func() bool {
		clients, notify := s.standing()
		if notify != s.notify {
			s.Errorf("notify-keyspace-events is %q, and was %q", notify, s.notify)
		}
		return clients == s.clients
	})
}

func (s *soak) standing() (clients int64, notify string) {
	s.Helper()
	clients, notify, err := redisbare.Standing(s.Context(), s.redis.url)
	if err != nil {
		s.Fatal(err)
	}
	return clients, notify
}
