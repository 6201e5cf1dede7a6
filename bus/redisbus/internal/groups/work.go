package groups

import (
	"context"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
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

// Handler is what a worker does about a message. delivery counts from 1.
type Handler = func(ctx context.Context, m bus.Message, delivery int) bus.Verdict

// Work is a member of the group that the job names, which begins with the oldest entry when it is new, until ctx ends.
func (g *Groups) Work(ctx context.Context, job bus.Job, stream string, handle Handler) error {
	w := &worker{session: g.session, waiting: g.waiting, client: g.session.Servers.Client, job: job, key: stream, handle: handle, name: memberName()}
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
	handle  Handler
	made    bool // we made the group
}

// run takes what others left, then what is new, until ctx ends. While the server is away it waits.
func (w *worker) run(ctx context.Context) error {
	if w.job.AckWait == 0 {
		w.job.AckWait = usualAckWait
	}
	joined := false
	for ctx.Err() == nil {
		var err error
		if !joined {
			err = w.join(ctx)
			joined = err == nil
		}
		if err == nil {
			if err = w.leftovers(ctx); err == nil {
				err = w.fresh(ctx)
			}
		}
		switch {
		case err == nil:
		case strings.HasPrefix(fault.Answer(err), "NOGROUP"):
			joined = false
		case fault.Broken(err), strings.HasPrefix(fault.Answer(err), "LOADING"):
			servers.Pause(ctx, servers.FirstRetry)
		default:
			return fault.Explain(err)
		}
	}
	return ctx.Err()
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
	if err := w.client.XGroupDestroy(ctx, w.key, w.job.Consumer).Err(); err != nil {
		w.session.Notify(bus.Warn, w.job.Station, "the temporary group %s could not be removed: %v", w.job.Consumer, fault.Explain(err))
	}
}

// fresh waits shortly for a new entry and handles it.
func (w *worker) fresh(ctx context.Context) error {
	answer, err := w.next(ctx)
	if err != nil && !fault.Absent(err) {
		return err
	}
	for _, entry := range entriesOf(answer) {
		if err := w.work(ctx, entry, 1); err != nil {
			return err
		}
	}
	return nil
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

// leftovers claims what nobody acknowledged in time and handles it again.
func (w *worker) leftovers(ctx context.Context) error {
	overdue, err := w.client.XPendingExt(ctx, &redis.XPendingExtArgs{Stream: w.key, Group: w.job.Consumer,
		Idle: w.job.AckWait, Start: "-", End: "+", Count: claimCount}).Result()
	if err != nil {
		return err
	}
	for _, p := range overdue {
		if err := ctx.Err(); err != nil {
			return err
		}
		if w.job.MaxDeliver > 0 && p.RetryCount >= int64(w.job.MaxDeliver) {
			if err := w.ack(ctx, p.ID); err != nil {
				return err
			}
			continue
		}
		claimed, err := w.client.Do(ctx, "XCLAIM", w.key, w.job.Consumer, w.name, w.job.AckWait.Milliseconds(), p.ID).Slice()
		if err != nil {
			return err
		}
		for _, entry := range claimed {
			if entry == nil { // deleted from the stream; Redis 7 drops it from the list by itself
				continue
			}
			if err := w.work(ctx, entry, int(p.RetryCount)+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// work hands one entry over and does as the verdict says.
func (w *worker) work(ctx context.Context, entry any, delivery int) error {
	m, err := entries.FromReply(w.key, entry, time.Now())
	if err != nil {
		return err
	}
	switch w.handle(ctx, m, delivery) {
	case bus.Ack, bus.Term:
		return w.ack(ctx, entries.ID(m.Position))
	case bus.Nak:
		return w.nak(ctx, entries.ID(m.Position))
	}
	return nil
}

func (w *worker) ack(ctx context.Context, id string) error {
	return w.client.XAck(context.WithoutCancel(ctx), w.key, w.job.Consumer, id).Err()
}

// nak makes an entry look as if nobody had touched it for AckWait, so that the next member to look takes it.
func (w *worker) nak(ctx context.Context, id string) error {
	return w.client.Do(context.WithoutCancel(ctx), "XCLAIM", w.key, w.job.Consumer, w.name, 0, id,
		"IDLE", w.job.AckWait.Milliseconds(), "JUSTID").Err()
}
