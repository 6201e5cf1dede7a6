package redisbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// settle turns to notifications where the servers send them, or may be told to.
func (f *keysFeed) settle(ctx context.Context) error {
	lack := f.bus.consent.lacking(ctx)
	if lack != nil && fault.Broken(lack.err) {
		return lack.err
	}
	if lack != nil && lack.err == nil && f.bus.consent.granted() && !f.denied {
		done, err := f.bus.consent.apply(ctx)
		if err != nil {
			return f.around(err)
		}
		if done != "" {
			f.bus.say(bus.Say, f.name, "done: %s; put back at the end of the session", done)
		}
		lack = nil
	}
	if lack != nil || f.denied || f.inner != nil {
		return nil
	}
	f.reviewed, f.due = time.Now(), true
	if err := f.cover(ctx); err != nil {
		f.deafen()
		return f.around(err)
	}
	return nil
}

// around takes a refusal of notifications for a reason to poll instead. Any other error it returns.
func (f *keysFeed) around(err error) error {
	if fault.Answer(err) == "" && !errors.Is(err, bus.ErrRefused) {
		return err
	}
	f.denied = true
	f.tell("keys are polled: the server refuses to tell of them", err)
	return nil
}

// cover listens to every master: each tells of its own keys alone. It is called again for those that came later.
func (f *keysFeed) cover(ctx context.Context) error {
	tags := map[string]string{"": ""}
	if f.bus.fleet.cluster != nil {
		var err error
		if tags, err = f.bus.fleet.tags(ctx); err != nil {
			return err
		}
	}
	late := f.inner != nil
	if !late {
		f.inner, f.covered = newChannelFeed(f.bus, topic{bus.Pattern, f.bus.keyChannel(f.glob)}), make(map[string]bool)
	}
	for _, one := range f.inner.lines { // their servers may have changed
		f.covered[one.server()] = true
	}
	for addr, tag := range tags {
		if f.covered[addr] {
			continue
		}
		if err := f.bus.lines.to(tag).open(ctx, f.inner); err != nil {
			return err
		}
		f.covered[addr] = true
		if late {
			f.inner.gap(f.reviewed, time.Now(), "a server of the cluster was not listened to yet")
		}
	}
	return nil
}

// server is the address that a line is connected to, or was last.
func (l *line) server() string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.addr
}

// deafen stops listening.
func (f *keysFeed) deafen() {
	if f.inner != nil {
		_ = f.inner.Close()
		f.inner = nil
	}
}

// listen takes some notifications, or makes sure that there still would be any.
func (f *keysFeed) listen(ctx context.Context) {
	wait, cancel := context.WithTimeout(ctx, f.bus.pace.review)
	batch, err := f.inner.Next(wait)
	cancel()
	if err == nil {
		f.take(ctx, batch)
	}
	lost := err == nil && len(batch.Gaps) > 0
	if err == nil {
		batch.Release()
	}
	if ctx.Err() == nil && (lost || time.Since(f.reviewed) >= f.bus.pace.review) {
		f.review(ctx)
	}
}

// review falls back to polling when the setting was taken away: by a restart, or by somebody. The setting is asked for
// first, so that none is taken away unseen between the last time and this.
func (f *keysFeed) review(ctx context.Context) {
	since := f.reviewed
	lack := f.bus.consent.lacking(ctx)
	switch {
	case ctx.Err() != nil || lack != nil && fault.Broken(lack.err):
		return // the link says so
	case lack == nil:
		f.reviewed = time.Now()
		if f.bus.fleet.cluster != nil {
			if err := f.cover(ctx); err != nil {
				f.tell("listening to the whole cluster", fault.Explain(err))
			}
		}
		return
	}
	f.gap(bus.Gap{Since: since, Until: time.Now(), Unknown: true, Why: "notifications were off"})
	f.deafen()
	f.bus.say(bus.Warn, f.name, "%s is %q on %s now: the server does not tell of keys any more", setting, lack.value, lack.addr)
	if err := f.settle(ctx); err != nil {
		f.fail(ctx, err)
	}
	f.flush(ctx)
}

// take reads the keys that a batch of notifications names, and delivers what they hold by now.
func (f *keysFeed) take(ctx context.Context, batch *bus.Batch) {
	to := f.filling()
	to.Gaps = append(to.Gaps, batch.Gaps...)
	to.Dropped += batch.Dropped
	prefix := len(f.bus.keyChannel(""))
	for messages := range slices.Chunk(batch.Messages(), keyChunk) {
		f.notified(ctx, messages, prefix)
		if !f.flush(ctx) {
			return
		}
	}
	f.flush(ctx)
}

// notified reads a few keys. What the look at all keys has delivered already is not delivered again.
func (f *keysFeed) notified(ctx context.Context, messages []bus.Message, prefix int) {
	keys, all, at := make([]string, 0, len(messages)), make([]value, 0, len(messages)), make([]int64, 0, len(messages))
	for _, m := range messages {
		if kind := kindOf(m.Data); kind != "" && len(m.Subject) >= prefix {
			keys, all, at = append(keys, m.Subject[prefix:]), append(all, value{kind: kind}), append(at, m.UnixNano)
		}
	}
	for len(keys) > 0 {
		err := f.fetch(ctx, keys, all)
		if err == nil {
			break
		}
		f.fail(ctx, fmt.Errorf("read what was written: %w", err))
		if !pause(ctx, waitRefused) {
			return
		}
	}
	gone := uint64(0)
	for i, key := range keys {
		if f.seen != nil && at[i] > f.looked.UnixNano() {
			f.seen = nil
		}
		if mark, ok := f.seen[key]; ok && mark == all[i].mark() {
			continue
		}
		if m, ok := all[i].message(key, at[i]); ok {
			f.filling().Add(&m)
		} else {
			gone++
		}
	}
	if gone > 0 {
		f.gap(bus.Gap{Since: time.Unix(0, at[0]), Until: time.Now(), Missed: gone, Why: "deleted before it was read, or not to be read"})
	}
}
