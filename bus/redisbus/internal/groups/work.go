package groups

import (
	"context"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/hands"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/servers"
	"signalbox/bus/redisbus/internal/session"
)

// How a worker waits: usualAckWait is how long a message may be handled unless the job says; workWait how long it waits for a
// new message before it looks again for those that others left.
const (
	usualAckWait = 30 * time.Second
	workWait     = 500 * time.Millisecond
	claimCount   = 16 // entries that are claimed at once

	pollWait = 20 * time.Millisecond // between two looks of a worker for which the server cannot wait
)

// Work is a member of the group that the job names, which begins with the oldest entry when it is new, until ctx ends.
func (g *Groups) Work(ctx context.Context, job bus.Job, stream string, handle bus.Handler) error {
	w := &worker{session: g.session, waiting: g.waiting, client: g.session.Servers.Client, job: job, key: stream, handle: handle, name: memberName()}
	if w.job.AckWait == 0 {
		w.job.AckWait = usualAckWait
	}
	defer w.leave(ctx)
	return w.run(ctx)
}

// memberName tells this process apart from the group's other members.
func memberName() string { return "signalbox-" + strconv.Itoa(os.Getpid()) }

// worker is one member of a group.
type worker struct {
	session *session.Session
	waiting chan struct{}
	client  redis.UniversalClient
	job     bus.Job
	key     string
	name    string
	handle  bus.Handler
	joined  bool
	made    bool // we made the group

	mu   sync.Mutex
	dead []string // what it has put into the dead-letter stream
}

// run takes what others left, then what is new, one entry for each hand that is free, until ctx ends. While the server is away it
// waits.
func (w *worker) run(ctx context.Context) error {
	at := hands.New(w.job.AtOnce)
	defer at.Wait()
	for at.Take(ctx) == nil {
		entry, err := w.take(ctx)
		if entry == nil {
			at.Free()
		} else {
			at.Do(func() { w.work(ctx, entry) })
		}
		switch {
		case err == nil:
		case strings.HasPrefix(fault.Answer(err), "NOGROUP"):
			w.joined = false
		case fault.Broken(err), strings.HasPrefix(fault.Answer(err), "LOADING"):
			servers.Pause(ctx, servers.FirstRetry)
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			return fault.Explain(err)
		}
	}
	return ctx.Err()
}

// taken is an entry that the member has got.
type taken struct {
	message  bus.Message
	delivery int
}

// take waits shortly for an entry: one that nobody acknowledged in time, or a new one; nil when there is none. The server is not
// told that an entry is waited for no more: one that comes just after the gate was shut is handled.
func (w *worker) take(ctx context.Context) (*taken, error) {
	_, leave := w.job.Gate.Pass(ctx)
	defer leave()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if !w.joined {
		if err := w.join(ctx); err != nil {
			return nil, err
		}
		w.joined = true
	}
	w.job.Gate.Begin()
	if left, err := w.leftover(ctx); left != nil || err != nil {
		return left, err
	}
	return w.fresh(ctx)
}

func (w *worker) join(ctx context.Context) error {
	err := w.client.XGroupCreateMkStream(ctx, w.key, w.job.Consumer, "0").Err()
	if strings.HasPrefix(fault.Answer(err), "BUSYGROUP") {
		return nil
	}
	w.made = w.made || err == nil
	return err
}

// leaveTimeout bounds the removal of a temporary group.
const leaveTimeout = 2 * time.Second

// leave removes the group of a temporary job, when it was made for it.
func (w *worker) leave(ctx context.Context) {
	if !w.made || !w.job.Temporary {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTimeout)
	defer cancel()
	w.takeBack(ctx)
	if err := w.client.XGroupDestroy(ctx, w.key, w.job.Consumer).Err(); err != nil {
		w.session.Notify(bus.Warn, w.job.Station, "the temporary group %s could not be removed: %v", w.job.Consumer, fault.Explain(err))
	}
}

// fresh waits shortly for a new entry.
func (w *worker) fresh(ctx context.Context) (*taken, error) {
	answer, err := w.next(ctx)
	if err != nil {
		if fault.Absent(err) {
			err = nil
		}
		return nil, err
	}
	list := entriesOf(answer)
	if len(list) == 0 {
		return nil, nil
	}
	return w.got(list[0], 1)
}

// got is an entry that the server returned.
func (w *worker) got(entry any, delivery int) (*taken, error) {
	m, err := entries.FromReply(w.key, entry, time.Now())
	if err != nil {
		return nil, err
	}
	return &taken{m, delivery}, nil
}

// next asks for a new entry. The server waits for one where that leaves a connection for others, else the worker asks again.
func (w *worker) next(ctx context.Context) (any, error) {
	args := []any{"XREADGROUP", "GROUP", w.job.Consumer, w.name, "COUNT", 1}
	select {
	case w.waiting <- struct{}{}:
		defer func() { <-w.waiting }()
		return w.client.Do(ctx, append(args, "BLOCK", min(workWait, w.job.AckWait).Milliseconds()+1, "STREAMS", w.key, ">")...).Result()
	default:
	}
	answer, err := w.client.Do(ctx, append(args, "STREAMS", w.key, ">")...).Result()
	if fault.Absent(err) {
		servers.Pause(ctx, pollWait)
	}
	return answer, err
}

// entriesOf finds the entries in an answer to XREADGROUP, which is a list of pairs in protocol 2 and a map in 3.
func entriesOf(answer any) []any {
	switch streams := answer.(type) {
	case map[any]any:
		for _, entries := range streams {
			list, _ := entries.([]any)
			return list
		}
	case []any:
		if len(streams) == 1 {
			if pair, _ := streams[0].([]any); len(pair) == 2 {
				list, _ := pair[1].([]any)
				return list
			}
		}
	}
	return nil
}

// leftover claims an entry that nobody acknowledged in time. Those that were delivered as often as the job allows are given up.
func (w *worker) leftover(ctx context.Context) (*taken, error) {
	overdue, err := w.client.XPendingExt(ctx, &redis.XPendingExtArgs{Stream: w.key, Group: w.job.Consumer,
		Idle: w.job.AckWait, Start: "-", End: "+", Count: claimCount}).Result()
	if err != nil {
		return nil, err
	}
	for _, p := range overdue {
		if w.job.MaxDeliver > 0 && p.RetryCount >= int64(w.job.MaxDeliver) {
			if err := w.giveUp(ctx, p.ID, int(p.RetryCount), whyExhausted); err != nil {
				return nil, err
			}
			continue
		}
		claimed, err := w.client.Do(ctx, "XCLAIM", w.key, w.job.Consumer, w.name, w.job.AckWait.Milliseconds(), p.ID).Slice()
		if err != nil {
			return nil, err
		}
		if len(claimed) == 1 && claimed[0] != nil { // else deleted from the stream; Redis 7 drops it from the list by itself
			return w.got(claimed[0], int(p.RetryCount)+1)
		}
	}
	return nil, nil
}

// work hands one entry over and does as the verdict says. What cannot be said to the server is delivered again.
func (w *worker) work(ctx context.Context, t *taken) {
	id, verdict := entries.ID(t.message.Position), w.handle(ctx, t.message, t.delivery)
	ctx = context.WithoutCancel(ctx)
	var err error
	switch verdict {
	case bus.Ack:
		err = w.ack(ctx, id)
	case bus.Term:
		err = w.giveUp(ctx, id, t.delivery, whyTerminated)
	case bus.Nak:
		err = w.nak(ctx, id)
	}
	if err != nil && !w.session.Ended() {
		w.session.Notify(bus.Warn, w.job.Station, "%s could not answer for an entry of %s: %v; it will be delivered again",
			w.job.Consumer, w.job.Station, fault.Explain(err))
	}
}

func (w *worker) ack(ctx context.Context, id string) error {
	return w.client.XAck(ctx, w.key, w.job.Consumer, id).Err()
}

// nak makes an entry look as if nobody had touched it for AckWait, so that the next member to look takes it.
func (w *worker) nak(ctx context.Context, id string) error {
	return w.client.Do(ctx, "XCLAIM", w.key, w.job.Consumer, w.name, 0, id,
		"IDLE", w.job.AckWait.Milliseconds(), "JUSTID").Err()
}
