package redisbus

import (
	"context"
	"errors"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
	"time"
)

// desk asks about many streams at once, on a connection to each server that has some. They are its own because
// go-redis would hold whole entries in memory.
type desk struct {
	bus   *Bus
	turn  chan struct{} // holds one token: whoever has it asks
	conns map[string]*resp.Conn
	heavy map[string]glance
}

// glance is an answer that was too large to be asked for again soon.
type glance struct {
	inspection
	until time.Time
}

// maxHeavy bounds how many are remembered.
const maxHeavy = 1000

// errAway is what there is to say of streams whose server broke off.
var errAway = errors.New("the server went away while it was asked")

func newDesk(b *Bus) *desk {
	d := &desk{bus: b, turn: make(chan struct{}, 1), conns: make(map[string]*resp.Conn), heavy: make(map[string]glance)}
	d.turn <- struct{}{}
	return d
}

// ask inspects streams. Each has an answer or an error.
func (d *desk) ask(ctx context.Context, keys []string) ([]*inspection, []error) {
	answers, errs := make([]*inspection, len(keys)), make([]error, len(keys))
	select {
	case <-d.turn:
	case <-ctx.Done():
		for i := range errs {
			errs[i] = ctx.Err()
		}
		return answers, errs
	}
	defer func() { d.turn <- struct{}{} }()
	at := make(map[string][]int)
	for i, key := range keys {
		if old, ok := d.heavy[key]; ok && time.Now().Before(old.until) {
			answers[i] = &old.inspection
			continue
		}
		addr, err := d.bus.fleet.locate(ctx, key)
		if err != nil {
			errs[i] = err
			continue
		}
		at[addr] = append(at[addr], i)
	}
	for addr, which := range at {
		d.askOne(ctx, addr, keys, which, answers, errs)
	}
	for i, key := range keys {
		if to, sent := fault.Redirected(errs[i], ""); sent {
			answers[i], errs[i] = d.follow(ctx, key, to)
		}
	}
	return answers, errs
}

// follow asks about a stream whose slot moves, where the server has sent us.
func (d *desk) follow(ctx context.Context, key string, to fault.Redirect) (*inspection, error) {
	c, err := d.bus.follow(ctx, func() (string, fault.Redirect) { return key, to })
	if err != nil {
		return nil, err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, c.Close)()
	return inspect(c, key)
}

// askOne asks one server, once more when the connection turns out to be an old one.
func (d *desk) askOne(ctx context.Context, addr string, keys []string, which []int, answers []*inspection, errs []error) {
	for range 2 {
		c, old := d.conns[addr]
		if !old {
			var err error
			if c, err = d.bus.dialAt(ctx, addr); err != nil {
				d.bus.fleet.failed(ctx, addr)
				for _, i := range which {
					errs[i] = err
				}
				return
			}
			d.conns[addr] = c
		}
		stop := context.AfterFunc(ctx, c.Close)
		err := d.talk(c, keys, which, answers, errs)
		if stop() && err == nil {
			return
		}
		c.Close()
		delete(d.conns, addr)
		if !old || ctx.Err() != nil {
			return
		}
	}
}

// talk asks all at once and reads the answers. It returns an error when the connection broke.
func (d *desk) talk(c *resp.Conn, keys []string, which []int, answers []*inspection, errs []error) error {
	for _, i := range which {
		answers[i], errs[i] = nil, errAway
		c.Queue("XINFO", "STREAM", keys[i])
		c.Queue("MEMORY", "USAGE", keys[i])
	}
	if err := c.Flush(); err != nil {
		return err
	}
	for _, i := range which {
		var refusal resp.Error
		answer, err := readInspection(c)
		if err != nil && !errors.As(err, &refusal) {
			return err
		}
		memory, failed := c.In.Integer()
		if failed != nil && !errors.As(failed, &refusal) {
			return failed
		}
		if errs[i] = err; err == nil {
			answer.memory = memory
			answers[i] = answer
			d.weigh(keys[i], answer)
		}
	}
	return nil
}

// weigh remembers an answer that was large.
func (d *desk) weigh(key string, s *inspection) {
	delete(d.heavy, key)
	if s.bytes > heavyRate && len(d.heavy) < maxHeavy {
		d.heavy[key] = glance{*s, time.Now().Add(s.rest())}
	}
}

// close is called once nobody asks any more.
func (d *desk) close() {
	<-d.turn
	for _, c := range d.conns {
		c.Close()
	}
}
