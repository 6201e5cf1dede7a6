package keys

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/channels"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/servers"
)

// listen turns to notifications where the servers send them, or may be set to.
func (f *feed) listen(ctx context.Context) error {
	settings := f.keys.Settings
	missing := settings.Insufficient(ctx)
	if missing != nil && fault.Broken(missing.Err) {
		return missing.Err
	}
	if missing != nil && missing.Err == nil && settings.Allowed() && !f.denied {
		done, err := settings.Add(ctx)
		if err != nil {
			return f.pollInstead(err)
		}
		if done != "" {
			f.keys.session.Notify(bus.Say, f.station, "done: %s; put back at the end of the session", done)
		}
		missing = nil
	}
	if missing != nil || f.denied || f.notifications != nil {
		return nil
	}
	f.reviewed, f.lookDue = time.Now(), true
	if err := f.cover(ctx); err != nil {
		f.stopListening()
		return f.pollInstead(err)
	}
	return nil
}

// pollInstead gives notifications up when the server refuses them. Any other error it returns.
func (f *feed) pollInstead(err error) error {
	if fault.Answer(err) == "" && !errors.Is(err, bus.ErrRefused) {
		return err
	}
	f.denied = true
	f.Warn("keys are polled: the server refuses to tell of them", err)
	return nil
}

// cover subscribes at every master: each notifies of its own keys alone. It is called again for masters that came later.
func (f *feed) cover(ctx context.Context) error {
	all := f.keys.session.Servers
	tags := map[string]string{"": ""}
	if all.Clustered() {
		var err error
		if tags, err = all.Tags(ctx); err != nil {
			return err
		}
	}
	late := f.notifications != nil
	if !late {
		f.notifications = f.keys.channels.NewFeed(channels.Topic{Kind: bus.Pattern, Name: f.keys.channel(f.pattern)})
		f.covered = make(map[string]bool)
	}
	for _, addr := range f.notifications.Servers() { // they may have changed
		f.covered[addr] = true
	}
	for addr, tag := range tags {
		if f.covered[addr] {
			continue
		}
		if err := f.keys.channels.Subscribe(ctx, f.notifications, tag); err != nil {
			return err
		}
		f.covered[addr] = true
		if late {
			f.notifications.Gap(f.reviewed, time.Now(), "a server of the cluster was not listened to yet")
		}
	}
	return nil
}

// stopListening unsubscribes from notifications: keys are polled from then on.
func (f *feed) stopListening() {
	if f.notifications != nil {
		_ = f.notifications.Close()
		f.notifications = nil
	}
}

// receive takes some notifications, or makes sure that there still would be any.
func (f *feed) receive(ctx context.Context) {
	review := f.keys.session.Pace.Review
	wait, cancel := context.WithTimeout(ctx, review)
	batch, err := f.notifications.Next(wait)
	cancel()
	lost := false
	if err == nil {
		f.take(ctx, batch)
		lost = len(batch.Gaps) > 0
		batch.Release()
	}
	if ctx.Err() == nil && (lost || time.Since(f.reviewed) >= review) {
		f.review(ctx)
	}
}

// review goes back to polling when the servers do not notify any more: they were started again, or somebody has changed the
// setting. The setting is asked for before the time is noted, so that no change between two reviews goes unseen.
func (f *feed) review(ctx context.Context) {
	since := f.reviewed
	missing := f.keys.Settings.Insufficient(ctx)
	switch {
	case ctx.Err() != nil || missing != nil && fault.Broken(missing.Err):
		return // the link says so
	case missing == nil:
		f.reviewed = time.Now()
		if f.keys.session.Servers.Clustered() {
			if err := f.cover(ctx); err != nil {
				f.Warn("listening to the whole cluster", fault.Explain(err))
			}
		}
		return
	}
	f.Queue.Gap(bus.Gap{Since: since, Until: time.Now(), Unknown: true, Why: "notifications were off"})
	f.stopListening()
	f.keys.session.Notify(bus.Warn, f.station, "%s is %q on %s now: the server does not tell of keys any more", SettingName, missing.Value, missing.Addr)
	if err := f.listen(ctx); err != nil {
		f.fail(ctx, err)
	}
}

// take reads the keys that a batch of notifications names, and delivers what they hold by now.
func (f *feed) take(ctx context.Context, batch *bus.Batch) {
	for _, gap := range batch.Gaps {
		f.Queue.Gap(gap)
	}
	if batch.Dropped > 0 {
		f.Queue.Drop(batch.Dropped)
	}
	prefix := len(f.keys.channel(""))
	for messages := range slices.Chunk(batch.Messages(), readAtOnce) {
		f.takeSome(ctx, messages, prefix)
		if !f.flush() {
			return
		}
	}
}

// takeSome reads a few keys. What the look at all keys has delivered already is not delivered again.
func (f *feed) takeSome(ctx context.Context, messages []bus.Message, prefix int) {
	keys, values, at := make([]string, 0, len(messages)), make([]value, 0, len(messages)), make([]int64, 0, len(messages))
	for _, m := range messages {
		if kind := kindOf(m.Data); kind != "" && len(m.Subject) >= prefix {
			keys, values, at = append(keys, m.Subject[prefix:]), append(values, value{kind: kind}), append(at, m.UnixNano)
		}
	}
	for len(keys) > 0 {
		read, err := f.read(ctx, keys, values)
		if err != nil {
			f.fail(ctx, fmt.Errorf("read what was written: %w", err))
			if !servers.Pause(ctx, retry) {
				return
			}
			continue
		}
		f.tell(keys[:read], values[:read], at[:read])
		if keys, values, at = keys[read:], values[read:], at[read:]; len(keys) > 0 && !f.flush() {
			return
		}
	}
}

// older tells whether a key was made before the feed was opened, as far as its name tells.
func (f *feed) older(key string) bool {
	at, ok := keyTime(key)
	return ok && at.Before(f.opened.Add(-clockSkew))
}

// tell delivers what keys hold that were written.
func (f *feed) tell(keys []string, values []value, at []int64) {
	gone := uint64(0)
	for i, key := range keys {
		f.stale = f.stale || at[i] > f.looked.UnixNano()
		mark := values[i].mark()
		old, known := f.known.mark(key)
		if known && !f.stale && old == mark {
			continue
		}
		if !f.deliver(key, values[i], at[i], known || f.older(key)) {
			gone++
			continue
		}
		_ = f.known.set(key, mark) // what is not remembered comes all the same
	}
	if gone > 0 {
		f.Queue.Gap(bus.Gap{Since: time.Unix(0, at[0]), Until: time.Now(), Missed: gone, Why: "deleted before it was read, or not to be read"})
	}
}
