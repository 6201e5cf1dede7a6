package sources

import (
	"context"
	"runtime"
	"time"
)

const (
	// sliceEvents is how many messages are taken in before the engine looks whether somebody asks something.
	sliceEvents = 1024
	// sliceTime is how long searches and the like may go on before it does; a part of it while messages wait, unless somebody
	// waits for rows.
	sliceTime = time.Millisecond
	// revisitTime is how long events may be read again before it does.
	revisitTime = 5 * time.Millisecond
	// jobEvents is how many held events are looked at in one step for those who wait for one.
	jobEvents = 500
)

// SpareProcessors is how many more than runtime.GOMAXPROCS should say by itself may run in a process with an engine and
// somebody who presses keys: under a flood the engine and whoever drains the socket never rest, and a key is not to wait
// until one of them is preempted.
const SpareProcessors = 1

// Run takes in messages, answers and publishes snapshots until ctx ends; then it closes the feeds, not the buses, waits
// for all goroutines it has started, and returns nil. It owns all state: nothing else touches it. It may be called once.
func (e *Engine) Run(ctx context.Context) error {
	running, cancel := context.WithCancel(ctx)
	e.running = running
	defer e.end(cancel)
	e.frame, e.second, e.feeds.stall = time.NewTimer(0), time.NewTimer(time.Second), time.NewTimer(e.feeds.stallLimit)
	e.dirty = true
	for more := false; ; {
		if !more {
			if !e.wait(ctx) {
				return nil
			}
		}
		for range deliveriesAhead {
			handled, ok := e.handle(ctx)
			if !ok {
				return nil
			}
			if !handled {
				break
			}
		}
		more = e.slice()
		e.show()
		runtime.Gosched() // to whoever drains a socket: it is not to wait until this goroutine is preempted
	}
}

// wait blocks until there is something to do; false when ctx has ended.
func (e *Engine) wait(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case d := <-e.intake:
		e.feeds.arrive(d)
	case f := <-e.requests.calls:
		f()
	case <-e.looked:
		e.publish()
	case f := <-e.revisits.arrived():
		f()
	case <-e.options.Room:
	case <-e.frame.C:
	case <-e.second.C:
		e.tick()
	case <-e.feeds.stall.C:
		e.feeds.endLongWaits()
	}
	return true
}

// handle does what wait does, but does not block: the first result tells whether there was anything.
func (e *Engine) handle(ctx context.Context) (handled, ok bool) {
	select {
	case <-ctx.Done():
		return false, false
	case d := <-e.intake:
		e.feeds.arrive(d)
	case f := <-e.requests.calls:
		f()
	case f := <-e.revisits.arrived():
		f()
	case <-e.looked:
		e.publish()
	case <-e.second.C:
		e.tick()
	case <-e.feeds.stall.C:
		e.feeds.endLongWaits()
	default:
		return false, true
	}
	return true, true
}

// slice does a part of the work there is, and tells whether there is more.
func (e *Engine) slice() bool {
	going := e.revisits.isGoing()
	more := !going && e.feeds.pump(sliceEvents)
	e.revisits.keep()
	more = !e.revisits.step(time.Now().Add(revisitTime)) || more
	if !more && !going && e.options.Rest != nil {
		e.options.Rest()
	}
	e.last.Store(e.store.Window.Next() - 1)
	spare := sliceTime
	if more && !e.lists.Awaited() {
		spare /= 4
	}
	until := time.Now().Add(spare)
	done := e.waiters.catchUp(jobEvents)
	done = e.requests.step() && done
	done = e.lists.Step(until, until.Add(spare)) && done
	done = e.revisits.list(until, until.Add(spare)) && done
	done = e.flow.Work(until) && done
	done = e.chart.Work(until) && done
	done = e.cohorts.Work(until) && done
	e.dirty = e.dirty || e.flow.Fresh || e.chart.Fresh || e.cohorts.Fresh
	e.flow.Fresh, e.chart.Fresh, e.cohorts.Fresh = false, false, false
	e.dirty = e.dirty || !done || e.working
	e.working = !done
	return more || !done
}

// show publishes a snapshot when there is something new and the last one is long enough ago, and else sees to it that
// this is looked at again in time.
func (e *Engine) show() {
	if !e.dirty {
		return
	}
	if !e.ticking {
		e.ticking = true
		e.second.Reset(time.Second)
	}
	if left := e.options.Frame - time.Since(e.shown); left > 0 {
		e.frame.Reset(left)
		return
	}
	e.publish()
	if e.dirty {
		e.frame.Reset(e.options.Frame)
	}
}

// tick ends a second. When nothing has come for a while, seconds are no longer counted.
func (e *Engine) tick() {
	e.ticking = e.flow.Tick()
	e.ticking = e.cohorts.Tick() || e.ticking
	var live, all, past uint64
	for _, s := range e.attached.stations {
		s.intake, live, past = s.past+s.rates.Count, live+s.rates.Count, past+s.past
		s.past, all = 0, all+s.intake
		s.rates.Tick()
		e.tellSubjects(s)
		s.subjects.Tick()
		s.exchanges.tick()
		e.ticking = e.ticking || s.intake > 0 || !s.rates.Silent()
	}
	e.rates.Count, e.taken = live, all
	e.countUnread()
	e.then.sample(past > 0)
	e.settle()
	e.rates.Tick()
	e.lists.Age()
	if e.ticking || !e.rates.Silent() || e.lists.Ages() {
		e.ticking, e.dirty = true, true
		e.second.Reset(time.Second)
	}
}

// end stops and waits for all that Run has started.
func (e *Engine) end(cancel context.CancelFunc) {
	cancel()
	close(e.requests.stopped)
	e.work.Wait()
	e.frame.Stop()
	e.second.Stop()
	e.feeds.stall.Stop()
	e.publish()
}
