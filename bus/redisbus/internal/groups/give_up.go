package groups

import (
	"context"
	"strconv"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/names"
)

// deadSuffix is behind the name of a stream in that of its dead-letter stream. Redis has no such thing of its own: a group's
// entry is delivered again for as long as somebody claims it. Applications put what they give up into another stream, and
// acknowledge it; so does a worker here.
const deadSuffix = ":dead-letters"

// Fields of an entry of a dead-letter stream: what it was, and then its own fields.
const (
	deadStream     = "stream"
	deadEntry      = "entry"
	deadGroup      = "group"
	deadDeliveries = "deliveries"
	deadWhy        = "why"
	deadField      = "field:" // before the name of each
)

// Why an entry is in a dead-letter stream.
const (
	whyExhausted  = "max deliveries"
	whyTerminated = "terminated"
)

// mostTakenBack bounds how much a temporary group takes back of what it has put into the dead-letter stream.
const mostTakenBack = 10_000

// giveUp puts an entry into the dead-letter stream, and then acknowledges it: whoever ends between the two has done the first,
// and does it again. One that was deleted meanwhile is acknowledged alone.
func (w *worker) giveUp(ctx context.Context, id string, deliveries int, why string) error {
	answer, err := w.client.Do(ctx, "XRANGE", w.key, id, id).Slice()
	if err != nil {
		return err
	}
	if len(answer) == 1 {
		pair, _ := answer[0].([]any)
		args := []any{"XADD", w.key + deadSuffix, "*", deadStream, w.key, deadEntry, id, deadGroup, w.job.Consumer,
			deadDeliveries, strconv.Itoa(deliveries), deadWhy, why}
		if len(pair) == 2 {
			fields, _ := pair[1].([]any)
			for i := 0; i+1 < len(fields); i += 2 {
				name, _ := fields[i].(string)
				args = append(args, deadField+name, fields[i+1])
			}
		}
		added, err := w.client.Do(ctx, args...).Text()
		if err != nil {
			return err
		}
		w.remember(added)
	}
	return w.ack(ctx, id)
}

// remember remembers what was put into the dead-letter stream, where that goes with the group.
func (w *worker) remember(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.made && w.job.Temporary && len(w.dead) < mostTakenBack {
		w.dead = append(w.dead, id)
	}
}

// takeBack takes the entries out of the dead-letter stream that a temporary group has put there, and removes the stream when
// nothing else is in it. What cannot be taken back stays.
func (w *worker) takeBack(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.dead) == 0 {
		return
	}
	key := w.key + deadSuffix
	if w.client.XDel(ctx, key, w.dead...).Err() != nil {
		return
	}
	if n, err := w.client.XLen(ctx, key).Result(); err == nil && n == 0 {
		w.client.Del(ctx, key)
	}
}

// deadLetter is an entry of a stream's dead-letter stream; false when it is none that a worker has written.
func deadLetter(key, id string, list []any) (x bus.DeadLetter, ok bool) {
	var fields []entries.Field
	facts := map[string]string{}
	for i := 0; i+1 < len(list); i += 2 {
		name, _ := list[i].(string)
		value, _ := list[i+1].(string)
		if own, is := strings.CutPrefix(name, deadField); is {
			fields = append(fields, entries.Field{Name: []byte(own), Value: []byte(value), Size: len(value)})
		} else {
			facts[name] = value
		}
	}
	at, now := entries.Position(facts[deadEntry]), entries.Position(id)
	if facts[deadStream] != key || facts[deadGroup] == "" || facts[deadWhy] == "" || at.IsZero() {
		return x, false
	}
	deliveries, err := strconv.ParseInt(facts[deadDeliveries], 10, 64)
	if err != nil {
		deliveries = -1
	}
	standing := bus.GivenUp
	if strings.HasPrefix(facts[deadWhy], whyTerminated) {
		standing = bus.Terminated
	}
	var b entries.Builder
	moment := entries.Time(now, time.Now())
	m := b.Message(key, at, fields, moment)
	return bus.DeadLetter{Standing: standing, Station: names.Write(bus.Log, key, false), Consumer: facts[deadGroup], Position: at, Positions: bus.TimedIDs,
		Deliveries: deliveries, Why: facts[deadWhy], UnixNano: moment.UnixNano(), Message: &m}, true
}
