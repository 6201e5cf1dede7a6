package redisbus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"signalbox/bus/redisbus/internal/fault"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// fleet is the servers behind a URL: one, the master that Sentinels name, or the masters of a cluster. It finds the one
// to go to each time a connection is made, so that connections follow a failover and a slot that moved.
type fleet struct {
	address *address
	ask     func(ctx context.Context, addr string, args ...string) ([]string, error) // a Sentinel
	cluster *redis.ClusterClient                                                     // nil unless it is one

	mu   sync.Mutex
	home string // the server of a cluster that all share what is not about a key
}

// locate finds the server for a key, or for what is not about one when key is "".
func (f *fleet) locate(ctx context.Context, key string) (string, error) {
	switch {
	case f.cluster != nil && key != "":
		node, err := f.cluster.MasterForKey(ctx, key)
		if err != nil {
			return "", fmt.Errorf("find the server of %s in the cluster: %w", key, err)
		}
		return node.Options().Addr, nil
	case f.cluster != nil:
		return f.anywhere(ctx)
	case f.address.master != "":
		return f.master(ctx)
	}
	return f.address.server.Addr, nil
}

// anywhere keeps to one server of the cluster while that answers.
func (f *fleet) anywhere(ctx context.Context) (string, error) {
	all, err := f.addresses(ctx)
	if err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Contains(all, f.home) {
		f.home = all[0]
	}
	return f.home, nil
}

// failed notes that a server did not answer, so that another is tried and the cluster is asked where its keys are now.
func (f *fleet) failed(ctx context.Context, addr string) {
	if f.cluster == nil {
		return
	}
	f.cluster.ReloadState(ctx)
	all, err := f.addresses(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil && f.home == addr {
		f.home = all[(slices.Index(all, addr)+1)%len(all)]
	}
}

// addresses are the masters of the cluster, sorted.
func (f *fleet) addresses(ctx context.Context) ([]string, error) {
	var mu sync.Mutex
	var all []string
	err := f.cluster.ForEachMaster(ctx, func(_ context.Context, node *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, node.Options().Addr)
		return nil
	})
	if err == nil && len(all) == 0 {
		err = errors.New("it has no masters")
	}
	slices.Sort(all)
	return all, err
}

// master asks the Sentinels, one after the other.
func (f *fleet) master(ctx context.Context) (string, error) {
	var errs []error
	for _, sentinel := range f.address.seeds {
		answer, err := f.ask(ctx, sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", f.address.master)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("ask the Sentinel %s: %w", sentinel, fault.Explain(err)))
		case len(answer) != 2:
			errs = append(errs, fmt.Errorf("the Sentinel %s knows no master called %q", sentinel, f.address.master))
		default:
			return net.JoinHostPort(answer[0], answer[1]), nil
		}
		if ctx.Err() != nil {
			break
		}
	}
	return "", errors.Join(errs...)
}

// tags finds, for each master of a cluster, a text whose slot it has: by that a connection follows the slot.
func (f *fleet) tags(ctx context.Context) (map[string]string, error) {
	all, err := f.addresses(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[string]string, len(all))
	for n := 0; n < 1<<16 && len(found) < len(all); n++ {
		tag := fmt.Sprint(n)
		addr, err := f.locate(ctx, tag)
		if err != nil {
			return nil, err
		}
		if _, known := found[addr]; !known && slices.Contains(all, addr) {
			found[addr] = tag
		}
	}
	return found, nil
}

// hashTag is the part of a key or channel that decides on its slot.
func hashTag(name string) string {
	if _, rest, ok := strings.Cut(name, "{"); ok {
		if tag, _, ok := strings.Cut(rest, "}"); ok && tag != "" {
			return tag
		}
	}
	return name
}

// each calls ask for every master, one after the other: there is one unless it is a cluster.
func (b *Bus) each(ctx context.Context, ask func(addr string, node *redis.Client) error) error {
	all, err := b.masters(ctx)
	for _, node := range all {
		addr := node.Options().Addr
		if err == nil && b.fleet.cluster == nil {
			addr, err = b.fleet.locate(ctx, "")
		}
		if err == nil {
			err = ask(addr, node)
		}
	}
	return err
}

// masters are clients of every master, sorted by address.
func (b *Bus) masters(ctx context.Context) ([]*redis.Client, error) {
	if b.fleet.cluster == nil {
		return []*redis.Client{b.client.(*redis.Client)}, nil
	}
	var mu sync.Mutex
	var all []*redis.Client
	err := b.fleet.cluster.ForEachMaster(ctx, func(_ context.Context, node *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, node)
		return nil
	})
	slices.SortFunc(all, func(a, b *redis.Client) int { return strings.Compare(a.Options().Addr, b.Options().Addr) })
	return all, err
}
