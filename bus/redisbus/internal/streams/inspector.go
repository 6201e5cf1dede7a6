package streams

import (
	"context"
	"errors"
	"fmt"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/servers"
	"time"
)

// Inspector asks about many streams at once. It has a connection of its own to each server that has some of them, because
// go-redis would hold whole entries in memory.
type Inspector struct {
	servers *servers.Servers
	free    chan struct{} // holds one token: who has it may use what follows
	conns   map[string]*resp.Conn
	large   map[string]kept
}

// kept is an answer that was too large to be asked for again soon.
type kept struct {
	Info
	until time.Time
}

// maxKept bounds how many large answers are kept.
const maxKept = 1000

// errAway is about streams whose server did not answer any more.
var errAway = errors.New("the server went away while it was asked")

// NewInspector makes an inspector.
func NewInspector(all *servers.Servers) *Inspector {
	i := &Inspector{servers: all, free: make(chan struct{}, 1), conns: make(map[string]*resp.Conn), large: make(map[string]kept)}
	i.free <- struct{}{}
	return i
}

// Ask asks about streams. For each there is an answer or an error.
func (i *Inspector) Ask(ctx context.Context, keys []string) ([]*Info, []error) {
	answers, errs := make([]*Info, len(keys)), make([]error, len(keys))
	select {
	case <-i.free:
	case <-ctx.Done():
		for n := range errs {
			errs[n] = ctx.Err()
		}
		return answers, errs
	}
	defer func() { i.free <- struct{}{} }()
	at := make(map[string][]int)
	for n, key := range keys {
		if old, ok := i.large[key]; ok && time.Now().Before(old.until) {
			answers[n] = &old.Info
			continue
		}
		addr, err := i.servers.Locate(ctx, key)
		if err != nil {
			errs[n] = err
			continue
		}
		at[addr] = append(at[addr], n)
	}
	for addr, which := range at {
		i.askOne(ctx, addr, keys, which, answers, errs)
	}
	for n, key := range keys {
		if to, sent := fault.Redirected(errs[n], ""); sent {
			answers[n], errs[n] = i.follow(ctx, key, to)
		}
	}
	return answers, errs
}

// use calls ask with the connection to the server that has a key, once more when that turns out to be an old one.
func (i *Inspector) use(ctx context.Context, key string, ask func(c *resp.Conn) error) error {
	select {
	case <-i.free:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { i.free <- struct{}{} }()
	addr, err := i.servers.Locate(ctx, key)
	if err != nil {
		return fmt.Errorf("find the server: %w", fault.Explain(err))
	}
	for {
		c, old := i.conns[addr]
		if !old {
			if c, err = i.servers.Dial(ctx, key); err != nil {
				return err
			}
			i.conns[addr] = c
		}
		stop := goroutine.AfterFunc(ctx, "what closes a connection", c.Close)
		err := ask(c)
		if stop() && (err == nil || fault.Answer(err) != "" && !fault.Demoted(err)) {
			return err
		}
		c.Close()
		delete(i.conns, addr)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !old || !fault.Broken(err) && fault.Answer(err) == "" {
			return err
		}
	}
}

// follow asks about a stream where another server has sent us.
func (i *Inspector) follow(ctx context.Context, key string, to fault.Redirect) (*Info, error) {
	c, err := i.servers.Follow(ctx, key, to)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	defer goroutine.AfterFunc(ctx, "what closes a connection", c.Close)()
	return inspect(c, key)
}

// askOne asks one server, once more when the connection turns out to be an old one.
func (i *Inspector) askOne(ctx context.Context, addr string, keys []string, which []int, answers []*Info, errs []error) {
	for range 2 {
		c, old := i.conns[addr]
		if !old {
			var err error
			if c, err = i.servers.DialAt(ctx, addr); err != nil {
				i.servers.Failed(ctx, addr)
				for _, n := range which {
					errs[n] = err
				}
				return
			}
			i.conns[addr] = c
		}
		stop := goroutine.AfterFunc(ctx, "what closes a connection", c.Close)
		err := i.talk(c, keys, which, answers, errs)
		if stop() && err == nil {
			return
		}
		c.Close()
		delete(i.conns, addr)
		if !old || ctx.Err() != nil {
			return
		}
	}
}

// talk asks one server all at once and reads the answers. It returns an error when the connection broke.
func (i *Inspector) talk(c *resp.Conn, keys []string, which []int, answers []*Info, errs []error) error {
	for _, n := range which {
		answers[n], errs[n] = nil, errAway
		c.Queue("XINFO", "STREAM", keys[n])
		c.Queue("MEMORY", "USAGE", keys[n])
	}
	if err := c.Flush(); err != nil {
		return err
	}
	for _, n := range which {
		var refusal resp.Error
		answer, err := readInfo(c)
		if err != nil && !errors.As(err, &refusal) {
			return err
		}
		memory, failed := c.In.Integer()
		if failed != nil && !errors.As(failed, &refusal) {
			return failed
		}
		if errs[n] = err; err == nil {
			answer.Memory = memory
			answers[n] = answer
			i.keep(keys[n], answer)
		}
	}
	return nil
}

// keep keeps an answer that was large.
func (i *Inspector) keep(key string, s *Info) {
	delete(i.large, key)
	if s.Large() && len(i.large) < maxKept {
		i.large[key] = kept{*s, time.Now().Add(s.Rest())}
	}
}

// Close closes the connections, once nobody asks any more.
func (i *Inspector) Close() {
	<-i.free
	for _, c := range i.conns {
		c.Close()
	}
}
