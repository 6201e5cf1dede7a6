package streams

import (
	"cmp"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// checkWhenDue checks the stream when that is due; idle says that nothing came.
func (f *feed) checkWhenDue(c *resp.Conn, idle bool) error {
	due := f.audit.due()
	if !due && idle {
		var err error
		if due, err = f.stale(c); err != nil && f.lost(err, c) {
			return err
		}
	}
	if due {
		return f.check(c)
	}
	return nil
}

// stale tells whether a check is due though nothing came: something was read before, or the stream is gone.
func (f *feed) stale(c *resp.Conn) (bool, error) {
	if f.audit.pending() || !f.audit.present {
		return f.audit.due(), nil
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

// check asks the server about the stream and reports a gap where something was missed. It returns an error when the
// connection is of no use any more.
func (f *feed) check(c *resp.Conn) error {
	info, err := inspect(c, f.key)
	switch {
	case fault.Absent(err):
		f.gone("was deleted")
		return nil
	case err != nil:
		f.audit.postpone()
		if f.lost(err, c) {
			return err
		}
		if !fault.WrongType(err) { // reading it will say so
			f.Warn("entries trimmed from "+f.key+" cannot be counted", fault.Explain(err))
		}
		return nil
	}
	f.compare(info)
	return nil
}

// compare compares what was read with what the server says.
func (f *feed) compare(info *Info) {
	a := &f.audit
	missed, known := a.missed(info, f.next)
	last := info.Generated
	switch {
	case last.Less(a.newest), known && missed < 0:
		f.replaced("was replaced, or went back to an earlier state")
		if last.Less(f.next) {
			f.next = last
		}
		a.restart(info, f.next)
	case known && missed > 0:
		f.Queue.Gap(bus.Gap{Since: a.when, Until: time.Now(), From: entries.After(a.at), To: f.missedTo(info), Missed: uint64(missed), Why: f.why(info)})
		a.restart(info, f.next)
	case !a.known && f.next.Less(info.First) && !f.next.IsZero():
		f.Queue.Gap(bus.Gap{Since: a.when, Until: time.Now(), Unknown: true, Why: "trimmed"})
		a.restart(info, f.next)
	case known, !a.known:
		a.restart(info, f.next)
	default: // somewhere in the middle: nothing can be told yet
		a.when, a.rest = time.Now(), info.Rest()
	}
	f.target = cmp.Or(info.Last, f.target)
}

// missedTo is where a stretch that was missed ends at the latest.
func (f *feed) missedTo(info *Info) bus.Position {
	if first := info.First; f.next.Less(first) {
		return entries.Before(first)
	}
	return f.next
}

func (f *feed) why(info *Info) string {
	if f.audit.at.Less(info.Deleted) {
		return "deleted"
	}
	return "trimmed"
}

// gone reports that the stream is there no longer. A new one is read from its beginning.
func (f *feed) gone(how string) {
	if f.audit.present {
		f.replaced(how)
	}
	f.next, f.target = bus.Position{}, bus.Position{}
	f.audit = audit{known: true, when: time.Now()}
}

// replaced reports that the stream is not the one that was read before.
func (f *feed) replaced(how string) {
	f.Queue.Gap(bus.Gap{Since: f.audit.when, Until: time.Now(), Unknown: true, Why: "deleted"})
	f.session.Notify(bus.Warn, f.station, "the stream %s %s; reading goes on with what comes now", f.key, how)
}

// refused tells the user that the server does not let the stream be read.
func (f *feed) refused(refusal resp.Error) {
	f.Warn("reading "+f.key, fault.Explain(refusal))
	if fault.WrongType(refusal) {
		f.gone("is of another type now")
	}
}
