package backlog

import (
	"context"
	"errors"
	"io"
	"runtime"
	"testing"
	"time"

	"pgregory.net/rapid"

	"signalbox/bus"
)

// A million messages of 200 bytes, which nobody reads, fit into 224 MiB: a tenth into a tenth.
func TestAQueueHoldsABurst(t *testing.T) {
	q := NewQueue(bus.NewBudget(224<<20/10), 0)
	m := bus.Message{Subject: "orders", Data: make([]byte, 200)}
	for n := range 100_000 {
		m.UnixNano = 1_700_000_000_000_000_000 + int64(n)*1000
		q.Offer(m)
	}
	if q.dropped > 0 {
		t.Errorf("%d of 100000 messages were dropped", q.dropped)
	}
}

func sized(size int) bus.Message { return bus.Message{Data: make([]byte, size), Size: size} }

// next reads a batch that is there already.
func next(t interface {
	Helper()
	Fatal(...any)
}, q *Queue) *bus.Batch {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	batch, err := q.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

// Whatever queues of one budget are offered, each message is read or counted, and the budget is kept.
func TestOfferedMessagesAreReadOrCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const first = 4 << 10 // that a queue has in any case
		limit := rapid.Int64Range(1000, 40_000).Draw(t, "limit")
		budget := bus.NewBudget(limit)
		queues := []*Queue{NewQueue(budget, 0), NewQueue(budget, 0)}
		offered, got := make([]int, 2), make([]int, 2)
		read := func(i int) {
			batch := next(t, queues[i])
			got[i] += batch.Len() + int(batch.Dropped)
			batch.Release()
		}
		for range rapid.IntRange(1, 100).Draw(t, "steps") {
			i := rapid.IntRange(0, 1).Draw(t, "queue")
			if rapid.Bool().Draw(t, "read") && got[i] < offered[i] {
				read(i)
				continue
			}
			size := rapid.IntRange(0, 3000).Draw(t, "size")
			before, own := budget.Held(), queues[i].Held()
			queues[i].Offer(sized(size))
			offered[i]++
			if after := budget.Held(); after > limit && before > 0 && after > before && (own > 0 || after-before > first) {
				t.Fatalf("%d bytes are held, %d before: the budget is %d", after, before, limit)
			}
			if sum := queues[0].Held() + queues[1].Held(); sum != budget.Held() {
				t.Fatalf("the queues hold %d bytes, by their budget %d", sum, budget.Held())
			}
		}
		for i := range queues {
			for got[i] < offered[i] {
				read(i)
			}
		}
		if offered[0] != got[0] || offered[1] != got[1] || budget.Held() != 0 {
			t.Fatalf("offered %v, read or counted %v, still held: %d", offered, got, budget.Held())
		}
	})
}

// A reader learns of what was dropped though nothing waits for it, since other queues hold all there is.
func TestDroppedAloneIsABatch(t *testing.T) {
	budget := bus.NewBudget(1000)
	full, empty := NewQueue(budget, 0), NewQueue(budget, 0)
	full.Offer(sized(2000))
	empty.Offer(sized(5000), sized(5000))
	if batch := next(t, empty); batch.Dropped != 2 || batch.Len() > 0 {
		t.Errorf("with nothing waiting comes %+v", batch)
	}
	if batch := next(t, full); batch.Dropped != 0 || batch.Len() != 1 {
		t.Errorf("the message larger than the budget comes as %+v", batch)
	}
}

// Put waits for the reader, and loses nothing; two may wait at once.
func TestPutWaitsForTheReader(t *testing.T) {
	const each = 2000
	q := NewQueue(bus.NewBudget(8<<10), 0)
	done := make(chan bool, 2)
	for range 2 {
		go func() {
			for range each / 4 {
				if !q.Put(sized(100), sized(100), sized(1000), sized(10_000)) {
					done <- false
					return
				}
			}
			done <- true
		}()
	}
	got := 0
	for got < 2*each {
		if held := q.Held(); held > 24<<10 {
			t.Fatalf("%d bytes are held", held)
		}
		batch := next(t, q)
		if batch.Dropped > 0 {
			t.Fatalf("%d messages were dropped", batch.Dropped)
		}
		got += batch.Len()
		batch.Release()
	}
	for range 2 {
		if !<-done {
			t.Error("Put says that an open queue is closed")
		}
	}
	if got != 2*each {
		t.Errorf("%d messages were read, %d put", got, 2*each)
	}
}

// Close ends whoever waits, and gives back what was held.
func TestCloseEndsAllThatWait(t *testing.T) {
	budget := bus.NewBudget(1000)
	q := NewQueue(budget, 0)
	q.CaughtUp()
	q.Gap(bus.Gap{Unknown: true})
	put := make(chan bool)
	go func() { put <- q.Put(sized(600), sized(600), sized(600)) }()
	for budget.Held() < 1000 { // until it waits
		runtime.Gosched()
	}
	q.Close()
	q.Close()
	if <-put {
		t.Error("Put succeeds on a closed queue")
	}
	if budget.Held() != 0 || q.Held() != 0 {
		t.Errorf("after Close %d bytes are held, by the budget %d", q.Held(), budget.Held())
	}
	q.Offer(sized(1))
	q.Gap(bus.Gap{Unknown: true})
	q.CaughtUp()
	if budget.Held() != 0 {
		t.Errorf("a closed queue takes %d bytes", budget.Held())
	}
	for range 2 {
		if _, err := q.Next(context.Background()); !errors.Is(err, io.EOF) {
			t.Errorf("Next after Close: %v", err)
		}
	}

	q = NewQueue(budget, 0)
	read := make(chan error)
	go func() { _, err := q.Next(context.Background()); read <- err }()
	q.Close()
	if err := <-read; !errors.Is(err, io.EOF) {
		t.Errorf("Next when the queue is closed: %v", err)
	}
}

func TestNextEndsWithItsContext(t *testing.T) {
	q := NewQueue(bus.NewBudget(1000), 0)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := q.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Next: %v", err)
	}
}

// What Add appends is there after Flush, before it when the queue is full; OfferEach counts what there is no room for; Drop
// is counted with the next batch.
func TestAddWaitsAndDropsAreCounted(t *testing.T) {
	q := NewQueue(bus.NewBudget(2000), 0)
	large := sized(1500)
	added := make(chan bool)
	go func() {
		all := true
		for range 3 {
			all = all && q.Add(&large)
		}
		q.Flush()
		added <- all
	}()
	for range 3 {
		batch := next(t, q)
		if batch.Len() != 1 {
			t.Errorf("%d messages in a batch that has room for one", batch.Len())
		}
		batch.Release()
	}
	if !<-added {
		t.Error("the queue says that it is closed")
	}
	q.OfferEach(func(yield func(*bus.Message) bool) {
		for range 2 {
			yield(&large)
		}
	})
	q.Drop(7)
	if batch := next(t, q); batch.Len() != 1 || batch.Dropped != 8 {
		t.Errorf("%d messages, %d dropped, want 1 and 8", batch.Len(), batch.Dropped)
	}
	q.Close()
	if q.Add(&large) {
		t.Error("a closed queue takes a message")
	}
}

// Gaps are not dropped, and so each must take little: a thousand of them, with a message between any two, take no more than
// their messages and a little.
func TestGapsTakeLittle(t *testing.T) {
	q := NewQueue(bus.NewBudget(1<<20), 0)
	m := sized(100)
	for range 1000 {
		q.Gap(bus.Gap{Missed: 1})
		if !q.Try(&m) {
			t.Fatal("there is no room for 100 kB")
		}
	}
	if held := q.Held(); held > 1<<20 {
		t.Errorf("a thousand messages of 100 bytes with gaps between them take %d bytes", held)
	}
	for q.Try(&m) {
	}
	first := next(t, q)
	first.Release()
	<-q.Room()
	for n := 1; !q.Try(&m); n++ { // a batch must leave that is as large as one that is begun
		next(t, q).Release()
		<-q.Room()
		if n > 1000 {
			t.Fatal("there is never room")
		}
	}
}

// A feed is closed by another goroutine than the one that fills it.
func TestCaughtUpWhileItIsClosed(t *testing.T) {
	q := NewQueue(bus.NewBudget(1000), 0)
	done := make(chan struct{})
	go func() { defer close(done); q.CaughtUp() }()
	q.Close()
	<-done
	if _, err := q.Next(t.Context()); !errors.Is(err, io.EOF) {
		t.Errorf("Next: %v", err)
	}
}
