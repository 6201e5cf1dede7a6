package redisbus

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// auditEvery is how often a stream that flows is audited.
const auditEvery = time.Second

// account compares what was read of a stream with what the server says was added to it, so that entries that were
// trimmed or deleted before they were read do not go unseen.
type account struct {
	known   bool         // added is right
	present bool         // the stream existed at the last audit
	added   int64        // entries the server had added up to the position at the last audit
	read    int64        // entries read since
	at      bus.Position // the position at the last audit
	newest  bus.Position // the newest ID known to have existed
	when    time.Time
	rest    time.Duration // at least so long between audits: their answers are large
}

// open tells whether anything was read since the last audit.
func (a *account) open() bool { return a.read > 0 }

func (a *account) due() bool { return a.open() && time.Since(a.when) > max(auditEvery, a.rest) }

// begin opens the account before anything is read: of a stream that does not exist yet when info is nil.
func (a *account) begin(info *inspection, at bus.Position) {
	a.known, a.when = true, time.Now()
	if info != nil {
		a.settle(info, at)
	}
}

// settle begins to count anew from a position, where the position's number can be told.
func (a *account) settle(info *inspection, at bus.Position) {
	first, last := info.first, info.generated
	a.present, a.read, a.at, a.newest, a.when, a.rest = true, 0, at, last, time.Now(), info.rest()
	switch {
	case info.added == 0 && info.length > 0: // before Redis 7
		a.known = false
	case info.length == 0 || !at.Less(last):
		a.known, a.added = true, info.added
	case at.Less(first):
		a.known, a.added = true, info.added-info.length
	default:
		a.known = false
	}
}

// missed is how many entries the server has added up to a position, or up to the first one it still has, that were not
// read; false where that cannot be told.
func (a *account) missed(info *inspection, at bus.Position) (int64, bool) {
	first, last := info.first, info.generated
	switch {
	case info.length == 0 || !at.Less(last):
		return info.added - a.added - a.read, a.known
	case at.Less(first):
		return info.added - info.length - a.added - a.read, a.known
	}
	return 0, false
}

// stale tells whether an audit is due though nothing came: something was read before, or the stream is gone.
func (f *logFeed) stale(c *resp.Conn) (bool, error) {
	if f.account.open() || !f.account.present {
		return f.account.due(), nil
	}
	if err := c.Send("EXISTS", f.key); err != nil {
		return false, err
	}
	n, err := c.In.Integer()
	if fault.Refused(err) {
		return false, nil
	}
	return err == nil && n == 0, err
}

// audit asks the server about the stream and notes a gap where something was missed. It returns an error when the
// connection is of no use any more.
func (f *logFeed) audit(c *resp.Conn) error {
	info, err := inspect(c, f.key)
	a := &f.account
	switch {
	case fault.Absent(err):
		f.gone("was deleted")
		return nil
	case err != nil:
		a.when = time.Now()
		if f.lost(err, c) {
			return err
		}
		if !fault.WrongType(err) { // reading it will say so
			f.tell("entries trimmed from "+f.key+" cannot be counted", fault.Explain(err))
		}
		return nil
	}
	f.settle(info)
	return nil
}

// settle compares the account with what the server says.
func (f *logFeed) settle(info *inspection) {
	a := &f.account
	missed, known := a.missed(info, f.next)
	last := info.generated
	switch {
	case last.Less(a.newest), known && missed < 0:
		f.say("was replaced, or went back to an earlier state")
		if last.Less(f.next) {
			f.next = last
		}
		a.settle(info, f.next)
	case known && missed > 0:
		f.gap(bus.Gap{Since: a.when, Until: time.Now(), From: after(a.at), To: f.missedTo(info), Missed: uint64(missed), Why: f.why(info)})
		a.settle(info, f.next)
	case !a.known && f.next.Less(info.first) && !f.next.IsZero():
		f.gap(bus.Gap{Since: a.when, Until: time.Now(), Unknown: true, Why: "trimmed"})
		a.settle(info, f.next)
	case known, !a.known:
		a.settle(info, f.next)
	default: // somewhere in the middle: the account stays open
		a.when, a.rest = time.Now(), info.rest()
	}
	f.target = cmp.Or(info.last, f.target)
}

// missedTo is where a stretch that was missed ends at the latest.
func (f *logFeed) missedTo(info *inspection) bus.Position {
	if first := info.first; f.next.Less(first) {
		return before(first)
	}
	return f.next
}

func (f *logFeed) why(info *inspection) string {
	if f.account.at.Less(info.deleted) {
		return "deleted"
	}
	return "trimmed"
}

// gone notes that the stream is there no longer. One that is made anew is read from its beginning.
func (f *logFeed) gone(how string) {
	if f.account.present {
		f.say(how)
	}
	f.next, f.target = bus.Position{}, bus.Position{}
	f.account = account{known: true, when: time.Now()}
}

// say notes that the stream is not the one that was read.
func (f *logFeed) say(how string) {
	f.gap(bus.Gap{Since: f.account.when, Until: time.Now(), Unknown: true, Why: "deleted"})
	f.bus.say(bus.Warn, f.name, "the stream %s %s; reading goes on with what comes now", f.key, how)
}

// refused notes that the server refused to be read.
func (f *logFeed) refused(refusal resp.Error) {
	f.tell("reading "+f.key, fault.Explain(refusal))
	if fault.WrongType(refusal) {
		f.gone("is of another type now")
	}
}

// typeOf is the type of a key as Redis names it; "none" where there is no such key.
func (b *Bus) typeOf(ctx context.Context, key string) (string, error) {
	kind, err := b.client.Type(ctx, key).Result()
	if err != nil {
		return "", fmt.Errorf("ask what %s is: %w", key, fault.Explain(err))
	}
	return kind, nil
}
