package streams

import (
	"context"
	"errors"
	"strconv"
	"time"

	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// step is a question of a round: XINFO of a stream, or XREAD of some.
type step struct {
	about *feed // XINFO
	feeds []*feed
	count int
}

// round asks once for what follows in the streams whose turn it is, and hands it to their readers. All questions are sent
// together, each XINFO before the XREAD of its stream: nothing comes between the two unless XREAD has to wait.
func (r *reader) round(ctx context.Context, c *resp.Conn) error {
	wait := r.plan(time.Now())
	if len(r.steps) == 0 {
		r.rest(ctx, wait)
		return nil
	}
	for _, s := range r.steps {
		r.ask(c, s, wait)
	}
	if err := c.Flush(); err != nil {
		return err
	}
	came := 0
	for _, s := range r.steps {
		n, err := r.answer(c, s)
		if err != nil {
			return err
		}
		came += n
	}
	if came > 0 {
		r.idle = 0
	} else if wait == 0 {
		r.idle = min(max(2*r.idle, time.Millisecond), max(longestPoll, time.Duration(len(r.feeds))*pollPerStream))
		r.rest(ctx, r.idle)
	}
	return nil
}

// rest waits for time, for a stream to be added, or for room in the queue of the first that has none.
func (r *reader) rest(ctx context.Context, wait time.Duration) {
	var room <-chan struct{}
	var full *feed
	for _, f := range r.feeds {
		if f.full {
			full, room = f, f.Queue.Room()
			break
		}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.wake:
	case <-room:
		full.full = false
	case <-ctx.Done():
	}
}

// ask adds a question to what is sent. wait is how long the server may wait for entries; 0 is not at all.
func (r *reader) ask(c *resp.Conn, s step, wait time.Duration) {
	if s.about != nil {
		if s.about.asking {
			c.Queue("ASKING")
		}
		c.Queue("XINFO", "STREAM", s.about.key)
		return
	}
	if s.feeds[0].asking {
		c.Queue("ASKING")
	}
	r.args = append(r.args[:0], "XREAD", "COUNT", strconv.Itoa(s.count))
	if wait > 0 {
		r.args = append(r.args, "BLOCK", strconv.FormatInt(max(wait.Milliseconds(), 1), 10))
	}
	r.args = append(r.args, "STREAMS")
	for _, f := range s.feeds {
		r.args = append(r.args, f.key)
	}
	for _, f := range s.feeds {
		r.args = append(r.args, entries.ID(f.next))
	}
	c.Queue(r.args...)
}

// answer reads the answer to a question. It returns how many entries there were, and an error when the connection is of no
// use any more.
func (r *reader) answer(c *resp.Conn, s step) (int, error) {
	if f := s.about; f != nil {
		return 0, r.answerInfo(c, f)
	}
	if s.feeds[0].asking {
		if _, err := c.In.Next(); err != nil {
			return 0, err
		}
	}
	n, err := r.readAnswer(c.In, s)
	for _, f := range s.feeds { // even where its entries found no room: they are asked for again, later than the check
		f.audit.direct = false
		f.conclude()
	}
	if err == nil {
		return n, nil
	}
	refusal, ok := answered(err)
	switch {
	case !ok:
		return n, err
	case len(s.feeds) == 1:
		if r.readers.has(r, s.feeds[0]) {
			r.refused(s.feeds[0], refusal, c)
		}
	default: // because of one of them: each is asked for alone, once
		for _, f := range s.feeds {
			f.suspect = true
		}
		r.nextAll = time.Time{}
	}
	return n, nil
}

// answerInfo reads what the server says of a stream, and compares it with what was read.
func (r *reader) answerInfo(c *resp.Conn, f *feed) error {
	if f.asking {
		if _, err := c.In.Next(); err != nil {
			return err
		}
	}
	info, err := readInfo(c)
	f.checked = f.checked || f.concludes.Load()
	var refusal resp.Error
	switch {
	case err == nil:
		f.check(info, time.Now())
	case fault.Absent(err):
		f.gone("was deleted", time.Now())
	case !errors.As(err, &refusal) || lost(err):
		return err
	default:
		f.audit.postpone()
		if _, sent := fault.Redirected(err, c.Addr); !sent && !fault.WrongType(err) { // reading it will say so
			f.Warn("entries trimmed from "+f.key+" cannot be counted", fault.Explain(err))
		}
	}
	return nil
}
